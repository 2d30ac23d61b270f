"""The message log: what an organizer sees of the outbox.

It shows addresses and what happened, never subjects or texts: those may hold what was meant for a pair only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, load_only, selectinload

from summit.audit import AuditEntry
from summit.errors import NotFound
from summit.mail.deciding import SEND_AGAIN
from summit.mail.models import Message, MessageState, ProviderAlarm, ProviderEvent, Suppression

# All that the list shows; never the texts.
SHOWN = (
    Message.id,
    Message.purpose,
    Message.to_address,
    Message.state,
    Message.attempts,
    Message.created_at,
    Message.due_at,
    Message.settled_at,
    Message.last_error,
)


@dataclass(frozen=True)
class Overview:
    """How the outbox stands: how many in each state, since when the oldest is due, and what a provider objects to."""

    counts: Mapping[MessageState, int]
    oldest_due: datetime | None
    alarms: list[ProviderAlarm]

    @property
    def total(self) -> int:
        """Return how many messages there are."""
        return sum(self.counts.values())

    @property
    def unknown(self) -> int:
        """Return how many messages had no clear answer: a human decides about these."""
        return self.counts[MessageState.UNKNOWN]

    @property
    def failed(self) -> int:
        """Return how many messages were given up after the last try."""
        return self.counts[MessageState.FAILED]


def overview(session: Session, *, now: datetime) -> Overview:
    """Count the messages by state and find the oldest that is due."""
    rows = session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
    counts = {row[0]: row[1] for row in rows}
    due = select(func.min(Message.due_at)).where(Message.state == MessageState.QUEUED, Message.due_at <= now)
    return Overview(
        counts={state: counts.get(state, 0) for state in MessageState},
        oldest_due=session.scalar(due),
        alarms=list(session.scalars(select(ProviderAlarm).order_by(ProviderAlarm.since))),
    )


def messages_with(*, state: MessageState | None, address: str) -> Select[Message]:
    """Select the messages in a state (any, for None) to addresses that hold `address`, newest first."""
    query = select(Message).options(load_only(*SHOWN)).order_by(Message.id.desc())
    if state is not None:
        query = query.where(Message.state == state)
    if address.strip():
        query = query.where(Message.to_address.contains(address.strip().lower(), autoescape=True))
    return query


def find_logged(session: Session, message_id: int) -> Message:
    """Return a message with what its provider reported.

    Raises:
        NotFound: when there is none.
    """
    query = select(Message).where(Message.id == message_id).options(selectinload(Message.events))
    message = session.scalar(query)
    if message is None:
        raise NotFound(_("There is no such message."))
    return message


def decisions_about(session: Session, message_id: int) -> list[AuditEntry]:
    """Return what organizers decided about a message."""
    query = select(AuditEntry).where(AuditEntry.subject_kind == "message", AuditEntry.subject_id == message_id)
    return list(session.scalars(query.order_by(AuditEntry.at)))


def suppressions_with(*, address: str) -> Select[Suppression]:
    """Select the suppressed addresses that hold `address`, newest first."""
    matches = Suppression.address.contains(address.strip().lower(), autoescape=True)
    return select(Suppression).where(matches).order_by(Suppression.created_at.desc(), Suppression.id.desc())


@dataclass(frozen=True)
class Moment:
    """Something that happened to a message, for its story."""

    title: str
    when: datetime
    detail: str = ""
    state: str = "done"


def story_of(message: Message, decisions: Sequence[AuditEntry], *, now: datetime) -> list[Moment]:
    """Tell what happened to a message, newest first: written, tried, reported, decided, settled."""
    moments = [Moment(_("Written"), message.created_at)]
    if message.state is MessageState.QUEUED:
        title = _("Waits until it is due") if message.due_at > now else _("Due, waits for a worker")
        moments.append(Moment(title, message.due_at, message.last_error, "due"))
    if message.state is MessageState.SENDING:
        moments.append(Moment(_("Being sent"), message.due_at, "", "due"))
    moments += [
        Moment(_("The provider reports: %(kind)s", kind=event.kind), event.happened_at, _explained(event))
        for event in message.events
    ]
    moments += [Moment(_decided(entry.action), entry.at) for entry in decisions]
    if message.settled_at is not None:
        open_end = "due" if message.state is MessageState.UNKNOWN else "done"
        moments.append(Moment(_settled(message.state), message.settled_at, message.last_error, open_end))
    return sorted(moments, key=lambda moment: moment.when, reverse=True)


def _explained(event: ProviderEvent) -> str:
    return str(event.detail.get("reason") or event.detail.get("response") or "")


def _decided(action: str) -> str:
    return _("An organizer sent it again") if action == SEND_AGAIN else _("An organizer said that it arrived")


def _settled(state: MessageState) -> str:
    words = {
        MessageState.SENT: _("The provider took it"),
        MessageState.DELIVERED: _("Delivered"),
        MessageState.BOUNCED: _("Bounced"),
        MessageState.DROPPED: _("The provider dropped it"),
        MessageState.COMPLAINED: _("Its reader complained"),
        MessageState.FAILED: _("Given up"),
        MessageState.UNKNOWN: _("No clear answer"),
        MessageState.CANCELLED: _("Cancelled"),
    }
    return words.get(state, state.value)
