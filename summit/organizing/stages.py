"""How far people have come at a summit: a filter over attendances for each stage.

The desk counts with the same filters that the list behind a figure uses. What an attendee sealed from organizers does
not count as said; of follow-ups only their being there counts, never what they say.
"""

from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select, true, union, union_all

from summit.access import Viewer
from summit.connections.models import Confirmation, Connection, FollowUp, NextStep, StepState
from summit.connections.visibility import counted
from summit.engine.matching.few import FEW
from summit.summits.models import Attendance, Introduction, Stance, Summit
from summit.summits.visibility import visible_stances

AGREED = (Confirmation.CONFIRMED, Confirmation.AMENDED)


class Stage(StrEnum):
    """A stage on the way from registering to learning, or a gap in it."""

    REGISTERED = "registered"
    STATED = "stated"
    MATCHED = "matched"
    CHECKED_IN = "checked_in"
    CONNECTED = "connected"
    WITH_STEP = "with_step"
    SETTLED = "settled"
    LEARNED = "learned"
    SILENT = "silent"
    UNMATCHED = "unmatched"
    ALONE = "alone"


def at_stage(summit: Summit, viewer: Viewer, stage: Stage) -> ColumnElement[bool]:
    """Return the filter over `Attendance` that keeps who has come to this stage, or who shows this gap."""
    person = Attendance.person_id
    agreed = select(FollowUp.connection_id).where(FollowUp.confirmation.in_(AGREED))
    filters: dict[Stage, ColumnElement[bool]] = {
        Stage.REGISTERED: true(),
        Stage.STATED: _stated(summit, viewer),
        Stage.SILENT: ~_stated(summit, viewer),
        Stage.MATCHED: person.in_(_matched(summit)),
        Stage.UNMATCHED: person.not_in(_matched(summit)),
        Stage.CHECKED_IN: Attendance.checked_in_at.is_not(None),
        Stage.CONNECTED: person.in_(_of_connections(summit, true())),
        Stage.ALONE: person.not_in(_of_connections(summit, true())),
        Stage.WITH_STEP: person.in_(_of_connections(summit, _has_step(true()))),
        Stage.SETTLED: person.in_(_of_connections(summit, _has_step(NextStep.state != StepState.OPEN))),
        Stage.LEARNED: person.in_(_of_connections(summit, Connection.id.in_(agreed))),
    }
    return filters[stage]


def counted_at(summit: Summit) -> ColumnElement[bool]:
    """Return the filter over `Connection` that keeps this summit's, without those somebody said "not me" to."""
    return (Connection.summit_id == summit.id) & counted()


def _stated(summit: Summit, viewer: Viewer) -> ColumnElement[bool]:
    # The first stance found answers for a person; there are many times more stances than people.
    stated = select(Stance.id).where(
        Stance.summit_id == summit.id, Stance.person_id == Attendance.person_id, visible_stances(viewer)
    )
    return stated.correlate(Attendance).exists()


def _matched(summit: Summit) -> Select[int]:
    both = union_all(
        select(Introduction.low_id.label("person_id")).where(Introduction.summit_id == summit.id),
        select(Introduction.high_id).where(Introduction.summit_id == summit.id),
    ).subquery()
    return select(both.c.person_id).group_by(both.c.person_id).having(func.count() >= FEW)


def _of_connections(summit: Summit, which: ColumnElement[bool]) -> Select[int]:
    either = union(
        select(Connection.low_id.label("person_id")).where(counted_at(summit), which),
        select(Connection.high_id).where(counted_at(summit), which),
    ).subquery()
    return select(either.c.person_id)


def _has_step(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return Connection.id.in_(select(NextStep.connection_id).where(which))
