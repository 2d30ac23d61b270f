"""Whom to suggest to somebody who has too few matches: not a shared challenge, but a bridge."""

from dataclasses import dataclass

import numpy as np

from summit.engine.matching.profiles import NONE, IntArray
from summit.engine.matching.scoring import Prepared, score_rows

SUGGESTED = 3


@dataclass(frozen=True)
class Bridge:
    """Somebody to be introduced to although nothing on the map says so, and what speaks for it.

    No ask, offer or promise has a part in it, so it tells nothing of sealed ones. common_ties: how many people both
    have met, which is not for showing. free_places: how many more introductions they want than they have.
    """

    partner: int
    common_ties: int
    is_same_place: bool
    is_other_kind: bool
    free_places: int


def bridges_for(prepared: Prepared, pairs: IntArray, person: int, *, most: int = SUGGESTED) -> list[Bridge]:
    """Suggest bridges for one person, the best first: places left, people both know, the same place, another kind.

    pairs: (m, 2) who is matched already. What the hard rules forbid is never suggested. O(n) time beside one row of
    scores.
    """
    profiles = prepared.profiles
    degrees = np.bincount(pairs.ravel(), minlength=prepared.people)
    possible = score_rows(prepared, np.array([person]))[0] > -np.inf
    possible[pairs[pairs[:, 0] == person, 1]] = False
    possible[pairs[pairs[:, 1] == person, 0]] = False
    # Whoever wants no introductions at all is left in peace.
    others = np.flatnonzero(possible & (profiles.ceiling > 0))
    ties = prepared.ties.astype(np.int64)
    common = np.asarray((ties[others] @ ties[[person]].T).toarray()).ravel()
    same_place = (profiles.place[others] == profiles.place[person]) & (profiles.place[person] != NONE)
    kinds = profiles.kind[others], profiles.kind[person]
    other_kind = (kinds[0] != kinds[1]) & (kinds[0] != NONE) & (kinds[1] != NONE)
    free = np.maximum(profiles.ceiling[others] - degrees[others], 0)
    order = np.lexsort((others, -free, ~other_kind, ~same_place, -common, free == 0))[:most]
    return [
        Bridge(int(others[i]), int(common[i]), bool(same_place[i]), bool(other_kind[i]), int(free[i])) for i in order
    ]
