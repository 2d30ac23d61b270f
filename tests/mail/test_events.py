"""What SendGrid reports: signed, once, in any order, and never taken for a person's answer."""

import base64
import json
from datetime import timedelta
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, update

from summit import clock
from summit.app import create_app
from summit.mail.models import Message, MessageState, ProviderEvent, Suppression
from summit.mail.suppressions import is_suppressed
from tests.conftest import settings_for

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC_KEY = base64.b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"


@pytest.fixture
def hook(app, database_url):
    """A client of an application that knows SendGrid's key; CSRF protection is on, as in production."""
    application = create_app(settings_for(database_url, SENDGRID_API_KEY="SG.key", SENDGRID_WEBHOOK_KEY=PUBLIC_KEY))
    return application.test_client()


def signed(body: bytes, moment=None, key=KEY) -> dict[str, str]:
    timestamp = str(int((moment or clock.now()).timestamp()))
    signature = key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
    return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: timestamp}


def event(message, kind, number=1, **more):
    return {
        "email": message.to_address,
        "timestamp": int(clock.now().timestamp()),
        "event": kind,
        "sg_event_id": f"{kind}-{number}",
        "message": message.public_id,
        **more,
    }


def post(hook, events, **more):
    body = json.dumps(events).encode()
    return hook.post("/webhooks/sendgrid", data=body, headers=signed(body, **more))


@pytest.fixture
def message(write):
    return write(to_address="ana@example.org")


@pytest.fixture
def put(session, message):
    """Put the message into a state."""

    def into(state):
        session.execute(update(Message).where(Message.id == message.id).values(state=state, lease_token="t"))
        session.commit()

    return into


def state_of(session, message):
    """Read afresh, and let go: on SQLite an open transaction would hold up whoever writes next."""
    session.rollback()
    session.refresh(message)
    session.commit()
    return message.state


@pytest.mark.parametrize(
    ("kind", "more", "state", "reason"),
    [
        ("delivered", {}, MessageState.DELIVERED, None),
        ("bounce", {"type": "bounce"}, MessageState.BOUNCED, "bounce"),
        ("bounce", {"type": "blocked"}, MessageState.BOUNCED, None),
        ("dropped", {"reason": "Bounced Address"}, MessageState.DROPPED, "bounce"),
        ("dropped", {"reason": "Spam Reporting Address"}, MessageState.DROPPED, "complaint"),
        ("dropped", {"reason": "Unsubscribed Address"}, MessageState.DROPPED, "unsubscribe"),
        ("dropped", {"reason": "Recipient List over Package Quota"}, MessageState.DROPPED, None),
        ("spamreport", {}, MessageState.COMPLAINED, "complaint"),
        ("unsubscribe", {}, MessageState.SENT, "unsubscribe"),
        ("group_unsubscribe", {}, MessageState.SENT, "unsubscribe"),
        ("processed", {}, MessageState.SENT, None),
        ("deferred", {}, MessageState.SENT, None),
        ("open", {}, MessageState.SENT, None),
        ("click", {"url": "http://summit.test/act/x"}, MessageState.SENT, None),
        ("something_new", {}, MessageState.SENT, None),
    ],
)
def test_an_event_moves_its_message_and_suppresses_its_address(session, hook, message, put, kind, more, state, reason):
    put(MessageState.SENT)

    answer = post(hook, [event(message, kind, **more)])

    assert answer.status_code == 204
    assert state_of(session, message) is state
    assert session.scalars(select(Suppression.reason)).all() == ([reason] if reason else [])


@pytest.mark.parametrize("before", [MessageState.UNKNOWN, MessageState.SENDING, MessageState.QUEUED])
@pytest.mark.parametrize(
    ("kind", "after"),
    [
        ("processed", MessageState.SENT),
        ("deferred", MessageState.SENT),
        ("delivered", MessageState.DELIVERED),
        ("bounce", MessageState.BOUNCED),
    ],
)
def test_a_message_without_a_clear_answer_is_settled_by_what_is_reported(
    session, hook, message, put, before, kind, after
):
    put(before)

    post(hook, [event(message, kind)])

    assert state_of(session, message) is after


def test_a_message_put_back_is_not_sent_again_once_it_is_known_to_have_arrived(
    session, hook, message, put, deliver, sendgrid
):
    put(MessageState.QUEUED)

    post(hook, [event(message, "delivered")])
    deliver()

    assert state_of(session, message) is MessageState.DELIVERED
    assert sendgrid.requests == []


@pytest.mark.parametrize("order", list(permutations(["processed", "delivered", "spamreport"])))
def test_the_order_in_which_events_come_does_not_matter(session, hook, message, put, order):
    put(MessageState.SENT)

    for kind in order:
        post(hook, [event(message, kind)])

    assert state_of(session, message) is MessageState.COMPLAINED


@pytest.mark.parametrize(
    "final", [MessageState.BOUNCED, MessageState.DROPPED, MessageState.COMPLAINED, MessageState.FAILED]
)
def test_no_event_moves_an_end_back(session, hook, message, put, final):
    put(final)

    post(hook, [event(message, kind) for kind in ("delivered", "processed", "bounce", "dropped", "spamreport")])

    assert state_of(session, message) is final


def test_an_event_that_comes_twice_counts_once(session, hook, message, put):
    put(MessageState.SENT)

    post(hook, [event(message, "delivered"), event(message, "delivered")])
    again = post(hook, [event(message, "delivered")])

    assert again.status_code == 204
    assert session.scalars(select(ProviderEvent.event_id)).all() == ["delivered-1"]


def test_an_event_about_a_message_that_is_not_ours_suppresses_nobody(session, hook, message, put):
    put(MessageState.SENT)
    foreign = event(message, "bounce") | {"message": "f" * 32}
    without = {name: value for name, value in event(message, "spamreport").items() if name != "message"}

    answer = post(hook, [foreign, without])

    assert answer.status_code == 204
    assert state_of(session, message) is MessageState.SENT
    assert not is_suppressed(session, message.to_address)
    assert session.scalars(select(ProviderEvent.message_id)).all() == [None, None]


def test_a_bounce_cancels_what_is_queued_for_the_address(session, hook, message, put, write):
    put(MessageState.SENT)
    queued = write(to_address=message.to_address)
    other = write()

    post(hook, [event(message, "bounce", type="bounce")])

    assert (state_of(session, queued), state_of(session, other)) == (MessageState.CANCELLED, MessageState.QUEUED)


def test_the_address_is_not_kept_with_the_event(session, hook, message, put):
    put(MessageState.SENT)

    post(hook, [event(message, "bounce", reason="550 <ana@example.org> unknown", ip="192.0.2.1")])

    kept = session.scalars(select(ProviderEvent)).one()
    assert kept.detail == {"reason": "550 <…> unknown"}


@pytest.mark.parametrize("missing", [SIGNATURE, TIMESTAMP])
def test_without_its_headers_a_report_is_refused(session, hook, message, put, missing):
    put(MessageState.SENT)
    body = json.dumps([event(message, "delivered")]).encode()
    headers = signed(body)
    del headers[missing]

    answer = hook.post("/webhooks/sendgrid", data=body, headers=headers)

    assert answer.status_code == 403
    assert state_of(session, message) is MessageState.SENT


@pytest.mark.parametrize(
    "wrong",
    [
        {SIGNATURE: "not base64 ä"},
        {SIGNATURE: "AAAA"},
        {SIGNATURE: ""},
        {TIMESTAMP: "soon"},
        {TIMESTAMP: "9" * 40},
        {TIMESTAMP: "-1"},
        {TIMESTAMP: "1791990001"},
    ],
)
def test_a_malformed_header_is_refused_and_never_a_fault(session, hook, message, put, wrong):
    put(MessageState.SENT)
    body = json.dumps([event(message, "delivered")]).encode()

    answer = hook.post("/webhooks/sendgrid", data=body, headers=signed(body) | wrong)

    assert answer.status_code == 403
    assert state_of(session, message) is MessageState.SENT


def test_a_changed_body_or_another_key_is_refused(session, hook, message, put):
    put(MessageState.SENT)
    body = json.dumps([event(message, "delivered")]).encode()
    other = ec.generate_private_key(ec.SECP256R1())

    changed = hook.post("/webhooks/sendgrid", data=body + b" ", headers=signed(body))
    foreign = hook.post("/webhooks/sendgrid", data=body, headers=signed(body, key=other))

    assert (changed.status_code, foreign.status_code) == (403, 403)
    assert state_of(session, message) is MessageState.SENT


@pytest.mark.parametrize("minutes", [-11, 11])
def test_a_stale_report_is_refused(session, hook, message, put, minutes):
    put(MessageState.SENT)

    stale = post(hook, [event(message, "delivered")], moment=clock.now() + timedelta(minutes=minutes))
    refused = state_of(session, message)
    fresh = post(hook, [event(message, "delivered")], moment=clock.now() + timedelta(minutes=minutes * 9 / 11))

    assert (stale.status_code, fresh.status_code) == (403, 204)
    assert (refused, state_of(session, message)) == (MessageState.SENT, MessageState.DELIVERED)


@pytest.mark.parametrize("body", [b"", b"{}", b"not json", b"\xff\xfe", b"null", b'"a"'])
def test_a_signed_body_that_is_no_list_of_events_is_a_clear_error(hook, body):
    answer = hook.post("/webhooks/sendgrid", data=body, headers=signed(body))

    assert answer.status_code == 422


def test_odd_events_are_taken_for_what_they_are(session, hook, message, put):
    put(MessageState.SENT)
    odd = [
        1,
        None,
        [],
        {},
        {"event": {"a": 1}, "timestamp": "never", "message": ["x"]},
        {"event": "deferred", "sg_event_id": "half a character \ud800", "reason": "\udfff"},
        {"event": "delivered\x00", "timestamp": 10**30, "message": "\x00", "sg_event_id": "\x00e"},
    ]

    answer = post(hook, [*odd, event(message, "delivered")])

    assert answer.status_code == 204
    assert state_of(session, message) is MessageState.DELIVERED


@pytest.mark.parametrize("key", ["", "no key", base64.b64encode(b"x" * 91).decode()])
def test_without_a_good_key_every_report_is_refused(app, database_url, key):
    application = create_app(settings_for(database_url, SENDGRID_API_KEY="SG.key", SENDGRID_WEBHOOK_KEY=key))

    answer = application.test_client().post("/webhooks/sendgrid", data=b"[]", headers=signed(b"[]"))

    assert answer.status_code == 403
