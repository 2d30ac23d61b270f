"""What somebody may not read, they find nowhere: not on a page, by searching, in a reason, in a mail or by counting.

The network is crawled as each person, with and without what is hidden from them: the pages must be the same.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask

from summit import clock
from summit.access import is_allowed
from summit.app import create_app
from summit.database import db
from tests.conftest import NOW, Client, _empty, settings_for
from tests.security.crawling import Pages, addresses, crawl, look, routes, rule_for, viewer_of
from tests.security.secrets import MARKER, SECRETS, Secret
from tests.security.world import ANONYMOUS, World, build_world, client_of, examples

pytestmark = pytest.mark.xdist_group("leaks")
EYES = ("ana", "ben", "mia", "cleo", "xeno", "olga", ANONYMOUS)


@dataclass
class Scene:
    """The application with its world, and each person's pages before anything is planted."""

    app: Flask
    world: World
    before: dict[str, Pages]


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
            yield Scene(app, world, {who: crawl(app, world, who) for who in EYES})
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


# Links that only a mail holds; they are tried with the mails that hold them. The local mailbox is closed here.
UNOPENED = {"/sign-in/<token>"}


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


@pytest.mark.parametrize("who", EYES)
def test_nobody_s_name_is_told_to_whoever_is_not_signed_in(scene, who: str):
    told = {path for path, (_status, text) in scene.before[who].items() if "Testperson" in text}

    assert (not told) == (who == ANONYMOUS)


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
