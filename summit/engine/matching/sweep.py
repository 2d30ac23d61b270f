"""Every pair scored once, by compiled loops: everybody's best partners, and what pairs are worth beyond prices.

The formulas are those of `scoring.py`, which the tests hold this against. Row by row, what a person shares with those
after them is added up challenge by challenge (only over people who have the challenge), then combined in stretches that
the processor works on side by side. In single precision: good enough to choose by; what is chosen is scored again.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from summit.engine.matching.lanes import Float32Array, Int32Array, Lanes, Rows
from summit.engine.matching.profiles import FloatArray

STRETCH = 256
"""How many partners are combined at a time; their sums then stay in the processor's nearest cache."""

LOT = 0.005
"""How many points a lot is worth at most."""

STRIDE = 7919
"""A prime: lots of one person stand this far from those of the next."""

FORBIDDEN = np.float32(-1e30)


class Sums(NamedTuple):
    """What a person shares with everybody, while it is added up: one number for each of the others."""

    gains: Float32Array
    gives: Float32Array
    shared: Float32Array
    extras: Float32Array
    far: Float32Array
    scores: Float32Array


class Found(NamedTuple):
    """The best partners so far: heaps by person, how full they are, and what a partner must be worth to get in."""

    partners: Int32Array
    values: Float32Array
    sizes: NDArray[np.int64]
    least: Float32Array


@dataclass(frozen=True, eq=False)
class Swept:
    """What a sweep found: partners and scores (n, width), -1 where there are fewer, and the surplus over all pairs."""

    partners: Int32Array
    scores: Float32Array
    surplus: float


def lots_for(people: int) -> Float32Array:
    """Draw by how much a sweep should favour one of equals, so that not everybody is sent to the same few.

    (2 n,): the pair of persons i < j gets the entry at j plus a step that depends on i. The same for the same number.
    """
    drawn = np.random.default_rng(people).random(people) * LOT
    return np.concatenate([drawn, drawn]).astype(np.float32)


def sweep(lanes: Lanes, prices: FloatArray, least: FloatArray, width: int, lots: Float32Array | None = None) -> Swept:
    """Find for each person the `width` partners with the most score beyond the partner's price.

    prices: (n,). least: (n,), what a partner must be worth beyond their price to be found; scores of 0 and less never
    are. lots: (2 n,) from `lots_for`, which the scores then hold as well. O(n²) time at worst, with a small constant;
    O(n width) memory.
    """
    found = Found(
        partners=np.full((least.size, max(1, width)), -1, dtype=np.int32),
        values=np.full((least.size, max(1, width)), FORBIDDEN, dtype=np.float32),
        sizes=np.zeros(least.size, dtype=np.int64),
        least=least.astype(np.float32),
    )
    drawn = np.zeros(2 * least.size, dtype=np.float32) if lots is None else lots
    surplus = _sweep(lanes, prices.astype(np.float32), drawn, found)
    return Swept(found.partners, found.values, surplus)


def best_of(lanes: Lanes, people: NDArray[np.int64], prices: FloatArray, width: int) -> tuple[Int32Array, Float32Array]:
    """Find the best partners of a few people at given prices: partners (k, width), -1 where fewer, and scores."""
    partners = np.full((people.size, width), -1, dtype=np.int32)
    scores = np.zeros((people.size, width), dtype=np.float32)
    rows = _full_rows(lanes, people, prices.size)
    for at, row in enumerate(rows):
        good = np.flatnonzero(row > 0)
        if good.size > width:
            good = good[np.argpartition(row[good] - prices[good], good.size - width)[good.size - width :]]
        partners[at, : good.size], scores[at, : good.size] = good, row[good]
    return partners, scores


@njit(cache=True)
def _full_rows(lanes: Lanes, persons: Any, people: int) -> Any:
    """Score a few people with everybody, those before them as well."""
    rows = np.empty((persons.size, people), np.float32)
    base = np.float32(1.0) + lanes.numbers[2]
    none = np.zeros(STRETCH, np.float32)
    for at in range(persons.size):
        person = persons[at]
        sums = _empty_sums(people, base)
        _add_product(sums.gains, lanes.wanted, lanes.offers_columns, lanes.offers_columns[0], person)
        _add_product(sums.gives, lanes.offers, lanes.wanted_columns, lanes.wanted_columns[0], person)
        _add_product(sums.shared, lanes.shared, lanes.shared_columns, lanes.shared_columns[0], person)
        for to in range(lanes.extras[0][person], lanes.extras[0][person + 1]):
            sums.extras[lanes.extras[1][to]] = lanes.extras[2][to]
        _forbid(lanes, sums.extras, person, -1)
        _set_reach(lanes.ties, person, sums.far, lanes.numbers[2])
        for start in range(0, people, STRETCH):
            stop = min(people, start + STRETCH)
            rows[at, start:stop] = _score_stretch(
                sums, lanes.kind, lanes.free, lanes.numbers, none[: stop - start], person, start, stop
            )
        rows[at, person] = FORBIDDEN
    return rows


@njit(cache=True, fastmath=True, error_model="numpy")
def _add(sums: Any, factor: Any, columns: Any, values: Any, start: int, stop: int) -> None:
    for at in range(start, stop):
        sums[columns[at]] += factor * values[at]


@njit(cache=True, fastmath=True, error_model="numpy")
def _combine(
    gains: Any,
    gives: Any,
    shared: Any,
    extras: Any,
    far: Any,
    kind: Any,
    lots: Any,
    own_kind: Any,
    numbers: Any,
    scores: Any,
) -> None:
    share = numbers[0]
    lesser_share = np.float32(2.0) * (np.float32(1.0) - share)
    kind_points = numbers[1] if own_kind >= 0 else np.float32(0.0)
    for at in range(scores.size):
        gain = gains[at]
        give = gives[at]
        lesser = gain if gain < give else give
        topics = share * (gain + give) + lesser_share * lesser + shared[at]
        other = kind_points if (kind[at] != own_kind) & (kind[at] >= 0) else np.float32(0.0)
        score = topics * (far[at] + other) + extras[at]
        scores[at] = score + (lots[at] if score > np.float32(0.0) else np.float32(0.0))


@njit(cache=True, fastmath=True, error_model="numpy")
def _weigh(scores: Any, prices: Any, least: Any, own_price: Any, own_least: Any) -> Any:
    """Count who should be looked at, and add up what is worth more than both prices."""
    hits = np.int32(0)
    surplus = np.float32(0.0)
    for at in range(scores.size):
        score = scores[at]
        hits += np.int32(score - prices[at] > own_least) + np.int32(score - own_price > least[at])
        worth = score - own_price - prices[at]
        surplus += worth if worth > np.float32(0.0) else np.float32(0.0)
    return hits, surplus


@njit(cache=True)
def _push(found: Found, person: int, value: Any, partner: int) -> None:
    """Put a partner into a person's heap, whose least is on top; a full one lets the least go and asks for more."""
    values, partners = found.values[person], found.partners[person]
    size, width = found.sizes[person], found.values.shape[1]
    if size < width:
        at = size
        while at > 0 and values[(at - 1) >> 1] > value:
            values[at], partners[at] = values[(at - 1) >> 1], partners[(at - 1) >> 1]
            at = (at - 1) >> 1
        found.sizes[person] = size + 1
    else:
        at = 0
        while 2 * at + 1 < width:
            child = 2 * at + 1
            if child + 1 < width and values[child + 1] < values[child]:
                child += 1
            if values[child] >= value:
                break
            values[at], partners[at] = values[child], partners[child]
            at = child
    values[at], partners[at] = value, partner
    if found.sizes[person] == width:
        found.least[person] = max(found.least[person], values[0])


@njit(cache=True)
def _skip_to(rows: Rows, row: int, after: int) -> int:
    """Return where in a sorted row the columns beyond a position begin."""
    low = rows[0][row]
    high = rows[0][row + 1]
    while low < high:
        middle = (low + high) >> 1
        if rows[1][middle] <= after:
            low = middle + 1
        else:
            high = middle
    return int(low)


@njit(cache=True)
def _set_reach(ties: Rows, person: int, far: Any, distance: Any) -> None:
    """Half of the distance's points at two steps in the graph of ties, none at one."""
    half = np.float32(1.0) + distance / np.float32(2.0)
    for at in range(ties[0][person], ties[0][person + 1]):
        middle = ties[1][at]
        for beyond in range(ties[0][middle], ties[0][middle + 1]):
            far[ties[1][beyond]] = half
    for at in range(ties[0][person], ties[0][person + 1]):
        far[ties[1][at]] = np.float32(1.0)


@njit(cache=True)
def _unset_reach(ties: Rows, person: int, far: Any, base: Any) -> None:
    for at in range(ties[0][person], ties[0][person + 1]):
        middle = ties[1][at]
        far[middle] = base
        for beyond in range(ties[0][middle], ties[0][middle + 1]):
            far[ties[1][beyond]] = base


@njit(cache=True)
def _add_product(sums: Any, rows: Rows, columns: Rows, starts: Any, person: int) -> None:
    """Add up what a person's row shares with everybody after them.

    starts: where in each column those after the person begin, kept by `_advance`.
    """
    for at in range(rows[0][person], rows[0][person + 1]):
        column = rows[1][at]
        _add(sums, rows[2][at], columns[1], columns[2], starts[column], columns[0][column + 1])


@njit(cache=True)
def _advance(rows: Rows, columns: Rows, starts: Any, person: int) -> None:
    """Move past this person in the columns of everything they have: only those after them are left."""
    for at in range(rows[0][person], rows[0][person + 1]):
        column = rows[1][at]
        if starts[column] < columns[0][column + 1] and columns[1][starts[column]] == person:
            starts[column] += 1


@njit(cache=True)
def _forbid(lanes: Lanes, extras: Any, person: int, after: int) -> None:
    """Mark those beyond a position whom a hard rule keeps apart from a person."""
    for at in range(_skip_to(lanes.barred, person, after), lanes.barred[0][person + 1]):
        extras[lanes.barred[1][at]] = FORBIDDEN
    own = lanes.organization[person]
    if own >= 0:
        for at in range(_skip_to(lanes.members, own, after), lanes.members[0][own + 1]):
            extras[lanes.members[1][at]] = FORBIDDEN


@njit(cache=True)
def _forbid_without_slot(scores: Any, free: Any, own: Any) -> None:
    for at in range(scores.size):
        if (free[at] & own) == 0:
            scores[at] = FORBIDDEN


@njit(cache=True)
def _score_stretch(
    sums: Sums, kind: Any, free: Any, numbers: Any, lots: Any, person: int, start: int, stop: int
) -> Any:
    """Return a person's scores with a stretch of the others, and leave the sums empty for the next person."""
    zero = np.float32(0.0)
    scores = sums.scores[: stop - start]
    _combine(
        sums.gains[start:stop],
        sums.gives[start:stop],
        sums.shared[start:stop],
        sums.extras[start:stop],
        sums.far[start:stop],
        kind[start:stop],
        lots,
        kind[person],
        numbers,
        scores,
    )
    sums.gains[start:stop] = zero
    sums.gives[start:stop] = zero
    sums.shared[start:stop] = zero
    sums.extras[start:stop] = zero
    if numbers[3] > zero:
        _forbid_without_slot(scores, free[start:stop], free[person])
    return scores


@njit(cache=True)
def _note(found: Found, scores: Any, prices: Any, person: int, start: int) -> None:
    """Put those of a stretch who are worth it into the heaps of both sides."""
    own_price = prices[person]
    for at in range(scores.size):
        score, other = scores[at], start + at
        if score <= np.float32(0.0):
            continue
        if score - prices[other] > found.least[person]:
            _push(found, person, score - prices[other], other)
        if score - own_price > found.least[other]:
            _push(found, other, score - own_price, person)


@njit(cache=True)
def _empty_sums(people: int, base: Any) -> Sums:
    return Sums(
        np.zeros(people, np.float32),
        np.zeros(people, np.float32),
        np.zeros(people, np.float32),
        np.zeros(people, np.float32),
        np.full(people, base, np.float32),
        np.empty(STRETCH, np.float32),
    )


@njit(cache=True)
def _sweep(lanes: Lanes, prices: Any, lots: Any, found: Found) -> float:
    """Score everybody with everybody after them; return the surplus over all pairs, leave the best in `found`."""
    people = prices.size
    base = np.float32(1.0) + lanes.numbers[2]
    sums = _empty_sums(people, base)
    wanted_from = lanes.wanted_columns[0][:-1].copy()
    offers_from = lanes.offers_columns[0][:-1].copy()
    shared_from = lanes.shared_columns[0][:-1].copy()
    total = 0.0
    for person in range(people):
        _advance(lanes.wanted, lanes.wanted_columns, wanted_from, person)
        _advance(lanes.offers, lanes.offers_columns, offers_from, person)
        _advance(lanes.shared, lanes.shared_columns, shared_from, person)
        _add_product(sums.gains, lanes.wanted, lanes.offers_columns, offers_from, person)
        _add_product(sums.gives, lanes.offers, lanes.wanted_columns, wanted_from, person)
        _add_product(sums.shared, lanes.shared, lanes.shared_columns, shared_from, person)
        for at in range(_skip_to(lanes.extras, person, person), lanes.extras[0][person + 1]):
            sums.extras[lanes.extras[1][at]] = lanes.extras[2][at]
        _forbid(lanes, sums.extras, person, person)
        _set_reach(lanes.ties, person, sums.far, lanes.numbers[2])
        first_lot = (person * STRIDE) % people
        for start in range(person + 1, people, STRETCH):
            stop = min(people, start + STRETCH)
            here = lots[first_lot + start : first_lot + stop]
            scores = _score_stretch(sums, lanes.kind, lanes.free, lanes.numbers, here, person, start, stop)
            hits, surplus = _weigh(
                scores, prices[start:stop], found.least[start:stop], prices[person], found.least[person]
            )
            total += surplus
            if hits > 0:
                _note(found, scores, prices, person, start)
        _unset_reach(lanes.ties, person, sums.far, base)
    _add_prices(found, prices)
    return total


@njit(cache=True)
def _add_prices(found: Found, prices: Any) -> None:
    """Turn what partners are worth beyond their price into scores."""
    for person in range(prices.size):
        for at in range(found.sizes[person]):
            found.values[person, at] += prices[found.partners[person, at]]
