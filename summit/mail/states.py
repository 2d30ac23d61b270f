"""States of a message: which arrows there are, and the one door through which each of them goes."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, update
from sqlalchemy.orm import Session

from summit.mail.models import Message, MessageState

S = MessageState

# What the provider may report: it settles even what we are sending, don't know about, or put back into the queue.
REPORTED = frozenset({S.DELIVERED, S.BOUNCED, S.DROPPED, S.COMPLAINED})
ARROWS: dict[MessageState, frozenset[MessageState]] = {
    S.QUEUED: frozenset({S.SENDING, S.CANCELLED, S.SENT}) | REPORTED,
    S.SENDING: frozenset({S.SENT, S.QUEUED, S.FAILED, S.UNKNOWN}) | REPORTED,
    S.UNKNOWN: frozenset({S.SENT, S.QUEUED, S.FAILED}) | REPORTED,
    S.SENT: REPORTED,
    # A mail that arrived can be complained about; nothing else happens to it any more.
    S.DELIVERED: frozenset({S.COMPLAINED}),
    S.BOUNCED: frozenset(),
    S.DROPPED: frozenset(),
    S.COMPLAINED: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}
ENDS = frozenset(state for state, onward in ARROWS.items() if not onward)


def sources(target: MessageState) -> frozenset[MessageState]:
    """Return the states from which an arrow leads to `target`."""
    return frozenset(state for state, onward in ARROWS.items() if target in onward)


def move(
    session: Session,
    message_id: int,
    target: MessageState,
    *,
    now: datetime,
    token: str | None = None,
    origins: frozenset[MessageState] | None = None,
    **values: Any,
) -> bool:
    """Move a message along an arrow in one statement; return whether it was where the arrow begins.

    With `token` only while that lease is the message's last one. `origins` narrows the states to start from. Moving
    to `sending` keeps the lease; anything else ends it, and stops a secret from being kept, unless it is sent later.
    """
    begins = sources(target) if origins is None else sources(target) & origins
    guards: list[ColumnElement[bool]] = [Message.id == message_id, Message.state.in_(begins)]
    if token is not None:
        guards.append(Message.lease_token == token)
    if target is not S.SENDING:
        values = {"lease_token": None, "lease_until": None} | values
    if target is S.QUEUED:
        values = {"settled_at": None} | values
    if target not in (S.SENDING, S.QUEUED):
        values = {"settled_at": now, "sealed": None} | values
    statement = update(Message).where(*guards).values(state=target, **values)
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1
