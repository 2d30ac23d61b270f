"""All lists of matches at once: a heaviest b-matching with floors and ceilings, and the bound that certifies it."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from summit.engine.matching.candidates import Candidates, first_candidates, missing_candidates, partners_of
from summit.engine.matching.certificate import upper_bound
from summit.engine.matching.draft import Draft, drop_needless_bridges, fill
from summit.engine.matching.prices import solve_prices
from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray
from summit.engine.matching.scoring import Prepared
from summit.engine.matching.trails import improve, reach_floors

GOOD_ENOUGH = 0.004
"""The gap below which no further round of candidates is worth its time."""

LITTLE = 0.02
"""The share of the dual's value up to which pairs may still be missing when the first draft is made."""

ROUNDS = 3


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who is matched with whom.

    pairs: (m, 2), lower position first, in the order of the positions. scores: (m,). bridging: (m,), pairs with score 0
    that only serve to reach a floor. value: sum of the scores. bound: what no assignment can exceed that meets the
    ceilings and the floors that this one meets. gap: 1 - value / bound, 0 when the bound is 0. below_floor: people with
    fewer matches than their floor. prices: (n,), from which the bound follows. seconds: how long it took.
    """

    pairs: IntArray
    scores: FloatArray
    bridging: BoolArray
    value: float
    bound: float
    gap: float
    below_floor: IntArray
    prices: FloatArray
    seconds: float

    def degrees(self, people: int) -> IntArray:
        """Return how many matches each of so many people has, (n,)."""
        return np.bincount(self.pairs.ravel(), minlength=people)


@dataclass(frozen=True, eq=False)
class _Round:
    """One attempt: candidates, prices, the pairs chosen, and how good they are."""

    candidates: Candidates
    prices: FloatArray
    chosen: IntArray
    below_floor: IntArray
    value: float
    bound: float

    def is_better_than(self, other: "_Round") -> bool:
        """Compare by those left below their floor first, then by value."""
        return (self.below_floor.size, -self.value) < (other.below_floor.size, -other.value)


def assign(prepared: Prepared, *, seed: int = 0) -> Assignment:
    """Choose all matches together.

    Candidates by score, prices of seats (the dual), the pairs that the prices show to be missing, prices again, then
    the worthiest pairs first, exchanges along trails, and the bound over all pairs. Deterministic for a seed, which
    only decides who of equal strangers bridges to a floor. About O(n²) time, memory for one block and the candidates.
    """
    began = perf_counter()
    generator = np.random.default_rng(seed)
    candidates, prices = _priced_candidates(prepared, generator)
    best = _attempt(prepared, candidates, prices)
    attempts = [best]
    while len(attempts) < ROUNDS and best.value < (1 - GOOD_ENOUGH) * _tightest(best, attempts).bound:
        candidates = best.candidates.joined(missing_candidates(prepared, best.prices, generator))
        prices = solve_prices(candidates, prepared.profiles.floor, prepared.profiles.ceiling, best.prices)
        attempt = _attempt(prepared, candidates, prices)
        attempts.append(attempt)
        if attempt.is_better_than(best):
            best = attempt
    return _assignment(best, _tightest(best, attempts), perf_counter() - began)


def bound_within_ceilings(prepared: Prepared, assignment: Assignment) -> float:
    """Return a bound that holds for every assignment within the ceilings, whether or not it meets any floor.

    The same as `assignment.bound` unless a floor has a price; then a little higher.
    """
    if not np.any(assignment.prices < 0):
        return assignment.bound
    return max(assignment.value, upper_bound(prepared, np.maximum(assignment.prices, 0.0)))


def ranks(assignment: Assignment) -> tuple[IntArray, IntArray]:
    """Return each pair's place, from 1, in the list of either side: best score first, then the partner's position."""
    count = len(assignment.scores)
    person = assignment.pairs.T.ravel()
    partner = assignment.pairs[:, ::-1].T.ravel()
    order = np.lexsort((partner, -np.tile(assignment.scores, 2), person))
    first = np.searchsorted(person[order], person[order])
    rank = np.empty(2 * count, dtype=np.int64)
    rank[order] = np.arange(2 * count) - first + 1
    return rank[:count], rank[count:]


def _priced_candidates(prepared: Prepared, generator: np.random.Generator) -> tuple[Candidates, FloatArray]:
    """Add candidates until the prices of the ones before show little that was missing."""
    floor, ceiling = prepared.profiles.floor, prepared.profiles.ceiling
    candidates = first_candidates(prepared)
    prices = solve_prices(candidates, floor, ceiling)
    for _ in range(ROUNDS):
        known = float(np.maximum(candidates.reduced(prices), 0.0).sum())
        candidates = candidates.joined(missing_candidates(prepared, prices, generator))
        missing = float(np.maximum(candidates.reduced(prices), 0.0).sum()) - known
        little = LITTLE * float(np.abs(ceiling * prices).sum() + known)
        prices = solve_prices(candidates, floor, ceiling, prices)
        if missing <= little:
            break
    return candidates, prices


def _attempt(prepared: Prepared, candidates: Candidates, prices: FloatArray) -> _Round:
    floor, ceiling = prepared.profiles.floor, prepared.profiles.ceiling
    draft = _drafted(candidates, prices, floor, ceiling)
    stuck = np.array(reach_floors(draft), dtype=np.int64)
    if stuck.size:
        candidates = candidates.joined(partners_of(prepared, stuck))
        draft = _drafted(candidates, prices, floor, ceiling)
        stuck = np.array(reach_floors(draft), dtype=np.int64)
    improve(draft)
    drop_needless_bridges(draft)
    chosen = draft.chosen()
    below_floor = np.array(draft.short(), dtype=np.int64)
    priced = _priced_for(candidates, prices, floor, ceiling, below_floor)
    value = float(candidates.scores[chosen].sum())
    return _Round(candidates, priced, chosen, below_floor, value, max(value, upper_bound(prepared, priced)))


def _drafted(candidates: Candidates, prices: FloatArray, floor: IntArray, ceiling: IntArray) -> Draft:
    draft = Draft(candidates, prices, floor, ceiling)
    fill(draft)
    return draft


def _priced_for(
    candidates: Candidates, prices: FloatArray, floor: IntArray, ceiling: IntArray, below_floor: IntArray
) -> FloatArray:
    """Let go of the floors that are not met: the bound must not be built on what this assignment does not keep."""
    if below_floor.size == 0:
        return prices
    kept = floor.copy()
    kept[below_floor] = 0
    priced = solve_prices(candidates, kept, ceiling, np.clip(prices, -np.abs(prices).min(initial=0.0), None))
    priced[below_floor] = np.maximum(priced[below_floor], 0.0)
    return priced


def _tightest(best: _Round, attempts: list[_Round]) -> _Round:
    """Return the attempt with the lowest bound that holds for the best: built on no floor that the best one misses."""
    return best if best.below_floor.size else min(attempts, key=lambda attempt: attempt.bound)


def _assignment(best: _Round, tightest: _Round, seconds: float) -> Assignment:
    candidates, chosen = best.candidates, best.chosen
    scores = candidates.scores[chosen]
    return Assignment(
        pairs=np.column_stack([candidates.low[chosen], candidates.high[chosen]]),
        scores=scores,
        bridging=scores <= 0,
        value=best.value,
        bound=tightest.bound,
        gap=max(0.0, 1.0 - best.value / tightest.bound) if tightest.bound > 0 else 0.0,
        below_floor=best.below_floor,
        prices=tightest.prices,
        seconds=seconds,
    )
