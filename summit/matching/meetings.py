"""Meetings: what both sides accepted, a plan asked for by an organizer, what is planned. A worker plans (`planning`).

Pages read this module, so it loads nothing of the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from summit import audit
from summit.errors import Conflict
from summit.matching.models import (
    Answer,
    Match,
    MatchAnswer,
    Meeting,
    MeetingPlan,
    MeetingState,
    RunState,
)
from summit.matching.runs import published_run
from summit.people.models import Person
from summit.summits.attendance import require_open
from summit.summits.models import Attendance, Exclusion, Slot, SlotUse, Summit, Unavailability
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


def attends(person_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None]) -> ColumnElement[bool]:
    """Return the condition that somebody attends the meeting's summit: not withdrawn, and still with a sign-in."""
    return exists().where(
        Attendance.summit_id == Meeting.summit_id,
        Attendance.person_id == person_id,
        Attendance.withdrawn_at.is_(None),
        Person.id == Attendance.person_id,
        Person.disabled_at.is_(None),
    )


def accepted_pairs(session: Session, summit: Summit) -> dict[Pair, float]:
    """Return the pairs of attendees in which both are interested, with the score of their published match."""
    low, high = aliased(MatchAnswer), aliased(MatchAnswer)
    run = published_run(session, summit)
    there = select(Attendance.person_id).join(Person, Person.id == Attendance.person_id)
    there = there.where(
        Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None), Person.disabled_at.is_(None)
    )
    both = (
        select(low.person_id, high.person_id, Match.score)
        .join(high, and_(high.summit_id == low.summit_id, high.person_id == low.other_id))
        .outerjoin(
            Match,
            and_(
                Match.run_id == (run.id if run else 0), Match.low_id == low.person_id, Match.high_id == high.person_id
            ),
        )
        .where(
            low.summit_id == summit.id,
            low.person_id < low.other_id,
            high.other_id == low.person_id,
            low.answer == Answer.INTERESTED,
            high.answer == Answer.INTERESTED,
            low.person_id.in_(there),
            high.person_id.in_(there),
        )
    )
    apart = kept_apart(session, summit)
    return {(one, other): score or 0.0 for one, other, score in session.execute(both) if (one, other) not in apart}


def kept_apart(session: Session, summit: Summit) -> set[Pair]:
    """Return the pairs who must not be seated together: an exclusion, or one of them said "not now"."""
    excluded = session.execute(select(Exclusion.person_id, Exclusion.other_id)).all()
    declined = session.execute(
        select(MatchAnswer.person_id, MatchAnswer.other_id).where(
            MatchAnswer.summit_id == summit.id, MatchAnswer.answer == Answer.NOT_NOW
        )
    ).all()
    return {(min(one, other), max(one, other)) for one, other in (*excluded, *declined)}


def planned_meetings(session: Session, summit: Summit) -> Sequence[Meeting]:
    """Return the meetings that take place between people who are there, by slot and table, with everybody's name."""
    return session.scalars(
        select(Meeting)
        .join(Meeting.slot)
        .join(Meeting.table)
        .where(
            Meeting.summit_id == summit.id,
            Meeting.state == MeetingState.PLANNED,
            attends(Meeting.low_id),
            attends(Meeting.high_id),
        )
        .order_by(Slot.starts_at, Meeting.table_id)
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


def unplaced_pairs(session: Session, summit: Summit, plan: MeetingPlan | None) -> list[Unplaced]:
    """Return who accepted each other and has no meeting, nor sits together as three; four queries."""
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
    pairs = sorted(accepted_pairs(session, summit).keys() - met)
    ids = {person_id for pair in pairs for person_id in pair}
    people = {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(ids)))}
    slots = {slot.id for slot in slots_of(session, summit, use=SlotUse.MEETINGS)}
    busy: dict[int, set[int]] = {}
    for person_id, slot_id in session.execute(
        select(Unavailability.person_id, Unavailability.slot_id).where(Unavailability.slot_id.in_(slots))
    ):
        busy.setdefault(person_id, set()).add(slot_id)

    def why(pair: Pair) -> WhyUnplaced:
        if not slots - busy.get(pair[0], set()) - busy.get(pair[1], set()):
            return WhyUnplaced.NEVER_BOTH_FREE
        is_planned = plan is not None and plan.state is RunState.DONE and plan.revision >= summit.revision
        return WhyUnplaced.NO_ROOM if is_planned else WhyUnplaced.NOT_PLANNED

    return [Unplaced(people[pair[0]], people[pair[1]], why(pair)) for pair in pairs]


def of_person(person_id: int) -> ColumnElement[bool]:
    """Return the condition that somebody takes part in a meeting."""
    return or_(Meeting.low_id == person_id, Meeting.high_id == person_id, Meeting.third_id == person_id)
