"""The pairs an assignment chooses from: everybody's best, and those that prices show to be missing."""

from dataclasses import dataclass

import numpy as np

from summit.engine.matching.profiles import FloatArray, IntArray
from summit.engine.matching.scoring import Prepared, blocks, score_block

WHOLE_BELOW = 120
"""Up to this many people every allowed pair is a candidate, also those with score 0."""

NEAREST = 24
"""How many of the best partners of each person are candidates from the start."""

COLUMNS = 12
"""How many pairs a person may gain when prices show pairs that are missing."""


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


def first_candidates(prepared: Prepared) -> Candidates:
    """Take every allowed pair of a small summit, or everybody's best partners: NEAREST, or twice the usual ceiling."""
    people = prepared.people
    if people <= WHOLE_BELOW:
        scores = score_block(prepared, 0, people)
        rows, columns = np.nonzero(np.triu(scores >= 0, 1))
        return from_cells(people, rows, columns, scores[rows, columns])
    width = max(NEAREST, 2 * int(np.median(prepared.profiles.ceiling)))
    found = []
    for start, stop in blocks(people):
        scores = score_block(prepared, start, stop)
        rows, columns = best_cells(scores, width)
        kept = scores[rows, columns] > 0
        rows, columns = rows[kept], columns[kept]
        found.append((rows + start, columns, scores[rows, columns]))
    return _gathered(people, found)


def missing_candidates(prepared: Prepared, prices: FloatArray, generator: np.random.Generator) -> Candidates:
    """Find for each person the COLUMNS pairs worth most beyond the prices, with score 0 only where a price is below 0.

    Partners who share nothing with a person are alike, and who of them is asked first is drawn, so that they are not
    all sent to the same few.
    """
    found = []
    lot = generator.permutation(prepared.people) * (1e-9 * (1.0 + float(np.abs(prices).max(initial=0.0))))
    for start, stop in blocks(prepared.people):
        scores = score_block(prepared, start, stop)
        worth = scores - prices[start:stop, None]
        worth -= prices[None, :]
        hungry = prices[start:stop] < 0
        worth[(scores <= 0) & ~hungry[:, None]] = -np.inf
        for row in np.flatnonzero(hungry):
            worth[row] += np.roll(lot, row + start)
        rows, columns = best_cells(worth, COLUMNS)
        kept = worth[rows, columns] > -1e-6
        kept |= hungry[rows] & np.isfinite(worth[rows, columns])
        rows, columns = rows[kept], columns[kept]
        found.append((rows + start, columns, scores[rows, columns]))
    return _gathered(prepared.people, found)


def partners_of(prepared: Prepared, persons: IntArray) -> Candidates:
    """Return every allowed pair of the given people, whatever its score."""
    found = []
    for person in persons.tolist():
        scores = score_block(prepared, person, person + 1)[0]
        partners = np.flatnonzero(scores >= 0)
        found.append((np.full_like(partners, person), partners, scores[partners]))
    return _gathered(prepared.people, found)


def best_cells(values: FloatArray, width: int) -> tuple[IntArray, IntArray]:
    """Return rows and columns of the `width` largest cells of each row, in no particular order."""
    height, size = values.shape
    if size <= width:
        rows, columns = np.nonzero(np.isfinite(values))
        return rows, columns
    columns = np.argpartition(values, size - width, axis=1)[:, size - width :]
    return np.repeat(np.arange(height), width), columns.ravel()


def _gathered(people: int, found: list[tuple[IntArray, IntArray, FloatArray]]) -> Candidates:
    if not found:
        nobody = np.empty(0, dtype=np.int64)
        return Candidates(people, nobody, nobody, np.empty(0))
    rows, columns, scores = (np.concatenate(part) for part in zip(*found, strict=True))
    return from_cells(people, rows, columns, scores)
