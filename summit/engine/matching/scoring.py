"""The score of every pair, computed in blocks of rows; docs/matching.md has the formulas."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array, hstack

from summit.engine.matching.profiles import EVER, HIGHEST_PRIORITY, NONE, BoolArray, FloatArray, IntArray, Profiles
from summit.engine.matching.weights import Weights

BLOCK_CELLS = 1 << 18
"""Cells of one block of scores: 2 MiB of float64, which stays in the processor's cache."""


class Term(StrEnum):
    """The kinds of reasons a score is made of; `a` is the person with the lower position."""

    HELP_FOR_A = "help_for_a"
    HELP_FOR_B = "help_for_b"
    SHARED_STRUGGLE = "shared_struggle"
    SHARED_WORK = "shared_work"
    INFLUENCE_FOR_A = "influence_for_a"
    INFLUENCE_FOR_B = "influence_for_b"
    REACH = "reach"
    PROMISE = "promise"
    KEPT_PROMISE = "kept_promise"
    LAPSED_PROMISE = "lapsed_promise"
    SHARED_TEXT = "shared_text"
    SAME_PLACE = "same_place"
    COMMON_TIES = "common_ties"


WEAK_TERMS = frozenset({Term.SHARED_TEXT, Term.SAME_PLACE, Term.COMMON_TIES, Term.LAPSED_PROMISE})
"""A match made of nothing else is a weak one: a place to start, not a shared challenge."""

CROWD = 500
"""Being from a place that more people than this share says nothing."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """Profiles with everything that does not depend on the pair worked out once; made by `prepare`.

    asks, offers, struggles, works: (n, c) strengths, weighted by priority, rarity and the term's weight, such that the
    product of two of them is in points. wanted: asks, spread against the arrows of influence. shared: struggles beside
    works. The arrays `*_across` are their dense transposes, one row a challenge.
    barred, ties: symmetric (n, n) patterns. arrows: (c, c) influence from row to column, or None.
    bonuses: by term, symmetric (n, n) points that don't depend on challenges; extras: their sum.
    """

    profiles: Profiles
    weights: Weights
    rarity: FloatArray
    asks: csr_array
    offers: csr_array
    struggles: csr_array
    works: csr_array
    wanted: csr_array
    shared: csr_array
    barred: csr_array
    ties: csr_array
    arrows: csr_array | None
    bonuses: dict[Term, csr_array]
    extras: csr_array

    @property
    def people(self) -> int:
        """Return how many people there are."""
        return self.profiles.people

    @cached_property
    def offers_across(self) -> FloatArray:
        """Return the offers by challenge, dense."""
        return _across(self.offers)

    @cached_property
    def wanted_across(self) -> FloatArray:
        """Return what is wanted by challenge, dense."""
        return _across(self.wanted)

    @cached_property
    def shared_across(self) -> FloatArray:
        """Return what can be shared by challenge, dense."""
        return _across(self.shared)


def prepare(profiles: Profiles, weights: Weights | None = None) -> Prepared:
    """Work out what scoring needs once: weighted strengths, hard rules as patterns. O(n c) memory."""
    chosen = weights if weights is not None else Weights()
    rarity = _rarity(profiles)
    root = np.sqrt(rarity) / HIGHEST_PRIORITY
    asks = _scaled(profiles.asks, root * chosen.help)
    offers = _scaled(_proven(profiles, chosen.proven), root)
    struggles = _scaled(profiles.asks, root * np.sqrt(chosen.shared_struggle))
    works = _scaled(profiles.working_on, root * np.sqrt(chosen.shared_work))
    arrows = _arrows(profiles.influence, chosen.influence)
    wanted = asks if arrows is None else _sorted(csr_array(asks + asks @ arrows.T))
    shared = _sorted(csr_array(hstack([struggles, works], format="csr")))
    ties = _pattern(profiles.people, profiles.ties)
    bonuses = _bonuses(profiles, chosen, ties)
    return Prepared(
        profiles=profiles,
        weights=chosen,
        rarity=rarity,
        asks=asks,
        offers=offers,
        struggles=struggles,
        works=works,
        wanted=wanted,
        shared=shared,
        barred=_pattern(profiles.people, _barred_pairs(profiles)),
        ties=ties,
        arrows=arrows,
        bonuses=bonuses,
        extras=_total(bonuses, profiles.people),
    )


def score_rows(prepared: Prepared, rows: slice | IntArray) -> FloatArray:
    """Score the given people against everybody: (rows, n), 0 for nothing in common, -inf where a hard rule forbids."""
    share = prepared.weights.one_sided
    gains = prepared.wanted[rows] @ prepared.offers_across
    gives = prepared.offers[rows] @ prepared.wanted_across
    scores: FloatArray = np.minimum(gains, gives)
    scores *= 2 * (1 - share)
    gains += gives
    gains *= share
    scores += gains
    scores += prepared.shared[rows] @ prepared.shared_across
    scores *= _reach_factor(prepared, rows)
    extras = prepared.extras[rows]
    scores[_cells(extras)] += extras.data
    scores[_cells(prepared.barred[rows])] = -np.inf
    free = prepared.profiles.free
    if not np.all(free == EVER):
        scores[(free[rows][:, None] & free[None, :]) == 0] = -np.inf
    organization = prepared.profiles.organization
    own = organization[rows]
    scores[(own[:, None] == organization[None, :]) & (own != NONE)[:, None]] = -np.inf
    people = np.arange(prepared.people)[rows]
    scores[np.arange(people.size), people] = -np.inf
    return scores


def score_block(prepared: Prepared, start: int, stop: int) -> FloatArray:
    """Score people start..stop-1 against everybody, as `score_rows` does."""
    return score_rows(prepared, slice(start, stop))


def reach_of_pairs(prepared: Prepared, low: IntArray, high: IntArray) -> FloatArray:
    """Return for each pair what reaching across adds, as a share of the topics."""
    kind, weights, ties = prepared.profiles.kind, prepared.weights, prepared.ties
    other_kind = (kind[low] != kind[high]) & (kind[low] != NONE) & (kind[high] != NONE)
    reach = weights.reach_kind * other_kind
    if ties.nnz and low.size:
        two_steps = np.asarray(ties[low].multiply(ties[high]).astype(np.int64).sum(axis=1)).ravel() > 0
        far = np.where(two_steps, weights.reach_far / 2, weights.reach_far)
        reach = reach + np.where(has_pair(ties, low, high), 0.0, far)
    return np.asarray(reach, dtype=np.float64)


def blocks(people: int) -> Iterator[tuple[int, int]]:
    """Cut 0..people into stretches whose block of scores has about BLOCK_CELLS cells."""
    height = max(1, BLOCK_CELLS // max(1, people))
    for start in range(0, people, height):
        yield start, min(start + height, people)


def positive_pairs(prepared: Prepared) -> Iterator[tuple[IntArray, IntArray, FloatArray]]:
    """Yield every allowed pair with a positive score, block by block: lower and higher positions, scores."""
    for start, stop in blocks(prepared.people):
        scores = score_block(prepared, start, stop)
        rows, columns = np.nonzero(scores > 0)
        upper = columns > rows + start
        rows, columns = rows[upper], columns[upper]
        yield rows + start, columns, scores[rows, columns]


def allowed(prepared: Prepared, low: IntArray, high: IntArray) -> BoolArray:
    """Say for each pair of positions whether the hard rules allow it."""
    organization = prepared.profiles.organization
    same = (organization[low] == organization[high]) & (organization[low] != NONE)
    apart = (prepared.profiles.free[low] & prepared.profiles.free[high]) == 0
    return np.asarray(~(same | apart | (low == high) | has_pair(prepared.barred, low, high)))


def has_pair(pattern: csr_array, low: IntArray, high: IntArray) -> BoolArray:
    """Say for each pair of positions whether it is in a symmetric pattern."""
    if not (low.size and pattern.nnz):
        return np.zeros(low.size, dtype=bool)
    return np.asarray(np.asarray(pattern[low, high]).ravel() != 0)


def _rarity(profiles: Profiles) -> FloatArray:
    """Return 1 for a challenge that one person has, falling with the logarithm to about 1/log2(n) for everybody's.

    Offers don't count: a new one must not make the same challenge worth less to those who ask.
    """
    named = (profiles.asks + profiles.working_on).tocsr()
    people = np.bincount(named.indices, minlength=profiles.challenges)
    return np.asarray(np.log1p(profiles.people / np.maximum(people, 1)) / np.log1p(max(profiles.people, 1)))


def _proven(profiles: Profiles, share: float) -> csr_array:
    if profiles.proven is None:
        return csr_array(profiles.offers)
    return csr_array(profiles.offers + profiles.offers * profiles.proven * share)


def _bonuses(profiles: Profiles, weights: Weights, ties: csr_array) -> dict[Term, csr_array]:
    """Return what a pair is worth beside its challenges; terms without points are left out."""
    size = profiles.people
    likeness = csr_array((size, size)) if profiles.likeness is None else profiles.likeness
    found = {
        Term.PROMISE: (_pattern(size, profiles.promised), weights.promise),
        Term.KEPT_PROMISE: (_pattern(size, profiles.kept), weights.kept),
        Term.LAPSED_PROMISE: (_pattern(size, profiles.lapsed), weights.lapsed),
        Term.SHARED_TEXT: (likeness, weights.text),
        Term.SAME_PLACE: (_same_place(profiles), weights.place),
        Term.COMMON_TIES: (_common_ties(profiles, ties), weights.common_ties),
    }
    return {
        term: _sorted(csr_array(matrix * points)) for term, (matrix, points) in found.items() if matrix.nnz * points
    }


def _total(bonuses: dict[Term, csr_array], people: int) -> csr_array:
    matrices = list(bonuses.values())
    return _sorted(csr_array(sum(matrices[1:], matrices[0]))) if matrices else csr_array((people, people))


def silent(profiles: Profiles) -> BoolArray:
    """Say who has stated neither an ask nor a piece of work, so that little is known of what they need."""
    return np.asarray((np.diff(profiles.asks.indptr) == 0) & (np.diff(profiles.working_on.indptr) == 0))


def _same_place(profiles: Profiles) -> csr_array:
    """Return 1 for two from the same place of whom one is silent."""
    size, quiet = profiles.people, silent(profiles)
    known = np.flatnonzero(profiles.place != NONE)
    if not (known.size and np.any(quiet)):
        return csr_array((size, size))
    places = csr_array(
        (np.ones(known.size), (known, profiles.place[known])), shape=(size, int(profiles.place.max()) + 1)
    )
    crowded = np.asarray(places.sum(axis=0)).ravel() > CROWD
    places = csr_array(places @ diags_array(np.where(crowded, 0.0, 1.0)))
    return _with_the_silent(csr_array(diags_array(quiet.astype(np.float64)) @ places), places)


def _common_ties(profiles: Profiles, ties: csr_array) -> csr_array:
    """Return the cosine of whom two people know, where one is silent and the two have not met."""
    size, quiet = profiles.people, silent(profiles)
    known = np.diff(ties.indptr)
    if not (ties.nnz and np.any(quiet)):
        return csr_array((size, size))
    scaled = csr_array(diags_array(1 / np.sqrt(np.maximum(known, 1))) @ ties.astype(np.float64))
    both = _with_the_silent(csr_array(diags_array(quiet.astype(np.float64)) @ scaled), scaled)
    return csr_array(both - both * ties)


def _with_the_silent(quiet: csr_array, everybody: csr_array) -> csr_array:
    one_way = csr_array(quiet @ everybody.T)
    both = csr_array(one_way.maximum(one_way.T))
    return csr_array(both - diags_array(both.diagonal()))


def _scaled(matrix: Any, by_column: FloatArray) -> csr_array:
    data = matrix.data * by_column[matrix.indices]
    scaled: csr_array = csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)
    return scaled


def _arrows(influence: Any, discount: float) -> csr_array | None:
    if influence is None or discount == 0:
        return None
    sources = np.repeat(np.arange(influence.shape[0]), np.diff(influence.indptr))
    kept = sources != influence.indices
    if not np.any(kept):
        return None
    cells = (influence.data[kept] * discount, (sources[kept], influence.indices[kept]))
    return _sorted(csr_array(cells, shape=influence.shape))


def _sorted(matrix: csr_array) -> csr_array:
    # Sums run in the order of the indices: sorted, a score is the same to the last bit from either side.
    matrix.sort_indices()
    return matrix


def _across(matrix: csr_array) -> FloatArray:
    return np.ascontiguousarray(matrix.toarray().T)


def _barred_pairs(profiles: Profiles) -> IntArray:
    excluded, acquainted, promised = (
        pairs[:, 0] * profiles.people + pairs[:, 1]
        for pairs in (profiles.excluded, profiles.acquainted, profiles.promised)
    )
    barred = np.union1d(excluded, np.setdiff1d(acquainted, promised, assume_unique=True))
    return np.column_stack([barred // max(1, profiles.people), barred % max(1, profiles.people)])


def _pattern(size: int, pairs: IntArray) -> csr_array:
    if not pairs.size:
        return csr_array((size, size))
    # Each pair is listed once: put in order, both directions are the rows of the matrix as they stand.
    keys = np.sort(np.concatenate([pairs[:, 0] * size + pairs[:, 1], pairs[:, 1] * size + pairs[:, 0]]))
    first = np.concatenate([[0], np.cumsum(np.bincount(keys // size, minlength=size))])
    pattern: csr_array = csr_array((np.ones(keys.size, dtype=np.int8), keys % size, first), shape=(size, size))
    return pattern


def _cells(matrix: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    return rows, matrix.indices.astype(np.int64)


def _reach_factor(prepared: Prepared, rows: slice | IntArray) -> FloatArray:
    kind = prepared.profiles.kind
    own = kind[rows][:, None]
    far = np.zeros((own.shape[0], prepared.people))
    if prepared.ties.nnz:
        near = prepared.ties[rows]
        far += prepared.weights.reach_far
        # Two-step neighbours in 64 bits: the number of ways there may pass what int8 can hold.
        far[_cells(near.astype(np.int64) @ prepared.ties)] = prepared.weights.reach_far / 2
        far[_cells(near)] = 0.0
    far += prepared.weights.reach_kind * ((own != kind[None, :]) & (own != NONE) & (kind != NONE)[None, :])
    far += 1.0
    return far
