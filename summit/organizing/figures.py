"""The figures of the desk: how a summit goes, each with its n."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from summit.access import Viewer
from summit.connections.models import Connection, FollowUp, NextStep, StepState
from summit.engine.trust.intervals import wilson
from summit.organizing.stages import AGREED, Stage, at_stage, counted_at
from summit.people.models import Person
from summit.summits.browsing import attendees
from summit.summits.models import Summit

COLD_AFTER = timedelta(days=7)
"""A next step this long past due, and still open, has had its reminders: it is left to the pair."""

FOLLOWED_UP_WITHIN = timedelta(days=30)
FUNNEL = (
    Stage.REGISTERED,
    Stage.STATED,
    Stage.MATCHED,
    Stage.CHECKED_IN,
    Stage.CONNECTED,
    Stage.WITH_STEP,
    Stage.SETTLED,
    Stage.LEARNED,
)


@dataclass(frozen=True)
class Share:
    """A share of n, with its 95 % interval."""

    part: int
    n: int

    @property
    def percent(self) -> int:
        """Return the share as a whole percentage."""
        return round(100 * self.part / self.n) if self.n else 0

    @property
    def interval(self) -> tuple[int, int]:
        """Return the ends of the 95 % interval as whole percentages."""
        low, high = wilson(self.part, self.n)
        return round(100 * low), round(100 * high)


@dataclass(frozen=True)
class Figures:
    """How a summit goes. `people` counts at each stage of the funnel."""

    organizations: int
    people: dict[Stage, int]
    connections: int
    with_step: Share
    followed_up: Share
    steps_open: int
    steps_settled: int
    steps_cold: int
    follow_ups: int
    follow_ups_agreed: int


def is_cold(now: datetime) -> ColumnElement[bool]:
    """Return the filter over `NextStep` that keeps what was left open well past its day."""
    return (NextStep.state == StepState.OPEN) & (NextStep.due_at < now - COLD_AFTER)


def summit_figures(session: Session, summit: Summit, viewer: Viewer, *, now: datetime) -> Figures:
    """Return the desk's figures in two queries. Whoever withdrew or was disabled is not counted among the people."""
    counts = [func.count().filter(at_stage(summit, viewer, stage)) for stage in FUNNEL]
    employers = func.count(Person.organization_id.distinct())
    columns = [employers, *counts, *_totals(summit, now)]
    row: tuple[int, ...] = tuple(session.execute(attendees(summit).with_only_columns(*columns)).one())
    organizations, people = row[0], row[1 : 1 + len(FUNNEL)]
    connections, with_step, is_open, settled, cold, follow_ups, agreed = row[1 + len(FUNNEL) :]
    return Figures(
        organizations=organizations,
        people=dict(zip(FUNNEL, people, strict=True)),
        connections=connections,
        with_step=Share(with_step, connections),
        followed_up=_followed_up(session, summit, now),
        steps_open=is_open,
        steps_settled=settled,
        steps_cold=cold,
        follow_ups=follow_ups,
        follow_ups_agreed=agreed,
    )


def _totals(summit: Summit, now: datetime) -> tuple[ColumnElement[int], ...]:
    here = select(Connection.id).where(counted_at(summit))
    with_step = here.where(Connection.id.in_(select(NextStep.connection_id)))

    def steps(which: ColumnElement[bool]) -> ColumnElement[int]:
        return _number(select(NextStep.id).where(NextStep.connection_id.in_(here), which))

    follow_ups = select(FollowUp.id).where(FollowUp.connection_id.in_(here))
    return (
        _number(here),
        _number(with_step),
        steps(NextStep.state == StepState.OPEN),
        steps(NextStep.state != StepState.OPEN),
        steps(is_cold(now)),
        _number(follow_ups),
        _number(follow_ups.where(FollowUp.confirmation.in_(AGREED))),
    )


def _number(rows: Select[Any]) -> ColumnElement[int]:
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


def _followed_up(session: Session, summit: Summit, now: datetime) -> Share:
    """Return the share of connections with a follow-up within thirty days, among those that are thirty days old."""
    first = func.min(FollowUp.logged_at)
    old_enough = (
        select(Connection.recorded_at, first)
        .outerjoin(FollowUp, FollowUp.connection_id == Connection.id)
        .where(counted_at(summit), Connection.recorded_at <= now - FOLLOWED_UP_WITHIN)
        .group_by(Connection.id, Connection.recorded_at)
    )
    rows = session.execute(old_enough).all()
    soon = sum(logged is not None and logged - recorded <= FOLLOWED_UP_WITHIN for recorded, logged in rows)
    return Share(soon, len(rows))
