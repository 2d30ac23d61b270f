"""The whole loop on a phone: import, state, match, meet, promise, be reminded, say what came of it, confirm, see."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Role
from summit.connections.models import Confirmation, FollowUp, NextStep, StepState
from summit.worker import TICKS, run_tick
from tests.browser.conftest import Live, is_too_wide, violations
from tests.factories import Factory

pytestmark = pytest.mark.timeout(280)

CHALLENGES = "title,theme\n" + "\n".join(
    [
        "Keeping mentors past year two,Professional Growth",
        "Lab time in small schools,Instructional Materials",
        "Elementary teachers and the fear of science,Elementary STEM",
        "Principals who shield planning time,Teacher Leadership",
    ]
)
ATTENDEES = "\n".join(
    [
        "email,name,organization,organization_kind,asks,offers,working_on,talk_about",
        "ana@example.org,Ana Ruiz,Harbor City Residency,nonprofit,,Lab time in small schools,,Our first cohort",
        (
            "ben@example.org,Ben Okoro,Prairie Museum,museum,Lab time in small schools:3,"
            "Keeping mentors past year two:3,,What we got wrong"
        ),
        "cai@example.org,Cai Lin,Delta College,university,Keeping mentors past year two,Lab time in small schools,,",
        (
            "dee@example.org,Dee Holm,Northfield Schools,district,Lab time in small schools,"
            "Keeping mentors past year two,Principals who shield planning time,"
        ),
        (
            "eva@example.org,Eva Brandt,Civic Lab,company,Keeping mentors past year two,,"
            "Principals who shield planning time,"
        ),
    ]
)


class Walk:
    """One walk through the product: it looks at every page it comes to."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.found: list[str] = []
        self.looked_at: list[str] = []

    def look(self, page: Page) -> None:
        """Note what axe finds here, and whether the page is wider than the phone."""
        page.wait_for_load_state()
        self.looked_at.append(page.url)
        self.found += violations(page)
        if is_too_wide(page):
            self.found.append(f"{page.url} is wider than the screen")

    def go(self, page: Page, path: str) -> None:
        """Open a page and look at it."""
        page.goto(path)
        self.look(page)

    def tick(self, *names: str) -> None:
        """Let the worker do some of what it does all the time."""
        for tick in TICKS:
            if tick.name in names:
                run_tick(self.live.app, tick)

    def read_mail(self, page: Page, address: str, subject: str) -> None:
        """Open the newest mail to somebody in the mailbox page."""
        self.go(page, f"/mailbox?address={address}")
        page.get_by_role("link", name=re.compile(subject, re.IGNORECASE)).first.click()
        self.look(page)

    def sign_in(self, page: Page, address: str) -> None:
        """Ask for a link, find it in the mailbox, press its button."""
        self.go(page, "/sign-in")
        page.get_by_label("Email").fill(address)
        page.get_by_role("button", name="Send me a link").click()
        self.look(page)
        self.tick("sign_in", "deliver")
        self.read_mail(page, address, "sign in")
        page.locator(".mail-text a[href*='/sign-in/']").click()
        self.look(page)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)


@pytest.fixture
def challenges(live: Live, tmp_path: Path) -> None:
    """The map, imported by the public command."""
    source = tmp_path / "challenges.csv"
    source.write_text(CHALLENGES)
    with live.app.app_context():
        result = live.app.test_cli_runner().invoke(args=["challenges", "import", str(source)])
    assert result.exit_code == 0, result.stderr


def test_the_whole_loop_on_a_phone(
    live: Live, challenges: None, make: Factory, session: Session, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    make.person("Olga Organizer", email="olga@example.org", role=Role.ORGANIZER)
    walk = Walk(live)
    olga, ana, ben = open_page(), open_page(), open_page()

    walk.sign_in(olga, "olga@example.org")
    slug = _create_summit(walk, olga)
    _import_attendees(walk, olga, slug, tmp_path)
    walk.sign_in(ana, "ana@example.org")
    _state_an_ask(walk, ana, slug)
    _match_and_publish(walk, olga, slug)
    walk.sign_in(ben, "ben@example.org")
    _both_are_interested(walk, ana, ben, slug)
    due_at = _capture_by_code(walk, ana, ben, slug, session)
    _settle_from_the_mail(walk, ana, due_at)
    _confirm(walk, ben)
    _see_it_on_the_desk(walk, olga, slug)

    session.rollback()
    session.expire_all()
    follow_up = session.scalars(select(FollowUp)).one()
    assert session.scalars(select(NextStep)).one().state is StepState.DONE
    assert follow_up.confirmation is Confirmation.CONFIRMED
    assert len(walk.looked_at) > 25
    assert walk.found == []


def _create_summit(walk: Walk, page: Page) -> str:
    walk.go(page, "/organize/summits")
    page.get_by_role("link", name="New summit").first.click()
    walk.look(page)
    page.get_by_label("Name").fill("Summit 2026")
    page.get_by_label("Place").fill("Chicago, IL")
    page.get_by_label("First day").fill("2026-10-14")
    page.get_by_label("Last day").fill("2026-10-16")
    page.get_by_label("Time zone").select_option("America/Chicago")
    page.get_by_label("State").select_option("open")
    page.get_by_role("button", name="Create the summit").click()
    walk.look(page)
    return "summit-2026"


def _import_attendees(walk: Walk, page: Page, slug: str, folder: Path) -> None:
    source = folder / "attendees.csv"
    source.write_text(ATTENDEES)
    walk.go(page, f"/organize/summits/{slug}/attendees/import")
    page.locator("input[type=file]").set_input_files(source)
    page.get_by_role("button", name="Show what it would change").click()
    walk.look(page)
    expect(page.get_by_role("heading", name="What the import would change")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    walk.look(page)
    expect(page.get_by_text("Ben Okoro")).to_be_visible()


def _state_an_ask(walk: Walk, page: Page, slug: str) -> None:
    walk.go(page, f"/summits/{slug}/stances")
    page.get_by_label("Search challenges").fill("mentors")
    page.get_by_role("button", name=re.compile("^I ask.*Keeping mentors")).click()
    expect(page.locator("#toast")).to_contain_text("Undo")
    walk.look(page)
    page.reload()
    expect(page.locator("#stated")).to_contain_text("Keeping mentors past year two")


def _match_and_publish(walk: Walk, page: Page, slug: str) -> None:
    walk.go(page, f"/organize/summits/{slug}/matching")
    page.get_by_role("button", name="Run the matching").click()
    walk.look(page)
    walk.tick("matching")
    page.get_by_role("link", name="Show the result").click()
    walk.look(page)
    page.get_by_role("button", name="Publish these matches").click()
    page.get_by_role("dialog").get_by_role("button").first.click()
    expect(page.get_by_text("sees their matches now").or_(page.get_by_text("see their matches now"))).to_be_visible()
    walk.look(page)


def _both_are_interested(walk: Walk, ana: Page, ben: Page, slug: str) -> None:
    for page, other in ((ana, "Ben Okoro"), (ben, "Ana Ruiz")):
        walk.go(page, f"/summits/{slug}/matches")
        card = page.get_by_role("article", name=other)
        expect(card).to_contain_text("Keeping mentors past year two")
        card.get_by_role("button", name="Interested").click()
        walk.look(page)
    expect(ben.get_by_role("heading", name="You both want to meet")).to_be_visible()
    walk.tick("deliver")
    walk.read_mail(ana, "ana@example.org", "Ben Okoro wants to meet you too")


def _capture_by_code(walk: Walk, ana: Page, ben: Page, slug: str, session: Session) -> datetime:
    walk.go(ben, f"/summits/{slug}/connect")
    scanned = ben.locator("#code-address").inner_text().strip()
    walk.go(ana, scanned)
    expect(ana.get_by_role("heading", name="You met Ben")).to_be_visible()
    ana.locator("label", has_text="Keeping mentors past year two").first.click()
    ana.get_by_placeholder("Or say it yourself").fill("Send Ben our mentor interview guide")
    ana.locator("label", has_text=re.compile("^I do$")).click()
    walk.look(ana)
    ana.get_by_role("button", name="Save connection").click()
    walk.look(ana)
    expect(ana.get_by_text("Send Ben our mentor interview guide").first).to_be_visible()
    due_at = session.scalars(select(NextStep)).one().due_at
    # A transaction left open here would keep the worker from writing.
    session.rollback()
    return due_at


def _settle_from_the_mail(walk: Walk, page: Page, due_at: datetime) -> None:
    clock.turn_to(max(due_at - timedelta(hours=23), clock.now()).astimezone(UTC))
    for _hour in range(40):
        walk.tick("nudges", "deliver")
        page.goto("/mailbox?address=ana@example.org")
        if page.get_by_role("link", name=re.compile("mentor interview guide")).count():
            break
        clock.turn_to(clock.now() + timedelta(hours=2))
    walk.read_mail(page, "ana@example.org", "mentor interview guide")
    page.frame_locator("iframe").get_by_role("link", name="done").first.click()
    page.wait_for_url("**/act/**")
    walk.look(page)
    page.get_by_role("button", name="It’s done").click()
    page.wait_for_load_state()
    walk.look(page)
    page.locator("label", has_text="learned").first.click()
    page.locator("textarea").fill("They keep mentors by halving their load. We try it with two schools.")
    page.get_by_role("button", name="Save").click()
    walk.look(page)


def _confirm(walk: Walk, page: Page) -> None:
    walk.go(page, "/me")
    page.get_by_role("link", name=re.compile("Ana Ruiz")).first.click()
    walk.look(page)
    expect(page.get_by_text("They keep mentors by halving their load").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^Yes")).click()
    walk.look(page)
    walk.go(page, "/connections")


def _see_it_on_the_desk(walk: Walk, page: Page, slug: str) -> None:
    walk.go(page, f"/organize/summits/{slug}")
    row = page.get_by_role("row", name="Learning confirmed by both")
    expect(row.locator("td.n")).to_contain_text("2")
    for path in ("attendees", "check-in", "nudges", "connections", "matching"):
        walk.go(page, f"/organize/summits/{slug}/{path}")
    walk.go(page, "/organize/messages")
