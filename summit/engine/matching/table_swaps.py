"""Two people at two challenge tables swap seats while that helps: the compiled loop."""

from typing import Any

import numpy as np
from numba import njit

NOWHERE = -1
SWAPS, FEWEST_SWAPS = 400, 60_000
"""How many swaps are tried for each person, and in all at least."""

LEEWAY = 3.0
"""How much a swap may lose at the beginning; it shrinks to nothing."""

AGAIN = 40.0
"""What it costs that two meet again: more than anybody's interest in a table."""

SHUNNED = 100
"""As how many who meet again somebody counts whom one must not sit with."""

MIXED = 12.0
"""What it is worth that at a table somebody asks what somebody else offers."""


def improve(
    table: Any,
    number: int,
    challenge: Any,
    present: Any,
    asks: Any,
    offers: Any,
    interest: Any,
    shunned: Any,
    seed: int,
) -> None:
    """Swap people between the tables of one round; `table` is changed in place.

    table: (n, rounds). challenge: (tables,). present: who has a seat. asks, offers: boolean (n, c). interest: (n, c).
    shunned: (start, others), whom a person must not sit with is `others[start[person]:start[person + 1]]`.
    """
    seats = [np.flatnonzero(table[:, number] == place) for place in range(int(table[present, number].max()) + 1)]
    if len(seats) < 2:
        return
    inside = np.full((len(seats), max(len(group) for group in seats)), NOWHERE, dtype=np.int64)
    at = np.zeros(len(table), dtype=np.int64)
    for place, group in enumerate(seats):
        inside[place, : len(group)] = group
        at[group] = np.arange(len(group))
    counts = np.zeros((len(seats), 3), dtype=np.int64)
    for place, group in enumerate(seats):
        a, o = asks[group, challenge[place]], offers[group, challenge[place]]
        counts[place] = a.sum(), o.sum(), (a | o).sum()
    draws = np.random.default_rng([seed, 7]).integers(0, present.size, (max(FEWEST_SWAPS, SWAPS * present.size), 2))
    _swap(table, number, challenge, inside, at, counts, present, draws, asks, offers, interest, *shunned)


@njit(cache=True)
def _meets_again(
    table: Any, number: int, inside: Any, place: int, person: int, leaving: int, start: Any, others: Any
) -> int:
    """Count whom of a table, but for the one who leaves it, somebody has met before; whom they shun counts a lot."""
    met = 0
    for at in range(start[person], start[person + 1]):
        if others[at] != leaving and table[others[at], number] == place:
            met += SHUNNED
    for other in inside[place]:
        if other < 0 or other == leaving:
            continue
        for before in range(number):
            if table[person, before] >= 0 and table[person, before] == table[other, before]:
                met += 1
                break
    return met


@njit(cache=True)
def _is_mixed(counts: Any) -> Any:
    return counts[0] > 0 and counts[1] > 0 and counts[2] > 1


@njit(cache=True)
def _count(counts: Any, asks: bool, offers: bool, by: int) -> None:
    counts[0] += by * asks
    counts[1] += by * offers
    counts[2] += by * (asks or offers)


@njit(cache=True)
def _swap(
    table: Any,
    number: int,
    challenge: Any,
    inside: Any,
    at: Any,
    counts: Any,
    present: Any,
    draws: Any,
    asks: Any,
    offers: Any,
    interest: Any,
    start: Any,
    others: Any,
) -> None:
    for step in range(len(draws)):
        one, other = present[draws[step, 0]], present[draws[step, 1]]
        here, there = table[one, number], table[other, number]
        if here == there:
            continue
        gain = 0.0
        was = int(_is_mixed(counts[here])) + int(_is_mixed(counts[there]))
        for person, old, new, leaving in ((one, here, there, other), (other, there, here, one)):
            gain += interest[person, challenge[new]] - interest[person, challenge[old]]
            gain -= AGAIN * _meets_again(table, number, inside, new, person, leaving, start, others)
            gain += AGAIN * _meets_again(table, number, inside, old, person, person, start, others)
            _count(counts[old], asks[person, challenge[old]], offers[person, challenge[old]], -1)
            _count(counts[new], asks[person, challenge[new]], offers[person, challenge[new]], 1)
        gain += MIXED * (int(_is_mixed(counts[here])) + int(_is_mixed(counts[there])) - was)
        if gain > -LEEWAY * max(0.0, 1 - 1.25 * step / len(draws)) and gain != 0:
            inside[here, at[one]], inside[there, at[other]] = other, one
            at[one], at[other] = at[other], at[one]
            table[one, number], table[other, number] = there, here
        else:
            for person, old, new in ((one, here, there), (other, there, here)):
                _count(counts[old], asks[person, challenge[old]], offers[person, challenge[old]], 1)
                _count(counts[new], asks[person, challenge[new]], offers[person, challenge[new]], -1)
