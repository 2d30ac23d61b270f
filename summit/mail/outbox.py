"""The outbox: write a message in the same transaction as whatever causes it; `delivery` sends it.

Rooms above import `Message` and `MessageState` from here; they read them, and write through these functions only.
"""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from summit.mail.headers import refuse_line_breaks
from summit.mail.models import Message, MessageState
from summit.mail.sealing import SEALED_MARKER, seal
from summit.mail.states import move
from summit.mail.suppressions import SIGN_IN, is_suppressed

__all__ = ["SEALED_MARKER", "SIGN_IN", "Message", "MessageState", "cancel", "enqueue", "find_message", "states_of"]

LONGEST_SUBJECT = 200
LONGEST_NAME = 120
LONGEST_REASON = 500
TEXTS_KEPT = timedelta(days=30)


def enqueue(
    session: Session,
    *,
    key: str,
    purpose: str,
    purpose_id: int | None,
    to_address: str,
    to_name: str,
    subject: str,
    text: str,
    html: str,
    due_at: datetime,
    now: datetime,
    useful_until: datetime | None = None,
    headers: dict[str, str] | None = None,
    sealed: str | None = None,
    secret_key: str | None = None,
) -> Message | None:
    """Put a message into the outbox; it leaves when it is due, if it is still wanted then.

    The same `key` twice returns the first message, unchanged. None when the address must not be written to; a mail
    with the purpose `sign_in` was asked for by its reader and so passes a suppression by unsubscribing. After
    `useful_until` it is cancelled rather than sent. `sealed` is a secret that takes the place of `SEALED_MARKER` in
    text and html while sending; it is stored encrypted under `secret_key` (which it needs) and then forgotten.

    Raises:
        Invalid: when the subject, the name, the address or a header holds a line break.
    """
    if sealed is not None and secret_key is None:
        raise ValueError("a sealed message needs the secret_key it is sealed with")
    refuse_line_breaks(subject=subject, name=to_name, address=to_address)
    refuse_line_breaks(**(headers or {}))
    refuse_line_breaks(**{f"header {name!r}": name for name in headers or {}})
    first = find_message(session, key)
    if first is not None:
        return first
    address = to_address.strip().lower()
    if is_suppressed(session, address, passes_unsubscribe=purpose == SIGN_IN):
        return None
    _insert_once(
        session,
        {
            "key": key,
            "public_id": secrets.token_hex(16),
            "purpose": purpose,
            "purpose_id": purpose_id,
            "to_address": address,
            "to_name": to_name[:LONGEST_NAME],
            "subject": _shortened(subject),
            "text": text,
            "html": html,
            "headers": headers or {},
            "sealed": seal(secret_key, sealed) if sealed is not None and secret_key is not None else None,
            "state": MessageState.QUEUED,
            "created_at": now,
            "due_at": due_at,
            "useful_until": useful_until,
        },
    )
    return find_message(session, key)


def cancel(session: Session, message_id: int, *, because: str, now: datetime) -> bool:
    """Cancel a message that is still queued; return whether it was. What is being sent can't be called back."""
    return move(session, message_id, MessageState.CANCELLED, now=now, last_error=because[:LONGEST_REASON])


def forget_texts(session: Session, *, now: datetime) -> int:
    """Forget what old messages said, and return how many that were; the log keeps that they were sent.

    One of which nobody saw the answer keeps its text, since it may have to be sent again.
    """
    old = (
        Message.state.not_in((MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)),
        Message.settled_at < now - TEXTS_KEPT,
        Message.html != "",
    )
    statement = update(Message).where(*old).values(subject="", text="", html="", to_name="", headers={})
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def find_message(session: Session, key: str) -> Message | None:
    """Return the message with this key."""
    return session.scalar(select(Message).where(Message.key == key))


def states_of(session: Session, message_ids: Collection[int]) -> dict[int, MessageState]:
    """Return the states of these messages by id; those that are not there any more are left out."""
    ids = sorted(message_ids)
    states: dict[int, MessageState] = {}
    for start in range(0, len(ids), 1000):
        query = select(Message.id, Message.state).where(Message.id.in_(ids[start : start + 1000]))
        states.update((message_id, state) for message_id, state in session.execute(query))
    return states


def _insert_once(session: Session, values: dict[str, object]) -> None:
    """Insert unless the key is taken: two writers at once give one message and no error."""
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Message).values(**values).on_conflict_do_nothing(index_elements=["key"]))


def _shortened(subject: str) -> str:
    return subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1].rstrip() + "…"
