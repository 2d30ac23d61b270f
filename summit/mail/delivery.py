"""Delivery: claim what is due, ask whether it is still wanted, mark it `sending`, hand it over, settle.

`sending` is committed before the request leaves, and no transaction is open while the provider thinks. So a message
that a killed worker was sending is `unknown` afterwards and never sent again blindly, and one that it had only claimed
goes back to the queue. Read from `deliver_due` downwards.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from markupsafe import escape
from sqlalchemy import ColumnElement, CursorResult, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from summit.claims import Lease, claim
from summit.database import database_now, reading
from summit.mail.headers import message_id_header
from summit.mail.models import Message, MessageState
from summit.mail.providers import chosen_provider
from summit.mail.providers.outcome import Answer, Outcome, OutgoingMail, Provider
from summit.mail.sealing import SEALED_MARKER, unseal
from summit.mail.settling import has_alarm, is_paused, raise_alarm, settle
from summit.mail.states import move
from summit.mail.suppressions import SIGN_IN, is_suppressed

BATCH = 10
CLAIM_LEASE = timedelta(seconds=30)
# Longer than any provider's call takes; a late answer is taken all the same.
SENDING_LEASE = timedelta(seconds=60)
MOST_FAILURES = 5
SETTLE_WAITS = (0.1, 1, 5, 15, None)
log = logging.getLogger(__name__)

SENDING_ONLY = frozenset({MessageState.SENDING})
Written = TypeVar("Written")
StillWanted = Callable[[Session, Message], bool]


@dataclass
class DeliveryReport:
    """What a delivery came to: messages by what became of them, and what the provider has against our settings."""

    sent: int = 0
    put_back: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0
    alarm: str = ""

    def count(self, state: MessageState | None) -> None:
        """Count a message by the state it ended in; None is one that another worker settled."""
        match state:
            case MessageState.SENT:
                self.sent += 1
            case MessageState.QUEUED:
                self.put_back += 1
            case MessageState.FAILED:
                self.failed += 1
            case MessageState.UNKNOWN:
                self.unknown += 1
            case MessageState.CANCELLED:
                self.cancelled += 1
            case _:
                pass


def deliver_due(
    sessions: sessionmaker[Session],
    settings: Settings,
    *,
    still_wanted: StillWanted,
    limit: int = 500,
    provider: Provider | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> DeliveryReport:
    """Deliver up to `limit` due messages, each in short transactions of its own.

    `still_wanted(session, message)` is asked before each leaves; False cancels it. It may write. `should_stop` is asked
    between two messages; what was claimed by then goes back to the queue.
    """
    chosen = provider or chosen_provider(settings)
    report = DeliveryReport()
    if not _has_work(sessions):
        return report
    with sessions.begin() as session:
        now = database_now(session)
        report.unknown += quarantine_lost(session, now=now)
        report.cancelled += cancel_useless(session, now=now)
        if is_paused(session, chosen.name, now=now):
            return report
        # After an alarm the first mail finds out for all whether things are well again.
        failures = MOST_FAILURES - 1 if has_alarm(session, chosen.name) else 0
    run = _Run(sessions, settings, chosen, still_wanted, should_stop, report, failures)
    while limit > 0 and (lease := _claim_due(sessions, min(BATCH, limit))).ids:
        limit -= len(lease.ids)
        if not run.deliver(lease):
            break
    return report


def quarantine_lost(session: Session, *, now: datetime) -> int:
    """Set messages to `unknown` whose sender vanished: they may have left. The token stays for a late answer."""
    lost = update(Message).where(Message.state == MessageState.SENDING, Message.lease_until < now)
    values = {
        "state": MessageState.UNKNOWN,
        "settled_at": now,
        "sealed": None,
        "last_error": "the worker ended while sending, so nobody saw the answer",
    }
    return cast(CursorResult[Any], session.execute(lost.values(**values))).rowcount


def cancel_useless(session: Session, *, now: datetime) -> int:
    """Cancel queued messages that would come too late to be of use."""
    useless = select(Message.id).where(
        Message.state == MessageState.QUEUED, Message.useful_until < now, _is_unclaimed(now)
    )
    return sum(
        move(session, message_id, MessageState.CANCELLED, now=now, last_error="too late to be of use")
        for message_id in session.scalars(useless).all()
    )


def _is_unclaimed(now: datetime) -> ColumnElement[bool]:
    return or_(Message.lease_until.is_(None), Message.lease_until < now)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return (Message.state == MessageState.QUEUED) & (Message.due_at <= now) & _is_unclaimed(now)


def _has_work(sessions: sessionmaker[Session]) -> bool:
    """Look without writing, so that an idle worker doesn't hold up anybody on SQLite."""
    with reading(), sessions.begin() as session:
        now = database_now(session)
        lost = (Message.state == MessageState.SENDING) & (Message.lease_until < now)
        useless = (Message.state == MessageState.QUEUED) & (Message.useful_until < now)
        return session.scalar(select(Message.id).where(or_(_is_due(now), lost, useless)).limit(1)) is not None


def _claim_due(sessions: sessionmaker[Session], limit: int) -> Lease:
    with sessions.begin() as session:
        return claim(
            session,
            Message,
            _is_due(database_now(session)),
            # Somebody sits and waits for a sign-in link, which is of no use in ten minutes.
            order_by=[Message.purpose != SIGN_IN, Message.due_at, Message.id],
            limit=limit,
            lease=CLAIM_LEASE,
            values={},
        )


@dataclass
class _Run:
    """One delivery: what it needs for every message, and how it goes so far."""

    sessions: sessionmaker[Session]
    settings: Settings
    provider: Provider
    still_wanted: StillWanted
    should_stop: Callable[[], bool]
    report: DeliveryReport
    failures_in_a_row: int

    def deliver(self, lease: Lease) -> bool:
        """Deliver what a lease holds; return whether going on makes sense. What is left over is given back."""
        for position, message_id in enumerate(lease.ids):
            if self.should_stop() or not self._deliver_one(message_id, lease.token):
                self._give_back(lease.ids[position:], lease.token)
                return False
        return True

    def _deliver_one(self, message_id: int, token: str) -> bool:
        try:
            mail = self._begin_sending(message_id, token)
        except Exception:
            # Its lease runs out and it is tried again; the others needn't wait for it.
            log.exception("message %s could not be prepared", message_id)
            self._take_back(message_id, token)
            return True
        return True if mail is None else self._hand_over(message_id, token, mail)

    def _begin_sending(self, message_id: int, token: str) -> OutgoingMail | None:
        """Mark a message as being sent, durably; None when it must not leave, or the claim was lost."""
        with self.sessions.begin() as session:
            message = session.get(Message, message_id)
            if message is None or message.lease_token != token or message.state is not MessageState.QUEUED:
                return None
            now = database_now(session)
            mail, objection = self._prepare(session, message, now)
            if mail is None:
                if move(session, message_id, MessageState.CANCELLED, now=now, token=token, last_error=objection):
                    self.report.count(MessageState.CANCELLED)
                return None
            is_ours = move(
                session,
                message_id,
                MessageState.SENDING,
                now=now,
                token=token,
                lease_until=now + SENDING_LEASE,
                attempts=Message.attempts + 1,
                provider=self.provider.name,
            )
        return mail if is_ours else None

    def _prepare(self, session: Session, message: Message, now: datetime) -> tuple[OutgoingMail | None, str]:
        """Return the mail, or why it must not leave."""
        if message.useful_until is not None and message.useful_until < now:
            return None, "too late to be of use"
        if is_suppressed(session, message.to_address, passes_unsubscribe=message.purpose == SIGN_IN):
            return None, "the address is suppressed"
        if not self.still_wanted(session, message):
            return None, "no longer wanted as it was written"
        mail = outgoing(message, self.settings)
        return mail, "" if mail else "the link in it was forgotten, or sealed with another SECRET_KEY"

    def _hand_over(self, message_id: int, token: str, mail: OutgoingMail) -> bool:
        """Send, with no transaction open, and settle; return whether going on makes sense."""
        try:
            outcome = self.provider.send(mail)
        except Exception as error:
            # Nobody knows how far it came; the others needn't wait for it.
            log.exception("message %s could not be handed over", message_id)
            outcome = Outcome(Answer.UNKNOWN, detail=f"handing it over failed: {type(error).__name__}")
        self.report.count(self._settle_surely(message_id, token, mail, outcome))
        if outcome.answer is Answer.UNAUTHORISED:
            self.report.alarm = outcome.detail
            return False
        # Five one after the other: nobody is there, we ask too fast, or it is out of order. The others needn't spend a
        # try on it, nor become `unknown`.
        is_failure = outcome.answer in (Answer.REFUSED, Answer.UNKNOWN)
        self.failures_in_a_row = self.failures_in_a_row + 1 if is_failure else 0
        if self.failures_in_a_row < MOST_FAILURES:
            return True
        self._pause(outcome.detail)
        return False

    def _pause(self, detail: str) -> None:
        """Let the provider rest for a minute, and say so in the message log."""
        with self.sessions.begin() as session:
            raise_alarm(session, self.provider.name, detail, now=database_now(session))

    def _settle_surely(self, message_id: int, token: str, mail: OutgoingMail, outcome: Outcome) -> MessageState | None:
        """Write an answer, since one that is lost costs somebody's time."""

        def write(session: Session, now: datetime) -> MessageState | None:
            return settle(session, message_id, token, mail=mail, provider=self.provider, outcome=outcome, now=now)

        return self._write_surely(message_id, write)

    def _take_back(self, message_id: int, token: str) -> None:
        """Put a message back that never left, if it was marked all the same: the commit's answer was lost then."""

        def write(session: Session, now: datetime) -> None:
            move(session, message_id, MessageState.QUEUED, now=now, token=token, origins=SENDING_ONLY)

        self._write_surely(message_id, write)

    def _write_surely(self, message_id: int, write: Callable[[Session, datetime], Written]) -> Written | None:
        """Write, and try again when the database is busy or away."""
        for wait in SETTLE_WAITS:
            try:
                with self.sessions.begin() as session:
                    return write(session, database_now(session))
            except DBAPIError as error:
                log.warning("message %s could not be written to: %s", message_id, type(error).__name__)
                if wait is not None:
                    time.sleep(wait)
        log.error("message %s could not be written to; what became of it is lost", message_id)
        return None

    def _give_back(self, message_ids: tuple[int, ...], token: str) -> None:
        unsent = (Message.id.in_(message_ids), Message.lease_token == token, Message.state == MessageState.QUEUED)
        with self.sessions.begin() as session:
            session.execute(update(Message).where(*unsent).values(lease_token=None, lease_until=None))


def outgoing(message: Message, settings: Settings) -> OutgoingMail | None:
    """Return a message as it leaves, with its secret in place; None when the secret can't be had any more."""
    text, html = message.text, message.html
    if message.sealed is not None or SEALED_MARKER in text:
        secret = unseal(settings.secret_key, message.sealed) if message.sealed else None
        if secret is None:
            return None
        text, html = text.replace(SEALED_MARKER, secret), html.replace(SEALED_MARKER, str(escape(secret)))
    # Automatic replies to what a machine wrote would find nobody (RFC 3834 §5).
    headers = {"Auto-Submitted": "auto-generated", **message.headers}
    return OutgoingMail(
        public_id=message.public_id,
        from_address=settings.mail_from,
        from_name=settings.network_name,
        to_address=message.to_address,
        to_name=message.to_name,
        subject=message.subject,
        text=text,
        html=html,
        headers=headers | message_id_header(message.public_id, settings.mail_from),
    )
