"""All lists of matches at once: a heaviest b-matching with floors and ceilings, and the bound that certifies it."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from summit.engine.matching.candidates import Candidates, first_candidates, missing_candidates, partners_of
from summit.engine.matching.certificate import upper_bounds
from summit.engine.matching.draft import (
    Draft,
    below_floor,
    chosen_pairs,
    draft_of,
    drop_needless_bridges,
    fill,
    join_bridges,
)
from summit.engine.matching.lanes import Lanes, lanes_of
from summit.engine.matching.pairs import score_pairs
from summit.engine.matching.prices import WARM_WIDTHS, solve_prices
from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray
from summit.engine.matching.scoring import Prepared
from summit.engine.matching.trails import LEAST_GAIN, improve, notes_for, reach_floors

GOOD_ENOUGH = 0.001
"""The gap below which no further round of candidates is worth its time."""

LITTLE = 0.03
"""The share of the dual's value up to which pairs may still be missing when the first draft is made."""

ROUNDS = 3
MOST_ROUNDS = 6

EXCHANGES = 2
"""How many rounds of exchanges a draft goes through."""

OUT_OF_PLACE = 1e-3
"""How much a pair must be out of place to be worth a search, as a share of the average score."""

BRIDGE = 1e-3
"""What a bridge costs, in points, while pairs are chosen: more than nothing, so that no needless one is kept."""

Progress = Callable[[str, float], None]
"""Told the stage (`scoring`, `prices`, `choosing`, `certificate`) and the share of the work done, 0 to 1."""


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who is matched with whom.

    pairs: (m, 2), lower position first, in the order of the positions. scores: (m,). bridging: (m,), pairs with score 0
    that only serve to reach a floor. value: sum of the scores. bound: what no assignment can exceed that meets the
    ceilings and the floors that this one meets. loose_bound: what none can exceed that meets the ceilings, floors or
    not. gap: 1 - value / bound, 0 when the bound is 0. below_floor: people with fewer matches than their floor.
    prices: (n,), from which the bound follows. seconds: how long it took.
    """

    pairs: IntArray
    scores: FloatArray
    bridging: BoolArray
    value: float
    bound: float
    loose_bound: float
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
    pairs: IntArray
    scores: FloatArray
    below_floor: IntArray
    bound: float
    loose_bound: float

    @property
    def value(self) -> float:
        return float(self.scores.sum())

    def is_better_than(self, other: "_Round") -> bool:
        """Compare by those left below their floor first, then by value."""
        return (self.below_floor.size, -self.value) < (other.below_floor.size, -other.value)


def assign(prepared: Prepared, *, seed: int = 0, on_progress: Progress | None = None) -> Assignment:
    """Choose all matches together.

    Candidates by score, prices of seats (the dual), the pairs that the prices show to be missing, prices again, then
    the worthiest pairs first, exchanges along trails, and the bound over all pairs. Deterministic for a seed, which
    only decides who of equal strangers bridges to a floor. About O(n²) time with a small constant, memory for the
    candidates. `on_progress` may raise, and so end the work.
    """
    began = perf_counter()
    tell = on_progress or _silently
    generator = np.random.default_rng(seed)
    lanes = lanes_of(prepared)
    candidates, prices = _priced_candidates(prepared, lanes, generator, tell)
    best = _attempt(prepared, candidates, prices, generator, tell)
    attempts = [best]
    while len(attempts) < ROUNDS and best.value < (1 - GOOD_ENOUGH) * _tightest(best, attempts).bound:
        missing, _surplus = missing_candidates(prepared, lanes, best.prices, generator)
        candidates = best.candidates.joined(missing)
        prices = solve_prices(candidates, prepared.profiles.floor, prepared.profiles.ceiling, best.prices, WARM_WIDTHS)
        attempt = _attempt(prepared, candidates, prices, generator, tell)
        attempts.append(attempt)
        if attempt.is_better_than(best):
            best = attempt
        elif attempt.candidates.low.size == best.candidates.low.size:
            break
    tell("certificate", 1.0)
    return _assignment(best, attempts, perf_counter() - began)


def _silently(_stage: str, _share: float) -> None:
    pass


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


def _priced_candidates(
    prepared: Prepared, lanes: Lanes, generator: np.random.Generator, tell: Progress
) -> tuple[Candidates, FloatArray]:
    """Add candidates until the prices of the ones before show little that was missing."""
    floor, ceiling = prepared.profiles.floor, prepared.profiles.ceiling
    tell("scoring", 0.0)
    candidates = first_candidates(prepared, lanes, generator)
    tell("prices", 0.3)
    prices = solve_prices(candidates, floor, ceiling)
    for _ in range(MOST_ROUNDS):
        tell("scoring", 0.4)
        known = float(np.maximum(candidates.reduced(prices), 0.0).sum())
        missing, surplus = missing_candidates(prepared, lanes, prices, generator)
        candidates = candidates.joined(missing)
        little = LITTLE * float((ceiling * np.abs(prices)).sum() + known)
        tell("prices", 0.6)
        prices = solve_prices(candidates, floor, ceiling, prices, WARM_WIDTHS)
        if surplus - known <= little:
            break
    return candidates, prices


def _attempt(
    prepared: Prepared, candidates: Candidates, prices: FloatArray, generator: np.random.Generator, tell: Progress
) -> _Round:
    floor, ceiling = prepared.profiles.floor, prepared.profiles.ceiling
    tell("choosing", 0.7)
    draft, stuck = _drafted(candidates, prices, floor, ceiling)
    if stuck.size:
        candidates = candidates.joined(partners_of(prepared, stuck, generator))
        draft, stuck = _drafted(candidates, prices, floor, ceiling)
    typical = float(np.mean(candidates.scores)) if candidates.scores.size else 0.0
    improve(draft, notes_for(draft), EXCHANGES, max(LEAST_GAIN, OUT_OF_PLACE * typical))
    drop_needless_bridges(draft)
    join_bridges(draft)
    chosen = chosen_pairs(draft)
    low, high = candidates.low[chosen], candidates.high[chosen]
    short = below_floor(draft)
    met = np.minimum(floor, draft.degree)
    if short.size:
        prices = solve_prices(candidates, met, ceiling, prices)
    tell("certificate", 0.85)
    scores = score_pairs(prepared, low, high)
    bounds = np.maximum(
        upper_bounds(prepared, _with_and_without_floors(candidates, prices, ceiling), met), scores.sum()
    )
    return _Round(
        candidates, prices, np.column_stack([low, high]), scores, short, float(bounds[0]), float(bounds.max())
    )


def _drafted(candidates: Candidates, prices: FloatArray, floor: IntArray, ceiling: IntArray) -> tuple[Draft, IntArray]:
    """Return a first draft, and who could not be brought to their floor."""
    draft = draft_of(candidates.with_costly_bridges(BRIDGE), prices, floor, ceiling)
    fill(draft)
    stuck: IntArray = reach_floors(draft, notes_for(draft))
    return draft, stuck


def _with_and_without_floors(candidates: Candidates, prices: FloatArray, ceiling: IntArray) -> FloatArray:
    """Return the prices, (1, n), and where floors have a price, those of a world without floors as well, (2, n)."""
    if not np.any(prices < 0):
        return prices[None, :]
    free = solve_prices(candidates, np.zeros_like(ceiling), ceiling, np.maximum(prices, 0.0), WARM_WIDTHS)
    return np.stack([prices, np.maximum(free, 0.0)])


def _tightest(best: _Round, attempts: list[_Round]) -> _Round:
    """Return the attempt with the lowest bound that holds for the best: built on no floor that the best one misses."""
    return best if best.below_floor.size else min(attempts, key=lambda attempt: attempt.bound)


def _assignment(best: _Round, attempts: list[_Round], seconds: float) -> Assignment:
    tightest = _tightest(best, attempts)
    loose_bound = max(min(attempt.loose_bound for attempt in attempts), best.value)
    bound = min(max(tightest.bound, best.value), loose_bound)
    return Assignment(
        pairs=best.pairs,
        scores=best.scores,
        bridging=best.scores <= 0,
        value=best.value,
        bound=bound,
        loose_bound=loose_bound,
        gap=max(0.0, 1.0 - best.value / bound) if bound > 0 else 0.0,
        below_floor=best.below_floor,
        prices=tightest.prices,
        seconds=seconds,
    )
