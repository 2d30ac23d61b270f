"""The message log: what became of every message, what waits for a human, and nothing of what it says."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from summit import clock
from summit.audit import AuditEntry
from summit.database import db
from summit.mail.models import Message, MessageState, ProviderAlarm, ProviderEvent, Suppression, SuppressionReason
from summit.mail.outbox import SEALED_MARKER, forget_texts
from summit.mail.suppressions import suppress


@pytest.fixture
def desk(sign_in, organizer):
    return sign_in(organizer)


@pytest.fixture
def put(session, write):
    """Write a message and put it into a state."""

    def into(state, **values):
        message = write(**values)
        settled = None if state in ("queued", "sending") else clock.now()
        session.execute(
            update(Message)
            .where(Message.id == message.id)
            .values(state=state, lease_token="t", settled_at=settled, attempts=1)
        )
        session.commit()
        return message

    return into


def state_of(session, message):
    session.rollback()
    session.refresh(message)
    session.commit()
    return message.state


def test_the_log_counts_every_state_and_can_show_one(desk, put):
    put("sent", to_address="ana@example.org")
    put("sent", to_address="ben@example.org")
    put("unknown", to_address="cara@example.org")

    everything = desk.get("/organize/messages").text
    unknown = desk.get("/organize/messages?state=unknown").text

    assert all(f"{name}@example.org" in everything for name in ("ana", "ben", "cara"))
    assert "1 message got no clear answer. It is" in everything
    assert [f"{name}@example.org" in unknown for name in ("ana", "ben", "cara")] == [False, False, True]
    assert unknown.count("It arrived") == 1


def test_the_log_can_be_searched_by_address(desk, put):
    put("sent", to_address="ana@example.org")
    put("sent", to_address="ben_x@example.org")
    put("sent", to_address="benax@example.org")

    found = desk.get("/organize/messages?address=BEN_").text

    assert [f"{name}@example.org" in found for name in ("ana", "ben_x", "benax")] == [False, True, False]


def test_the_log_says_since_when_the_oldest_waits(desk, put, write):
    put("sent", due_at=clock.now() - timedelta(days=9))
    before = desk.get("/organize/messages").text
    write(due_at=clock.now() - timedelta(days=2))
    write(due_at=clock.now() + timedelta(days=2))

    after = desk.get("/organize/messages").text

    assert "Nothing that is due waits" in before
    assert "Oct 12, 2026, 10:00" in after


def test_neither_log_nor_story_shows_what_a_message_says(desk, put):
    message = put("sent", subject="PAIR-SUBJECT", text="PAIR-TEXT", html="PAIR-HTML", to_name="Ana")

    pages = desk.get("/organize/messages").text + desk.get(f"/organize/messages/{message.id}").text

    assert message.to_address in pages
    assert "PAIR-" not in pages


def test_an_alarm_is_at_the_top(session, desk):
    session.add(
        ProviderAlarm(provider="sendgrid", since=clock.now(), last_at=clock.now(), detail="Check SENDGRID_API_KEY")
    )
    session.commit()

    page = desk.get("/organize/messages").text

    assert "sendgrid has taken no mail since" in page
    assert "Check SENDGRID_API_KEY" in page


def test_a_story_tells_what_the_provider_reported(session, desk, put):
    message = put("bounced")
    session.add(
        ProviderEvent(
            event_id="1",
            message_id=message.id,
            kind="bounce",
            happened_at=clock.now(),
            received_at=clock.now(),
            detail={"reason": "550 unknown user"},
        )
    )
    session.commit()

    page = desk.get(f"/organize/messages/{message.id}").text

    assert "The provider reports: bounce" in page
    assert "550 unknown user" in page


@pytest.mark.parametrize(
    ("decision", "state", "action"),
    [
        ("arrived", MessageState.SENT, "confirm arrival of message"),
        ("send_again", MessageState.QUEUED, "send message again"),
    ],
)
def test_an_organizer_decides_about_an_unknown_message(session, desk, organizer, put, decision, state, action):
    message = put("unknown")

    answer = desk.post(f"/organize/messages/{message.id}/decision", data={"decision": decision})

    assert answer.status_code == 303
    assert state_of(session, message) is state
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_id, entry.subject_id) == (action, organizer.id, message.id)


def test_a_message_sent_again_has_all_its_tries(session, desk, put, deliver, sendgrid):
    message = put("unknown")
    desk.post(f"/organize/messages/{message.id}/decision", data={"decision": "send_again"})

    deliver()

    assert sendgrid.accepted == {message.public_id: 1}
    assert (state_of(session, message), message.attempts) == (MessageState.SENT, 1)
    assert "An organizer sent it again" in desk.get(f"/organize/messages/{message.id}").text


@pytest.mark.parametrize("state", [state for state in MessageState if state is not MessageState.UNKNOWN])
@pytest.mark.parametrize("decision", ["arrived", "send_again"])
def test_only_about_an_unknown_message_there_is_something_to_decide(session, desk, put, state, decision):
    message = put(state)

    answer = desk.post(f"/organize/messages/{message.id}/decision", data={"decision": decision})

    assert answer.status_code == 409
    assert state_of(session, message) is state
    assert session.scalars(select(AuditEntry)).all() == []


def test_a_mail_with_a_forgotten_link_is_not_sent_again(session, desk, put):
    message = put("unknown", text=f"Open {SEALED_MARKER}")

    answer = desk.post(f"/organize/messages/{message.id}/decision", data={"decision": "send_again"})

    assert answer.status_code == 409
    assert state_of(session, message) is MessageState.UNKNOWN


def test_another_decision_or_message_is_a_clear_error(desk, put):
    message = put("unknown")

    odd = desk.post(f"/organize/messages/{message.id}/decision", data={"decision": "burn"})
    missing = [
        desk.post("/organize/messages/999999/decision", data={"decision": "arrived"}),
        desk.post("/organize/messages/999999/decision", data={"decision": "send_again"}),
        desk.get("/organize/messages/999999"),
    ]

    assert odd.status_code == 422
    assert [answer.status_code for answer in missing] == [404, 404, 404]


def test_an_unsubscribe_can_be_taken_back_and_a_bounce_can_not(session, desk):
    suppress(session, "ana@example.org", SuppressionReason.UNSUBSCRIBE, now=clock.now())
    suppress(session, "ben@example.org", SuppressionReason.BOUNCE, now=clock.now())
    session.commit()

    page = desk.get("/organize/suppressions").text
    answers = [
        desk.post("/organize/suppressions/lifted", data={"address": f"{name}@example.org"}).status_code
        for name in ("ana", "ben", "nobody")
    ]

    assert page.count("Write again") == 1
    assert answers == [303, 409, 404]
    session.rollback()
    assert session.scalars(select(Suppression.address)).all() == ["ben@example.org"]
    assert session.scalars(select(AuditEntry.action)).all() == ["lift suppression"]


@pytest.mark.parametrize("path", ["/organize/messages", "/organize/messages/1", "/organize/suppressions"])
def test_the_log_is_for_organizers(make, sign_in, path):
    partner = sign_in(make.person("Pia Partner"))

    assert partner.get(path).status_code == 403
    assert sign_in(None).get(path).status_code == 302


def test_the_log_takes_a_dozen_queries_however_long_it_is(desk, put):
    for _ in range(60):
        put("unknown")
    statements = []
    listener = lambda *arguments: statements.append(arguments[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)

    page = desk.get("/organize/messages").text

    event.remove(db.engine, "before_cursor_execute", listener)
    assert "Page 1 of 2" in page
    assert len(statements) <= 12


def test_texts_of_old_messages_are_forgotten_but_not_what_may_be_sent_again(session, put, write):
    old, unknown, queued = put("sent"), put("unknown"), write()
    clock.turn_to(clock.now() + timedelta(days=31))
    fresh = put("sent")

    forgotten = forget_texts(session, now=clock.now())
    session.commit()

    for message in (old, unknown, queued, fresh):
        session.refresh(message)
    assert forgotten == 1
    assert [bool(message.text) for message in (old, unknown, queued, fresh)] == [False, True, True, True]
