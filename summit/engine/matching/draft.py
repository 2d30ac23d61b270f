"""An assignment being made: which candidates are chosen, and how many seats everybody has taken."""

import numpy as np

from summit.engine.matching.candidates import Candidates
from summit.engine.matching.profiles import FloatArray, IntArray


class Draft:
    """Chosen pairs among candidates, kept as plain lists, which single steps read faster than arrays.

    `worth` is each pair's score beyond the prices of its people; the neighbours of a person are (partner, pair),
    the worthiest first.
    """

    def __init__(self, candidates: Candidates, prices: FloatArray, floor: IntArray, ceiling: IntArray) -> None:
        worth = candidates.reduced(prices)
        self.order: list[int] = np.argsort(-worth, kind="stable").tolist()
        self.low: list[int] = candidates.low.tolist()
        self.high: list[int] = candidates.high.tolist()
        self.score: list[float] = candidates.scores.tolist()
        self.worth: list[float] = worth.tolist()
        self.price: list[float] = prices.tolist()
        self.floor: list[int] = floor.tolist()
        self.ceiling: list[int] = ceiling.tolist()
        self.degree = [0] * candidates.people
        self.partners: list[dict[int, int]] = [{} for _ in range(candidates.people)]
        self.neighbours: list[list[tuple[int, int]]] = [[] for _ in range(candidates.people)]
        for pair in self.order:
            low, high = self.low[pair], self.high[pair]
            self.neighbours[low].append((high, pair))
            self.neighbours[high].append((low, pair))

    def is_chosen(self, pair: int) -> bool:
        """Say whether a pair is part of the assignment."""
        return self.high[pair] in self.partners[self.low[pair]]

    def choose(self, pair: int) -> None:
        """Take a pair in."""
        low, high = self.low[pair], self.high[pair]
        self.partners[low][high] = self.partners[high][low] = pair
        self.degree[low] += 1
        self.degree[high] += 1

    def drop(self, pair: int) -> None:
        """Take a pair out."""
        low, high = self.low[pair], self.high[pair]
        del self.partners[low][high], self.partners[high][low]
        self.degree[low] -= 1
        self.degree[high] -= 1

    def has_seat(self, person: int) -> bool:
        """Say whether a person is below their ceiling."""
        return self.degree[person] < self.ceiling[person]

    def is_short(self, person: int) -> bool:
        """Say whether a person is below their floor."""
        return self.degree[person] < self.floor[person]

    def short(self) -> list[int]:
        """Return the people below their floor."""
        return [person for person in range(len(self.degree)) if self.is_short(person)]

    def chosen(self) -> IntArray:
        """Return the chosen pairs, in the order of the candidates."""
        pairs = (pair for low, taken in enumerate(self.partners) for high, pair in taken.items() if low < high)
        return np.array(sorted(pairs), dtype=np.int64)


def fill(draft: Draft) -> None:
    """Choose pairs while both have a seat, the worthiest first; without a common topic only towards a floor."""
    for pair in draft.order:
        low, high = draft.low[pair], draft.high[pair]
        if not (draft.has_seat(low) and draft.has_seat(high)) or draft.is_chosen(pair):
            continue
        if draft.score[pair] > 0 or draft.is_short(low) or draft.is_short(high):
            draft.choose(pair)


def drop_needless_bridges(draft: Draft) -> None:
    """Drop the pairs with score 0 that neither side needs for their floor."""
    for pair in draft.chosen().tolist():
        low, high = draft.low[pair], draft.high[pair]
        needed = draft.degree[low] <= draft.floor[low] or draft.degree[high] <= draft.floor[high]
        if draft.score[pair] <= 0 and not needed:
            draft.drop(pair)
