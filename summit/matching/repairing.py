"""Repairing planned meetings when somebody drops out or must be kept apart; everybody else keeps their table."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import delete, insert, not_, or_, select, update
from sqlalchemy.orm import Session

from summit.engine.matching.rounds import Schedule, Wishes
from summit.engine.matching.rounds_check import check_rounds
from summit.engine.matching.rounds_repair import repair_rounds
from summit.matching.meetings import Pair, accepted_pairs, attends, kept_apart
from summit.matching.models import Answer, MatchAnswer, Meeting, MeetingSeat, MeetingState
from summit.matching.planning import Hall, hall_of, positions, write_meetings
from summit.summits.models import Exclusion, Slot, Summit, SummitState


def repair_dropped(session: Session, *, now: datetime) -> int:
    """Repair every open summit in which somebody dropped out of a meeting; return how many meetings were called off."""
    people = (Meeting.low_id, Meeting.high_id, Meeting.third_id)
    gone = or_(
        not_(attends(Meeting.low_id)),
        not_(attends(Meeting.high_id)),
        Meeting.third_id.is_not(None) & not_(attends(Meeting.third_id)),
        select(Exclusion.id).where(Exclusion.person_id.in_(people), Exclusion.other_id.in_(people)).exists(),
        select(MatchAnswer.id)
        .where(
            MatchAnswer.summit_id == Meeting.summit_id,
            MatchAnswer.answer == Answer.NOT_NOW,
            MatchAnswer.person_id.in_(people),
            MatchAnswer.other_id.in_(people),
        )
        .exists(),
    )
    summits = select(Summit).where(
        Summit.state != SummitState.CLOSED,
        select(Meeting.id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(Meeting.summit_id == Summit.id, Meeting.state == MeetingState.PLANNED, Slot.starts_at > now, gone)
        .correlate(Summit)
        .exists(),
    )
    return sum(repair_meetings(session, summit, now=now) for summit in session.scalars(summits).all())


def repair_meetings(session: Session, summit: Summit, *, now: datetime) -> int:
    """Call off what can't take place from now on, and care for those left alone; return how many were called off.

    Accepted pairs that fit into the places that became free are placed. Who would still sit alone meets somebody else
    who would, or joins a table as a third. Everybody else stays where they are.
    """
    session.execute(select(Summit.id).where(Summit.id == summit.id).with_for_update())
    apart = kept_apart(session, summit)
    meetings = _planned(session, summit, now)
    broken = [each for each in meetings if any(pair in apart for pair in _pairs_of(each))]
    _call_off(session, [each.id for each in broken])
    meetings = [each for each in meetings if each not in broken]
    hall, gone = _hall_with(session, summit, meetings, now)
    wishes, schedule = _as_schedule(hall, meetings, accepted_pairs(session, summit), apart)
    if not gone:
        return len(broken)
    repaired = repair_rounds(wishes, schedule, gone)
    off = [each for number, each in enumerate(meetings) if repaired.slot[number] < 0]
    _call_off(session, [each.id for each in off])
    _seat_thirds(session, hall, meetings, repaired)
    new = np.flatnonzero((repaired.slot >= 0) & (np.arange(len(repaired.slot)) >= len(meetings)))
    write_meetings(session, summit, hall, repaired, new, now=now)
    return len(broken) + len(off)


def _planned(session: Session, summit: Summit, now: datetime) -> Sequence[Meeting]:
    return session.scalars(
        select(Meeting)
        .join(Meeting.slot)
        .where(Meeting.summit_id == summit.id, Meeting.state == MeetingState.PLANNED, Slot.starts_at > now)
        .order_by(Meeting.id)
    ).all()


def _pairs_of(meeting: Meeting) -> list[Pair]:
    people = sorted(each for each in (meeting.low_id, meeting.high_id, meeting.third_id) if each is not None)
    return [(one, other) for i, one in enumerate(people) for other in people[i + 1 :]]


def _hall_with(session: Session, summit: Summit, meetings: Sequence[Meeting], now: datetime) -> tuple[Hall, list[int]]:
    """Return the hall with those who are gone as its last rows, and these rows."""
    hall = hall_of(session, summit, now)
    there = set(hall.person_ids)
    gone = sorted({person for each in meetings for pair in _pairs_of(each) for person in pair} - there)
    free = np.concatenate([hall.free, np.ones((len(gone), len(hall.slots)), dtype=np.bool_)])
    rows = list(range(len(there), len(there) + len(gone)))
    return Hall((*hall.person_ids, *gone), hall.slots, hall.table_ids, free), rows


def _as_schedule(
    hall: Hall, meetings: Sequence[Meeting], accepted: dict[Pair, float], apart: set[Pair]
) -> tuple[Wishes, Schedule]:
    """Return the planned meetings first, then the accepted pairs without one, as the engine sees them."""
    position = hall.position
    slot = {each.id: number for number, each in enumerate(hall.slots)}
    table = {each: number for number, each in enumerate(hall.table_ids)}
    planned = [(each.low_id, each.high_id) for each in meetings]
    lacking = sorted(accepted.keys() - set(planned))
    free = hall.free.copy()
    for each in meetings:  # whoever sits somewhere may stay there, whatever they said afterwards
        free[[position[person] for pair in _pairs_of(each) for person in pair], slot[each.slot_id]] = True
    wishes = Wishes(
        pairs=positions([*planned, *lacking], position),
        values=np.array([accepted.get(pair, 0.0) for pair in (*planned, *lacking)]),
        free=free,
        tables=len(hall.table_ids),
        apart=positions(apart, position),
    )
    nowhere = [-1] * len(lacking)
    schedule = Schedule(
        pairs=wishes.pairs,
        values=wishes.values,
        slot=np.array([*(slot[each.slot_id] for each in meetings), *nowhere], dtype=np.int64),
        table=np.array([*(table[each.table_id or 0] for each in meetings), *nowhere], dtype=np.int64),
        third=np.array(
            [*(position[each.third_id] if each.third_id else -1 for each in meetings), *nowhere], dtype=np.int64
        ),
        bound=len(wishes.pairs),
        wished=len(wishes.pairs),
    )
    check_rounds(wishes, schedule)
    return wishes, schedule


def _call_off(session: Session, meeting_ids: Sequence[int]) -> None:
    if not meeting_ids:
        return
    session.execute(delete(MeetingSeat).where(MeetingSeat.meeting_id.in_(meeting_ids)))
    session.execute(
        update(Meeting)
        .where(Meeting.id.in_(meeting_ids))
        .values(state=MeetingState.CALLED_OFF, table_id=None, third_id=None)
        .execution_options(synchronize_session="fetch")
    )


def _seat_thirds(session: Session, hall: Hall, meetings: Sequence[Meeting], repaired: Schedule) -> None:
    """Write who joins a meeting, and who no longer does."""
    changed: list[tuple[Meeting, int | None]] = []
    for number, each in enumerate(meetings):
        third = hall.person_ids[repaired.third[number]] if repaired.third[number] >= 0 else None
        if repaired.slot[number] >= 0 and third != each.third_id:
            changed.append((each, third))
    _leave(session, [(each.id, each.third_id) for each, _third in changed if each.third_id is not None])
    seats = []
    for each, third in changed:
        each.third_id = third
        if third is not None:
            seats.append({"slot_id": each.slot_id, "person_id": third, "meeting_id": each.id})
    session.flush()
    if seats:
        session.execute(insert(MeetingSeat), seats)


def _leave(session: Session, seats: Iterable[tuple[int, int]]) -> None:
    for meeting_id, person_id in seats:
        session.execute(
            delete(MeetingSeat).where(MeetingSeat.meeting_id == meeting_id, MeetingSeat.person_id == person_id)
        )
