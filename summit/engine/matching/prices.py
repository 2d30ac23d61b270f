"""Prices of people's seats: the dual of the assignment, smoothed, by Newton's method.

A price says what one more seat of a person would be worth; below 0, what it costs to bring the person to the floor.
The smoothing rounds every corner off over a width that shrinks from stage to stage, each starting where the last ended.
"""

from dataclasses import dataclass

import numpy as np

from summit.engine.matching.candidates import Candidates
from summit.engine.matching.profiles import FloatArray, IntArray

WIDTHS = (1.0, 0.3, 0.1, 0.04, 0.015, 0.006, 0.0025, 0.001)
"""Widths of the smoothing, as shares of the median score."""

WARM_WIDTHS = WIDTHS[1:]

NEWTON_STEPS = 30
HALVINGS = 6
CONJUGATE_STEPS = 30
LONGEST_STEP = 6.0
"""How far a price moves in one step, in widths: where the smoothed dual is nearly flat, Newton would leap."""

CLOSE_ENOUGH = 2e-3
"""Stop a stage when seats taken differ from seats wanted by this share."""


@dataclass(frozen=True, eq=False)
class _Slope:
    """First and second derivatives of the smoothed dual at one point; the second only where it is not negligible."""

    gradient: FloatArray
    diagonal: FloatArray
    low: IntArray
    high: IntArray
    bend: FloatArray

    def times(self, vector: FloatArray) -> FloatArray:
        both = self.bend * (vector[self.low] + vector[self.high])
        size = vector.size
        pull = np.bincount(self.low, weights=both, minlength=size) + np.bincount(
            self.high, weights=both, minlength=size
        )
        return np.asarray(self.diagonal * vector + pull)


def solve_prices(
    candidates: Candidates, floor: IntArray, ceiling: IntArray, start: FloatArray | None = None
) -> FloatArray:
    """Return prices (n,) close to the optimum of the dual over the candidates; with `start`, continue from there."""
    prices = np.zeros(candidates.people) if start is None else start.copy()
    positive = candidates.scores[candidates.scores > 0]
    if positive.size == 0:
        return prices
    typical, most = float(np.median(positive)), 2 * float(positive.max())
    for share in WIDTHS if start is None else WARM_WIDTHS:
        prices = _stage(candidates, floor, ceiling, prices, share * typical, most)
    return prices


def _stage(
    candidates: Candidates, floor: IntArray, ceiling: IntArray, prices: FloatArray, width: float, most: float
) -> FloatArray:
    seats = max(1.0, float(ceiling.sum()))
    slope = _slope(candidates, floor, ceiling, prices, width, most)
    for _ in range(NEWTON_STEPS):
        if np.abs(slope.gradient).sum() <= CLOSE_ENOUGH * seats:
            break
        step = _newton_step(slope)
        steepness = float(slope.gradient @ step)
        length = min(1.0, LONGEST_STEP * width / float(np.abs(step).max()))
        for _ in range(HALVINGS):
            tried = prices + length * step
            slope = _slope(candidates, floor, ceiling, tried, width, most)
            # The dual is convex: not having passed the valley by much is all a step needs to be safe.
            if float(slope.gradient @ step) <= -0.5 * steepness:
                break
            length /= 2
        prices = tried
    return prices


def _slope(
    candidates: Candidates, floor: IntArray, ceiling: IntArray, prices: FloatArray, width: float, most: float
) -> _Slope:
    taken = _sigmoid(candidates.reduced(prices) / width)
    paid = _sigmoid(prices / width)
    # A floor may be out of reach: below minus `most`, it may be missed instead, so that prices stay finite.
    missed = _sigmoid((-most - prices) / width)
    spread = ceiling - floor
    gradient = floor * (1 - missed) + spread * paid - candidates.degrees(taken)
    bend = taken * (1 - taken) / width
    own = (spread * paid * (1 - paid) + floor * missed * (1 - missed)) / width
    active = np.flatnonzero(bend * width > 1e-7)
    return _Slope(gradient, own + 1e-4 / width, candidates.low[active], candidates.high[active], bend[active])


def _newton_step(slope: _Slope) -> FloatArray:
    """Solve for the step by conjugate gradients, scaled by the diagonal."""
    size = slope.gradient.size
    scale = slope.diagonal + np.bincount(slope.low, weights=slope.bend, minlength=size)
    scale += np.bincount(slope.high, weights=slope.bend, minlength=size)
    step = np.zeros(size)
    rest = -slope.gradient
    scaled = rest / scale
    direction = scaled.copy()
    energy = float(rest @ scaled)
    goal = 1e-4 * energy
    for _ in range(CONJUGATE_STEPS):
        if energy <= goal or energy == 0.0:
            break
        image = slope.times(direction)
        along = energy / float(direction @ image)
        step += along * direction
        rest -= along * image
        scaled = rest / scale
        previous, energy = energy, float(rest @ scaled)
        direction = scaled + (energy / previous) * direction
    return step


def _sigmoid(values: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * values)))
