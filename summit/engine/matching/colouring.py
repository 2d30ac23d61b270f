"""Meetings into slots as an edge colouring with seats: the compiled loops.

A slot is a colour, a meeting an edge, and nobody has two meetings of one colour. A meeting that finds no open slot is
placed by exchange (Kempe, 1879): along the path on which two slots alternate, every meeting moves to the other slot.
What is still left walks: it takes the slot of another meeting, which then looks for a place itself and may not come
straight back (Blöchliger and Zufferey's search over partial colourings, 2008).
"""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from summit.engine.matching.profiles import FloatArray, IntArray

NOWHERE = -1
LONGEST_TENURE = 8
"""How many steps, at most, a displaced meeting stays away from its slot."""

SETBACK = 1
"""How many more than the fewest so far may wait while the search looks around."""


class Grid(NamedTuple):
    """m meetings of n people in s slots, as arrays that the loops change in place.

    free: (n, s). seats: (s,) meetings that fit in a slot. slot: (m,) or NOWHERE. at: (n, s) the meeting somebody has
    then, or NOWHERE. load: (s,) meetings in a slot, named by the first of `inside[slot]`; `place` is where each is
    there. walk: (n + 2,) the path being looked at. dice: (1,) the state of the random numbers.
    """

    low: IntArray
    high: IntArray
    value: FloatArray
    free: NDArray[np.bool_]
    seats: IntArray
    slot: IntArray
    at: IntArray
    load: IntArray
    inside: IntArray
    place: IntArray
    walk: IntArray
    dice: NDArray[np.uint64]


def empty_grid(pairs: IntArray, values: FloatArray, free: NDArray[np.bool_], seats: IntArray, seed: int) -> Grid:
    """Return a grid without any meeting in it. O((n + m)·s) memory at most."""
    people, slots = free.shape
    meetings = len(pairs)
    widest = int(min(seats.max(initial=0), meetings))
    return Grid(
        low=np.ascontiguousarray(pairs[:, 0]),
        high=np.ascontiguousarray(pairs[:, 1]),
        value=np.ascontiguousarray(values, dtype=np.float64),
        free=np.ascontiguousarray(free),
        seats=np.minimum(seats, widest),
        slot=np.full(meetings, NOWHERE, dtype=np.int64),
        at=np.full((people, slots), NOWHERE, dtype=np.int64),
        load=np.zeros(slots, dtype=np.int64),
        inside=np.zeros((slots, max(1, widest)), dtype=np.int64),
        place=np.zeros(meetings, dtype=np.int64),
        walk=np.zeros(people + 2, dtype=np.int64),
        dice=np.array([(seed * 2 + 1) * 0x9E3779B97F4A7C15 % 2**64], dtype=np.uint64),
    )


@njit(cache=True)
def _below(grid: Grid, top: int) -> Any:
    """Draw a number from 0 to top - 1 (xorshift64, Marsaglia 2003)."""
    state = grid.dice[0]
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    grid.dice[0] = state
    return np.int64((state >> np.uint64(11)) % np.uint64(top))


@njit(cache=True)
def seat(grid: Grid, meeting: int, slot: int) -> None:
    """Put a meeting into a slot."""
    grid.slot[meeting] = slot
    grid.at[grid.low[meeting], slot] = meeting
    grid.at[grid.high[meeting], slot] = meeting
    grid.place[meeting] = grid.load[slot]
    grid.inside[slot, grid.load[slot]] = meeting
    grid.load[slot] += 1


@njit(cache=True)
def lift(grid: Grid, meeting: int) -> None:
    """Take a meeting out of its slot."""
    slot = grid.slot[meeting]
    grid.slot[meeting] = NOWHERE
    grid.at[grid.low[meeting], slot] = NOWHERE
    grid.at[grid.high[meeting], slot] = NOWHERE
    grid.load[slot] -= 1
    last = grid.inside[slot, grid.load[slot]]
    grid.inside[slot, grid.place[meeting]] = last
    grid.place[last] = grid.place[meeting]


@njit(cache=True)
def _is_open(grid: Grid, person: int, slot: int) -> Any:
    return grid.free[person, slot] and grid.at[person, slot] < 0


@njit(cache=True)
def _place_directly(grid: Grid, meeting: int) -> bool:
    """Put a meeting into the open slot with the most seats left."""
    low, high = grid.low[meeting], grid.high[meeting]
    best, most = NOWHERE, 0
    for slot in range(grid.seats.size):
        left = grid.seats[slot] - grid.load[slot]
        if left > most and _is_open(grid, low, slot) and _is_open(grid, high, slot):
            best, most = slot, left
    if best < 0:
        return False
    seat(grid, meeting, best)
    return True


@njit(cache=True)
def _path(grid: Grid, start: int, first: int, second: int, avoided: int) -> int:
    """Walk from a person along meetings of two slots by turns; return the path's length, 0 where it can't be moved."""
    person, slot, length = start, first, 0
    while True:
        meeting = grid.at[person, slot]
        if meeting < 0:
            return length
        other_slot = second if slot == first else first
        other = grid.high[meeting] if grid.low[meeting] == person else grid.low[meeting]
        if other == avoided or not grid.free[person, other_slot] or not grid.free[other, other_slot]:
            return 0
        grid.walk[length] = meeting
        length += 1
        person, slot = other, other_slot


@njit(cache=True)
def _move_path(grid: Grid, length: int, first: int, second: int) -> None:
    for step in range(length):
        lift(grid, grid.walk[step])
    for step in range(length):
        seat(grid, grid.walk[step], second if step % 2 == 0 else first)


@njit(cache=True)
def _exchange(grid: Grid, meeting: int, here: int, there: int) -> bool:
    """Free `there` in a slot in which `here` is open, by moving the path that begins at `there`."""
    slots = grid.seats.size
    turn = _below(grid, slots)
    for i in range(slots):
        first = (i + turn) % slots
        if not _is_open(grid, here, first) or not grid.free[there, first] or grid.at[there, first] < 0:
            continue
        for second in range(slots):
            if second == first or not _is_open(grid, there, second):
                continue
            length = _path(grid, there, first, second, here)
            # A path of an odd length has one meeting more in the first slot than in the second.
            grows = second if length % 2 else first
            if length == 0 or grid.load[grows] >= grid.seats[grows]:
                continue
            _move_path(grid, length, first, second)
            seat(grid, meeting, first)
            return True
    return False


@njit(cache=True)
def _make_room(grid: Grid, slot: int) -> bool:
    """Move one meeting more out of a full slot than into it, to a slot with seats left."""
    for other in range(grid.seats.size):
        if other == slot or grid.load[other] >= grid.seats[other] or grid.load[slot] == 0:
            continue
        turn = _below(grid, grid.load[slot])
        for i in range(grid.load[slot]):
            meeting = grid.inside[slot, (i + turn) % grid.load[slot]]
            for end in (grid.low[meeting], grid.high[meeting]):
                if _is_open(grid, end, other):
                    length = _path(grid, end, slot, other, NOWHERE)
                    if length % 2:
                        _move_path(grid, length, slot, other)
                        return True
    return False


@njit(cache=True)
def _place_in_full_slot(grid: Grid, meeting: int) -> bool:
    low, high = grid.low[meeting], grid.high[meeting]
    for slot in range(grid.seats.size):
        is_full = 0 < grid.seats[slot] <= grid.load[slot]
        # The path that moves may end in another's slot, never in that of these two: they would be its even end.
        if is_full and _is_open(grid, low, slot) and _is_open(grid, high, slot) and _make_room(grid, slot):
            seat(grid, meeting, slot)
            return True
    return False


@njit(cache=True)
def place(grid: Grid, meeting: int) -> bool:
    """Put a meeting somewhere without taking any other out, moving others if that helps; say whether it worked."""
    low, high = grid.low[meeting], grid.high[meeting]
    return (
        _place_directly(grid, meeting)
        or _exchange(grid, meeting, low, high)
        or _exchange(grid, meeting, high, low)
        or _place_in_full_slot(grid, meeting)
    )


@njit(cache=True)
def _victims(grid: Grid, meeting: int, slot: int) -> Any:
    """Return the up to two meetings that would have to leave a slot; NOWHERE stands for none."""
    first, second = grid.at[grid.low[meeting], slot], grid.at[grid.high[meeting], slot]
    if first < 0 and second < 0 and grid.load[slot] >= grid.seats[slot]:
        first = grid.inside[slot, _below(grid, grid.load[slot])]
    return first, second


@njit(cache=True)
def _slot_to_take(grid: Grid, meeting: int, returns: Any, step: int, most: int) -> int:
    """Return a slot in which the fewest meetings, `most` at most, would have to leave; any one of several."""
    best, fewest, equal = NOWHERE, most + 1, 0
    for slot in range(grid.seats.size):
        both_free = grid.free[grid.low[meeting], slot] and grid.free[grid.high[meeting], slot]
        if not both_free or grid.seats[slot] == 0 or returns[meeting, slot] > step:
            continue
        first, second = _victims(grid, meeting, slot)
        leaving = (first >= 0) + (second >= 0)
        if leaving < fewest:
            best, fewest, equal = slot, leaving, 1
        elif leaving == fewest and best >= 0:
            equal += 1
            if _below(grid, equal) == 0:
                best = slot
    return best


@njit(cache=True)
def fill(grid: Grid, order: Any) -> None:
    """Place meetings, in the order given, as far as there is a place."""
    for meeting in order:
        if grid.slot[meeting] < 0:
            place(grid, meeting)


class Waiting(NamedTuple):
    """The meetings without a slot: the first `number[0]` of `meetings`; place: (m,) where each is there, or NOWHERE.

    returns: (m, s) the step from which a meeting may come back to a slot that it had to leave. A person's meetings are
    `theirs[start[person]:start[person + 1]]`.
    """

    number: IntArray
    meetings: IntArray
    place: IntArray
    returns: NDArray[np.int32]
    start: IntArray
    theirs: IntArray


@njit(cache=True)
def _waits(waiting: Waiting, meeting: int) -> None:
    waiting.place[meeting] = waiting.number[0]
    waiting.meetings[waiting.number[0]] = meeting
    waiting.number[0] += 1


@njit(cache=True)
def _waits_no_more(waiting: Waiting, meeting: int) -> None:
    waiting.number[0] -= 1
    last = waiting.meetings[waiting.number[0]]
    waiting.meetings[waiting.place[meeting]] = last
    waiting.place[last] = waiting.place[meeting]
    waiting.place[meeting] = NOWHERE


@njit(cache=True)
def _waiting_at(grid: Grid, waiting: Waiting, person: int) -> int:
    """Return one of the meetings that somebody waits for; of all that wait where they wait for none, or for NOWHERE."""
    found, equal = NOWHERE, 0
    first, end = (waiting.start[person], waiting.start[person + 1]) if person >= 0 else (0, 0)
    for at in range(first, end):
        if waiting.place[waiting.theirs[at]] >= 0:
            equal += 1
            if _below(grid, equal) == 0:
                found = waiting.theirs[at]
    return found if found >= 0 else waiting.meetings[_below(grid, waiting.number[0])]


@njit(cache=True)
def search(grid: Grid, waiting: Waiting, target: int, patience: int) -> int:
    """Let what waits walk until `target` wait or nothing got better for `patience` steps; the best is kept.

    Whoever loses a meeting on the way has a free slot now, so the walk goes on with them. Returns the steps made.
    """
    step, improved, person = 0, 0, NOWHERE
    best, fewest = grid.slot.copy(), waiting.number[0]
    while waiting.number[0] > target and step - improved < patience:
        step += 1
        meeting = _waiting_at(grid, waiting, person)
        if place(grid, meeting):
            _waits_no_more(waiting, meeting)
            person = NOWHERE
        else:
            most = 2 if waiting.number[0] < fewest + SETBACK and person < 0 else 1
            person = _take_a_slot(grid, waiting, meeting, step, most)
        if waiting.number[0] < fewest:
            best[:] = grid.slot
            fewest, improved = waiting.number[0], step
    _restore(grid, best)
    return step


@njit(cache=True)
def _take_a_slot(grid: Grid, waiting: Waiting, meeting: int, step: int, most: int) -> int:
    """Put a meeting in the place of others, which wait then; return who lost one, or NOWHERE."""
    slot = _slot_to_take(grid, meeting, waiting.returns, step, most)
    if slot < 0:
        return NOWHERE
    loses = NOWHERE
    for victim in _victims(grid, meeting, slot):
        if victim >= 0:
            lift(grid, victim)
            waiting.returns[victim, slot] = step + 1 + _below(grid, LONGEST_TENURE)
            _waits(waiting, victim)
            loses = grid.low[victim]
            if loses == grid.low[meeting] or loses == grid.high[meeting]:
                loses = grid.high[victim]
    seat(grid, meeting, slot)
    _waits_no_more(waiting, meeting)
    return loses


@njit(cache=True)
def _restore(grid: Grid, slots: Any) -> None:
    for meeting in range(slots.size):
        if grid.slot[meeting] >= 0:
            lift(grid, meeting)
    for meeting in range(slots.size):
        if slots[meeting] >= 0:
            seat(grid, meeting, slots[meeting])


@njit(cache=True)
def prefer_valuable(grid: Grid, order: Any) -> None:
    """Let meetings without a slot, the most valuable first, take the slot of one that is worth less."""
    for meeting in order:
        if grid.slot[meeting] >= 0 or place(grid, meeting):
            continue
        slot, victim = _cheapest_victim(grid, meeting)
        if victim >= 0:
            lift(grid, victim)
            seat(grid, meeting, slot)
            place(grid, victim)


@njit(cache=True)
def _cheapest_victim(grid: Grid, meeting: int) -> Any:
    slot_found, victim, least = NOWHERE, NOWHERE, grid.value[meeting]
    for slot in range(grid.seats.size):
        if not (grid.free[grid.low[meeting], slot] and grid.free[grid.high[meeting], slot] and grid.seats[slot] > 0):
            continue
        first, second = _victims(grid, meeting, slot)
        if (first >= 0) == (second >= 0):
            continue
        only = max(first, second)
        if grid.value[only] < least:
            slot_found, victim, least = slot, only, grid.value[only]
    return slot_found, victim


def waiting_in(grid: Grid) -> Waiting:
    """Return the meetings without a slot, ready for a search."""
    meetings = grid.slot.size
    ends = np.concatenate([grid.low, grid.high])
    people, slots = grid.at.shape
    left = np.flatnonzero(grid.slot < 0)
    place_of = np.full(meetings, NOWHERE, dtype=np.int64)
    place_of[left] = np.arange(left.size)
    return Waiting(
        number=np.array([left.size], dtype=np.int64),
        meetings=np.concatenate([left, np.flatnonzero(grid.slot >= 0)]),
        place=place_of,
        returns=np.zeros((meetings, slots), dtype=np.int32),
        start=np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=people))]).astype(np.int64),
        theirs=np.argsort(ends, kind="stable") % max(1, meetings),
    )
