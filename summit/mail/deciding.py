"""Deciding: what became of a message of which nobody saw the answer is for an organizer to say."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Conflict, NotFound
from summit.mail.models import Message, MessageState
from summit.mail.sealing import SEALED_MARKER
from summit.mail.states import move

SEND_AGAIN = "send message again"
CONFIRM_ARRIVAL = "confirm arrival of message"
UNKNOWN_ONLY = frozenset({MessageState.UNKNOWN})


def confirm_arrival(session: Session, message_id: int, *, by: int, now: datetime) -> None:
    """Say that an `unknown` message arrived.

    Raises:
        NotFound: when there is no such message.
        Conflict: when it isn't unknown any more.
    """
    _decide(session, message_id, MessageState.SENT, CONFIRM_ARRIVAL, by=by, now=now)


def send_again(session: Session, message_id: int, *, by: int, now: datetime) -> None:
    """Put an `unknown` message back into the queue; its reader may get it twice.

    Raises:
        NotFound: when there is no such message.
        Conflict: when it isn't unknown any more, or held a link that was forgotten.
    """
    message = session.get(Message, message_id)
    if message is not None and SEALED_MARKER in message.text:
        raise Conflict(_("The sign-in link in this mail is forgotten by now. The person can ask for a new one."))
    _decide(session, message_id, MessageState.QUEUED, SEND_AGAIN, by=by, now=now)


def _decide(session: Session, message_id: int, target: MessageState, action: str, *, by: int, now: datetime) -> None:
    message = session.get(Message, message_id)
    if message is None:
        raise NotFound(_("There is no such message."))
    values: dict[str, Any] = {"due_at": now, "attempts": 0} if target is MessageState.QUEUED else {}
    if not move(session, message_id, target, now=now, origins=UNKNOWN_ONLY, **values):
        raise Conflict(_("This message was settled meanwhile. Reload the page and look."))
    audit.record(session, action, actor_id=by, subject_kind="message", subject_id=message_id, at=now)
    session.flush()
