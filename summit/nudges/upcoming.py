"""What is planned next, for organizers: whom, about what, when and why; without what two people promised each other."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from summit.nudges.asks import rule_reason, rule_title
from summit.nudges.cadence import BY_NAME
from summit.nudges.models import Nudge, NudgeState
from summit.people.models import Person
from summit.summits.models import Attendance, Summit

MOST_SHOWN = 50


@dataclass(frozen=True)
class Upcoming:
    """A nudge that is planned: `due_at` is shown in `time_zone`, the person's own.

    One that `is_due` waits for a working hour there, or for the person's next day.
    """

    person: Person
    title: str
    reason: str
    due_at: datetime
    is_due: bool
    time_zone: str


def upcoming_nudges(session: Session, summit: Summit, *, now: datetime, most: int = MOST_SHOWN) -> list[Upcoming]:
    """Return the next nudges planned for people who attend this summit, the soonest first."""
    attendees = select(Attendance.person_id).where(Attendance.summit_id == summit.id)
    query = (
        select(Nudge)
        .where(Nudge.state == NudgeState.PLANNED, Nudge.rule.in_(BY_NAME), Nudge.person_id.in_(attendees))
        .options(joinedload(Nudge.person))
        .order_by(Nudge.due_at, Nudge.id)
        .limit(most)
    )
    return [
        Upcoming(
            person=nudge.person,
            title=rule_title(nudge.rule),
            reason=rule_reason(nudge.rule),
            due_at=nudge.due_at,
            is_due=nudge.due_at <= now,
            time_zone=nudge.person.time_zone,
        )
        for nudge in session.scalars(query)
    ]
