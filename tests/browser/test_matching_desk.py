"""The organizer's matching in a browser: the slider by keyboard and without scripts, progress, cancelling, results."""

import pytest
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from summit import clock
from summit.matching.models import MatchRun, MatchSettings, RunState
from summit.matching.performing import perform_queued
from tests.browser.conftest import DESK, PHONE, is_too_wide, violations
from tests.matching.test_runs import _hall


@pytest.fixture
def desk_of(live, open_page, organizer):
    """Open the organizer's matching of a summit on a device."""

    def opened(summit, viewport, rest="", **options):
        page = open_page(viewport, **options)
        signer = SecureCookieSessionInterface().get_signing_serializer(live.app)
        cookie = signer.dumps({"_user_id": f"{organizer.id}:{organizer.session_epoch}", "_fresh": True})
        page.context.add_cookies([{"name": "session", "value": cookie, "url": live.url}])
        page.goto(f"/organize/summits/{summit.slug}/matching{rest}")
        return page

    return opened


def balance(session):
    found = session.scalar(select(MatchSettings.balance))
    session.rollback()
    return found


def test_the_slider_says_its_steps_and_is_moved_with_the_keyboard(session, make, desk_of):
    summit = make.summit()
    page = desk_of(summit, PHONE)
    slider = page.get_by_role("slider")
    assert slider.get_attribute("aria-valuetext") == "a bit of both"

    slider.focus()
    page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "more people from elsewhere"
    assert page.locator(".steps .now").inner_text() == "more people from elsewhere"
    page.get_by_role("button", name="Weigh the next run like this").click()
    page.get_by_text("The next run is weighed like this.").wait_for()

    assert balance(session) == 0.5
    assert page.get_by_role("slider").input_value() == "1"
    assert violations(page) == []
    assert not is_too_wide(page)


def test_the_slider_works_without_scripts(session, make, desk_of):
    summit = make.summit()
    page = desk_of(summit, PHONE, java_script_enabled=False)

    page.get_by_role("slider").focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Weigh the next run like this").click()
    page.get_by_text("The next run is weighed like this.").wait_for()

    assert balance(session) == -1.0


def test_a_run_is_asked_for_cancelled_asked_for_again_and_looked_at(session, make, desk_of):
    summit, _people = _hall(make, 12)
    make.attendee(summit, "Silent Sam", organization=make.organization())
    page = desk_of(summit, PHONE)

    page.get_by_role("button", name="Run the matching").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled. What attendees see has not changed.").wait_for()
    assert session.scalars(select(MatchRun.state)).all() == [RunState.CANCELLED]
    session.rollback()

    page.get_by_role("button", name="Run the matching").click()
    page.get_by_text("Waiting for the worker").wait_for()
    assert violations(page) == []
    perform_queued(session, now=clock.now())
    session.commit()
    page.get_by_role("link", name="Show the result").click()

    page.get_by_role("heading", name="Who gets how much").wait_for()
    assert violations(page) == []
    assert not is_too_wide(page)


@pytest.mark.parametrize("viewport", [PHONE, DESK])
def test_what_people_said_fits_the_screen(make, desk_of, viewport):
    page = desk_of(make.summit(), viewport, "/answers")

    page.get_by_text("0 answers so far; 200 are needed before anything is learned from them.").wait_for()

    assert violations(page) == []
    assert not is_too_wide(page)
