"""The lists behind the desk's figures: who, which connections, which next steps, which follow-ups.

What the pair keeps between the two (what a next step says, a follow-up's kind and words unless its audience includes
organizers, any note) is not in them.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import contains_eager, joinedload

from summit.access import Viewer
from summit.connections.models import Confirmation, Connection, FollowUp, NextStep, StepState
from summit.connections.visibility import visible_follow_ups
from summit.listing import holds_words
from summit.organizations.models import Organization
from summit.organizing.figures import is_cold
from summit.organizing.stages import AGREED, Stage, at_stage, counted_at
from summit.people.models import Person
from summit.summits.browsing import attendees
from summit.summits.models import Attendance, Summit


class ConnectionList(StrEnum):
    """Which connections are listed."""

    ALL = "all"
    WITH_STEP = "with_step"
    WITHOUT_STEP = "without_step"


class StepList(StrEnum):
    """Which next steps are listed."""

    OPEN = "open"
    SETTLED = "settled"
    COLD = "cold"


class FollowUpList(StrEnum):
    """Which follow-ups are listed."""

    ALL = "all"
    CONFIRMED = "confirmed"
    WAITING = "waiting"


def people_list(summit: Summit, viewer: Viewer, stage: Stage, words: str) -> Select[Attendance]:
    """Return the ordered statement for the attendees at a stage."""
    return (
        attendees(summit)
        .outerjoin(Organization, Organization.id == Person.organization_id)
        .where(at_stage(summit, viewer, stage), holds_words(words, Person.name, Person.email, Organization.name))
        .order_by(func.lower(Person.name), Person.id)
        .options(joinedload(Attendance.person).joinedload(Person.organization))
    )


def connection_list(summit: Summit, show: ConnectionList) -> Select[Connection]:
    """Return the ordered statement for a summit's connections, the latest first."""
    has_step = Connection.id.in_(select(NextStep.connection_id))
    which: dict[ConnectionList, ColumnElement[bool]] = {
        ConnectionList.ALL: true(),
        ConnectionList.WITH_STEP: has_step,
        ConnectionList.WITHOUT_STEP: ~has_step,
    }
    return (
        select(Connection)
        .where(counted_at(summit), which[show])
        .order_by(Connection.recorded_at.desc(), Connection.id.desc())
        .options(joinedload(Connection.low), joinedload(Connection.high))
    )


def step_list(summit: Summit, show: StepList, *, now: datetime) -> Select[NextStep]:
    """Return the ordered statement for a summit's next steps, by due date."""
    which: dict[StepList, ColumnElement[bool]] = {
        StepList.OPEN: NextStep.state == StepState.OPEN,
        StepList.SETTLED: NextStep.state != StepState.OPEN,
        StepList.COLD: is_cold(now),
    }
    pair = contains_eager(NextStep.connection)
    return (
        select(NextStep)
        .join(NextStep.connection)
        .where(counted_at(summit), which[show])
        .order_by(NextStep.due_at, NextStep.id)
        .options(pair.joinedload(Connection.low), pair.joinedload(Connection.high), joinedload(NextStep.owner))
    )


def follow_up_list(summit: Summit, show: FollowUpList) -> Select[FollowUp]:
    """Return the ordered statement for a summit's follow-ups, the latest first."""
    which: dict[FollowUpList, ColumnElement[bool]] = {
        FollowUpList.ALL: true(),
        FollowUpList.CONFIRMED: FollowUp.confirmation.in_(AGREED),
        FollowUpList.WAITING: FollowUp.confirmation == Confirmation.PENDING,
    }
    pair = contains_eager(FollowUp.connection)
    return (
        select(FollowUp)
        .join(FollowUp.connection)
        .where(counted_at(summit), which[show])
        .order_by(FollowUp.logged_at.desc(), FollowUp.id.desc())
        .options(pair.joinedload(Connection.low), pair.joinedload(Connection.high))
    )


def readable(viewer: Viewer, ids: list[int]) -> Select[int]:
    """Return the statement for those follow-ups whose kind and words the viewer may read."""
    return select(FollowUp.id).where(FollowUp.id.in_(ids), visible_follow_ups(viewer))
