"""The exact optimum over all pairs, of the relaxation and in whole pairs, to hold our value against."""

import numpy as np

from benchmarks.matching.children import Case, Result, answer
from benchmarks.matching.networks import drawn
from benchmarks.matching.programmes import Pairs, Relaxed, Seats, allowed_pairs, kept_seats, relaxed, whole
from summit.engine.matching.assignment import Assignment, assign
from summit.engine.matching.profiles import FloatArray, IntArray
from summit.engine.matching.scoring import prepare

FIRST_PAIRS = 12
"""So many pairs a person the first programme starts with, those with the best reduced scores."""
CLOSE = 1e-9
SECONDS = 300.0


def measure(case: Case) -> Result:
    """Compare our value with the exact ones; `way` is "whole" where the integer optimum is wanted too."""
    prepared = prepare(
        drawn(case.network, case.people, seed=case.seed, challenges=case.challenges, variant=case.variant)
    )
    assignment = assign(prepared)
    pairs, seats = allowed_pairs(prepared), kept_seats(prepared, assignment)
    optimum = relaxation(pairs, seats, assignment)
    result = {
        "value": assignment.value,
        "bound": assignment.bound,
        "relaxed": optimum.value,
        "below_relaxed": 1 - assignment.value / optimum.value,
    }
    if case.way == "whole":
        value, bound, left = whole_optimum(pairs, seats, optimum, assignment.value)
        result |= {"whole": value, "whole_bound": bound, "whole_pairs": left}
        result |= {"below_whole": 1 - assignment.value / value, "below_whole_bound": 1 - assignment.value / bound}
    return result


def relaxation(pairs: Pairs, seats: Seats, assignment: Assignment) -> Relaxed:
    """Solve the linear programme over all pairs: over a few, adding those that its prices show to be missing.

    Those chosen are among the first, so that there is a solution.
    The last one is the optimum over all: no pair left out is worth more than its people's prices.
    """
    people = seats.floor.size
    chosen = np.isin(pairs.low * people + pairs.high, assignment.pairs @ [people, 1])
    inside = np.union1d(_best(pairs, assignment.prices, FIRST_PAIRS * people), np.flatnonzero(chosen))
    while True:
        optimum = relaxed(pairs.some(inside), seats)
        missing = np.setdiff1d(np.flatnonzero(pairs.reduced(optimum.prices) > CLOSE * 100), inside)
        if missing.size == 0:
            return optimum
        inside = np.concatenate([inside, missing])


def whole_optimum(pairs: Pairs, seats: Seats, optimum: Relaxed, known: float) -> tuple[float, float, int]:
    """Return the best value in whole pairs, a bound of it, and how many pairs were left to choose from.

    A pair whose price exceeds its score by more than the relaxation exceeds a known value is in no better solution
    (reduced-cost fixing); so a good value found among few pairs shows which few are enough for the best.
    """
    margin = 0.1 * (optimum.value - known) + CLOSE * optimum.value
    while True:
        left = np.flatnonzero(pairs.reduced(optimum.prices) >= -margin)
        value, bound = whole(pairs.some(left), seats, seconds=SECONDS)
        needed = optimum.value - max(value, known)
        if needed <= margin:
            return max(value, known), min(bound, optimum.value), int(left.size)
        margin = min(needed, 4 * margin) if value <= known else needed


def _best(pairs: Pairs, prices: FloatArray, count: int) -> IntArray:
    reduced = pairs.reduced(prices)
    if count >= reduced.size:
        return np.arange(reduced.size)
    return np.argpartition(-reduced, count)[:count]


if __name__ == "__main__":
    answer(measure)
