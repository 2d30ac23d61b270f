"""Settling: what a provider's answer makes of a message, and when to ask again."""

from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Any, assert_never

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from summit.mail.models import Message, MessageState, ProviderAlarm
from summit.mail.providers.outcome import Answer, Outcome, OutgoingMail, Provider
from summit.mail.states import move

# With the waits below these are some fifteen hours: a provider that is out of order for a night loses nothing.
MOST_TRIES = 10
FIRST_WAIT = timedelta(minutes=1)
WAIT_GROWTH = 4
LONGEST_WAIT = timedelta(hours=6)
ALARM_PAUSE = timedelta(minutes=1)
LONGEST_ERROR = 500
_random = SystemRandom()


def settle(
    session: Session,
    message_id: int,
    token: str,
    *,
    mail: OutgoingMail,
    provider: Provider,
    outcome: Outcome,
    now: datetime,
) -> MessageState | None:
    """Write a provider's answer to the message it is about; return its new state, None when the claim was lost.

    A claim isn't lost to the clock alone: an answer that comes after the lease ran out still settles what was
    `unknown` until then.
    """
    target, values = _consequence(session, message_id, provider, outcome, now)
    error = outcome.detail[:LONGEST_ERROR]
    if not move(session, message_id, target, now=now, token=token, last_error=error, **values):
        return None
    if outcome.answer is Answer.ACCEPTED:
        provider.keep(session, mail, now=now)
        session.execute(delete(ProviderAlarm).where(ProviderAlarm.provider == provider.name))
    return target


def _consequence(
    session: Session, message_id: int, provider: Provider, outcome: Outcome, now: datetime
) -> tuple[MessageState, dict[str, Any]]:
    """Return the state that follows from an answer, and what else to write."""
    match outcome.answer:
        case Answer.ACCEPTED:
            return MessageState.SENT, {"provider_message_id": outcome.provider_message_id[:200]}
        case Answer.UNKNOWN:
            return MessageState.UNKNOWN, {}
        case Answer.REJECTED:
            return MessageState.FAILED, {}
        case Answer.UNAUTHORISED:
            raise_alarm(session, provider.name, outcome.detail, now=now)
            return MessageState.QUEUED, {"attempts": Message.attempts - 1}
        case Answer.REFUSED:
            attempts = session.scalars(select(Message.attempts).where(Message.id == message_id)).one()
            if attempts >= MOST_TRIES:
                return MessageState.FAILED, {}
            return MessageState.QUEUED, {"due_at": now + wait_after(attempts, outcome.retry_after)}
    assert_never(outcome.answer)


def wait_after(attempts: int, retry_after: timedelta | None = None) -> timedelta:
    """Return how long to wait after so many tries: exponential with full jitter, never less than we were asked to.

    The jitter spreads messages that were refused together, so that they don't come back together.
    """
    most = min(FIRST_WAIT * WAIT_GROWTH ** (attempts - 1), LONGEST_WAIT)
    return (retry_after or timedelta()) + timedelta(seconds=_random.uniform(0, most.total_seconds()))


def raise_alarm(session: Session, provider: str, detail: str, *, now: datetime) -> None:
    """Note that a provider takes nothing, for the message log."""
    alarm = session.get(ProviderAlarm, provider)
    if alarm is None:
        session.add(ProviderAlarm(provider=provider, since=now, last_at=now, detail=detail[:LONGEST_ERROR]))
    else:
        alarm.last_at, alarm.detail = now, detail[:LONGEST_ERROR]
    session.flush()


def has_alarm(session: Session, provider: str) -> bool:
    """Say whether nothing was accepted since the provider's last alarm."""
    return session.get(ProviderAlarm, provider) is not None


def is_paused(session: Session, provider: str, *, now: datetime) -> bool:
    """Say whether an alarm is so fresh that trying again is of no use yet."""
    alarm = session.get(ProviderAlarm, provider)
    return alarm is not None and alarm.last_at > now - ALARM_PAUSE
