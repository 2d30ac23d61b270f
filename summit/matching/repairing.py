"""Repairing planned meetings when somebody drops out or must be kept apart; everybody else keeps their table."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import delete, insert, not_, select, update
from sqlalchemy.orm import Session

from summit.engine.matching.rounds import Schedule, Wishes
from summit.engine.matching.rounds_check import check_rounds
from summit.engine.matching.rounds_repair import repair_rounds
from summit.matching.meetings import Pair, accepted_pairs, can_take_place, kept_apart
from summit.matching.models import Meeting, MeetingSeat, MeetingState
from summit.matching.planning import Hall, hall_of, positions, write_meetings
from summit.summits.models import Slot, Summit, SummitState


def repair_dropped(session: Session, *, now: datetime) -> int:
    """Repair every open summit in which somebody dropped out of a meeting; return how many meetings were called off."""
    summits = select(Summit).where(
        Summit.state != SummitState.CLOSED,
        select(Meeting.id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .where(Meeting.summit_id == Summit.id, Meeting.state == MeetingState.PLANNED, Slot.starts_at > now)
        .where(not_(can_take_place()))
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
    hall, gone = _hall_with(session, summit, meetings, now)
    broken = [each for each in meetings if not _can_sit(_people_of(each), each.slot_id, hall, apart)]
    spared = [each for each in broken if _can_sit([each.low_id, each.high_id], each.slot_id, hall, apart)]
    for each in spared:  # only the third is the matter
        _leave(session, each)
    broken = [each for each in broken if each not in set(spared)]
    _call_off(session, broken)
    meetings = [each for each in meetings if each.state is MeetingState.PLANNED]
    wishes, schedule = _as_schedule(hall, meetings, accepted_pairs(session, summit), apart)
    repaired = repair_rounds(wishes, schedule, gone, alone=_left_by(broken, hall, gone))
    off = [each for number, each in enumerate(meetings) if repaired.slot[number] < 0]
    _call_off(session, off)
    _seat_thirds(session, hall, meetings, repaired)
    new = np.flatnonzero((repaired.slot >= 0) & (np.arange(len(repaired.slot)) >= len(meetings)))
    write_meetings(session, summit, hall, repaired, new, now=now)
    return len(broken) + len(off)


def _can_sit(people: Sequence[int], slot_id: int, hall: Hall, apart: set[Pair]) -> bool:
    """Say whether people are free in a slot and need not be kept apart."""
    column = hall.column[slot_id]
    rows = [hall.position[person] for person in people]
    return bool(hall.free[rows, column].all()) and apart.isdisjoint(_pairs(people))


def _left_by(broken: Sequence[Meeting], hall: Hall, gone: Sequence[int]) -> list[tuple[int, int]]:
    """Return (slot, person), as the engine counts them, of those whose meeting can't take place."""
    people = {(hall.column[each.slot_id], hall.position[person]) for each in broken for person in _people_of(each)}
    return sorted((slot, person) for slot, person in people if person not in gone)


def _planned(session: Session, summit: Summit, now: datetime) -> Sequence[Meeting]:
    return session.scalars(
        select(Meeting)
        .join(Meeting.slot)
        .where(Meeting.summit_id == summit.id, Meeting.state == MeetingState.PLANNED, Slot.starts_at > now)
        .order_by(Meeting.id)
    ).all()


def _people_of(meeting: Meeting) -> list[int]:
    return [each for each in (meeting.low_id, meeting.high_id, meeting.third_id) if each is not None]


def _pairs(people: Sequence[int]) -> set[Pair]:
    return {(one, other) for one in people for other in people if one < other}


def _hall_with(session: Session, summit: Summit, meetings: Sequence[Meeting], now: datetime) -> tuple[Hall, list[int]]:
    """Return the hall with those who are gone as its last rows, and these rows."""
    hall = hall_of(session, summit, now)
    there = set(hall.person_ids)
    gone = sorted({person for each in meetings for person in _people_of(each)} - there)
    free = np.concatenate([hall.free, np.ones((len(gone), len(hall.slots)), dtype=np.bool_)])
    rows = list(range(len(there), len(there) + len(gone)))
    return Hall((*hall.person_ids, *gone), hall.slots, hall.table_ids, free), rows


def _as_schedule(
    hall: Hall, meetings: Sequence[Meeting], accepted: dict[Pair, float], apart: set[Pair]
) -> tuple[Wishes, Schedule]:
    """Return the planned meetings first, then the accepted pairs without one, as the engine sees them."""
    position = hall.position
    table = {each: number for number, each in enumerate(hall.table_ids)}
    planned = [(each.low_id, each.high_id) for each in meetings]
    lacking = sorted(accepted.keys() - set(planned))
    wishes = Wishes(
        pairs=positions([*planned, *lacking], position),
        values=np.array([accepted.get(pair, 0.0) for pair in (*planned, *lacking)]),
        free=hall.free,
        tables=len(hall.table_ids),
        apart=positions(apart, position),
    )
    nowhere = [-1] * len(lacking)
    schedule = Schedule(
        pairs=wishes.pairs,
        values=wishes.values,
        slot=np.array([*(hall.column[each.slot_id] for each in meetings), *nowhere], dtype=np.int64),
        table=np.array([*(table[each.table_id or 0] for each in meetings), *nowhere], dtype=np.int64),
        third=np.array(
            [*(position[each.third_id] if each.third_id else -1 for each in meetings), *nowhere], dtype=np.int64
        ),
        bound=len(wishes.pairs),
        wished=len(wishes.pairs),
    )
    check_rounds(wishes, schedule)
    return wishes, schedule


def _call_off(session: Session, meetings: Sequence[Meeting]) -> None:
    meeting_ids = [each.id for each in meetings]
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
    seats = []
    for each, third in changed:
        _leave(session, each)
        each.third_id = third
        if third is not None:
            seats.append({"slot_id": each.slot_id, "person_id": third, "meeting_id": each.id})
    session.flush()
    if seats:
        session.execute(insert(MeetingSeat), seats)


def _leave(session: Session, meeting: Meeting) -> None:
    """Let the third of a meeting go, if it has one."""
    session.execute(
        delete(MeetingSeat).where(MeetingSeat.meeting_id == meeting.id, MeetingSeat.person_id == meeting.third_id)
    )
    meeting.third_id = None
