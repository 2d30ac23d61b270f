"""The certificate of an assignment, worked out from the definitions, apart from whatever found the assignment.

Compiled loops of its own, in double precision, row by row over all pairs: nothing here is shared with the solver's.
"""

from typing import Any, Protocol

import numpy as np
from numba import njit

from summit.engine.matching.profiles import EVER, BoolArray, FloatArray, IntArray
from summit.engine.matching.scoring import Prepared

TOLERANCE = 1e-9
"""How far sums of floating point numbers may differ, relative to their size."""


SUMS_IN_ANY_ORDER = {"reassoc", "contract", "nsz"}
"""What the compiler may do to sums, to work on several numbers side by side; infinities keep their meaning."""


AT_A_TIME = 512
"""How many scores are put together at a time; they stay in the processor's nearest cache."""


class CertificateError(ValueError):
    """An assignment breaks a rule or claims a number that does not hold."""


class Claim(Protocol):
    """What `verify` reads of an assignment."""

    @property
    def pairs(self) -> IntArray:
        """Pairs (m, 2), lower position first."""

    @property
    def scores(self) -> FloatArray:
        """Scores of the pairs (m,)."""

    @property
    def bridging(self) -> BoolArray:
        """Which pairs only serve to reach a floor (m,)."""

    @property
    def value(self) -> float:
        """Sum of the scores."""

    @property
    def bound(self) -> float:
        """Claimed upper bound of the value."""

    @property
    def below_floor(self) -> IntArray:
        """People with fewer matches than their floor."""


def upper_bound(prepared: Prepared, prices: FloatArray) -> float:
    """Return a value that no assignment within the ceilings and floors can exceed, by weak duality, for any prices.

    A price at 0 or above charges a person's ceiling; one below 0 uses the person's floor, and the bound then holds for
    assignments that meet that floor. Sums over all pairs, those without a candidate's chance included: O(n²) time,
    O(n) memory.
    """
    return float(upper_bounds(prepared, prices[None, :])[0])


def upper_bounds(prepared: Prepared, prices: FloatArray, floor: IntArray | None = None) -> FloatArray:
    """Return the bounds (k,) of several vectors of prices (k, n) in one pass over all pairs.

    floor: (n,) what an assignment must meet for the bound to hold, where that is not everybody's floor.
    """
    ceiling, floor = prepared.profiles.ceiling, prepared.profiles.floor if floor is None else floor
    seats = (ceiling * np.maximum(prices, 0.0) + floor * np.minimum(prices, 0.0)).sum(axis=1)
    return np.asarray(seats + _surplus(_definition(prepared), np.ascontiguousarray(prices, dtype=np.float64)))


def verify(prepared: Prepared, claim: Claim) -> None:
    """Check an assignment: positions, duplicates, hard rules, scores, ceilings, floors, bridging, value, bound.

    Raises CertificateError with a sentence for the first thing that does not hold.
    """
    people = prepared.people
    _require(claim.pairs.shape == (claim.scores.size, 2), "There must be one score for each pair.")
    low, high = claim.pairs[:, 0], claim.pairs[:, 1]
    _require(bool(np.all((low >= 0) & (low < high) & (high < people))), "A pair is not made of two ordered positions.")
    _require(np.unique(low * people + high).size == low.size, "A pair is listed twice.")
    true_scores = _read_scores(prepared, low, high)
    _require(not np.any(np.isneginf(true_scores)), "A pair breaks a hard rule.")
    _require(np.allclose(true_scores, claim.scores, rtol=TOLERANCE, atol=TOLERANCE), "A score is not the pair's own.")
    degree = np.bincount(claim.pairs.ravel(), minlength=people)
    _require(bool(np.all(degree <= prepared.profiles.ceiling)), "Somebody has more matches than their ceiling.")
    short = np.flatnonzero(degree < prepared.profiles.floor)
    _require(np.array_equal(short, np.sort(claim.below_floor)), "The list of those below their floor is wrong.")
    _require(np.array_equal(claim.bridging, claim.scores <= 0), "A pair is wrongly marked as bridging, or not marked.")
    value = float(np.sum(true_scores))
    _require(abs(value - claim.value) <= TOLERANCE * max(1.0, value), "The value is not the sum of the scores.")
    _require(claim.value <= claim.bound + TOLERANCE * max(1.0, value), "The value exceeds the bound.")


def _require(holds: bool, sentence: str) -> None:
    if not holds:
        raise CertificateError(sentence)


def _read_scores(prepared: Prepared, low: IntArray, high: IntArray) -> FloatArray:
    """Score pairs (lower positions, sorted or not; higher positions), a person's pairs at a time."""
    order = np.lexsort((high, low))
    scores = np.empty(low.size)
    scores[order] = _scores(_definition(prepared), low[order], high[order])
    return scores


def _definition(prepared: Prepared) -> tuple[Any, ...]:
    """Return what a score is made of, in double precision: rows of the products' left sides, columns of the right."""
    profiles, weights = prepared.profiles, prepared.weights
    rows = tuple(_compressed(matrix) for matrix in (prepared.wanted, prepared.offers, prepared.shared))
    columns = tuple(_compressed(matrix.tocsc()) for matrix in (prepared.offers, prepared.wanted, prepared.shared))
    pairs = tuple(_compressed(matrix) for matrix in (prepared.extras, prepared.barred, prepared.ties))
    codes = np.stack([profiles.organization, profiles.kind]).astype(np.float64)
    slots = profiles.free if np.any(profiles.free != EVER) else profiles.free[:0]
    far = weights.reach_far if prepared.ties.nnz else 0.0
    return rows, columns, pairs, codes, slots, np.array([weights.one_sided, weights.reach_kind, far])


def _compressed(matrix: Any) -> tuple[Any, ...]:
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data.astype(np.float64)


@njit(cache=True)
def _first_beyond(columns: Any, challenge: int, person: int) -> int:
    """Return where in a challenge's column those after a person begin."""
    return int(
        columns[0][challenge]
        + np.searchsorted(columns[1][columns[0][challenge] : columns[0][challenge + 1]], person, side="right")
    )


@njit(cache=True)
def _gather(definition: Any, person: int, parts: Any) -> None:
    """Add up what a person shares with everybody after them.

    parts is (5, n): gains, gives, what both share, what reach multiplies by, what is added at last (-inf if forbidden).
    The fourth begins as 1 + reach_far, the others as 0, and `_clear` makes them so again.
    """
    rows, columns, pairs, _codes, _slots, numbers = definition
    for product in range(3):
        for at in range(rows[product][0][person], rows[product][0][person + 1]):
            challenge, strength = rows[product][1][at], rows[product][2][at]
            begin = _first_beyond(columns[product], challenge, person)
            for to in range(begin, columns[product][0][challenge + 1]):
                parts[product, columns[product][1][to]] += strength * columns[product][2][to]
    extras, barred, ties = pairs
    for at in range(ties[0][person], ties[0][person + 1]):
        friend = ties[1][at]
        for to in range(ties[0][friend], ties[0][friend + 1]):
            parts[3, ties[1][to]] = 1.0 + numbers[2] / 2
    for at in range(ties[0][person], ties[0][person + 1]):
        parts[3, ties[1][at]] = 1.0
    for at in range(extras[0][person], extras[0][person + 1]):
        parts[4, extras[1][at]] = extras[2][at]
    for at in range(barred[0][person], barred[0][person + 1]):
        parts[4, barred[1][at]] = -np.inf


@njit(cache=True)
def _clear(definition: Any, person: int, parts: Any) -> None:
    """Undo what `_gather` wrote."""
    ties, numbers = definition[2][2], definition[5]
    parts[:3, person + 1 :] = 0.0
    parts[4] = 0.0
    for at in range(ties[0][person], ties[0][person + 1]):
        friend = ties[1][at]
        parts[3, friend] = 1.0 + numbers[2]
        for to in range(ties[0][friend], ties[0][friend + 1]):
            parts[3, ties[1][to]] = 1.0 + numbers[2]


@njit(cache=True, fastmath=SUMS_IN_ANY_ORDER, error_model="numpy")
def _write_scores(
    gains: Any, gives: Any, shared: Any, reach: Any, extras: Any, organizations: Any, kinds: Any, own: Any, scores: Any
) -> None:
    """Put the parts together; own: organization, kind, one_sided and reach_kind."""
    organization, kind, one_sided = own[0], own[1], own[2]
    across = own[3] if kind >= 0.0 else 0.0
    for other in range(scores.size):
        gain, give = gains[other], gives[other]
        lesser = gain if gain < give else give
        beyond = across if (kinds[other] >= 0.0) & (kinds[other] != kind) else 0.0
        counted = one_sided * (gain + give) + 2.0 * (1.0 - one_sided) * lesser
        score = (counted + shared[other]) * (reach[other] + beyond) + extras[other]
        scores[other] = -np.inf if (organization >= 0.0) & (organizations[other] == organization) else score


@njit(cache=True)
def _scores_of(definition: Any, person: int, parts: Any, own: Any, start: int, scores: Any) -> None:
    """Write a person's scores with those from a position on, as many as there is room for; -inf where forbidden."""
    codes, slots, numbers = definition[3], definition[4], definition[5]
    stop = start + scores.size
    own[0], own[1], own[2], own[3] = codes[0, person], codes[1, person], numbers[0], numbers[1]
    _write_scores(
        parts[0, start:stop],
        parts[1, start:stop],
        parts[2, start:stop],
        parts[3, start:stop],
        parts[4, start:stop],
        codes[0, start:stop],
        codes[1, start:stop],
        own,
        scores,
    )
    if slots.size:
        for other in range(start, stop):
            if (slots[person] & slots[other]) == 0:
                scores[other - start] = -np.inf


@njit(cache=True, fastmath=SUMS_IN_ANY_ORDER, error_model="numpy")
def _beyond(scores: Any, prices: Any, own: float) -> float:
    """Add up what scores are worth beyond two prices."""
    total = 0.0
    for at in range(scores.size):
        worth = scores[at] - own - prices[at]
        total += worth if worth > 0.0 else 0.0
    return total


@njit(cache=True)
def _empty_parts(definition: Any) -> Any:
    parts = np.zeros((5, definition[3].shape[1]))
    parts[3] = 1.0 + definition[5][2]
    return parts


@njit(cache=True)
def _surplus(definition: Any, prices: Any) -> Any:
    """Add up, for each vector of prices, what every pair is worth beyond the prices of its two people."""
    count, people = prices.shape
    parts = _empty_parts(definition)
    total, own, room = np.zeros(count), np.empty(4), np.empty(AT_A_TIME)
    for person in range(people):
        _gather(definition, person, parts)
        for start in range(person + 1, people, AT_A_TIME):
            stop = min(people, start + AT_A_TIME)
            scores = room[: stop - start]
            _scores_of(definition, person, parts, own, start, scores)
            for which in range(count):
                total[which] += _beyond(scores, prices[which, start:stop], prices[which, person])
        _clear(definition, person, parts)
    return total


@njit(cache=True)
def _scores(definition: Any, low: Any, high: Any) -> Any:
    """Score pairs that are sorted by their lower position."""
    parts = _empty_parts(definition)
    scores, own = np.empty(low.size), np.empty(4)
    at = 0
    while at < low.size:
        person = low[at]
        _gather(definition, person, parts)
        while at < low.size and low[at] == person:
            _scores_of(definition, person, parts, own, high[at], scores[at : at + 1])
            at += 1
        _clear(definition, person, parts)
    return scores
