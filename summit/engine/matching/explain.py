"""The reasons of a score: contributions that add up to it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import fsum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array

from summit.engine.matching.profiles import NONE, FloatArray, IntArray
from summit.engine.matching.scoring import Prepared, Term, allowed, reach_of_pairs

TERMS = tuple(Term)


class Contribution(NamedTuple):
    """One reason: its term, its points, the challenge it is about, and the offer's challenge when that is another one.

    What comes of stances carries its challenge (`via` as well along an arrow), reach included: whoever may not know of
    a stance drops the contributions that name its challenge. Promises, texts, places and ties carry none.
    """

    term: Term
    points: float
    challenge: int | None
    via: int | None


@dataclass(frozen=True)
class Explanation:
    """A score and the contributions it is the sum of, the largest first; `a` is the lower position."""

    a: int
    b: int
    score: float
    contributions: tuple[Contribution, ...]

    def terms(self) -> dict[Term, float]:
        """Add the contributions up by term, in the order of `Term`, leaving out terms without points."""
        points: defaultdict[Term, list[float]] = defaultdict(list)
        for contribution in self.contributions:
            points[contribution.term].append(contribution.points)
        return {term: fsum(points[term]) for term in TERMS if term in points}


@dataclass(frozen=True, eq=False)
class _Parts:
    """Contributions as columns: the pair's place in the list, term, challenge, via, points."""

    pair: IntArray
    term: IntArray
    challenge: IntArray
    via: IntArray
    points: FloatArray

    def scaled(self, factor: FloatArray) -> "_Parts":
        return _Parts(self.pair, self.term, self.challenge, self.via, self.points * factor[self.pair])

    def renamed(self, term: Term) -> "_Parts":
        return _Parts(self.pair, np.full_like(self.pair, TERMS.index(term)), self.challenge, self.via, self.points)

    def total(self, pairs: int) -> FloatArray:
        # Of nothing, bincount counts in whole numbers, weights or not.
        return np.bincount(self.pair, weights=self.points, minlength=pairs).astype(np.float64)


def explain(prepared: Prepared, a: int, b: int) -> Explanation:
    """Explain the score of one pair, given in any order."""
    return explain_pairs(prepared, [(a, b)])[0]


def explain_pairs(prepared: Prepared, pairs: ArrayLike) -> list[Explanation]:
    """Explain the scores of many pairs (k, 2), in their order; a pair that a hard rule forbids has score 0, no reasons.

    Raises ValueError when a position is out of range.
    """
    ordered = np.sort(np.asarray(pairs, dtype=np.int64).reshape(-1, 2), axis=1)
    if ordered.size and not (ordered.min() >= 0 and ordered.max() < prepared.people):
        raise ValueError(f"A pair names a position outside 0 to {prepared.people - 1}.")
    low, high = ordered[:, 0], ordered[:, 1]
    topics = _topics(prepared, low, high)
    reach = topics.scaled(reach_of_pairs(prepared, low, high)).renamed(Term.REACH)
    parts = _joined(topics, reach, *_bonuses(prepared, low, high))
    scores = parts.total(low.size)
    open_pairs = allowed(prepared, low, high)
    lists = _as_lists(parts, low.size)
    return [
        Explanation(a, b, score if is_open else 0.0, contributions if is_open else ())
        for a, b, score, is_open, contributions in zip(
            low.tolist(), high.tolist(), scores.tolist(), open_pairs.tolist(), lists, strict=True
        )
    ]


def _topics(prepared: Prepared, low: IntArray, high: IntArray) -> _Parts:
    """Return everything but reach and promise."""
    for_low = _gains(prepared, low, high, Term.HELP_FOR_A, Term.INFLUENCE_FOR_A)
    for_high = _gains(prepared, high, low, Term.HELP_FOR_B, Term.INFLUENCE_FOR_B)
    gain_low, gain_high = for_low.total(low.size), for_high.total(low.size)
    lesser = np.minimum(gain_low, gain_high)
    return _joined(
        for_low.scaled(_counted_share(prepared, gain_low, lesser)),
        for_high.scaled(_counted_share(prepared, gain_high, lesser)),
        _products(prepared.struggles[low], prepared.struggles[high], Term.SHARED_STRUGGLE),
        _products(prepared.works[low], prepared.works[high], Term.SHARED_WORK),
    )


def _gains(prepared: Prepared, asking: IntArray, offering: IntArray, direct: Term, along: Term) -> _Parts:
    return _joined(
        _products(prepared.asks[asking], prepared.offers[offering], direct),
        _along_arrows(prepared, asking, offering, along),
    )


def _counted_share(prepared: Prepared, gain: FloatArray, lesser: FloatArray) -> FloatArray:
    share = prepared.weights.one_sided
    return share + (1 - share) * np.divide(lesser, gain, out=np.zeros_like(gain), where=gain > 0)


def _products(left: csr_array, right: csr_array, term: Term) -> _Parts:
    both = left.multiply(right).tocoo()
    pair, challenge = both.coords[0].astype(np.int64), both.coords[1].astype(np.int64)
    return _Parts(pair, np.full_like(pair, TERMS.index(term)), challenge, np.full_like(pair, NONE), both.data)


def _along_arrows(prepared: Prepared, asking: IntArray, offering: IntArray, term: Term) -> _Parts:
    """Combine every ask of one side with every offer of the other that has an arrow to it."""
    asks, offers = prepared.asks[asking], prepared.offers[offering]
    if prepared.arrows is None:
        return _products(asks, csr_array(asks.shape), term)
    asks_of, offers_of = np.diff(asks.indptr), np.diff(offers.indptr)
    # Row by row, each ask is repeated once for every offer of the same pair.
    pair = np.repeat(np.arange(asking.size), asks_of * offers_of)
    ask = np.repeat(np.arange(asks.nnz), np.repeat(offers_of, asks_of))
    start_of = np.cumsum(asks_of * offers_of) - asks_of * offers_of
    within = np.arange(pair.size) - start_of[pair]
    offer = offers.indptr[:-1][pair] + within % np.maximum(offers_of, 1)[pair]
    challenge, via = asks.indices[ask].astype(np.int64), offers.indices[offer].astype(np.int64)
    strength = np.asarray(prepared.arrows.toarray()[via, challenge])
    points = asks.data[ask] * offers.data[offer] * strength
    kept = points > 0
    pair = pair[kept].astype(np.int64)
    return _Parts(pair, np.full_like(pair, TERMS.index(term)), challenge[kept], via[kept], points[kept])


def _bonuses(prepared: Prepared, low: IntArray, high: IntArray) -> Iterator[_Parts]:
    for term, matrix in prepared.bonuses.items():
        points = np.asarray(matrix[low, high]).ravel() if low.size else np.empty(0)
        pair = np.flatnonzero(points > 0)
        nothing = np.full_like(pair, NONE)
        yield _Parts(pair, np.full_like(pair, TERMS.index(term)), nothing, nothing, points[pair])


def _joined(*parts: _Parts) -> _Parts:
    return _Parts(
        pair=np.concatenate([part.pair for part in parts]),
        term=np.concatenate([part.term for part in parts]),
        challenge=np.concatenate([part.challenge for part in parts]),
        via=np.concatenate([part.via for part in parts]),
        points=np.concatenate([part.points for part in parts]),
    )


def _as_lists(parts: _Parts, pairs: int) -> list[tuple[Contribution, ...]]:
    kept = np.flatnonzero(parts.points > 0)
    order = kept[
        np.lexsort(
            (parts.via[kept], parts.challenge[kept], parts.term[kept], -parts.points[kept], parts.pair[kept]),
        )
    ]
    contributions = [
        Contribution(TERMS[term], points, None if challenge == NONE else challenge, None if via == NONE else via)
        for term, points, challenge, via in zip(
            parts.term[order].tolist(),
            parts.points[order].tolist(),
            parts.challenge[order].tolist(),
            parts.via[order].tolist(),
            strict=True,
        )
    ]
    ends = np.cumsum(np.bincount(parts.pair[order], minlength=pairs)).tolist()
    return [tuple(contributions[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
