"""What people said to their matches: how often they were interested, by rank and by family of terms."""

from dataclasses import dataclass

import numpy as np

from summit.engine.matching.families import FAMILIES
from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray
from summit.engine.matching.withholding import FEWEST
from summit.engine.trust.intervals import wilson

LAST_RANK = 10
"""From this place in a list on, ranks are counted together."""


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers to matches, one a position: who was interested, and who said "not now".

    "We know each other" says nothing about how good a match is and isn't among them. person: (m,) who answered.
    interested: (m,). rank: (m,) the match's place in their list, from 1. points: (m, families) what the match's score
    was made of, in the order of `FAMILIES` and in the present weights.
    """

    person: IntArray
    interested: BoolArray
    rank: IntArray
    points: FloatArray

    def __post_init__(self) -> None:
        if self.points.shape != (self.person.size, len(FAMILIES)):
            raise ValueError(f"points has the shape {self.points.shape}; one row an answer, {len(FAMILIES)} columns.")
        if not (np.all(np.isfinite(self.points)) and np.all(self.points >= 0)):
            raise ValueError("points must be finite numbers, 0 or more.")

    @property
    def size(self) -> int:
        """Return how many answers there are."""
        return int(self.person.size)


@dataclass(frozen=True)
class Acceptance:
    """How many of so many answers were "interested", with the interval of that share (Wilson, 95 %)."""

    n: int
    interested: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """Return the share that was interested, 0 when nobody answered."""
        return self.interested / self.n if self.n else 0.0


@dataclass(frozen=True)
class ByRank:
    """Acceptance at the ranks `first` to `last`; `last` is None for "and later"."""

    first: int
    last: int | None
    acceptance: Acceptance


@dataclass(frozen=True)
class ByFamily:
    """Acceptance of matches with and without points of a family; None both where either is about fewer than five."""

    family: str
    n: int
    having: Acceptance | None
    lacking: Acceptance | None


def acceptance(interested: BoolArray) -> Acceptance:
    """Count answers."""
    hits = int(np.count_nonzero(interested))
    return Acceptance(interested.size, hits, *wilson(hits, interested.size))


def acceptance_by_rank(answers: Answers) -> list[ByRank]:
    """Count answers by the match's place in the list; neighbours with fewer than five answers are counted together."""
    ranks = np.minimum(answers.rank, LAST_RANK)
    found: list[ByRank] = []
    first = 1
    for rank in range(1, LAST_RANK + 1):
        here = (ranks >= first) & (ranks <= rank)
        later = int(np.count_nonzero(ranks > rank))
        if np.count_nonzero(here) >= FEWEST and (later == 0 or later >= FEWEST):
            last = None if rank == LAST_RANK else rank
            found.append(ByRank(first, last, acceptance(answers.interested[here])))
            first = rank + 1
    return found


def acceptance_by_family(answers: Answers) -> list[ByFamily]:
    """Count answers to matches with points of each family beside those without; families nobody met are left out."""
    found = []
    for column, family in enumerate(FAMILIES):
        having = answers.points[:, column] > 0
        n, rest = int(np.count_nonzero(having)), int(np.count_nonzero(~having))
        shown = n >= FEWEST and (rest == 0 or rest >= FEWEST)
        if n:
            found.append(
                ByFamily(
                    family=family,
                    n=n,
                    having=acceptance(answers.interested[having]) if shown else None,
                    lacking=acceptance(answers.interested[~having]) if shown and rest else None,
                )
            )
    return found
