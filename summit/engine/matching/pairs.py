"""Scores of single pairs, in double precision: what is chosen is scored again from the profiles. Compiled loops."""

from typing import Any

import numpy as np
from numba import njit
from scipy.sparse import csr_array

from summit.engine.matching.profiles import NONE, FloatArray, IntArray
from summit.engine.matching.scoring import Prepared


def score_pairs(prepared: Prepared, low: IntArray, high: IntArray) -> FloatArray:
    """Score pairs (k,) and (k,) of positions one by one; hard rules are not looked at. O(k) for usual rows."""
    if not low.size:
        return np.empty(0)
    share = prepared.weights.one_sided
    gains = _products(prepared.wanted, prepared.offers, low, high)
    gives = _products(prepared.offers, prepared.wanted, low, high)
    scores = share * (gains + gives) + 2 * (1 - share) * np.minimum(gains, gives)
    scores += _products(prepared.shared, prepared.shared, low, high)
    scores *= 1.0 + _reach(prepared, low, high)
    if prepared.extras.nnz:
        scores += np.asarray(prepared.extras[low, high]).ravel()
    return np.asarray(scores)


def _reach(prepared: Prepared, low: IntArray, high: IntArray) -> FloatArray:
    kind, weights, ties = prepared.profiles.kind, prepared.weights, prepared.ties
    reach = weights.reach_kind * ((kind[low] != kind[high]) & (kind[low] != NONE) & (kind[high] != NONE))
    if ties.nnz:
        reach = reach + weights.reach_far * _distance(ties.indptr, ties.indices, low, high)
    return np.asarray(reach)


def _products(left: csr_array, right: csr_array, low: IntArray, high: IntArray) -> FloatArray:
    return np.asarray(
        _row_products(left.indptr, left.indices, left.data, right.indptr, right.indices, right.data, low, high)
    )


@njit(cache=True)
def _row_products(
    left_from: Any, left_at: Any, left: Any, right_from: Any, right_at: Any, right: Any, low: Any, high: Any
) -> Any:
    """Multiply rows of two sorted sparse matrices pair by pair."""
    sums = np.zeros(low.size)
    for pair in range(low.size):
        one, end = left_from[low[pair]], left_from[low[pair] + 1]
        other, other_end = right_from[high[pair]], right_from[high[pair] + 1]
        while one < end and other < other_end:
            if left_at[one] < right_at[other]:
                one += 1
            elif left_at[one] > right_at[other]:
                other += 1
            else:
                sums[pair] += left[one] * right[other]
                one += 1
                other += 1
    return sums


@njit(cache=True)
def _distance(first: Any, friends: Any, low: Any, high: Any) -> Any:
    """Return 0 for people who met, a half for those with a friend in common, 1 for all others."""
    distance = np.ones(low.size)
    for pair in range(low.size):
        one, end = first[low[pair]], first[low[pair] + 1]
        other, other_end = first[high[pair]], first[high[pair] + 1]
        at = one + np.searchsorted(friends[one:end], high[pair])
        if at < end and friends[at] == high[pair]:
            distance[pair] = 0.0
            continue
        while one < end and other < other_end:
            if friends[one] == friends[other]:
                distance[pair] = 0.5
                break
            if friends[one] < friends[other]:
                one += 1
            else:
                other += 1
    return distance
