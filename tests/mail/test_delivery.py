"""Delivery: claimed, asked about, marked, handed over and settled; every answer of the provider has its end."""

import socket
import threading
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import OperationalError

from summit import clock
from summit.claims import claim
from summit.mail import delivery
from summit.mail.delivery import SENDING_LEASE, deliver_due
from summit.mail.models import LocalMail, Message, MessageState, ProviderAlarm, SuppressionReason
from summit.mail.outbox import SEALED_MARKER, cancel
from summit.mail.providers.local import LocalProvider
from summit.mail.providers.sendgrid import SendGridProvider
from summit.mail.settling import FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, wait_after
from summit.mail.states import move
from summit.mail.suppressions import suppress
from tests.conftest import settings_for
from tests.mail.sendgrid_server import DROP, HANG

# The commits of a delivery: looking, tidying up, claiming, and marking the first message as being sent.
MARKING = 4
SECRET_KEY = "a key for the tests, long enough to sign with"


def state_of(session, message):
    """Read afresh, and let go: on SQLite an open transaction would hold up whoever writes next."""
    session.rollback()
    session.refresh(message)
    session.commit()
    return message.state


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_due_message_is_sent_once_and_one_that_is_not_due_waits(session, write, deliver, sendgrid):
    due = write()
    later = write(due_at=clock.now() + timedelta(hours=1))

    first, second = deliver(), deliver()

    assert (first.sent, second.sent) == (1, 0)
    assert sendgrid.accepted == {due.public_id: 1}
    assert (state_of(session, due), state_of(session, later)) == (MessageState.SENT, MessageState.QUEUED)
    assert (due.provider, due.provider_message_id, due.attempts) == ("sendgrid", "sg-1", 1)
    assert due.lease_token is None


def test_a_message_that_is_not_wanted_any_more_is_cancelled_and_says_so(session, write, deliver, sendgrid):
    settled, open_one = write(purpose="settled"), write()

    report = deliver(still_wanted=lambda _session, message: message.purpose != "settled")

    assert (report.sent, report.cancelled) == (1, 1)
    assert set(sendgrid.accepted) == {open_one.public_id}
    assert state_of(session, settled) is MessageState.CANCELLED
    assert settled.last_error == "no longer wanted as it was written"


def test_what_asking_writes_is_kept_with_the_cancellation(session, write, deliver):
    message = write()

    def still_wanted(asked_session, asked):
        asked_session.execute(update(Message).where(Message.id == asked.id).values(purpose="dropped"))
        return False

    deliver(still_wanted=still_wanted)

    assert state_of(session, message) is MessageState.CANCELLED
    assert message.purpose == "dropped"


def test_a_message_that_can_not_be_prepared_does_not_hold_up_the_others(session, write, deliver, caplog):
    faulty, fine = write(purpose="faulty"), write()

    def still_wanted(_session, message):
        if message.purpose == "faulty":
            raise RuntimeError("a rule failed")
        return True

    report = deliver(still_wanted=still_wanted)

    assert report.sent == 1
    assert (state_of(session, faulty), state_of(session, fine)) == (MessageState.QUEUED, MessageState.SENT)
    assert "could not be prepared" in caplog.text


def test_a_message_that_comes_too_late_is_cancelled(session, write, deliver, sendgrid):
    message = write(useful_until=clock.now() + timedelta(days=2))
    clock.turn_to(clock.now() + timedelta(days=7))

    report = deliver()

    assert report.cancelled == 1
    assert sendgrid.requests == []
    assert state_of(session, message) is MessageState.CANCELLED


def test_a_message_cancelled_while_claimed_is_not_sent(session, sessions, write, deliver, sendgrid):
    message = write()

    def cancel_meanwhile(asked_session, asked):
        cancel(asked_session, asked.id, because="settled", now=clock.now())
        return True

    deliver(still_wanted=cancel_meanwhile)

    assert sendgrid.requests == []
    assert state_of(session, message) is MessageState.CANCELLED


def test_a_message_to_an_address_suppressed_since_is_cancelled(session, write, deliver, sendgrid):
    message = write()
    suppress(session, "other@example.org", SuppressionReason.BOUNCE, now=clock.now())
    session.execute(update(Message).where(Message.id == message.id).values(to_address="other@example.org"))
    session.commit()

    deliver()

    assert sendgrid.requests == []
    assert state_of(session, message) is MessageState.CANCELLED


@pytest.mark.parametrize("status", [429, 503])
def test_a_refusal_is_tried_again_later(session, write, deliver, sendgrid, status):
    message = write()
    sendgrid.answers = [status]

    first = deliver()
    at_once = state_of(session, message)
    clock.turn_to(clock.now() + FIRST_WAIT + timedelta(seconds=1))
    second = deliver()

    assert (first.put_back, second.sent) == (1, 1)
    assert (at_once, state_of(session, message), message.attempts) == (MessageState.QUEUED, MessageState.SENT, 2)


@pytest.mark.parametrize("how", ["seconds", "date"])
def test_a_refusal_that_says_when_to_come_back_is_heeded(session, write, deliver, sendgrid, how):
    message = write()
    moment = clock.now() + timedelta(hours=1)
    sendgrid.answers = [429]
    sendgrid.answer_headers = {
        "Retry-After": "3600" if how == "seconds" else moment.strftime("%a, %d %b %Y %H:%M:%S GMT")
    }

    deliver()

    state_of(session, message)
    assert message.due_at >= moment - timedelta(seconds=2)


def test_a_message_is_given_up_after_the_last_try(session, write, deliver, sendgrid):
    message = write()
    sendgrid.decide = lambda _id: 503

    for _ in range(MOST_TRIES):
        deliver()
        clock.turn_to(clock.now() + LONGEST_WAIT)
    deliver()

    assert state_of(session, message) is MessageState.FAILED
    assert len(sendgrid.requests) == MOST_TRIES
    assert "503" in message.last_error


def test_waits_grow_are_spread_and_never_shorter_than_asked():
    first = [wait_after(1) for _ in range(200)]
    fourth = [wait_after(4) for _ in range(200)]

    assert max(first) <= FIRST_WAIT
    assert max(fourth) > 8 * max(first)
    assert max(fourth) - min(fourth) > timedelta(minutes=20)
    assert wait_after(20) <= LONGEST_WAIT
    assert min(wait_after(1, timedelta(hours=2)) for _ in range(50)) >= timedelta(hours=2)


def test_a_provider_that_can_not_be_reached_is_tried_again(session, sessions, write, database_url):
    message = write()
    settings = settings_for(database_url, SENDGRID_API_KEY="SG.key", SENDGRID_HOST=f"http://127.0.0.1:{free_port()}")

    report = deliver_due(sessions, settings, still_wanted=lambda *_: True)

    assert report.put_back == 1
    assert state_of(session, message) is MessageState.QUEUED
    assert "could not connect" in message.last_error


def test_when_nobody_answers_the_others_spend_no_try_on_it(session, sessions, write, database_url):
    messages = [write() for _ in range(12)]
    settings = settings_for(database_url, SENDGRID_API_KEY="SG.key", SENDGRID_HOST=f"http://127.0.0.1:{free_port()}")

    deliver_due(sessions, settings, still_wanted=lambda *_: True)

    session.rollback()
    attempts = session.scalars(select(Message.attempts).order_by(Message.id)).all()
    assert attempts == [1] * 5 + [0] * 7
    assert {state_of(session, message) for message in messages} == {MessageState.QUEUED}
    assert set(session.scalars(select(Message.lease_token)).all()) == {None}


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_message_the_provider_can_not_take_fails_at_once(session, write, deliver, sendgrid, status):
    message = write()
    sendgrid.answers = [status]

    report = deliver()

    assert report.failed == 1
    assert state_of(session, message) is MessageState.FAILED
    assert "said the server" in message.last_error


@pytest.mark.parametrize("status", [401, 403, 301, 302, 404])
def test_wrong_settings_stop_everything_cost_no_try_and_raise_an_alarm(session, write, deliver, sendgrid, status):
    first, second = write(), write()
    sendgrid.decide = lambda _id: status
    sendgrid.answer_headers = {"Location": f"{sendgrid.url}/elsewhere"}

    report = deliver()
    at_once = deliver()

    assert report.alarm
    assert (report.put_back, at_once.put_back) == (1, 0)
    assert len(sendgrid.requests) == 1
    for message in (first, second):
        assert (state_of(session, message), message.attempts) == (MessageState.QUEUED, 0)
    assert session.scalars(select(ProviderAlarm.provider)).all() == ["sendgrid"]


def test_an_alarm_ends_with_the_first_accepted_mail(session, write, deliver, sendgrid):
    write()
    sendgrid.answers = [401]
    deliver()
    clock.turn_to(clock.now() + timedelta(minutes=2))

    report = deliver()

    session.rollback()
    assert report.sent == 1
    assert session.scalars(select(ProviderAlarm)).all() == []


@pytest.mark.parametrize("answer", [500, 502, 504, DROP, HANG, 200])
def test_without_a_clear_answer_a_message_is_unknown_and_never_sent_again(session, write, deliver, sendgrid, answer):
    message = write()
    sendgrid.answers = [answer]

    report = deliver()
    clock.turn_to(clock.now() + timedelta(days=1))
    deliver()

    assert report.unknown == 1
    assert len(sendgrid.requests) == 1
    assert state_of(session, message) is MessageState.UNKNOWN


def _begin_sending(session, message):
    """Leave a message as a worker leaves it that is killed while sending."""
    lease = claim(
        session, Message, Message.id == message.id, order_by=[Message.id], limit=1, lease=SENDING_LEASE, values={}
    )
    session.execute(update(Message).where(Message.id == message.id).values(state=MessageState.SENDING, attempts=1))
    session.commit()
    return lease


def test_a_message_whose_sender_vanished_becomes_unknown(session, write, deliver, sendgrid):
    message = write()
    _begin_sending(session, message)

    deliver()
    early = state_of(session, message)
    clock.turn_to(clock.now() + SENDING_LEASE + timedelta(seconds=1))
    report = deliver()

    assert (early, state_of(session, message)) == (MessageState.SENDING, MessageState.UNKNOWN)
    assert report.unknown == 1
    assert sendgrid.requests == []


def test_a_claimed_message_whose_worker_vanished_is_sent_by_another(session, write, deliver, sendgrid):
    message = write()
    claim(session, Message, Message.id == message.id, order_by=[Message.id], limit=1, lease=SENDING_LEASE, values={})
    session.commit()

    early = deliver()
    clock.turn_to(clock.now() + SENDING_LEASE + timedelta(seconds=1))
    late = deliver()

    assert (early.sent, late.sent) == (0, 1)
    assert sendgrid.accepted == {message.public_id: 1}


def test_an_answer_that_comes_after_the_lease_still_settles_the_message(session, write, deliver, sendgrid):
    message = write()

    def answer_late(_public_id):
        clock.turn_to(clock.now() + SENDING_LEASE + timedelta(seconds=1))
        deliver(provider=LocalProvider())
        return 202

    sendgrid.decide = answer_late
    report = deliver(still_wanted=lambda *_: True)

    assert report.sent == 1
    assert state_of(session, message) is MessageState.SENT


def test_many_workers_send_each_message_once(app, session, write, deliver, sendgrid):
    messages = [write() for _ in range(60)]
    barrier = threading.Barrier(3)

    def work():
        with app.app_context():
            barrier.wait()
            deliver()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver()

    assert dict(sendgrid.accepted) == {message.public_id: 1 for message in messages}


def test_a_worker_told_to_stop_gives_back_what_it_claimed(session, write, deliver, sendgrid):
    for _ in range(5):
        write()
    asked = iter([False, False, True])

    report = deliver(should_stop=lambda: next(asked))

    assert report.sent == 2
    session.rollback()
    waiting = session.scalars(select(Message).where(Message.state == MessageState.QUEUED)).all()
    assert [message.lease_token for message in waiting] == [None, None, None]


def test_a_secret_is_put_in_place_while_sending_and_then_forgotten(session, write, deliver, sendgrid):
    message = write(
        text=f"Open {SEALED_MARKER}",
        html=f'<a href="{SEALED_MARKER}">Open</a>',
        sealed='http://summit.test/sign-in/a-token?a=1&b="2"',
        secret_key=SECRET_KEY,
    )

    deliver()

    plain, html = (part["value"] for part in sendgrid.requests[0]["content"])
    assert plain == 'Open http://summit.test/sign-in/a-token?a=1&b="2"'
    assert html == '<a href="http://summit.test/sign-in/a-token?a=1&amp;b=&#34;2&#34;">Open</a>'
    assert state_of(session, message) is MessageState.SENT
    assert message.sealed is None
    assert "a-token" not in message.text + message.html


def test_a_secret_that_another_key_sealed_is_not_sent_as_a_marker(session, write, deliver, sendgrid):
    message = write(text=SEALED_MARKER, sealed="x", secret_key="another key, long enough to sign with")

    deliver()

    assert sendgrid.requests == []
    assert state_of(session, message) is MessageState.CANCELLED
    assert "SECRET_KEY" in message.last_error


def test_the_local_provider_puts_a_mail_into_the_mailbox_once(session, write, deliver):
    message = write(headers={"List-Unsubscribe": "<http://summit.test/unsubscribe/x>"})
    provider = LocalProvider()

    deliver(provider=provider)
    session.rollback()
    kept = session.scalars(select(LocalMail)).one()

    assert (kept.public_id, kept.to_address, kept.text) == (message.public_id, message.to_address, message.text)
    assert kept.headers["List-Unsubscribe"] == "<http://summit.test/unsubscribe/x>"
    assert kept.headers["Message-ID"] == f"<{message.public_id}@example.org>"


def test_nothing_is_in_the_mailbox_when_settling_fails(session, sessions, write, deliver):
    message = write()

    class LosesItsClaim(LocalProvider):
        """A provider during whose call somebody else settled the message."""

        def send(self, mail):
            with sessions.begin() as other:
                other.execute(
                    update(Message).where(Message.id == message.id).values(state=MessageState.BOUNCED, lease_token=None)
                )
            return super().send(mail)

    deliver(provider=LosesItsClaim())

    assert state_of(session, message) is MessageState.BOUNCED
    assert session.scalars(select(LocalMail)).all() == []


def test_no_transaction_is_open_while_the_provider_thinks(session, sessions, write, deliver, sendgrid, settings):
    write()
    could_write = []

    class Watching(SendGridProvider):
        def send(self, mail):
            with sessions.begin() as other:
                other.execute(update(Message).values(purpose="seen"))
                could_write.append(other.scalars(select(Message.state)).one())
            return super().send(mail)

    deliver(provider=Watching(settings, timeout=0.5))

    assert could_write == [MessageState.SENDING]


def test_a_sign_in_link_overtakes_a_long_campaign(session, write, deliver, sendgrid):
    for _ in range(12):
        write(purpose="campaign", due_at=clock.now() - timedelta(minutes=5))
    link = write(purpose="sign_in")

    deliver(limit=10)

    assert state_of(session, link) is MessageState.SENT


@pytest.mark.parametrize("answer", [500, 503])
def test_a_provider_out_of_order_is_left_alone_for_a_minute_and_then_tried_with_one_mail(
    session, write, deliver, sendgrid, answer
):
    for _ in range(12):
        write()
    sendgrid.decide = lambda _id: answer

    report = deliver()
    at_once = deliver()
    clock.turn_to(clock.now() + timedelta(seconds=61))
    later = deliver()

    assert (report.unknown + report.put_back, at_once.unknown + at_once.put_back) == (5, 0)
    assert later.unknown + later.put_back == 1
    assert not report.alarm
    assert str(answer) in session.scalars(select(ProviderAlarm.detail)).one()


def test_a_provider_well_again_gets_all_that_waits(session, write, deliver, sendgrid):
    for _ in range(12):
        write()
    sendgrid.decide = lambda _id: 503
    deliver()
    sendgrid.decide = None
    clock.turn_to(clock.now() + timedelta(minutes=2))

    report = deliver()

    session.rollback()
    assert report.sent == 12
    assert session.scalars(select(ProviderAlarm)).all() == []


def test_a_mail_that_the_provider_stumbles_over_does_not_hold_up_the_others(session, write, deliver, caplog):
    class Stumbling(LocalProvider):
        def send(self, mail):
            if mail.to_address == "person1@example.org":
                raise RuntimeError("a fault of ours")
            return super().send(mail)

    poison, sound = write(), write()

    report = deliver(provider=Stumbling())

    assert (report.unknown, report.sent) == (1, 1)
    assert state_of(session, poison) is MessageState.UNKNOWN
    assert state_of(session, sound) is MessageState.SENT
    assert "person1@example.org" not in caplog.text


def test_an_answer_is_written_when_the_database_comes_back_at_the_last_moment(
    session, write, deliver, sendgrid, monkeypatch
):
    message = write()
    failures = [OperationalError("update", {}, Exception("away"))] * (len(delivery.SETTLE_WAITS) - 1)
    settle = delivery.settle

    def settle_at_last(*arguments, **named):
        if failures:
            raise failures.pop()
        return settle(*arguments, **named)

    monkeypatch.setattr(delivery, "settle", settle_at_last)
    monkeypatch.setattr(delivery.time, "sleep", lambda _seconds: None)

    report = deliver()

    assert report.sent == 1
    assert state_of(session, message) is MessageState.SENT


def test_a_message_put_back_is_not_settled(session, write, deliver, sendgrid):
    message = write()
    lease = _begin_sending(session, message)
    clock.turn_to(clock.now() + SENDING_LEASE + timedelta(seconds=1))
    deliver()

    move(session, message.id, MessageState.QUEUED, now=clock.now(), token=lease.token)
    session.commit()

    assert (state_of(session, message), message.settled_at) == (MessageState.QUEUED, None)


def test_a_message_marked_without_our_knowing_did_not_leave_and_is_put_back(
    session, sessions, write, deliver, sendgrid, caplog
):
    message = write()
    lost = []

    def lose_the_answer(_session):
        lost.append(True)
        if len(lost) == MARKING:
            raise OperationalError("commit", {}, Exception("the connection was lost"))

    event.listen(sessions, "after_commit", lose_the_answer)
    report = deliver()

    assert report.sent == 1
    assert sendgrid.accepted == {message.public_id: 1}
    assert state_of(session, message) is MessageState.SENT
    assert "could not be prepared" in caplog.text
