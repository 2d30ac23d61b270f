"""Rounds: meetings into slots and tables, the most valuable first, and repaired when somebody drops out."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summit.engine.matching.colouring import NOWHERE, Grid, empty_grid, fill, prefer_valuable, search, waiting_in
from summit.engine.matching.profiles import FloatArray, IntArray, no_pairs
from summit.engine.matching.rounds_bound import most_meetings

PATIENCE, PATIENCE_A_MEETING = 120_000, 2
"""How many steps the search goes on without placing one more."""

RESTARTS, FEW = 4, 2_000
"""How often few meetings are searched anew while the bound says that more might fit; many are searched once."""


@dataclass(frozen=True, eq=False)
class Wishes:
    """What is to be scheduled: m meetings of n people, s slots.

    pairs: (m, 2), two different people each, no pair twice. values: (m,). free: boolean (n, s), who could meet when.
    tables: (s,) or one number, how many meetings a slot has room for. apart: (k, 2) pairs who must not sit together.
    """

    pairs: Any
    values: Any
    free: Any
    tables: Any
    apart: Any = field(default_factory=no_pairs)

    def __post_init__(self) -> None:
        """Bring every array to its type and shape; raise ValueError with a sentence on the first that does not fit."""
        free = np.asarray(self.free)
        if free.ndim != 2:
            raise ValueError(f"free has the shape {free.shape}; it must be people by slots.")
        pairs = _pairs("pairs", self.pairs, len(free))
        if len(np.unique(pairs, axis=0)) < len(pairs):
            raise ValueError("pairs names the same two people twice; name each pair once.")
        values = np.asarray(self.values, dtype=np.float64)
        if values.shape != (len(pairs),) or not np.all(np.isfinite(values)):
            raise ValueError(f"values must hold one number for each of {len(pairs)} pairs, none missing.")
        tables = np.broadcast_to(np.asarray(self.tables, dtype=np.int64), free.shape[1:]).copy()
        if np.any(tables < 0):
            raise ValueError("tables holds a number below 0.")
        for name, value in (("pairs", pairs), ("values", values), ("free", free.astype(np.bool_)), ("tables", tables)):
            object.__setattr__(self, name, value)
        object.__setattr__(self, "apart", _pairs("apart", self.apart, len(free)))
        if set(map(tuple, pairs.tolist())) & set(map(tuple, self.apart.tolist())):
            raise ValueError("pairs names two people whom apart keeps from each other.")


@dataclass(frozen=True, eq=False)
class Schedule:
    """Who meets where and when: slot and table of each pair, or -1; third: (m,) who joins these two, or -1.

    bound: how many of the wished meetings could be placed at most. Pairs from `wished` on were nobody's wish: two who
    were left alone by others meet instead.
    """

    pairs: IntArray
    values: FloatArray
    slot: IntArray
    table: IntArray
    third: IntArray
    bound: int
    wished: int

    @property
    def placed(self) -> int:
        """Return how many of the wished meetings have a slot."""
        return int(np.count_nonzero(self.slot[: self.wished] >= 0))

    @property
    def value(self) -> float:
        """Return the value of the meetings that have a slot."""
        return float(self.values[self.slot >= 0].sum())


def plan_rounds(wishes: Wishes, *, seed: int = 0) -> Schedule:
    """Give as many meetings as possible a slot and a table; where some must be left, the least valuable are.

    As many rounds as the busiest person has meetings are enough in all but rare networks while everybody is free.
    Somebody who lacks a meeting joins one of those they lack at another's table, as a third. The same wishes in any
    order and the same seed give the same schedule.
    """
    canonical = np.lexsort((wishes.pairs[:, 1], wishes.pairs[:, 0], -wishes.values))
    pairs, values = wishes.pairs[canonical], wishes.values[canonical]
    bound = most_meetings(pairs, wishes.free, wishes.tables)
    slots = _slots(pairs, values, wishes, bound, seed)
    slot = np.full(len(pairs), NOWHERE, dtype=np.int64)
    slot[canonical] = slots
    table = _tables(slot, wishes.values, wishes.free.shape[1])
    third = np.full(len(pairs), NOWHERE, dtype=np.int64)
    schedule = Schedule(wishes.pairs, wishes.values, slot, table, third, bound, len(pairs))
    seat_thirds(wishes, schedule)
    return schedule


def _slots(pairs: IntArray, values: FloatArray, wishes: Wishes, bound: int, seed: int) -> IntArray:
    order = np.arange(len(pairs))
    if bound == 0:
        return np.full(len(pairs), NOWHERE, dtype=np.int64)
    best: Grid | None = None
    patience = PATIENCE + PATIENCE_A_MEETING * len(pairs)
    for attempt in range(RESTARTS if len(pairs) <= FEW else 1):
        grid = empty_grid(pairs, values, wishes.free, wishes.tables, seed * RESTARTS + attempt)
        fill(grid, order)
        search(grid, waiting_in(grid), len(pairs) - bound, patience)
        if len(pairs) > np.count_nonzero(grid.slot >= 0):
            prefer_valuable(grid, order)
        if best is None or _goodness(grid) > _goodness(best):
            best = grid
        if _goodness(best)[0] == bound:
            break
    assert best is not None
    return best.slot


def _goodness(grid: Grid) -> tuple[int, float]:
    placed = grid.slot >= 0
    return int(np.count_nonzero(placed)), float(grid.value[placed].sum())


def _tables(slot: IntArray, values: FloatArray, slots: int) -> IntArray:
    """Number the tables of each slot from 0, the most valuable meeting first."""
    table = np.full(len(slot), NOWHERE, dtype=np.int64)
    order = np.argsort(-values, kind="stable")
    for each in range(slots):
        here = order[slot[order] == each]
        table[here] = np.arange(here.size)
    return table


def seat_thirds(wishes: Wishes, schedule: Schedule) -> None:
    """Let whoever lacks a meeting join it at the other's table, in a slot in which they would sit alone.

    Tables take three; nobody joins somebody they must be kept apart from. Changes `schedule.third` in place.
    """
    lacking = np.flatnonzero(schedule.slot < 0)
    if lacking.size == 0:
        return
    busy = occupation(schedule, wishes.free.shape)
    apart = {(min(a, b), max(a, b)) for a, b in wishes.apart.tolist()}
    for meeting in lacking[np.argsort(-schedule.values[lacking], kind="stable")]:
        one, other = schedule.pairs[meeting].tolist()
        _ = _joins(wishes, schedule, busy, apart, one, other) or _joins(wishes, schedule, busy, apart, other, one)


def occupation(schedule: Schedule, shape: tuple[int, ...]) -> IntArray:
    """Return (n, s): the meeting somebody has in a slot, as one of two or as the third, or -1."""
    busy = np.full(shape, NOWHERE, dtype=np.int64)
    placed = np.flatnonzero(schedule.slot >= 0)
    for person in (schedule.pairs[placed, 0], schedule.pairs[placed, 1], schedule.third[placed]):
        known = person >= 0
        busy[person[known], schedule.slot[placed][known]] = placed[known]
    return busy


def _joins(
    wishes: Wishes, schedule: Schedule, busy: IntArray, apart: set[tuple[int, int]], alone: int, host: int
) -> bool:
    for slot in np.flatnonzero(wishes.free[alone] & (busy[alone] < 0) & (busy[host] >= 0)):
        meeting = busy[host, slot]
        if join(schedule, busy, apart, alone, int(meeting)):
            return True
    return False


def join(schedule: Schedule, busy: IntArray, apart: set[tuple[int, int]], alone: int, meeting: int) -> bool:
    """Seat somebody as the third of a meeting, unless it has one or they must be kept apart; say whether they sit."""
    two = schedule.pairs[meeting].tolist()
    if schedule.third[meeting] >= 0 or any((min(alone, each), max(alone, each)) in apart for each in two):
        return False
    schedule.third[meeting] = alone
    busy[alone, schedule.slot[meeting]] = meeting
    return True


def _pairs(name: str, pairs: Any, people: int) -> NDArray[np.int64]:
    raw = np.asarray(pairs)
    if raw.size == 0:
        return no_pairs()
    if raw.ndim != 2 or raw.shape[1] != 2 or not np.issubdtype(raw.dtype, np.integer):
        raise ValueError(f"{name} has the shape {raw.shape}; it must hold pairs of positions, in the shape (m, 2).")
    result = np.sort(raw.astype(np.int64), axis=1)
    if result.min() < 0 or result.max() >= people:
        raise ValueError(f"{name} names a position that is not there; positions run from 0 to {people - 1}.")
    if np.any(result[:, 0] == result[:, 1]):
        raise ValueError(f"{name} pairs somebody with themselves.")
    return result
