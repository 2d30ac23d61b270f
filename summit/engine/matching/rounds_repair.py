"""Repairing a schedule when somebody drops out: everybody else keeps their meetings, slots and tables."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from summit.engine.matching.colouring import NOWHERE
from summit.engine.matching.profiles import IntArray
from summit.engine.matching.rounds import Schedule, Wishes, join, occupation
from summit.engine.matching.rounds_bound import most_meetings

Apart = set[tuple[int, int]]


def without(wishes: Wishes, withdrawn: Iterable[int]) -> Wishes:
    """Return the wishes with the withdrawn never free, so that nothing of theirs can be placed."""
    free = wishes.free.copy()
    free[list(withdrawn)] = False
    return replace(wishes, free=free)


def repair_rounds(
    wishes: Wishes, schedule: Schedule, withdrawn: Iterable[int], *, alone: Iterable[tuple[int, int]] = ()
) -> Schedule:
    """Take people out of a schedule and care for those they leave alone, and for more who are `alone`: (slot, person).

    Meetings of others stay as they are. What had no place and fits into the seats that became free is placed, the most
    valuable first. Who would still sit alone meets somebody else who would, or joins a table as a third: nobody is put
    beside a person they must be kept apart from. Check the result against `without(wishes, withdrawn)`.
    """
    gone = set(withdrawn)
    rest = without(wishes, gone)
    apart = {(min(a, b), max(a, b)) for a, b in wishes.apart.tolist()}
    bound = most_meetings(rest.pairs, rest.free, rest.tables)
    repaired = replace(
        schedule, slot=schedule.slot.copy(), table=schedule.table.copy(), third=schedule.third.copy(), bound=bound
    )
    left = sorted({*_take_out(repaired, gone), *alone})
    _place_what_fits(rest, repaired)
    busy = occupation(repaired, rest.free.shape)
    lonely = [(slot, person) for slot, person in left if busy[person, slot] < 0 and rest.free[person, slot]]
    repaired = _bring_together(rest, repaired, apart, lonely)
    busy = occupation(repaired, rest.free.shape)
    for slot, person in lonely:
        if busy[person, slot] < 0:
            _join_any(repaired, busy, apart, slot, person)
    return repaired


def _take_out(schedule: Schedule, gone: set[int]) -> list[tuple[int, int]]:
    """Undo the meetings of those who are gone; return (slot, person) of everybody they leave alone."""
    left = []
    for meeting in np.flatnonzero(schedule.slot >= 0):
        two, third = schedule.pairs[meeting].tolist(), int(schedule.third[meeting])
        if third in gone:
            schedule.third[meeting] = third = NOWHERE
        if gone.isdisjoint(two):
            continue
        slot = int(schedule.slot[meeting])
        left += [(slot, person) for person in (*two, third) if person >= 0 and person not in gone]
        schedule.slot[meeting] = schedule.table[meeting] = schedule.third[meeting] = NOWHERE
    return left


def _place_what_fits(wishes: Wishes, schedule: Schedule) -> None:
    lacking = np.flatnonzero(schedule.slot[: schedule.wished] < 0)
    busy = occupation(schedule, wishes.free.shape)
    for meeting in lacking[np.argsort(-schedule.values[lacking], kind="stable")]:
        one, other = schedule.pairs[meeting]
        for slot in np.flatnonzero(wishes.free[one] & wishes.free[other] & (busy[one] < 0) & (busy[other] < 0)):
            tables = _free_tables(wishes, schedule, int(slot))
            if tables:
                schedule.slot[meeting], schedule.table[meeting] = slot, tables[0]
                busy[one, slot] = busy[other, slot] = meeting
                break


def _free_tables(wishes: Wishes, schedule: Schedule, slot: int) -> list[int]:
    taken = set(schedule.table[schedule.slot == slot].tolist())
    return [table for table in range(wishes.tables[slot]) if table not in taken]


def _bring_together(wishes: Wishes, schedule: Schedule, apart: Apart, alone: list[tuple[int, int]]) -> Schedule:
    """Let people who would sit alone in the same slot meet each other, unless they have a meeting anyway."""
    meeting = schedule.pairs[schedule.slot >= 0].tolist()
    avoided = apart | {(min(a, b), max(a, b)) for a, b in meeting}
    rows: list[tuple[int, int, int, int]] = []
    waiting: list[tuple[int, int]] = []
    tables = {slot: _free_tables(wishes, schedule, slot) for slot, _person in alone}
    for slot, person in alone:
        for slot_of_other, other in waiting:
            if slot_of_other != slot or not tables[slot]:
                continue
            if (min(person, other), max(person, other)) not in avoided:
                rows.append((min(person, other), max(person, other), slot, tables[slot].pop(0)))
                waiting.remove((slot_of_other, other))
                break
        else:
            waiting.append((slot, person))
    return _with_rows(schedule, np.array(rows, dtype=np.int64).reshape(-1, 4))


def _with_rows(schedule: Schedule, rows: IntArray) -> Schedule:
    return replace(
        schedule,
        pairs=np.concatenate([schedule.pairs, rows[:, :2]]),
        values=np.concatenate([schedule.values, np.zeros(len(rows))]),
        slot=np.concatenate([schedule.slot, rows[:, 2]]),
        table=np.concatenate([schedule.table, rows[:, 3]]),
        third=np.concatenate([schedule.third, np.full(len(rows), NOWHERE)]),
    )


def _join_any(schedule: Schedule, busy: IntArray, apart: Apart, slot: int, person: int) -> None:
    """Seat somebody at a table of a slot, rather with people they wished to meet."""
    here = np.flatnonzero(schedule.slot == slot)
    mine = schedule.pairs[(schedule.pairs == person).any(axis=1)]
    wished = np.isin(schedule.pairs[here], np.setdiff1d(mine, [person])).any(axis=1)
    for meeting in here[np.lexsort((schedule.table[here], ~wished))]:
        if join(schedule, busy, apart, person, int(meeting)):
            return
