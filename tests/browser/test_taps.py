"""Taps that are saved at once: stating on a phone, searching as one types, checking in at the door."""

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from summit.access import Audience
from summit.summits.models import Attendance, Stance, StanceKind
from tests.browser.conftest import is_too_wide, violations


@pytest.fixture
def page_of(live, open_page):
    """Open a phone on which a person is signed in already."""

    def opened(person):
        page = open_page()
        signer = SecureCookieSessionInterface().get_signing_serializer(live.app)
        cookie = signer.dumps({"_user_id": f"{person.id}:{person.session_epoch}", "_fresh": True})
        page.context.add_cookies([{"name": "session", "value": cookie, "url": live.url}])
        return page

    return opened


@pytest.fixture
def summit(make):
    return make.summit("Summit 2026")


def stated(session):
    """Read what is stated, and let go of the database at once: the server wants to write."""
    columns = select(Stance.kind, Stance.priority, Stance.text, Stance.audience).order_by(Stance.id)
    rows = [(kind.value, priority, text, audience.value) for kind, priority, text, audience in session.execute(columns)]
    session.rollback()
    return rows


def arrivals(session):
    moments = session.scalars(select(Attendance.checked_in_at)).all()
    session.rollback()
    return sum(moment is not None for moment in moments)


def settled(page, sentence):
    """Wait for the notice that says a tap was saved."""
    page.locator("#toast", has_text=sentence).wait_for()


def test_stances_are_stated_with_a_tap_undone_and_described_on_a_phone(session, make, page_of, summit):
    growth = make.theme("Growth")
    for title in ("Labs in small schools", "Maps of the stars", *(f"Challenge {number}" for number in range(12))):
        make.challenge(title, growth)
    ana = make.attendee(summit, "Ana")
    page = page_of(ana)
    page.goto(f"/summits/{summit.slug}/stances")

    page.fill("#search", "school lab")
    assert page.locator("#map [data-entry]:visible").count() == 1
    page.get_by_role("button", name="I ask: Labs in small schools").click()
    settled(page, "Saved.")
    assert stated(session) == [("ask", 2, "", "matches")]
    assert page.locator("#map [data-entry]:visible").count() == 1
    assert page.locator("#map [aria-pressed=true]").count() == 1

    page.get_by_role("button", name="Undo").click()
    settled(page, "Taken back.")
    assert stated(session) == []
    page.get_by_role("button", name="Undo").click()
    settled(page, "Saved.")
    assert stated(session) == [("ask", 2, "", "matches")]

    page.locator("#stated summary").click()
    page.get_by_text("Only you: used for matching").click()
    page.locator("#stated summary", has_text="Only you").wait_for()
    page.get_by_label("Most important").check()
    page.locator("#stated summary", has_text="Priority 3 of 3").wait_for()
    page.get_by_label("In a line").fill("Which burners?")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_label("In a line").press("Enter")

    assert page.locator("#stated details").get_attribute("open") is not None
    assert stated(session) == [("ask", 3, "Which burners?", "only_me")]
    assert violations(page) == []
    assert not is_too_wide(page)


def test_a_tap_keeps_the_list_under_the_thumb(make, page_of, summit):
    for number in range(20):
        make.challenge(f"Challenge {number:02}")
    ana = make.attendee(summit, "Ana")
    page = page_of(ana)
    page.goto(f"/summits/{summit.slug}/stances")
    button = page.get_by_role("button", name="I offer: Challenge 10")
    button.evaluate("element => element.scrollIntoView({block: 'center'})")
    before = button.bounding_box()["y"]

    button.click()
    settled(page, "Saved.")

    assert abs(button.bounding_box()["y"] - before) < 2
    assert button.get_attribute("aria-pressed") == "true"


def test_without_scripts_the_same_taps_are_forms(session, live, make, open_page, summit):
    make.challenge("Labs")
    ana = make.attendee(summit, "Ana")
    page = open_page(java_script_enabled=False)
    signer = SecureCookieSessionInterface().get_signing_serializer(live.app)
    cookie = signer.dumps({"_user_id": f"{ana.id}:{ana.session_epoch}", "_fresh": True})
    page.context.add_cookies([{"name": "session", "value": cookie, "url": live.url}])
    page.goto(f"/summits/{summit.slug}/stances")

    page.get_by_role("button", name="I offer: Labs").click()
    after_tap = stated(session)
    page.get_by_role("button", name="I offer: Labs").click()
    after_second = stated(session)
    page.get_by_role("button", name="Undo").click()

    assert (after_tap, after_second) == ([("offer", 2, "", "summit")], [])
    assert stated(session) == [("offer", 2, "", "summit")]


def test_people_are_found_while_typing_and_the_address_can_be_kept(make, page_of, summit):
    museum = make.organization("Harbor Museum", place="Portland, OR")
    ben = make.attendee(summit, "Ben Cole", organization=museum)
    make.stance(summit, ben, make.challenge("Labs"), StanceKind.OFFER, audience=Audience.SUMMIT)
    ana = make.attendee(summit, "Ana")
    page = page_of(ana)
    page.goto(f"/summits/{summit.slug}/people")

    page.locator("#search").press_sequentially("harbor")
    page.locator("#people-count", has_text="1 person").wait_for()
    page.wait_for_url("**q=harbor**")
    assert page.locator("#people h2").all_text_contents() == ["Ben Cole"]
    page.get_by_text("Filters").click()
    page.get_by_label("What they say").select_option("ask")
    page.get_by_text("Nobody like that").wait_for()
    page.reload()

    assert page.get_by_text("Nobody like that").is_visible()
    assert violations(page) == []


def test_the_door_finds_checks_in_and_undoes(session, make, page_of, organizer, summit):
    for name in ("Ana Ruiz", "Ben Cole", "Cleo Diaz"):
        make.attendee(summit, name)
    page = page_of(organizer)
    page.goto(f"/organize/summits/{summit.slug}/check-in")

    page.locator("#search").press_sequentially("col")
    page.locator("#door li").nth(1).wait_for(state="detached")
    page.get_by_role("button", name="Check in").click()
    page.locator("#arrivals", has_text="1 of 3").wait_for()
    arrived = arrivals(session)
    page.get_by_role("button", name="Undo").click()
    page.locator("#arrivals", has_text="0 of 3").wait_for()

    assert (arrived, arrivals(session)) == (1, 0)
    assert violations(page) == []
    assert not is_too_wide(page)


def test_with_text_twice_as_large_no_page_of_the_organizer_has_to_be_scrolled_sideways(
    session, make, page_of, organizer, summit
):
    for name in ("Annabella Okonkwo-Featherstonehaugh", "Ben"):
        make.attendee(summit, name)
    session.commit()
    page = page_of(organizer)
    page.set_viewport_size({"width": 195, "height": 422})  # what is left of a phone at 200 %
    desk = f"/organize/summits/{summit.slug}"

    too_wide = []
    for path in (desk, f"{desk}/check-in", f"{desk}/matching", "/organizations"):
        page.goto(path)
        too_wide += [path] if is_too_wide(page) else []

    assert too_wide == []
