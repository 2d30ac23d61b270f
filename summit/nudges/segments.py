"""Segments: whom a campaign is for."""

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from summit.access import Viewer
from summit.connections.models import Connection, NextStep, StepState
from summit.connections.visibility import counted
from summit.nudges.models import Segment
from summit.people.models import Person
from summit.summits.models import Attendance, Stance, Summit
from summit.summits.visibility import visible_stances


def people_in(session: Session, summit: Summit, segment: Segment, viewer: Viewer) -> list[Person]:
    """Return the attendees of a segment by name, with their organizations.

    "Without stances" means none that the viewer may read: whoever keeps all theirs to themselves is not told apart.
    """
    attends = exists().where(
        Attendance.summit_id == summit.id, Attendance.person_id == Person.id, Attendance.withdrawn_at.is_(None)
    )
    query = select(Person).where(attends, Person.disabled_at.is_(None), _belongs(summit, segment, viewer))
    return list(session.scalars(query.options(joinedload(Person.organization)).order_by(Person.name, Person.id)))


def _belongs(summit: Summit, segment: Segment, viewer: Viewer) -> ColumnElement[bool]:
    match segment:
        case Segment.ALL_ATTENDEES:
            return and_(True)
        case Segment.WITHOUT_STANCES:
            stated = exists().where(
                Stance.summit_id == summit.id, Stance.person_id == Person.id, visible_stances(viewer)
            )
            return not_(stated.correlate(Person))
        case Segment.OPEN_NEXT_STEPS:
            in_pair = or_(Connection.low_id == Person.id, Connection.high_id == Person.id)
            promised = exists().where(
                NextStep.connection_id == Connection.id,
                Connection.summit_id == summit.id,
                counted(),
                NextStep.state == StepState.OPEN,
                or_(NextStep.owner_id == Person.id, and_(NextStep.owner_id.is_(None), in_pair)),
            )
            return promised.correlate(Person)
