"""An assignment being made: which candidates are chosen, and how many seats everybody has taken. Compiled loops."""

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from summit.engine.matching.candidates import Candidates
from summit.engine.matching.profiles import FloatArray, IntArray


class Draft(NamedTuple):
    """Chosen pairs among m candidates of n people, as arrays that the loops change in place.

    worth: (m,) score beyond the prices of the pair's people. order: pairs, the worthiest first. The pairs of a person,
    the worthiest first, are `pair[start[person]:start[person + 1]]`. seats: (n, most seats) the chosen pairs of a
    person, of which the first `degree[person]` count. toll: what every step of an exchange costs, so that fewer lists
    change.
    """

    low: IntArray
    high: IntArray
    score: FloatArray
    worth: FloatArray
    price: FloatArray
    floor: IntArray
    ceiling: IntArray
    order: IntArray
    start: IntArray
    pair: IntArray
    chosen: NDArray[np.bool_]
    degree: IntArray
    seats: IntArray
    toll: float


def draft_of(
    candidates: Candidates, prices: FloatArray, floor: IntArray, ceiling: IntArray, toll: float = 0.0
) -> Draft:
    """Return a draft without any chosen pair. O(m log m)."""
    people = candidates.people
    worth = candidates.reduced(prices)
    order = np.argsort(-worth, kind="stable")
    start, pair = _by_person(people, candidates.low, candidates.high, order)
    return Draft(
        low=candidates.low,
        high=candidates.high,
        score=candidates.scores,
        worth=worth,
        price=prices,
        floor=floor,
        ceiling=ceiling,
        order=order,
        start=start,
        pair=pair,
        chosen=np.zeros(worth.size, dtype=np.bool_),
        degree=np.zeros(people, dtype=np.int64),
        seats=np.zeros((people, max(1, int(ceiling.max(initial=0)))), dtype=np.int64),
        toll=toll,
    )


def chosen_pairs(draft: Draft) -> IntArray:
    """Return the chosen candidates, in their order."""
    return np.flatnonzero(draft.chosen)


def below_floor(draft: Draft) -> IntArray:
    """Return the people below their floor."""
    return np.flatnonzero(draft.degree < draft.floor)


@njit(cache=True)
def _by_person(people: int, low: Any, high: Any, order: Any) -> Any:
    start = np.zeros(people + 1, np.int64)
    for at in range(low.size):
        start[low[at] + 1] += 1
        start[high[at] + 1] += 1
    for person in range(people):
        start[person + 1] += start[person]
    end = start[:-1].copy()
    pair = np.empty(2 * low.size, np.int64)
    for at in order:
        pair[end[low[at]]] = at
        end[low[at]] += 1
        pair[end[high[at]]] = at
        end[high[at]] += 1
    return start, pair


@njit(cache=True)
def choose(draft: Draft, pair: int) -> None:
    """Take a pair in."""
    draft.chosen[pair] = True
    for person in (draft.low[pair], draft.high[pair]):
        draft.seats[person, draft.degree[person]] = pair
        draft.degree[person] += 1


@njit(cache=True)
def drop(draft: Draft, pair: int) -> None:
    """Take a pair out."""
    draft.chosen[pair] = False
    for person in (draft.low[pair], draft.high[pair]):
        last = draft.degree[person] - 1
        for at in range(last):
            if draft.seats[person, at] == pair:
                draft.seats[person, at] = draft.seats[person, last]
                break
        draft.degree[person] = last


@njit(cache=True)
def flip(draft: Draft, trail: Any) -> None:
    """Take the trail's chosen pairs out, and then its other pairs in."""
    was = np.empty(trail.size, np.bool_)
    for at in range(trail.size):
        was[at] = draft.chosen[trail[at]]
    for at in range(trail.size):
        if was[at]:
            drop(draft, trail[at])
    for at in range(trail.size):
        if not was[at]:
            choose(draft, trail[at])


@njit(cache=True)
def fill(draft: Draft) -> None:
    """Choose pairs while both have a seat, the worthiest first; without a common topic only towards a floor."""
    for pair in draft.order:
        low, high = draft.low[pair], draft.high[pair]
        if draft.chosen[pair] or draft.degree[low] >= draft.ceiling[low] or draft.degree[high] >= draft.ceiling[high]:
            continue
        if draft.score[pair] > 0 or draft.degree[low] < draft.floor[low] or draft.degree[high] < draft.floor[high]:
            choose(draft, pair)


@njit(cache=True)
def drop_needless_bridges(draft: Draft) -> None:
    """Drop the pairs with score 0 that neither side needs for their floor."""
    for pair in range(draft.chosen.size):
        if draft.chosen[pair] and draft.score[pair] <= 0:
            low, high = draft.low[pair], draft.high[pair]
            if draft.degree[low] > draft.floor[low] and draft.degree[high] > draft.floor[high]:
                drop(draft, pair)


@njit(cache=True)
def join_bridges(draft: Draft) -> None:
    """Put one bridge between two people in place of two bridges to others who need none."""
    for person in range(draft.degree.size):
        bridge = _spare_bridge(draft, person)
        if bridge < 0:
            continue
        for at in range(draft.start[person], draft.start[person + 1]):
            pair = draft.pair[at]
            if draft.chosen[pair] or draft.score[pair] > 0:
                continue
            other = draft.low[pair] + draft.high[pair] - person
            theirs = _spare_bridge(draft, other)
            if theirs < 0 or _shares_a_host(draft, bridge, person, theirs, other):
                continue
            drop(draft, bridge)
            drop(draft, theirs)
            choose(draft, pair)
            break


@njit(cache=True)
def _spare_bridge(draft: Draft, person: int) -> int:
    """Return a bridge of somebody whose other side is above their floor, or -1."""
    for at in range(draft.degree[person]):
        pair = draft.seats[person, at]
        host = draft.low[pair] + draft.high[pair] - person
        if draft.score[pair] <= 0 and draft.degree[host] > draft.floor[host]:
            return int(pair)
    return -1


@njit(cache=True)
def _shares_a_host(draft: Draft, bridge: int, person: int, theirs: int, other: int) -> bool:
    """Say whether both bridges lead to one host who has only one match to spare."""
    host = draft.low[bridge] + draft.high[bridge] - person
    same = host == draft.low[theirs] + draft.high[theirs] - other
    return bool(same and draft.degree[host] - draft.floor[host] < 2)


@njit(cache=True)
def choose_all(draft: Draft, pairs: Any) -> None:
    """Take pairs in as far as there are seats for them."""
    for pair in pairs:
        low, high = draft.low[pair], draft.high[pair]
        if draft.degree[low] < draft.ceiling[low] and draft.degree[high] < draft.ceiling[high]:
            choose(draft, pair)
