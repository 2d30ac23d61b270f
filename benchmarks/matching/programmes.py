"""The matching as a linear or integer programme over listed pairs, for HiGHS."""

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, csr_array, vstack

from benchmarks.matching.limit import BEST
from summit.engine.matching.assignment import Assignment
from summit.engine.matching.profiles import FloatArray, IntArray
from summit.engine.matching.scoring import Prepared, blocks, score_block


class Pairs(NamedTuple):
    """Allowed pairs: lower positions, higher positions, scores; all (m,)."""

    low: IntArray
    high: IntArray
    scores: FloatArray

    def some(self, which: IntArray) -> "Pairs":
        """Return the pairs at these places."""
        return Pairs(self.low[which], self.high[which], self.scores[which])

    def reduced(self, prices: FloatArray) -> FloatArray:
        """Return what each pair is worth beyond the prices of its people."""
        return self.scores - prices[self.low] - prices[self.high]


class Seats(NamedTuple):
    """The fewest and the most matches of each person, (n,)."""

    floor: IntArray
    ceiling: IntArray


class Relaxed(NamedTuple):
    """An optimum of the linear programme: its value, each pair's share, each person's price."""

    value: float
    shares: FloatArray
    prices: FloatArray


def allowed_pairs(prepared: Prepared) -> Pairs:
    """List every pair that the rules allow, those without a score included, since they may serve a floor."""
    found = []
    for start, stop in blocks(prepared.people):
        scores = score_block(prepared, start, stop)
        rows, columns = np.nonzero(np.isfinite(scores))
        upper = columns > rows + start
        rows, columns = rows[upper], columns[upper]
        found.append((rows + start, columns, scores[rows, columns]))
    return Pairs(*(np.concatenate(part) for part in zip(*found, strict=True)))


def best_pairs(prepared: Prepared) -> Pairs:
    """List the pairs that are among the best few of either side, allowed and with a score."""
    people, found = prepared.people, []
    for start, stop in blocks(people):
        scores = score_block(prepared, start, stop)
        few = min(BEST, people)
        columns = np.argpartition(scores, people - few, axis=1)[:, people - few :]
        rows = np.repeat(np.arange(start, stop), few)
        found.append(
            (
                np.minimum(rows, columns.ravel()),
                np.maximum(rows, columns.ravel()),
                scores[rows - start, columns.ravel()],
            )
        )
    low, high, scores = (np.concatenate(part) for part in zip(*found, strict=True))
    _, once = np.unique(np.where(scores > 0, low * people + high, -1), return_index=True)
    once = once[scores[once] > 0]
    return Pairs(low[once], high[once], scores[once])


def kept_seats(prepared: Prepared, assignment: Assignment) -> Seats:
    """Return the seats with floors as far as the assignment meets them, so that the programme has a solution."""
    floor, ceiling = prepared.profiles.floor, prepared.profiles.ceiling
    return Seats(np.minimum(floor, assignment.degrees(prepared.people)), ceiling)


def incidence(pairs: Pairs, people: int) -> csc_array:
    """Return (n, m): 1 where a person is in a pair."""
    count = pairs.low.size
    columns = np.tile(np.arange(count), 2)
    return csc_array((np.ones(2 * count), (np.concatenate([pairs.low, pairs.high]), columns)), shape=(people, count))


def relaxed(pairs: Pairs, seats: Seats) -> Relaxed:
    """Solve the linear programme over the pairs."""
    people = seats.floor.size
    matrix = csr_array(incidence(pairs, people))
    held = np.flatnonzero(seats.floor > 0)
    rows: Any = vstack([matrix, -matrix[held]], format="csc")
    solved: Any = linprog(
        -pairs.scores,
        A_ub=rows,
        b_ub=np.concatenate([seats.ceiling, -seats.floor[held]]),
        bounds=(0, 1),
        method="highs",
    )
    if not solved.success:
        raise RuntimeError(f"The linear programme was not solved: {solved.message}")
    prices = -solved.ineqlin.marginals[:people]
    prices[held] += solved.ineqlin.marginals[people:]
    return Relaxed(-float(solved.fun), solved.x, prices)


def whole(pairs: Pairs, seats: Seats, *, seconds: float) -> tuple[float, float]:
    """Solve the integer programme over the pairs; return the best value found and the solver's bound of it."""
    solved: Any = milp(
        -pairs.scores,
        integrality=np.ones(pairs.low.size, dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(incidence(pairs, seats.floor.size), seats.floor, seats.ceiling),
        options={"time_limit": seconds, "mip_rel_gap": 1e-6},
    )
    if solved.x is None:
        return 0.0, float("inf")
    return float(pairs.scores @ np.round(solved.x)), -float(solved.mip_dual_bound)
