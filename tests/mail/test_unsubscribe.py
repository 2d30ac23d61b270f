"""Unsubscribing: one click of a mail program, or a button on a page; opening the page changes nothing."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from summit import clock
from summit.app import create_app
from summit.mail.links import signed_token, unsubscribe_url
from summit.mail.models import MessageState, Suppression
from tests.conftest import settings_for

KEY = "a key for the tests, long enough to sign with"


@pytest.fixture
def client(app, database_url):
    """A client of an application with CSRF protection on, as a mail program meets it."""
    return create_app(settings_for(database_url)).test_client()


@pytest.fixture
def path(app, settings):
    return urlsplit(unsubscribe_url(settings, "Ana@example.org")).path


def test_one_click_of_a_mail_program_stops_all_mails(session, client, path, write):
    nudge = write(to_address="ana@example.org")
    link = write(to_address="ana@example.org", purpose="sign_in")
    other = write()

    answer = client.post(path, data={"List-Unsubscribe": "One-Click"})

    session.rollback()
    assert answer.status_code == 200
    suppression = session.scalars(select(Suppression)).one()
    assert (suppression.address, suppression.reason) == ("ana@example.org", "unsubscribe")
    for message in (nudge, link, other):
        session.refresh(message)
    assert [message.state for message in (nudge, link, other)] == [
        MessageState.CANCELLED,
        MessageState.QUEUED,
        MessageState.QUEUED,
    ]


def test_opening_the_page_changes_nothing_and_shows_one_button(session, client, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert "ana@example.org" in answer.text
    assert answer.text.count("<form") == 1
    assert session.scalar(select(func.count(Suppression.id))) == 0


def test_doing_it_twice_is_the_same_as_once(session, client, path):
    first, second = client.post(path), client.post(path)

    assert (first.status_code, second.status_code) == (200, 200)
    assert session.scalar(select(func.count(Suppression.id))) == 1
    assert "<form" not in client.get(path).text


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("forged", ["x", "e30.e30.e30"])
def test_a_forged_link_does_nothing(session, client, forged, method):
    answer = getattr(client, method)(f"/unsubscribe/{forged}")

    assert answer.status_code == 404
    assert session.scalar(select(func.count(Suppression.id))) == 0


def test_a_link_made_for_something_else_does_nothing(session, client, app):
    token = signed_token(KEY, "preferences", {"address": "ana@example.org"})

    assert client.post(f"/unsubscribe/{token}").status_code == 404
    assert session.scalar(select(func.count(Suppression.id))) == 0


def test_a_link_from_a_mail_of_years_ago_still_works(session, client, path):
    clock.turn_to(clock.now() + timedelta(days=5 * 365))

    assert client.post(path).status_code == 200
    assert session.scalar(select(func.count(Suppression.id))) == 1
