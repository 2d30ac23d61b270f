"""The outbox: written once, cancelled while queued, never to a suppressed address."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from summit import clock
from summit.database import db
from summit.errors import Conflict, Invalid, NotFound
from summit.mail.headers import thread_headers, unsubscribe_headers
from summit.mail.models import Message, MessageState, Suppression, SuppressionReason
from summit.mail.outbox import SEALED_MARKER, cancel, enqueue
from summit.mail.sealing import unseal
from summit.mail.suppressions import is_suppressed, lift, suppress

SECRET_KEY = "a key for the tests, long enough to sign with"


def write(session, key="first", **values):
    """Put a plain message into the outbox."""
    given = {
        "purpose": "nudge",
        "purpose_id": 7,
        "to_address": "ana@example.org",
        "to_name": "Ana Ruiz",
        "subject": "How did it go?",
        "text": "Ben waits for the guide.",
        "html": "<p>Ben waits for the guide.</p>",
        "due_at": clock.now(),
        "now": clock.now(),
    }
    return enqueue(session, key=key, **(given | values))


def test_the_same_key_twice_returns_the_first_message_unchanged(session):
    first = write(session, subject="The first")
    second = write(session, subject="The second")

    assert second.id == first.id
    assert session.scalars(select(Message.subject)).all() == ["The first"]


def test_two_writers_of_one_key_at_once_give_one_message(app, session):
    barrier = threading.Barrier(4)
    written = []

    def work():
        with app.app_context():
            barrier.wait()
            written.append(write(db.session(), key="shared").id)
            db.session.commit()
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(written) == 4
    assert set(written) == set(session.scalars(select(Message.id)).all())


def test_a_suppressed_address_is_not_written_to(session):
    suppress(session, "Ana@example.org", SuppressionReason.UNSUBSCRIBE, now=clock.now())

    refused = write(session)
    other = write(session, key="other", to_address="ben@example.org")

    assert refused is None
    assert session.scalars(select(Message.id)).all() == [other.id]


@pytest.mark.parametrize(
    ("reason", "passes"),
    [
        (SuppressionReason.UNSUBSCRIBE, True),
        (SuppressionReason.BOUNCE, False),
        (SuppressionReason.COMPLAINT, False),
    ],
)
def test_a_sign_in_link_passes_an_unsubscribe_only(session, reason, passes):
    suppress(session, "ana@example.org", reason, now=clock.now())

    message = write(session, purpose="sign_in")

    assert (message is not None) is passes


def test_a_queued_message_can_be_cancelled_once_and_says_why(session):
    message = write(session)

    first = cancel(session, message.id, because="the step is settled", now=clock.now())
    second = cancel(session, message.id, because="again", now=clock.now())

    session.refresh(message)
    assert (first, second) == (True, False)
    assert (message.state, message.last_error) == (MessageState.CANCELLED, "the step is settled")


@pytest.mark.parametrize("state", [state for state in MessageState if state is not MessageState.QUEUED])
def test_what_is_no_longer_queued_can_not_be_cancelled(session, state):
    message = write(session)
    message.state, message.lease_token = state, "token"
    session.flush()

    assert not cancel(session, message.id, because="too late", now=clock.now())
    session.refresh(message)
    assert message.state is state


@pytest.mark.parametrize("part", ["subject", "to_name", "to_address"])
@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028"])
def test_a_line_break_in_what_becomes_a_header_is_refused(session, part, line_break):
    with pytest.raises(Invalid):
        write(session, **{part: f"Hello{line_break}Bcc: everyone@example.org"})

    assert session.scalar(select(func.count(Message.id))) == 0


def test_a_line_break_in_a_header_of_the_caller_is_refused(session):
    with pytest.raises(Invalid):
        write(session, headers={"List-Unsubscribe": "<http://summit.test>\r\nBcc: everyone@example.org"})


def test_a_long_subject_is_shortened_rather_than_lost(session):
    message = write(session, subject="Long " * 100)

    session.refresh(message)
    assert len(message.subject) <= 200
    assert message.subject.endswith("…")


def test_a_secret_is_stored_encrypted_and_forgotten_when_cancelled(session):
    message = write(session, text=f"Open {SEALED_MARKER}", sealed="the-token", secret_key=SECRET_KEY)
    session.refresh(message)
    stored = message.sealed

    cancel(session, message.id, because="not wanted", now=clock.now())
    session.refresh(message)

    assert "the-token" not in stored
    assert unseal(SECRET_KEY, stored) == "the-token"
    assert unseal("another key, long enough to sign with too", stored) is None
    assert message.sealed is None


def test_a_secret_without_a_key_to_seal_it_with_is_a_fault(session):
    with pytest.raises(ValueError, match="secret_key"):
        write(session, sealed="the-token")


def test_suppressing_cancels_what_is_queued_except_sign_in_links(session):
    nudge = write(session, key="nudge")
    link = write(session, key="link", purpose="sign_in")
    other = write(session, key="other", to_address="ben@example.org")

    suppress(session, "ana@example.org", SuppressionReason.UNSUBSCRIBE, now=clock.now())

    for message in (nudge, link, other):
        session.refresh(message)
    assert [nudge.state, link.state, other.state] == ["cancelled", "queued", "queued"]


def test_the_graver_reason_stays(session):
    for reason in ("unsubscribe", "complaint", "bounce"):
        suppress(session, "ana@example.org", SuppressionReason(reason), now=clock.now())

    assert session.scalars(select(Suppression.reason)).all() == [SuppressionReason.COMPLAINT]


def test_an_organizer_lifts_an_unsubscribe_but_neither_bounce_nor_complaint(session, organizer):
    suppress(session, "ana@example.org", SuppressionReason.UNSUBSCRIBE, now=clock.now())
    suppress(session, "ben@example.org", SuppressionReason.BOUNCE, now=clock.now())

    lift(session, "ana@example.org", by=organizer.id, now=clock.now())

    assert not is_suppressed(session, "ana@example.org")
    with pytest.raises(Conflict):
        lift(session, "ben@example.org", by=organizer.id, now=clock.now())
    with pytest.raises(NotFound):
        lift(session, "cara@example.org", by=organizer.id, now=clock.now())
    assert is_suppressed(session, "ben@example.org")


def test_one_click_headers_are_those_of_the_standard():
    assert unsubscribe_headers("https://summit.test/unsubscribe/x") == {
        "List-Unsubscribe": "<https://summit.test/unsubscribe/x>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_mails_about_one_thing_share_a_thread():
    headers = thread_headers("connection-17", "summit@example.org")

    assert headers == {
        "References": "<connection-17@example.org>",
        "In-Reply-To": "<connection-17@example.org>",
    }


def test_a_message_is_due_when_its_writer_says(session):
    later = clock.now() + timedelta(days=2)

    message = write(session, due_at=later)

    session.refresh(message)
    assert (message.due_at, message.state) == (later, MessageState.QUEUED)
