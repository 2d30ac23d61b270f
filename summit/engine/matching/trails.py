"""Exchanges along alternating trails: pairs in and out by turns, so that only the two ends gain or lose a seat.

Measured with prices, no step of a trail is a gain beyond its ends but for rounding, so the best trail is a shortest
path (Dijkstra over "this person has one too few" and "one too many"). Trails bring people to their floor, fill seats
that are worth something, and close cycles around pairs that ought to be in. Compiled loops; a state of a search is
2v when person v has one too few, 2v + 1 when they have one too many.
"""

from math import inf
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from summit.engine.matching.draft import Draft, flip
from summit.engine.matching.heap import rise, sink
from summit.engine.matching.profiles import FloatArray, IntArray

STEPS = 400
"""How far a search around a pair goes, and any search once it has found an end."""

SEAT_STEPS = 8000
"""How far a search for a seat that is worth something goes; one for a floor goes on until it has found an end."""

DETOURS = 12
"""How often a search starts again without the pair that its shortest walk used twice."""

PATIENCE = 4000
"""How many trails to a floor are then tried one by one."""

LEAST_GAIN = 1e-9

PATIENCE_FOR_ALL = 600
"""How many steps all searches of an assignment may take for each person; after that they are kept short."""

FLOOR_FIRST = 1e6
"""What a seat below the floor is worth, in points: more than any exchange can lose."""


class Notes(NamedTuple):
    """What searches write down: costs and ways by state, valid where `stamp` holds the search's number.

    number: how many searches there were, how many trails were traced, how many steps were taken.
    """

    number: IntArray
    cost: FloatArray
    stamp: IntArray
    came_from: IntArray
    came_by: IntArray
    seen: IntArray
    trail: IntArray


def notes_for(draft: Draft) -> Notes:
    """Return empty notes for searches in a draft."""
    states, pairs = 2 * draft.degree.size, draft.score.size
    return Notes(
        number=np.zeros(3, dtype=np.int64),
        cost=np.zeros(states),
        stamp=np.zeros(states, dtype=np.int64),
        came_from=np.zeros(states, dtype=np.int64),
        came_by=np.zeros(states, dtype=np.int64),
        seen=np.zeros(pairs, dtype=np.int64),
        trail=np.zeros(states + 2, dtype=np.int64),
    )


@njit(cache=True)
def _worth_of_ending(draft: Draft, state: int, beginning: int, closing: int) -> float:
    """Return what an end gains, -inf where a trail can't end; the person it began with may gain (or give) two seats."""
    if closing >= 0:
        return 0.0 if state == closing else -inf
    person = state >> 1
    again = 1 if state == (beginning ^ 1) else 0
    if state == beginning:
        return -inf
    if state & 1:
        return draft.price[person] if draft.degree[person] + again < draft.ceiling[person] else -inf
    return -draft.price[person] if draft.degree[person] - again > draft.floor[person] else -inf


@njit(cache=True)
def _trace(notes: Notes, state: int, first: int) -> Any:
    """Write the trail that led to a state down; return its length and a pair that it uses twice, or -1."""
    notes.number[1] += 1
    mark = notes.number[1]
    length = 0
    if first >= 0:
        notes.trail[0] = first
        notes.seen[first] = mark
        length = 1
    while notes.came_from[state] >= 0:
        pair = notes.came_by[state]
        if notes.seen[pair] == mark:
            return 0, pair
        notes.seen[pair] = mark
        notes.trail[length] = pair
        length += 1
        state = notes.came_from[state]
    return length, -1


@njit(cache=True)
def _is_banned(banned: Any, count: int, pair: int) -> bool:
    return bool(np.any(banned[:count] == pair))


@njit(cache=True)
def _search(  # noqa: C901, PLR0915 - one loop of Dijkstra's algorithm; cut up, its state would travel through ten arguments
    draft: Draft,
    notes: Notes,
    beginning: int,
    gain: float,
    most: float,
    closing: int,
    limit: int,
    first: int,
    banned: Any,
    banned_count: int,
    for_floor: bool,
) -> Any:
    """Return the pairs to flip of the best trail (empty: none gains), and a pair that a shorter walk used twice, or -1.

    gain: what the start gains. most: what an end can gain at most. closing: the state in which a cycle closes, or -1.
    """
    notes.number[0] += 1
    number = notes.number[0]
    state = beginning
    best = LEAST_GAIN
    found = np.empty(0, np.int64)
    repeated = -1
    costs = np.empty(256)
    states = np.empty(256, np.int64)
    costs[0], states[0] = 0.0, state
    size = 1
    notes.cost[state], notes.stamp[state], notes.came_from[state] = 0.0, number, -1
    while size > 0 and limit > 0 and not (for_floor and repeated >= 0):
        cost, state = costs[0], states[0]
        size -= 1
        sink(costs, states, size)
        if gain + most - cost <= best:
            break
        if cost > notes.cost[state]:
            continue
        limit -= 1
        notes.number[2] += 1
        end = _worth_of_ending(draft, state, beginning, closing)
        if end > -inf and gain + end - cost > best:
            length, twice = _trace(notes, state, first)
            if twice >= 0:
                repeated = twice
            elif length > 0:
                best = gain + end - cost
                found = notes.trail[:length].copy()
                limit = min(limit, STEPS)
        person = state >> 1
        budget = gain + most - best - cost
        gives_up = (state & 1) == 1
        steps = draft.degree[person] if gives_up else draft.start[person + 1] - draft.start[person]
        for at in range(steps):
            pair = draft.seats[person, at] if gives_up else draft.pair[draft.start[person] + at]
            step = draft.worth[pair] if gives_up else -draft.worth[pair]
            if not gives_up:
                if draft.toll + step > budget:
                    break
                if draft.chosen[pair]:
                    continue
            total = cost + draft.toll + max(0.0, step)
            other = draft.low[pair] + draft.high[pair] - person
            following = 2 * other + (0 if gives_up else 1)
            is_new = notes.stamp[following] != number
            if (is_new or total < notes.cost[following]) and not _is_banned(banned, banned_count, pair):
                notes.cost[following], notes.stamp[following] = total, number
                notes.came_from[following], notes.came_by[following] = state, pair
                if size == costs.size:
                    costs = np.concatenate((costs, np.empty(size)))
                    states = np.concatenate((states, np.empty(size, np.int64)))
                rise(costs, states, size, total, following)
                size += 1
    return found, repeated


@njit(cache=True)
def flip_best(
    draft: Draft, notes: Notes, beginning: int, gain: float, most: float, closing: int, first: int, limit: int
) -> bool:
    """Flip the best trail of a search, led around pairs that its walks use twice; say whether there was one."""
    banned = np.empty(DETOURS, np.int64)
    for count in range(DETOURS):
        trail, repeated = _search(draft, notes, beginning, gain, most, closing, limit, first, banned, count, False)
        if trail.size:
            flip(draft, trail)
            return True
        if repeated < 0:
            return False
        banned[count] = repeated
    return False


@njit(cache=True)
def best_end(draft: Draft) -> float:
    """Return the most that the far end of a trail can be worth."""
    best = 0.0
    for person in range(draft.degree.size):
        price = draft.price[person]
        if draft.degree[person] < draft.ceiling[person]:
            best = max(best, price)
        if draft.degree[person] > draft.floor[person]:
            best = max(best, -price)
    return best


@njit(cache=True)
def reach_floors(draft: Draft, notes: Notes) -> Any:
    """Bring everybody to their floor as far as trails can; return who stays below."""
    stuck = []
    most = best_end(draft)
    for person in range(draft.degree.size):
        while draft.degree[person] < draft.floor[person]:
            trail = _trail_to_floor(draft, notes, person, most)
            if trail.size == 0:
                stuck.append(person)
                break
            flip(draft, trail)
    return np.array(stuck, dtype=np.int64) if len(stuck) else np.empty(0, np.int64)


@njit(cache=True)
def _is_late(draft: Draft, notes: Notes) -> bool:
    return bool(notes.number[2] > PATIENCE_FOR_ALL * draft.degree.size)


@njit(cache=True)
def _trail_to_floor(draft: Draft, notes: Notes, person: int, most: float) -> Any:
    """Find the cheapest trail that gives a person a seat; a shortest walk that uses a pair twice is led around it."""
    banned = np.empty(DETOURS, np.int64)
    count = 0
    limit = STEPS if _is_late(draft, notes) else 4 * draft.degree.size + STEPS
    gain = max(most, LEAST_GAIN)
    for _ in range(DETOURS):
        trail, repeated = _search(draft, notes, 2 * person, gain, most, -1, limit, -1, banned, count, True)
        if trail.size:
            return trail
        if repeated >= 0:
            banned[count] = repeated
            count += 1
        elif gain < FLOOR_FIRST:
            gain = FLOOR_FIRST  # a narrow search first: most trails cost next to nothing
        else:
            break
    if count or draft.ceiling[person] - draft.degree[person] >= 2:
        return _any_trail(draft, person)
    return np.empty(0, np.int64)


@njit(cache=True)
def _may_end(draft: Draft, start: int, state: int) -> bool:
    person = state >> 1
    if state & 1:
        return bool(draft.degree[person] + (1 if person == start else 0) < draft.ceiling[person])
    return bool(person != start and draft.degree[person] > draft.floor[person])


@njit(cache=True)
def _walk_to(parents: Any, pairs: Any, at: int) -> Any:
    length = 0
    node = at
    while parents[node] >= 0:
        length += 1
        node = parents[node]
    trail = np.empty(length, np.int64)
    node = at
    for step in range(length):
        trail[step] = pairs[node]
        node = parents[node]
    return trail


@njit(cache=True)
def _is_on_way(parents: Any, pairs: Any, at: int, pair: int) -> bool:
    while parents[at] >= 0:
        if pairs[at] == pair:
            return True
        at = parents[at]
    return False


@njit(cache=True)
def _any_trail(draft: Draft, start: int) -> Any:
    """Find the shortest trail to a floor by trying them all: an odd cycle can make every shortest walk useless."""
    room = 64 * PATIENCE
    states = np.empty(room, np.int64)
    parents = np.empty(room, np.int64)
    pairs = np.empty(room, np.int64)
    states[0], parents[0], pairs[0] = 2 * start, -1, -1
    size = 1
    for at in range(PATIENCE):
        if at >= size:
            break
        state = states[at]
        person = state >> 1
        if at > 0 and _may_end(draft, start, state):
            return _walk_to(parents, pairs, at)
        gives_up = (state & 1) == 1
        steps = draft.degree[person] if gives_up else draft.start[person + 1] - draft.start[person]
        for step in range(steps):
            pair = draft.seats[person, step] if gives_up else draft.pair[draft.start[person] + step]
            if (draft.chosen[pair] and not gives_up) or size >= room or _is_on_way(parents, pairs, at, pair):
                continue
            other = draft.low[pair] + draft.high[pair] - person
            states[size], parents[size], pairs[size] = 2 * other + (0 if gives_up else 1), at, pair
            size += 1
    return np.empty(0, np.int64)


@njit(cache=True)
def improve(draft: Draft, notes: Notes, rounds: int, least_worth: float) -> None:
    """Raise the value along trails until none helps, or for so many rounds. Floors once reached stay reached.

    least_worth: a pair out of place by less than this is left alone.
    """
    for _ in range(rounds):
        gained = _fill_seats(draft, notes) + _leave_costly_seats(draft, notes)
        gained += _close_cycles(draft, notes, least_worth)
        if gained == 0:
            return


@njit(cache=True)
def _fill_seats(draft: Draft, notes: Notes) -> int:
    """Give seats to people whose seats are worth something."""
    most = best_end(draft)
    gained = 0
    for person in np.argsort(-draft.price, kind="mergesort"):
        price = draft.price[person]
        if price <= 0 or _is_late(draft, notes):
            break
        while draft.degree[person] < draft.ceiling[person]:
            if not flip_best(draft, notes, 2 * person, price, most, -1, -1, SEAT_STEPS):
                break
            gained += 1
    return gained


@njit(cache=True)
def _leave_costly_seats(draft: Draft, notes: Notes) -> int:
    """Take seats back from people above their floor whose seats cost others more than they are worth."""
    most = best_end(draft)
    gained = 0
    for person in range(draft.degree.size):
        price = draft.price[person]
        while price < 0 and draft.degree[person] > draft.floor[person]:
            if not flip_best(draft, notes, 2 * person + 1, -price, most, -1, -1, STEPS):
                break
            gained += 1
    return gained


@njit(cache=True)
def _close_cycles(draft: Draft, notes: Notes, least_worth: float) -> int:
    """Bring in pairs that are worth more than the prices of their seats, and out those worth less, around cycles."""
    gained = 0
    for pair in draft.order:
        if _is_late(draft, notes):
            break
        gained += close_cycle(draft, notes, pair, least_worth)
    return gained


@njit(cache=True)
def close_cycle(draft: Draft, notes: Notes, pair: int, least_worth: float) -> bool:
    """Bring one pair in or out around a cycle, if it is out of place by more than this; say whether it was done."""
    worth, low, high = draft.worth[pair], draft.low[pair], draft.high[pair]
    if abs(worth) <= least_worth or draft.chosen[pair] != (worth < 0):
        return False
    if worth < 0:
        return bool(flip_best(draft, notes, 2 * high, -worth, 0.0, 2 * low + 1, pair, STEPS))
    return bool(flip_best(draft, notes, 2 * high + 1, worth, 0.0, 2 * low, pair, STEPS))
