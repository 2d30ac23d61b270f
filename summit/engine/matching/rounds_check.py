"""Checking a schedule from the definitions, in plain loops; shares nothing with what makes schedules."""

from collections.abc import Sequence

import numpy as np

from summit.engine.matching.rounds import Schedule, Wishes


class BrokenSchedule(ValueError):
    """A schedule in which something can't happen; the sentence says who, where and when."""


def check_rounds(wishes: Wishes, schedule: Schedule) -> None:
    """Check that nobody is in two places, busy or kept apart, that no table is used twice or missing. O(m).

    Raises:
        BrokenSchedule: on the first meeting that can't take place.
    """
    _check_shapes(wishes, schedule)
    slots = wishes.free.shape[1]
    seen: dict[tuple[int, int], int] = {}
    tables: dict[tuple[int, int], int] = {}
    apart = {frozenset(pair) for pair in wishes.apart.tolist()}
    for meeting, pair in enumerate(schedule.pairs.tolist()):
        slot, table, third = (int(each[meeting]) for each in (schedule.slot, schedule.table, schedule.third))
        if slot == -1:
            if table != -1 or third != -1:
                raise BrokenSchedule(f"Meeting {meeting} has no slot, but a table or a third person.")
            continue
        if not 0 <= slot < slots:
            raise BrokenSchedule(f"Meeting {meeting} is in slot {slot}; slots run from 0 to {slots - 1}.")
        if not 0 <= table < wishes.tables[slot]:
            raise BrokenSchedule(f"Meeting {meeting} is at table {table}; slot {slot} has {wishes.tables[slot]}.")
        if (slot, table) in tables:
            raise BrokenSchedule(f"Meetings {tables[slot, table]} and {meeting} share table {table} in slot {slot}.")
        tables[slot, table] = meeting
        _check_people(wishes, seen, apart, meeting, slot, pair if third == -1 else [*pair, third])
    if schedule.placed > schedule.bound:
        raise BrokenSchedule(f"{schedule.placed} meetings are placed, more than the bound of {schedule.bound}.")


def _check_shapes(wishes: Wishes, schedule: Schedule) -> None:
    if not np.array_equal(schedule.pairs[: schedule.wished], wishes.pairs):
        raise BrokenSchedule("The schedule is of other pairs than the wishes.")
    for name in ("values", "slot", "table", "third"):
        if len(getattr(schedule, name)) != len(schedule.pairs):
            raise BrokenSchedule(f"The schedule has {len(schedule.pairs)} pairs, but not as many in {name}.")


def _check_people(
    wishes: Wishes,
    seen: dict[tuple[int, int], int],
    apart: set[frozenset[int]],
    meeting: int,
    slot: int,
    people: Sequence[int],
) -> None:
    if len(set(people)) < len(people):
        raise BrokenSchedule(f"Meeting {meeting} seats somebody with themselves.")
    for person in people:
        if not wishes.free[person, slot]:
            raise BrokenSchedule(f"Person {person} is not free in slot {slot}, where meeting {meeting} is.")
        if (person, slot) in seen:
            raise BrokenSchedule(f"Person {person} is in meetings {seen[person, slot]} and {meeting} in slot {slot}.")
        seen[person, slot] = meeting
    for i, one in enumerate(people):
        for other in people[i + 1 :]:
            if frozenset((one, other)) in apart:
                raise BrokenSchedule(f"Meeting {meeting} seats {one} and {other} together, who must be kept apart.")
