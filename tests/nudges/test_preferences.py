"""Preferences: a pause, a stop and a new start, without a sign-in and at once."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.mail.models import SuppressionReason
from summit.mail.suppressions import is_suppressed, suppress
from summit.nudges.links import preferences_url
from summit.people.models import Person
from tests.nudges.test_act import dump


@pytest.fixture
def path(settings: Settings, ana: Person) -> str:
    return preferences_url(settings, ana.id).removeprefix(settings.base_url)


@pytest.fixture
def nobody(sign_in: Callable[[Person | None], FlaskClient]) -> FlaskClient:
    return sign_in(None)


def test_looking_changes_nothing(session: Session, ana: Person, path: str, nobody: FlaskClient) -> None:
    before = dump(session)

    answer = nobody.get(path)

    assert answer.status_code == 200
    assert "Ana Ruiz" in answer.get_data(as_text=True)
    assert dump(session) == before


@pytest.mark.parametrize(
    ("fields", "until"),
    [
        ({"when": "7"}, "2026-10-21T05:00+00:00"),
        ({"when": "30"}, "2026-11-13T06:00+00:00"),
        ({"when": "other", "until": "2026-12-24"}, "2026-12-24T06:00+00:00"),
    ],
)
def test_reminders_are_paused_until_a_day_begins_where_the_person_lives(
    fields: dict[str, str], until: str, session: Session, ana: Person, path: str, nobody: FlaskClient
) -> None:
    page = nobody.post(f"{path}/pause", data=fields, follow_redirects=True).get_data(as_text=True)

    session.expire_all()
    assert ana.nudges_paused_until == datetime.fromisoformat(until)
    assert "Reminders are paused until" in page


@pytest.mark.parametrize("day", ["2026-10-14", "2020-01-01", "", "nonsense", "2031-01-01"])
def test_a_pause_needs_a_day_to_come(day: str, session: Session, ana: Person, path: str, nobody: FlaskClient) -> None:
    answer = nobody.post(f"{path}/pause", data={"when": "other", "until": day})

    session.expire_all()
    assert answer.status_code == 422
    assert 'class="errors"' in answer.get_data(as_text=True)
    assert ana.nudges_paused_until is None


def test_reminders_are_stopped_and_started_again(session: Session, ana: Person, path: str, nobody: FlaskClient) -> None:
    nobody.post(f"{path}/stop")
    session.expire_all()
    stopped = ana.nudges_stopped_at
    nobody.post(f"{path}/start")
    session.expire_all()

    assert stopped is not None
    assert (ana.nudges_stopped_at, ana.nudges_paused_until) == (None, None)


def test_starting_again_takes_an_unsubscribe_back(
    session: Session, ana: Person, path: str, nobody: FlaskClient
) -> None:
    suppress(session, ana.email, SuppressionReason.UNSUBSCRIBE, now=clock.now())
    session.commit()
    page = nobody.get(path).get_data(as_text=True)

    nobody.post(f"{path}/start")

    session.expire_all()
    assert "This address is unsubscribed" in page
    assert not is_suppressed(session, ana.email)


def test_an_address_that_bounced_stays_suppressed(
    session: Session, ana: Person, path: str, nobody: FlaskClient
) -> None:
    suppress(session, ana.email, SuppressionReason.BOUNCE, now=clock.now())
    session.commit()

    answer = nobody.post(f"{path}/start")

    assert answer.status_code == 409
    assert is_suppressed(session, ana.email)


def test_somebody_signed_in_is_led_to_their_own_preferences(
    ana: Person, sign_in: Callable[[Person | None], FlaskClient]
) -> None:
    page = sign_in(ana).get("/me/reminders", follow_redirects=True).get_data(as_text=True)

    assert "ana-ruiz@example.org" in page
    assert "How often we write" in page


def test_a_forged_link_and_somebody_disabled_have_no_preferences(
    session: Session, ana: Person, path: str, nobody: FlaskClient
) -> None:
    forged = nobody.post("/preferences/nonsense/stop").status_code
    ana.disabled_at = clock.now()
    session.commit()

    assert forged == 404
    assert nobody.get(path).status_code == 404
