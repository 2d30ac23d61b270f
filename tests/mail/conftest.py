"""Fixtures of the mail room: a server that answers like SendGrid, and delivery against it."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from summit import clock
from summit.database import db
from summit.mail.delivery import DeliveryReport, deliver_due
from summit.mail.models import Message
from summit.mail.outbox import enqueue
from summit.mail.providers.sendgrid import SendGridProvider
from tests.conftest import settings_for
from tests.mail.sendgrid_server import SendGridServer


@pytest.fixture
def sendgrid() -> Iterator[SendGridServer]:
    with SendGridServer() as server:
        yield server


@pytest.fixture
def settings(database_url: str, sendgrid: SendGridServer) -> Settings:
    """Settings that send through the local server."""
    return settings_for(database_url, SENDGRID_API_KEY="SG.a-key-for-the-tests", SENDGRID_HOST=sendgrid.url)


@pytest.fixture
def write(session: Session) -> Callable[..., Message]:
    """Put a message into the outbox, committed."""
    count = 0

    def put(**values) -> Message:
        nonlocal count
        count += 1
        given = {
            "key": f"message-{count}",
            "purpose": "reminder",
            "purpose_id": count,
            "to_address": f"person{count}@example.org",
            "to_name": f"Person {count}",
            "subject": "How did it go?",
            "text": "Ben waits for the guide.",
            "html": "<p>Ben waits for the guide.</p>",
            "due_at": clock.now(),
            "now": clock.now(),
        }
        message = enqueue(session, **(given | values))
        assert message is not None
        session.commit()
        return message

    return put


@pytest.fixture
def sessions(app) -> sessionmaker:
    return sessionmaker(db.engine, expire_on_commit=False)


@pytest.fixture
def deliver(sessions: sessionmaker, settings: Settings) -> Callable[..., DeliveryReport]:
    """Deliver what is due; every message is wanted unless said otherwise."""

    def run(**values) -> DeliveryReport:
        given = {
            "still_wanted": lambda _session, _message: True,
            "provider": SendGridProvider(settings, timeout=0.5),
        }
        return deliver_due(sessions, settings, **(given | values))

    return run
