"""Prices of people's seats: the dual of the assignment, smoothed, person by person. Compiled loops.

A price says what one more seat of a person would be worth; below 0, what it costs to bring the person to the floor.
The smoothing rounds every corner off over a width that shrinks from stage to stage: a pair counts as taken by the share
(1 + z/√(1 + z²))/2, z being its worth beyond both prices in widths, and a person's price is the one at which the pairs
taken fill the ceiling (or the floor, below 0). Going through the people again and again solves for all of them.
"""

from typing import Any

import numpy as np
from numba import njit

from summit.engine.matching.candidates import Candidates
from summit.engine.matching.profiles import FloatArray, IntArray

WIDTHS = (0.3, 0.1, 0.04, 0.015, 0.005, 0.002)
"""Widths of the smoothing, as shares of the median score."""

WARM_WIDTHS = (0.04, 0.015, 0.005, 0.002)

SWEEPS = 5
"""How often each stage goes through all people."""

CLOSE_ENOUGH = 0.02
"""Stop looking for a person's price when the seats taken differ from those wanted by this much."""

STEPS = 5
LONGEST_STEP = 4.0
"""How far a price moves in one step, in widths."""


def solve_prices(
    candidates: Candidates,
    floor: IntArray,
    ceiling: IntArray,
    start: FloatArray | None = None,
    widths: tuple[float, ...] = WIDTHS,
    sweeps: int = SWEEPS,
) -> FloatArray:
    """Return prices (n,) close to the optimum of the dual over the candidates; with `start`, continue from there."""
    prices = np.zeros(candidates.people, np.float32) if start is None else start.astype(np.float32)
    positive = candidates.scores[candidates.scores > 0]
    if positive.size == 0:
        return prices.astype(np.float64)
    most = np.float32(2 * positive.max())
    typical = float(np.median(positive))
    first, partner, score = _by_person(candidates.people, candidates.low, candidates.high, candidates.scores)
    for share in widths:
        for _ in range(sweeps):
            _settle(first, partner, score, prices, floor, ceiling, np.float32(share * typical), most)
    return prices.astype(np.float64)


@njit(cache=True)
def _by_person(people: int, low: Any, high: Any, scores: Any) -> Any:
    first = np.zeros(people + 1, np.int64)
    for at in range(low.size):
        first[low[at] + 1] += 1
        first[high[at] + 1] += 1
    for person in range(people):
        first[person + 1] += first[person]
    end = first[:-1].copy()
    partner = np.empty(2 * low.size, np.int32)
    score = np.empty(2 * low.size, np.float32)
    for at in range(low.size):
        for one, other in ((low[at], high[at]), (high[at], low[at])):
            partner[end[one]] = other
            score[end[one]] = scores[at]
            end[one] += 1
    return first, partner, score


@njit(cache=True, fastmath=True, error_model="numpy")
def _taken(worth: Any, price: Any) -> Any:
    """Return how many pairs are taken at a price, and how fast that falls with the price; both in widths."""
    one = np.float32(1.0)
    taken = np.float32(0.0)
    slope = np.float32(0.0)
    for at in range(worth.size):
        z = worth[at] - price
        root = one / np.sqrt(one + z * z)
        taken += z * root
        slope += root * root * root
    half = np.float32(0.5)
    return half * (taken + np.float32(worth.size)), half * slope


@njit(cache=True, fastmath=True, error_model="numpy")
def _price(worth: Any, price: Any, floor: Any, ceiling: Any) -> Any:
    """Solve for a person's price (in widths) by Newton's method within a bracket."""
    zero = np.float32(0.0)
    low, high = np.float32(-1e30), np.float32(1e30)
    for _ in range(STEPS):
        taken, slope = _taken(worth, price)
        wanted = ceiling if price > zero else floor
        if price == zero:
            if floor <= taken <= ceiling:
                break
            wanted = ceiling if taken > ceiling else floor
        over = taken - wanted
        if over > zero:
            low = price
        else:
            high = price
        if abs(over) < np.float32(CLOSE_ENOUGH):
            break
        step = over / max(slope, np.float32(0.05))
        step = min(max(step, np.float32(-LONGEST_STEP)), np.float32(LONGEST_STEP))
        following = price + step
        if (price > zero and following < zero) or (price < zero and following > zero):
            following = zero
        if (following <= low or following >= high) and low > np.float32(-1e29) and high < np.float32(1e29):
            following = np.float32(0.5) * (low + high)
        price = following
    return price


@njit(cache=True, fastmath=True, error_model="numpy")
def _settle(first: Any, partner: Any, score: Any, prices: Any, floor: Any, ceiling: Any, width: Any, most: Any) -> None:
    """Give every person in turn the price that their seats are worth at the prices of the others.

    Prices stay above minus `most`: a floor may be out of reach.
    """
    in_widths = np.float32(1.0) / width
    buffer = np.empty(prices.size, np.float32)
    for person in range(prices.size):
        begin = first[person]
        worth = buffer[: first[person + 1] - begin]
        if worth.size == 0:
            prices[person] = np.float32(0.0)
            continue
        for at in range(worth.size):
            worth[at] = (score[begin + at] - prices[partner[begin + at]]) * in_widths
        price = _price(worth, prices[person] * in_widths, np.float32(floor[person]), np.float32(ceiling[person]))
        prices[person] = max(price * width, -most)
