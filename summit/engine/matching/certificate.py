"""The certificate of an assignment, worked out from the definitions, apart from whatever found the assignment."""

from typing import Protocol

import numpy as np

from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray
from summit.engine.matching.scoring import Prepared, blocks, score_block

TOLERANCE = 1e-9
"""How far sums of floating point numbers may differ, relative to their size."""


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
    memory for one block.
    """
    ceiling, floor = prepared.profiles.ceiling, prepared.profiles.floor
    seats = float(np.sum(ceiling * np.maximum(prices, 0.0) + floor * np.minimum(prices, 0.0)))
    surplus = 0.0
    for start, stop in blocks(prepared.people):
        excess = score_block(prepared, start, stop)
        excess -= prices[start:stop, None]
        excess -= prices[None, :]
        surplus += float(np.sum(np.maximum(excess, 0.0, out=excess)))
    return seats + surplus / 2  # every pair was met from both sides


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
    scores = np.zeros(low.size)
    for start, stop in blocks(prepared.people):
        here = np.flatnonzero((low >= start) & (low < stop))
        if here.size:
            scores[here] = score_block(prepared, start, stop)[low[here] - start, high[here]]
    return scores
