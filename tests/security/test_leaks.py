"""What somebody may not read, they find nowhere: not on a page, by searching, in a reason, in a mail or by counting.

The network is crawled as each person, with and without what is hidden from them: the pages must be the same.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from summit import clock
from summit.access import is_allowed
from summit.app import create_app
from summit.database import db
from summit.mail.models import Message
from summit.matching.gathering import gather
from summit.nudges.planner import plan
from tests.conftest import NOW, Client, _empty, settings_for
from tests.security.crawling import Pages, addresses, crawl, look, routes, rule_for, viewer_of, without_passing
from tests.security.secrets import MARKER, SECRETS, Secret
from tests.security.world import ANONYMOUS, World, build_world, client_of, examples

pytestmark = pytest.mark.xdist_group("leaks")
EYES = ("ana", "ben", "mia", "cleo", "xeno", "olga", ANONYMOUS)


@dataclass
class Scene:
    """The application with its world, and each person's pages and mails before anything is planted."""

    app: Flask
    world: World
    before: dict[str, Pages]
    mails: dict[str, list[str]]


@pytest.fixture(scope="module")
def scene(database_url: str) -> Iterator[Scene]:
    """Build the world once: with a real mail provider, since the local mailbox is for trying things out only."""
    app = create_app(settings_for(database_url, MAIL_PROVIDER="smtp", SMTP_URL="smtp://127.0.0.1:1"))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = Client
    clock.turn_to(NOW)
    with app.app_context():
        try:
            world = build_world(db.session())
            yield Scene(app, world, {who: crawl(app, world, who) for who in EYES}, mails_of(app, world))
        finally:
            db.session.rollback()
            db.session.remove()
            _empty()
            db.engine.dispose()
            clock.turn_back()


def test_every_kind_of_page_is_opened_by_somebody(scene):
    pages = {
        route.rule: {
            scene.before[who][path][0]
            for who in EYES
            if is_allowed(rule_for(scene.app, route), viewer_of(scene.world, who))
            for path in addresses(scene.world, route)
        }
        for route in routes(scene.app, "GET")
    }

    unopened = {rule for rule, statuses in pages.items() if not statuses & {200, 303, 302}}

    assert unopened == UNOPENED


# What is opened by a link that only a mail holds; and the local mailbox, which is closed here.
UNOPENED = {
    "/act/<token>",
    "/mailbox",
    "/mailbox/<public_id>",
    "/mailbox/<public_id>/html",
    "/preferences/<token>",
    "/sign-in/<token>",
    "/unsubscribe/<token>",
}


@pytest.mark.parametrize("secret", SECRETS, ids=str)
def test_whoever_it_is_for_does_find_it(scene, secret: Secret):
    planted = scene.world.plant(secret.plant(scene.world))
    try:
        found = [
            (who, words in look(client_of(scene.app, scene.world, who), where(scene.world))[1])
            for who, where, words in secret.seen_by
        ]
    finally:
        scene.world.remove(planted)

    assert found == [(who, True) for who, _where, _words in secret.seen_by]


@pytest.mark.parametrize("who", EYES)
def test_what_is_hidden_from_somebody_changes_none_of_their_pages(scene, who: str):
    hidden = [secret for secret in SECRETS if who in secret.hidden_from]
    planted = scene.world.plant([row for secret in hidden for row in secret.plant(scene.world)])
    try:
        after = crawl(scene.app, scene.world, who)
    finally:
        scene.world.remove(planted)

    assert planted or who == "ana"
    assert differences(scene.before[who], after) == {}


@pytest.mark.parametrize("who", ["olga"])
def test_what_somebody_may_count_but_not_read_looks_the_same_in_other_words(scene, who: str):
    unread = [secret for secret in SECRETS if who in secret.unread_by]
    rows = [(secret, secret.plant(scene.world)) for secret in unread]
    planted = scene.world.plant([row for _secret, each in rows for row in each])
    try:
        before = crawl(scene.app, scene.world, who)
        for secret, each in rows:
            secret.reword(each)
        scene.world.session.commit()
        after = crawl(scene.app, scene.world, who)
    finally:
        scene.world.remove(planted)

    assert planted
    assert differences(before, after) == {}


@pytest.mark.parametrize("who", [who for who in EYES if who != ANONYMOUS])
def test_what_is_hidden_from_somebody_changes_none_of_their_mails(scene, who: str):
    hidden = [secret for secret in SECRETS if who in secret.hidden_from and secret.name != "mail to Ben"]
    planted = scene.world.plant([row for secret in hidden for row in secret.plant(scene.world)])
    try:
        after = mails_of(scene.app, scene.world)[who]
    finally:
        scene.world.remove(planted)

    assert after == scene.mails[who]


def test_mails_do_tell_those_it_is_for(scene):
    planted = scene.world.plant([row for secret in SECRETS for row in secret.plant(scene.world)])
    try:
        told = {who for who, mails in mails_of(scene.app, scene.world).items() if MARKER in "".join(mails)}
    finally:
        scene.world.remove(planted)

    assert told == {"ana", "ben"}


def test_an_exclusion_that_nobody_sees_is_kept_by_the_matching(scene):
    def excluded_pairs() -> set[tuple[int, int]]:
        given = gather(scene.world.session, scene.world.summit)
        scene.world.session.rollback()
        return {(given.person_ids[a], given.person_ids[b]) for a, b in given.profiles.excluded.tolist()}

    before = excluded_pairs()
    exclusion = next(secret for secret in SECRETS if secret.name == "exclusion")
    planted = scene.world.plant(exclusion.plant(scene.world))
    try:
        after = excluded_pairs()
    finally:
        scene.world.remove(planted)

    assert after - before == {(scene.world.people["ana"].id, scene.world.people["cleo"].id)}


@pytest.mark.parametrize("who", EYES)
def test_nobody_s_name_is_told_to_whoever_is_not_signed_in(scene, who: str):
    told = {path for path, (_status, text) in scene.before[who].items() if "Testperson" in text}

    assert (not told) == (who == ANONYMOUS)


def test_who_attends_a_summit_is_told_to_those_who_attend_it(scene):
    """Xeno was there last year, with Ana and Cleo only."""
    names = [scene.world.people[name].name for name in ("ben", "mia", "dan")]

    told = {
        who: {name for _status, text in scene.before[who].values() for name in names if name in text} for who in EYES
    }

    assert told["xeno"] == told[ANONYMOUS] == set()
    assert told["cleo"] == set(names)


def test_the_crawl_finds_what_is_open(scene):
    """A crawl that finds nothing proves nothing: what Ana states openly is found by her whole summit, and searched."""
    slug = scene.world.summit.slug

    finders = {who for who in EYES if "Openly." in "".join(text for _status, text in scene.before[who].values())}
    searches = [path for path in scene.before["cleo"] if f"/summits/{slug}/people?q={MARKER}" in path]

    assert finders == {"ana", "ben", "mia", "cleo", "olga"}
    assert searches
    assert [text for _status, text in scene.before["cleo"].values() if MARKER in text]


def test_an_unknown_argument_of_a_route_is_an_error_here(scene):
    with pytest.raises(KeyError):
        examples(scene.world, "/somewhere/<new>", "new")


def mails_of(app: Flask, world: World) -> dict[str, list[str]]:
    """Return what the cadence would write to each over the next week, without the tokens of its links."""
    session, settings = world.session, app.config["SETTINGS"]
    try:
        for days in range(8):
            moment = NOW + timedelta(days=days, hours=1)
            clock.turn_to(moment)
            plan(session, settings=settings, now=moment)
        written: dict[str, list[str]] = {}
        for mail in session.scalars(select(Message).order_by(Message.id)):
            words = without_passing(f"{mail.subject}\n{mail.text}\n{mail.html}")
            written.setdefault(mail.to_address, []).append(words)
        return {who: written.get(person.email, []) for who, person in world.people.items()}
    finally:
        session.rollback()
        clock.turn_to(NOW)


def differences(before: Pages, after: Pages) -> dict[str, str]:
    """Return, by address, the lines in which two crawls differ. A page that is only there now must be 404."""
    found = {}
    for path in before.keys() | after.keys():
        was, now = before.get(path), after.get(path)
        if was is None and now is not None and now[0] == 404:
            continue
        if was != now:
            status, text = was or (0, "")
            new_status, new_text = now or (0, "")
            lines = difflib.unified_diff(text.splitlines(), new_text.splitlines(), lineterm="", n=0)
            found[path] = f"{status} -> {new_status}\n" + "\n".join(list(lines)[2:12])
    return found
