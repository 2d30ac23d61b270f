"""Challenge tables: groups of four to eight around one challenge, asks beside offers, new people in every round."""

from dataclasses import dataclass
from math import ceil, sqrt
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray
from summit.engine.matching.table_swaps import NOWHERE, improve

SMALLEST, LARGEST, USUAL = 4, 8, 6
A_SIDE = 3
"""How many who ask, and how many who offer, a table is started with."""

SAT_THERE = 0.5
"""What is left of somebody's interest in a challenge at whose table they sat already."""


@dataclass(frozen=True, eq=False)
class ChallengeTables:
    """Who sits where: table: (n, rounds), -1 for nowhere. challenge: (rounds, most tables), -1 for a table not used.

    repeats counts, over all rounds but the first, the pairs that sit together again. unmixed are the (round, table)
    without an ask beside somebody else's offer.
    """

    table: IntArray
    challenge: IntArray
    repeats: int
    unmixed: tuple[tuple[int, int], ...]


def seat_at_challenges(
    asks: csr_array,
    offers: csr_array,
    working_on: csr_array,
    free: BoolArray,
    tables: int,
    *,
    apart: IntArray | None = None,
    seed: int = 0,
) -> ChallengeTables:
    """Seat everybody who is free in every round, as far as there are tables; fewer than four have none.

    asks, offers, working_on: sparse (n, c), priorities. free: (n, rounds). apart: (k, 2) pairs who must not share a
    table: where swaps can't part them, one of them has no seat. Interest is what somebody asks and offers,
    and half of what they work on. Each round starts from the challenge that most people still without a seat want,
    and is improved by swapping two people at a time; not meeting again counts for more than any interest.
    """
    people, rounds = free.shape
    table = np.full((people, rounds), NOWHERE, dtype=np.int64)
    challenge = np.full((rounds, max(0, tables)), NOWHERE, dtype=np.int64)
    draw = np.random.default_rng(seed)
    shunned = _both_ways(np.empty((0, 2), dtype=np.int64) if apart is None else apart, people)
    if asks.shape[1] == 0:
        return ChallengeTables(table, challenge, 0, ())
    asked, offered = (matrix.toarray().astype(np.float64) for matrix in (asks, offers))
    interest = asked + offered + working_on.toarray() / 2
    for number in range(rounds):
        present = _present(free[:, number], table[:, :number], tables, draw)
        sizes = _sizes(present.size, rounds, people, tables)
        if not sizes:
            continue
        challenge[number, : len(sizes)] = _start(table[:, number], present, sizes, asked, offered, interest)
        wishes = (asked > 0, offered > 0, interest)
        improve(table, number, challenge[number], present, *wishes, shunned, seed * rounds + number)
        _part(table[:, number], challenge[number], shunned)
        seated = present[table[present, number] >= 0]
        interest[seated, challenge[number, table[seated, number]]] *= SAT_THERE
    return ChallengeTables(table, challenge, _repeats(table), _unmixed(table, challenge, asked, offered))


def _present(free: BoolArray, before: IntArray, tables: int, draw: np.random.Generator) -> IntArray:
    """Return who can be seated; where there are too few tables, those who have sat most often stay out."""
    here = draw.permutation(np.flatnonzero(free))
    most = max(0, tables) * LARGEST
    if here.size > most:
        here = here[np.argsort((before[here] >= 0).sum(axis=1), kind="stable")][:most]
    return np.sort(here)


def _sizes(present: int, rounds: int, people: int, tables: int) -> list[int]:
    """Return the tables' sizes: as usual, or smaller where only so nobody need meet the same people again.

    A table holds people from as many tables of the round before, so there must be as many tables as seats at one.
    """
    if present < SMALLEST or tables < 1:
        return []
    target = min(USUAL, max(SMALLEST, 1 + (people - 1) // max(1, rounds)))
    fewest = -(-present // LARGEST)
    number = min(
        tables, present // SMALLEST, max(fewest, ceil(sqrt(present)) if rounds > 1 else 1, round(present / target))
    )
    return [present // number + (1 if i < present % number else 0) for i in range(number)]


def _start(
    seats: IntArray, present: IntArray, sizes: list[int], asked: FloatArray, offered: FloatArray, interest: FloatArray
) -> IntArray:
    """Open one table after another at the challenge most wanted by those without a seat; return the challenges."""
    waiting = np.zeros(len(interest), dtype=np.bool_)
    waiting[present] = True
    chosen = np.zeros(len(sizes), dtype=np.int64)
    askers, offerers, wanted = (
        (matrix[present] > 0).sum(axis=0).astype(np.float64) for matrix in (asked, offered, interest)
    )
    for number, size in enumerate(sizes):
        mixed = np.minimum(askers, A_SIDE) + np.minimum(offerers, A_SIDE) + np.minimum(wanted, size)
        topic = int(np.lexsort((-wanted, -mixed))[0])
        chosen[number] = topic
        group = _group(np.flatnonzero(waiting), size, asked[:, topic], offered[:, topic], interest[:, topic])
        seats[group] = number
        waiting[group] = False
        askers -= (asked[group] > 0).sum(axis=0)
        offerers -= (offered[group] > 0).sum(axis=0)
        wanted -= (interest[group] > 0).sum(axis=0)
    return chosen


def _group(waiting: IntArray, size: int, asked: FloatArray, offered: FloatArray, interest: FloatArray) -> IntArray:
    """Return the first people of a table: those who ask and those who offer most, then whoever is most interested."""
    group: list[int] = []
    for wish, most in ((asked, A_SIDE), (offered, 2 * A_SIDE), (interest, size)):
        rest = waiting[~np.isin(waiting, group)]
        rest = rest[wish[rest] > 0]
        group += rest[np.argsort(-wish[rest], kind="stable")][: min(most, size) - min(len(group), most, size)].tolist()
    rest = waiting[~np.isin(waiting, group)]
    return np.array([*group, *rest[: size - len(group)].tolist()], dtype=np.int64)


def _both_ways(apart: IntArray, people: int) -> tuple[IntArray, IntArray]:
    """Return start and others: whom a person must not sit with is `others[start[person]:start[person + 1]]`."""
    both = np.unique(np.concatenate([apart, apart[:, ::-1]]), axis=0)
    start = np.searchsorted(both[:, 0], np.arange(people + 1))
    return start.astype(np.int64), np.ascontiguousarray(both[:, 1])


def _part(seats: IntArray, challenge: IntArray, shunned: tuple[IntArray, IntArray]) -> None:
    """Take the seat of whoever still shares a table with somebody they must not; a table of three then closes."""
    start, others = shunned
    for person in np.flatnonzero((np.diff(start) > 0) & (seats >= 0)):
        place = seats[person]
        if place >= 0 and np.any(seats[others[start[person] : start[person + 1]]] == place):
            seats[person] = NOWHERE
            if np.count_nonzero(seats == place) < SMALLEST:
                seats[seats == place] = NOWHERE
                challenge[place] = NOWHERE


def _repeats(table: IntArray) -> int:
    """Count the pairs that sit together again."""
    met: set[tuple[int, int]] = set()
    repeats = 0
    for number in range(table.shape[1]):
        for pair in sorted(pairs_at(table[:, number])):
            repeats += pair in met
            met.add(pair)
    return repeats


def pairs_at(seats: IntArray) -> set[tuple[int, int]]:
    """Return the pairs who share a table in a round."""
    order = np.argsort(seats, kind="stable")
    order = order[seats[order] >= 0]
    groups = np.split(order, np.flatnonzero(np.diff(seats[order])) + 1)
    return {(int(a), int(b)) for group in groups for i, a in enumerate(np.sort(group)) for b in np.sort(group)[i + 1 :]}


def _unmixed(table: IntArray, challenge: IntArray, asked: Any, offered: Any) -> tuple[tuple[int, int], ...]:
    found = []
    for number, seats in enumerate(challenge):
        for place in np.flatnonzero(seats >= 0):
            group = np.flatnonzero(table[:, number] == place)
            asks, offers = asked[group, seats[place]] > 0, offered[group, seats[place]] > 0
            if not (asks.any() and offers.any() and (asks | offers).sum() > 1):
                found.append((number, int(place)))
    return tuple(found)


def check_challenge_tables(free: BoolArray, tables: int, found: ChallengeTables) -> None:
    """Check sizes, presence and the count of repeats from their definitions.

    Raises:
        ValueError: on the first table that can't be.
    """
    seen: list[frozenset[int]] = []
    for number in range(free.shape[1]):
        groups: dict[int, list[int]] = {}
        for person, place in enumerate(found.table[:, number].tolist()):
            if place >= 0 and not free[person, number]:
                raise ValueError(f"Person {person} is not free in round {number}.")
            if place >= 0:
                groups.setdefault(place, []).append(person)
        for place, group in groups.items():
            if place >= tables or found.challenge[number, place] < 0:
                raise ValueError(f"Round {number} has no table {place}.")
            if not SMALLEST <= len(group) <= LARGEST:
                raise ValueError(f"Table {place} of round {number} seats {len(group)}; it must be 4 to 8.")
            seen += [frozenset((a, b)) for i, a in enumerate(group) for b in group[i + 1 :]]
    if len(seen) - len(set(seen)) != found.repeats:
        raise ValueError(f"{len(seen) - len(set(seen))} pairs meet again, not {found.repeats}.")
