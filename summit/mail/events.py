"""Events: what a provider reports about a message after it took it. They come late, twice and in any order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from summit.mail.models import Message, MessageState, ProviderEvent, SuppressionReason
from summit.mail.states import move
from summit.mail.suppressions import suppress

# No yes was seen of these; any report about one proves that it was accepted.
UNANSWERED = frozenset({MessageState.SENDING, MessageState.UNKNOWN, MessageState.QUEUED})


class Meaning(StrEnum):
    """What an event means for its message."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    COMPLAINED = "complained"
    PASSING = "passing"  # processed, deferred, opened, clicked, unsubscribed: nothing about its end


@dataclass(frozen=True)
class ReportedEvent:
    """One event, whoever reported it; `detail` holds nothing personal."""

    event_id: str
    public_id: str
    kind: str
    meaning: Meaning
    happened_at: datetime
    suppresses: SuppressionReason | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def take_events(session: Session, events: Sequence[ReportedEvent], *, now: datetime) -> int:
    """Take in what a provider reported; return how many events were new.

    An event about a message that isn't ours is kept without one, so that it is recognised when it comes again.
    """
    wanted = {event.public_id for event in events}
    rows = session.execute(
        select(Message.public_id, Message.id, Message.to_address).where(Message.public_id.in_(wanted))
    )
    messages = {public_id: (message_id, address) for public_id, message_id, address in rows}
    new = 0
    for event in events:
        message_id, address = messages.get(event.public_id, (None, None))
        if not _keep_once(session, event, message_id, now=now):
            continue
        new += 1
        if message_id is None or address is None:
            continue
        _apply(session, message_id, event.meaning, now=now)
        if event.suppresses is not None:
            suppress(session, address, event.suppresses, now=now)
    return new


def _apply(session: Session, message_id: int, meaning: Meaning, *, now: datetime) -> None:
    """Move the message as far as an arrow leads; an event that comes late moves nothing back."""
    if meaning is Meaning.PASSING:
        move(session, message_id, MessageState.SENT, now=now, origins=UNANSWERED)
    else:
        move(session, message_id, MessageState(meaning.value), now=now)


def _keep_once(session: Session, event: ReportedEvent, message_id: int | None, *, now: datetime) -> bool:
    """Keep an event; return False when it was kept before."""
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ProviderEvent).values(
        event_id=event.event_id,
        message_id=message_id,
        kind=event.kind,
        happened_at=event.happened_at,
        received_at=now,
        detail=event.detail,
    )
    kept = session.execute(statement.on_conflict_do_nothing(index_elements=["event_id"]).returning(ProviderEvent.id))
    return kept.first() is not None
