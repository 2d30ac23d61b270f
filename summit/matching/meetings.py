"""Meetings: what both sides accepted, a plan asked for by an organizer, what is planned. A worker plans (`planning`).

Pages read this module, so it loads nothing of the engine.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, union, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from summit import audit
from summit.errors import Conflict
from summit.matching.models import (
    Answer,
    ChallengeSeat,
    Match,
    MatchAnswer,
    MatchRun,
    Meeting,
    MeetingPlan,
    MeetingState,
    RunState,
)
from summit.people.models import Person
from summit.summits.attendance import require_open
from summit.summits.models import Attendance, Exclusion, Slot, SlotUse, Summit, Table, Unavailability
from summit.summits.slots import slots_of, tables_of

Pair = tuple[int, int]


def request_plan(session: Session, summit: Summit, *, by: int | None, now: datetime) -> MeetingPlan:
    """Ask for a plan; the worker makes it within seconds. One that waits already is returned as it is.

    Raises:
        Conflict: when there are no slots or no tables yet.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    session.execute(select(Summit.id).where(Summit.id == summit.id).with_for_update())
    if not (slots_of(session, summit) and tables_of(session, summit)):
        raise Conflict(_("There is nothing to plan for yet: add slots, and say how many tables there are."))
    waiting = session.scalar(
        select(MeetingPlan).where(
            MeetingPlan.summit_id == summit.id, MeetingPlan.state.in_((RunState.QUEUED, RunState.RUNNING))
        )
    )
    if waiting is not None:
        return waiting
    plan = MeetingPlan(summit_id=summit.id, requested_at=now, requested_by_id=by)
    session.add(plan)
    session.flush()
    audit.record(session, "request meeting plan", actor_id=by, subject_kind="meeting_plan", subject_id=plan.id, at=now)
    return plan


def latest_plan(session: Session, summit: Summit) -> MeetingPlan | None:
    """Return the plan that was asked for last."""
    return session.scalar(
        select(MeetingPlan)
        .where(MeetingPlan.summit_id == summit.id)
        .order_by(MeetingPlan.requested_at.desc(), MeetingPlan.id.desc())
        .limit(1)
    )


def is_planning(plan: MeetingPlan | None) -> bool:
    """Say whether a plan waits for a worker, or is being made."""
    return plan is not None and plan.state in (RunState.QUEUED, RunState.RUNNING)


def count_planned(session: Session, summit: Summit) -> dict[int, int]:
    """Return how many tables are taken in each slot, by meetings or by groups: slot id -> number."""
    meetings = (
        select(Meeting.slot_id, func.count())
        .where(Meeting.summit_id == summit.id, Meeting.state == MeetingState.PLANNED)
        .group_by(Meeting.slot_id)
    )
    groups = (
        select(ChallengeSeat.slot_id, func.count(ChallengeSeat.table_id.distinct()))
        .join(Slot, Slot.id == ChallengeSeat.slot_id)
        .where(Slot.summit_id == summit.id)
        .group_by(ChallengeSeat.slot_id)
    )
    return dict(session.execute(union_all(meetings, groups)).all())


def attends(
    person_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    summit_id: InstrumentedAttribute[int] = Meeting.summit_id,
) -> ColumnElement[bool]:
    """Return the condition that somebody attends a summit: not withdrawn, and still with a sign-in."""
    return exists().where(
        Attendance.summit_id == summit_id,
        Attendance.person_id == person_id,
        Attendance.withdrawn_at.is_(None),
        Person.id == Attendance.person_id,
        Person.disabled_at.is_(None),
    )


def can_take_place() -> ColumnElement[bool]:
    """Return the condition that nobody of a meeting has dropped out, is busy then, or must be kept apart."""
    people = (Meeting.low_id, Meeting.high_id, Meeting.third_id)
    busy = exists().where(Unavailability.slot_id == Meeting.slot_id, Unavailability.person_id.in_(people))
    excluded = exists().where(Exclusion.person_id.in_(people), Exclusion.other_id.in_(people))
    declined = exists().where(
        MatchAnswer.summit_id == Meeting.summit_id,
        MatchAnswer.answer == Answer.NOT_NOW,
        MatchAnswer.person_id.in_(people),
        MatchAnswer.other_id.in_(people),
    )
    third_attends = or_(Meeting.third_id.is_(None), attends(Meeting.third_id))
    return and_(
        attends(Meeting.low_id), attends(Meeting.high_id), third_attends, not_(busy), not_(excluded), not_(declined)
    )


def accepted_pairs(session: Session, summit: Summit) -> dict[Pair, float]:
    """Return the pairs of attendees in which both are interested, with the score of their published match."""
    low, high = aliased(MatchAnswer), aliased(MatchAnswer)
    run_id = (
        select(MatchRun.id)
        .where(MatchRun.summit_id == summit.id, MatchRun.published_at.is_not(None))
        .order_by(MatchRun.published_at.desc(), MatchRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    both = (
        select(low.person_id, high.person_id, Match.score)
        .join(high, and_(high.summit_id == low.summit_id, high.person_id == low.other_id))
        .outerjoin(
            Match,
            and_(Match.run_id == run_id, Match.low_id == low.person_id, Match.high_id == high.person_id),
        )
        .where(
            low.summit_id == summit.id,
            low.person_id < low.other_id,
            high.other_id == low.person_id,
            low.answer == Answer.INTERESTED,
            high.answer == Answer.INTERESTED,
            attends(low.person_id, low.summit_id),
            attends(high.person_id, low.summit_id),
            not_(_excluded(low.person_id, high.person_id)),
            not_(_excluded(high.person_id, low.person_id)),
        )
    )
    return {(one, other): score or 0.0 for one, other, score in session.execute(both)}


def _excluded(person_id: InstrumentedAttribute[int], other_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    return exists().where(Exclusion.person_id == person_id, Exclusion.other_id == other_id)


def kept_apart(session: Session, summit: Summit) -> set[Pair]:
    """Return the pairs who must not be seated together: an exclusion, or one of them said "not now"."""
    excluded = select(Exclusion.person_id, Exclusion.other_id)
    declined = select(MatchAnswer.person_id, MatchAnswer.other_id).where(
        MatchAnswer.summit_id == summit.id, MatchAnswer.answer == Answer.NOT_NOW
    )
    return {(min(one, other), max(one, other)) for one, other in session.execute(union(excluded, declined))}


def planned_meetings(session: Session, summit: Summit, *which: ColumnElement[bool]) -> Sequence[Meeting]:
    """Return the meetings that can take place, by slot and table, with everybody's name."""
    return session.scalars(
        select(Meeting)
        .join(Meeting.slot)
        .join(Meeting.table)
        .where(
            Meeting.summit_id == summit.id,
            Meeting.state == MeetingState.PLANNED,
            can_take_place(),
            *which,
        )
        .order_by(Slot.starts_at, Table.number)
        .options(
            joinedload(Meeting.slot),
            joinedload(Meeting.table),
            joinedload(Meeting.low).joinedload(Person.organization),
            joinedload(Meeting.high).joinedload(Person.organization),
            joinedload(Meeting.third).joinedload(Person.organization),
        )
    ).all()


class WhyUnplaced(StrEnum):
    """Why two who accepted each other have no meeting."""

    NOT_PLANNED = "not_planned"
    NEVER_BOTH_FREE = "never_both_free"
    NO_ROOM = "no_room"


@dataclass(frozen=True)
class Unplaced:
    """Two who accepted each other and have no meeting, and why."""

    low: Person
    high: Person
    why: WhyUnplaced


def unplaced_pairs(
    session: Session, summit: Summit, plan: MeetingPlan | None, accepted: Collection[Pair], slots: Sequence[Slot]
) -> list[Unplaced]:
    """Return who accepted each other and has no meeting, nor sits together as three; three queries."""
    met = {
        tuple(sorted((one, other)))
        for low, high, third in session.execute(
            select(Meeting.low_id, Meeting.high_id, Meeting.third_id).where(
                Meeting.summit_id == summit.id, Meeting.state == MeetingState.PLANNED
            )
        )
        for one, other in ((low, high), (low, third), (high, third))
        if other is not None
    }
    pairs = sorted(set(accepted) - met)
    ids = {person_id for pair in pairs for person_id in pair}
    people = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(ids)))}
    slot_ids = {slot.id for slot in slots if slot.use is SlotUse.MEETINGS}
    busy: dict[int, set[int]] = {}
    for person_id, slot_id in session.execute(
        select(Unavailability.person_id, Unavailability.slot_id).where(Unavailability.slot_id.in_(slot_ids))
    ):
        busy.setdefault(person_id, set()).add(slot_id)

    def why(pair: Pair) -> WhyUnplaced:
        if not slot_ids - busy.get(pair[0], set()) - busy.get(pair[1], set()):
            return WhyUnplaced.NEVER_BOTH_FREE
        is_planned = plan is not None and plan.state is RunState.DONE and plan.revision >= summit.revision
        return WhyUnplaced.NO_ROOM if is_planned else WhyUnplaced.NOT_PLANNED

    return [Unplaced(people[pair[0]], people[pair[1]], why(pair)) for pair in pairs]


def of_person(person_id: int) -> ColumnElement[bool]:
    """Return the condition that somebody takes part in a meeting."""
    return or_(Meeting.low_id == person_id, Meeting.high_id == person_id, Meeting.third_id == person_id)
