"""Reconciling: what was planned against what the cadence wants now. Done twice it changes nothing more."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from summit.mail.outbox import MessageState, cancel, states_of
from summit.nudges.cadence import BY_NAME, Wanted
from summit.nudges.models import Nudge, NudgeState
from summit.nudges.reach import suppressed_emails, why_unreachable
from summit.people.models import Person

LEFT = frozenset(
    {
        MessageState.SENT,
        MessageState.DELIVERED,
        MessageState.BOUNCED,
        MessageState.DROPPED,
        MessageState.COMPLAINED,
    }
)
ACTIVE = (NudgeState.PLANNED, NudgeState.QUEUED)


@dataclass
class Ledger:
    """The nudges that a run of the planner looks at, by key, with their persons and what is wanted of each."""

    now: datetime
    nudges: dict[str, Nudge]
    persons: dict[int, Person]
    suppressed: set[str]
    wanted: dict[str, Wanted]
    added: list[Nudge] = field(default_factory=list)
    cancelled: list[Nudge] = field(default_factory=list)

    def due(self) -> list[Nudge]:
        """Return what is planned and due now, each person's together."""
        due = (nudge for nudge in self.nudges.values() if nudge.due_at <= self.now)
        return sorted((nudge for nudge in due if nudge.state is NudgeState.PLANNED), key=lambda nudge: nudge.person_id)


def open_ledger(session: Session, wanted: Iterable[Wanted], now: datetime) -> Ledger:
    """Gather every nudge that is under way or wanted, held until the transaction ends."""
    by_key = {nudge.key: nudge for nudge in wanted}
    under_way = (Nudge.rule.in_(BY_NAME), Nudge.state.in_(ACTIVE))
    nudges = {nudge.key: nudge for nudge in _held(session, *under_way)}
    missing = sorted(by_key.keys() - nudges.keys())
    for start in range(0, len(missing), 1000):
        nudges |= {nudge.key: nudge for nudge in _held(session, Nudge.key.in_(missing[start : start + 1000]))}
    ids = {nudge.person_id for nudge in nudges.values()} | {nudge.person_id for nudge in by_key.values()}
    persons = _persons(session, ids)
    suppressed = suppressed_emails(session, list(persons.values()))
    reachable = {key: nudge for key, nudge in by_key.items() if persons[nudge.person_id].email not in suppressed}
    return Ledger(now, nudges, persons, suppressed, reachable)


def follow_messages(session: Session, ledger: Ledger) -> None:
    """Take over what became of the messages: sent, failed for good, or cancelled and so to be planned anew."""
    queued = [nudge for nudge in ledger.nudges.values() if nudge.state is NudgeState.QUEUED]
    states = states_of(session, {nudge.message_id for nudge in queued if nudge.message_id is not None})
    for nudge in queued:
        state = states.get(nudge.message_id or 0)
        if state in LEFT:
            nudge.state = NudgeState.SENT
        elif state is MessageState.FAILED:
            # It keeps its message, so that it is not taken up again: every try was made.
            nudge.state, nudge.cancelled_because = NudgeState.CANCELLED, _("the mail could not be sent")
        elif state is MessageState.CANCELLED:
            unqueue(nudge)


def withdraw_pointless(session: Session, ledger: Ledger) -> None:
    """Cancel what is not wanted any more; of a message that holds something else too, the rest is planned anew."""
    pointless = [nudge for nudge in ledger.nudges.values() if nudge.state in ACTIVE and nudge.key not in ledger.wanted]
    because = _("a reminder in it was settled or is no longer wanted")
    queued = {nudge.message_id for nudge in pointless if nudge.message_id and nudge.state is NudgeState.QUEUED}
    called_back = {number for number in sorted(queued) if cancel(session, number, because=because, now=ledger.now)}
    for nudge in ledger.nudges.values():
        if nudge.state is NudgeState.QUEUED and nudge.message_id in called_back:
            unqueue(nudge)
    for nudge in pointless:
        # What is being sent can't be called back, and stays queued until the outbox knows what became of it.
        if nudge.state is NudgeState.PLANNED:
            person = ledger.persons[nudge.person_id]
            drop(nudge, why_unreachable(person, ledger.suppressed, ledger.now))
            ledger.cancelled.append(nudge)


def add_missing(session: Session, ledger: Ledger) -> None:
    """Plan what is wanted and not there, or was cancelled before it left; correct what is planned for another time."""
    for key, wish in ledger.wanted.items():
        nudge = ledger.nudges.get(key)
        if nudge is None:
            nudge = Nudge(key=key, rule=wish.rule, person_id=wish.person_id, state=NudgeState.PLANNED)
            nudge.planned_at = ledger.now
            session.add(nudge)
            ledger.added.append(nudge)
        elif nudge.state is NudgeState.CANCELLED and nudge.message_id is None:
            nudge.state, nudge.cancelled_because = NudgeState.PLANNED, ""
            ledger.added.append(nudge)
        elif nudge.state is not NudgeState.PLANNED:
            continue
        # Assigned only when it differs: each of thousands would otherwise be compared once more while flushing.
        if (nudge.due_at, nudge.subject_id) != (wish.due_at, wish.subject_id):
            nudge.due_at, nudge.subject_id = wish.due_at, wish.subject_id
        ledger.nudges[key] = nudge
    session.flush()


def unqueue(nudge: Nudge) -> None:
    """Take a nudge out of its message, so that it is planned again."""
    nudge.state, nudge.message_id, nudge.queued_at = NudgeState.PLANNED, None, None


def drop(nudge: Nudge, because: str = "") -> None:
    """Cancel a nudge; it comes back only if its reason does."""
    unqueue(nudge)
    nudge.state = NudgeState.CANCELLED
    nudge.cancelled_because = because or _("settled, or too late to be of use")


def nudges_in(session: Session, message_id: int) -> list[Nudge]:
    """Return the nudges that a message carries, held until the transaction ends."""
    return _held(session, Nudge.message_id == message_id)


def _held(session: Session, *conditions: ColumnElement[bool]) -> list[Nudge]:
    # Everybody holds nudges before messages, and in the order of their ids, so that nobody waits in a circle.
    query = select(Nudge).where(*conditions).order_by(Nudge.id).with_for_update()
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _persons(session: Session, ids: set[int]) -> dict[int, Person]:
    persons: dict[int, Person] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 1000):
        query = select(Person).where(Person.id.in_(wanted[start : start + 1000]))
        persons |= {person.id: person for person in session.scalars(query)}
    return persons
