"""The pairs an assignment chooses from: everybody's best, and those that prices show to be missing."""

from dataclasses import dataclass

import numpy as np

from summit.engine.matching.lanes import Lanes
from summit.engine.matching.pairs import score_pairs
from summit.engine.matching.profiles import FloatArray, IntArray
from summit.engine.matching.scoring import Prepared, allowed, score_block
from summit.engine.matching.sweep import Swept, lots_for, sweep

WHOLE_BELOW = 120
"""Up to this many people every allowed pair is a candidate, also those with score 0."""

NEAREST = 20
"""How many of the best partners of each person are candidates from the start."""

WIDEST = 40

COLUMNS = 16
"""How many pairs a person may gain when prices show pairs that are missing."""

SLACK = 0.002
"""How far below the prices a pair may still be of use, as a share of the average price."""

STRANGERS = 64
"""How many partners are drawn for somebody who is short of a floor."""

MOST_LOOKED_AT = 100
MORE_STRANGERS = 512
"""How many are drawn for somebody who stays short, when there are too many to look at everybody."""

CROWDED = 1000
"""From so many people on, everybody's best may be so few of all that they say little about prices."""

BY_CHANCE = 12


@dataclass(frozen=True, eq=False)
class Candidates:
    """Allowed pairs with their scores: lower positions, higher positions, scores, each (m,), sorted, no doubles."""

    people: int
    low: IntArray
    high: IntArray
    scores: FloatArray

    def reduced(self, prices: FloatArray) -> FloatArray:
        """Return what each pair is worth beyond the prices of its two people."""
        return self.scores - prices[self.low] - prices[self.high]

    def degrees(self, weight: FloatArray) -> FloatArray:
        """Add the weights of the pairs up at both of their people."""
        sums = np.bincount(self.low, weights=weight, minlength=self.people).astype(np.float64)
        sums += np.bincount(self.high, weights=weight, minlength=self.people)
        return sums

    def with_costly_bridges(self, cost: float) -> "Candidates":
        """Return the same with every score of 0 a little below it, so that nobody is bridged more than needed."""
        return Candidates(self.people, self.low, self.high, np.where(self.scores > 0, self.scores, -cost))

    def positive(self) -> "Candidates":
        """Return those that are worth something."""
        kept = self.scores > 0
        return Candidates(self.people, self.low[kept], self.high[kept], self.scores[kept])

    def joined(self, other: "Candidates") -> "Candidates":
        """Return the union of both."""
        return from_cells(
            self.people,
            np.concatenate([self.low, other.low]),
            np.concatenate([self.high, other.high]),
            np.concatenate([self.scores, other.scores]),
        )


def from_cells(people: int, rows: IntArray, columns: IntArray, scores: FloatArray) -> Candidates:
    """Gather cells of the score matrix, from either side and repeatedly, into candidates."""
    low, high = np.minimum(rows, columns), np.maximum(rows, columns)
    keys, first = np.unique(low.astype(np.int64) * people + high, return_index=True)
    return Candidates(people, keys // max(people, 1), keys % max(people, 1), scores[first])


def first_candidates(prepared: Prepared, lanes: Lanes, generator: np.random.Generator) -> Candidates:
    """Take every allowed pair of a small summit, or everybody's best partners: NEAREST, or twice the usual ceiling.

    A few by chance come along: where everybody's best are the same people, prices are learned from those.
    """
    people = prepared.people
    if people <= WHOLE_BELOW:
        scores = score_block(prepared, 0, people)
        rows, columns = np.nonzero(np.triu(scores >= 0, 1))
        return from_cells(people, rows, columns, scores[rows, columns])
    width = min(WIDEST, max(NEAREST, 2 * int(np.median(prepared.profiles.ceiling))))
    best = from_swept(prepared, sweep(lanes, np.zeros(people), np.zeros(people), width, lots_for(people)))
    if people < CROWDED:
        return best
    return best.joined(_by_chance(prepared, np.repeat(np.arange(people), BY_CHANCE), generator).positive())


def missing_candidates(
    prepared: Prepared, lanes: Lanes, prices: FloatArray, generator: np.random.Generator
) -> tuple[Candidates, float]:
    """Find for each person the COLUMNS pairs worth most beyond the prices, as far as they are worth anything.

    Returns them with the surplus over all pairs. Whoever is short of a floor (a price below 0) is also offered
    strangers, drawn by lot so that they are not all sent to the same few.
    """
    slack = SLACK * float(np.abs(prices).mean()) if prices.size else 0.0
    swept = sweep(lanes, prices, prices - max(SLACK, slack), COLUMNS, lots_for(prices.size))
    hungry = np.flatnonzero(prices < 0)
    return from_swept(prepared, swept).joined(
        _by_chance(prepared, np.repeat(hungry, STRANGERS), generator)
    ), swept.surplus


def _by_chance(prepared: Prepared, rows: IntArray, generator: np.random.Generator) -> Candidates:
    """Give each of the positions, as often as it is named, a partner by lot, if the rules allow the two."""
    people = prepared.people
    columns = generator.integers(0, max(1, people), rows.size)
    low, high = np.minimum(rows, columns), np.maximum(rows, columns)
    kept = allowed(prepared, low, high)
    found = from_cells(people, low[kept], high[kept], np.zeros(int(kept.sum())))
    return Candidates(people, found.low, found.high, score_pairs(prepared, found.low, found.high))


def partners_of(prepared: Prepared, persons: IntArray, generator: np.random.Generator) -> Candidates:
    """Return every allowed pair of the given people, whatever its score; for all but MOST_LOOKED_AT, some by lot."""
    looked_at, others = persons[:MOST_LOOKED_AT], persons[MOST_LOOKED_AT:]
    found = [(persons[:0], persons[:0], np.empty(0))]
    for person in looked_at.tolist():
        scores = score_block(prepared, person, person + 1)[0]
        partners = np.flatnonzero(scores >= 0)
        found.append((np.full_like(partners, person), partners, scores[partners]))
    rows, columns, scores = (np.concatenate(part) for part in zip(*found, strict=True))
    return from_cells(prepared.people, rows, columns, scores).joined(
        _by_chance(prepared, np.repeat(others, MORE_STRANGERS), generator)
    )


def from_swept(prepared: Prepared, swept: Swept) -> Candidates:
    """Gather what a sweep found, scored exactly."""
    people, width = swept.partners.shape
    rows = np.repeat(np.arange(people), width)
    columns = swept.partners.ravel().astype(np.int64)
    kept = columns >= 0
    found = from_cells(people, rows[kept], columns[kept], np.zeros(int(kept.sum())))
    return Candidates(people, found.low, found.high, score_pairs(prepared, found.low, found.high))
