"""Whatever people write stays words, on pages and in mails; and every answer says what a browser may run."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import String, Text, select

from summit import clock
from summit.database import Base
from summit.mail.models import Message
from summit.nudges.models import Campaign, Segment
from summit.nudges.planner import plan
from summit.nudges.sending import send_campaign
from tests.conftest import NOW
from tests.security.crawling import addresses, crawl, routes, viewer_of
from tests.security.world import ANONYMOUS, build_world, client_of

# Leaves an attribute in either kind of quotes, and an element; and what a template or a sheet would work out.
ATTACK = 'x\' onfocus=zq y=" onfocus=zq "><img src=zq onerror=zq> {{ 7 * 7 }} =zq()'
# What is an address, a name for machines, or a choice the database checks.
NO_WORDS = {"email", "slug", "name_key", "code", "time_zone", "key", "public_id", "to_address", "input_hash", "token"}
TABLES = (
    "person",
    "organization",
    "theme",
    "challenge",
    "commitment",
    "summit",
    "attendance",
    "stance",
    "next_step",
    "follow_up",
    "note",
    "campaign",
)


class Attributes(HTMLParser):
    """Collects the elements that carry what only the attack would put there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if any(name.startswith("on") or (name == "src" and value == "zq") for name, value in attrs):
            self.found.append(self.get_starttag_text() or tag)


def run_in(text: str) -> list[str]:
    """Return the elements of a page or mail that would run the attack."""
    parser = Attributes()
    if not text.startswith("{"):  # an error as JSON, which no browser takes for a page
        parser.feed(text)
    return parser.found


def poison(world) -> int:
    """Put the attack into every text that people write, and return into how many columns."""
    done = 0
    for mapper in Base.registry.mappers:
        table = mapper.local_table
        if table.name not in TABLES:
            continue
        for column in table.columns:
            is_words = type(column.type) in (String, Text) and column.name not in NO_WORDS
            if is_words and not column.foreign_keys:
                done += 1
                for row in world.session.scalars(select(mapper.class_)):
                    setattr(row, column.key, f"{row.id} {ATTACK}"[: column.type.length])
    world.session.commit()
    return done


@pytest.mark.parametrize("who", ["ana", "ben", "olga", ANONYMOUS])
def test_no_page_runs_what_somebody_wrote(app, session, who):
    world = build_world(session)
    columns = poison(world)

    pages = crawl(app, world, who)

    assert columns > 15
    assert {path: run_in(text) for path, (_status, text) in pages.items() if run_in(text)} == {}
    assert [path for path, (status, _text) in pages.items() if status >= 500] == []
    assert any("onfocus=zq" in text for _status, text in pages.values()) == (who != ANONYMOUS)


def test_no_mail_runs_what_somebody_wrote(app, session):
    world = build_world(session)
    poison(world)
    settings = app.config["SETTINGS"]
    campaign = session.scalars(select(Campaign)).one()
    campaign.body = campaign.subject = "<img src=zq onerror=zq> {{ name }} {{ title | x }} {{ summit }}"
    campaign.segment = Segment.ALL_ATTENDEES
    session.commit()

    send_campaign(session, campaign, world.summit, viewer_of(world, "olga"), settings=settings, now=NOW)
    for days in range(8):
        clock.turn_to(NOW + timedelta(days=days, hours=1))
        plan(session, settings=settings, now=clock.now())
    mails = session.scalars(select(Message)).all()

    assert {mail.purpose for mail in mails} >= {"campaign", "digest"}
    assert [found for mail in mails if (found := run_in(mail.html))] == []
    assert [mail.subject for mail in mails if len(mail.subject.splitlines()) != 1] == []
    assert any("{{ 7 * 7 }}" in mail.text for mail in mails)


@pytest.mark.parametrize("who", ["ana", "olga", ANONYMOUS])
def test_every_answer_says_what_a_browser_may_run_and_that_nobody_keeps_it(app, session, who):
    world = build_world(session)
    client = client_of(app, world, who)

    answers = {path: client.get(path) for route in routes(app, "GET") for path in [next(addresses(world, route))]}
    answers["nowhere"] = client.get("/nowhere", headers={"Accept": "text/html"})
    answers["refused"] = client.post("/sign-in", data={"email": "none"})

    assert {answer.status_code for answer in answers.values()} >= {200, 404, 422 if who == ANONYMOUS else 303}
    for path, answer in answers.items():
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] in ("'self'", "'none'"), path
        assert "unsafe" not in policy.get("script-src", ""), path
        assert policy["frame-ancestors"] in ("'none'", "'self'"), path
        assert "sandbox" in policy or "unsafe" not in policy.get("style-src", ""), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert "no-store" in answer.headers["Cache-Control"], path
        assert answer.headers["Referrer-Policy"] == "same-origin", path


def test_an_error_s_page_and_its_problem_details_run_nothing(app, session):
    world = build_world(session)
    poison(world)
    client, path = client_of(app, world, "ana"), f"/summits/{world.summit.slug}/people/999/connect"

    page, problem = client.get(path, headers={"Accept": "text/html"}), client.get(path)

    assert (page.status_code, problem.status_code) == (404, 404)
    assert "onfocus=zq" in page.text
    assert run_in(page.text) == []
    assert problem.content_type == "application/problem+json"
