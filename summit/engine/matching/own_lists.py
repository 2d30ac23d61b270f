"""Each for themselves: what would become of people if everybody simply took their own best partners."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summit.engine.matching.few import FEW
from summit.engine.matching.profiles import NONE, IntArray
from summit.engine.matching.scoring import Prepared, blocks, score_block


@dataclass(frozen=True, eq=False)
class OwnLists:
    """Everybody's own best list, beside lists that were chosen together.

    Such a list is one-sided: whom it introduces to whom is decided by its owner alone. So somebody's introductions are
    the lists that they are on. on_lists: (n,) how many those are. left_out, left_out_together: positions of people with
    fewer than three (or than they want, if that is less), by own lists and when chosen together; swamped,
    swamped_together: how many have more than they want. most_wanted: the position of whoever is on most lists, -1 when
    all lists are empty; most_wanted_on, most_wanted_ceiling: on how many, and how many they want.
    """

    on_lists: IntArray
    left_out: IntArray
    left_out_together: IntArray
    swamped: int
    swamped_together: int
    most_wanted: int
    most_wanted_on: int
    most_wanted_ceiling: int


def own_best(prepared: Prepared, *, seed: int = 0) -> IntArray:
    """Return everybody's best partners: (n, k) positions, k the highest ceiling, best first, -1 where none is left.

    Among equals chance decides, everybody's own: otherwise whoever comes first would be on all lists. O(n²) time.
    """
    people, ceiling = prepared.people, prepared.profiles.ceiling
    size = min(int(ceiling.max(initial=0)), max(0, people - 1))
    best = np.full((people, size), NONE, dtype=np.int64)
    generator = np.random.default_rng(seed)
    if size == 0:
        return best
    for start, stop in blocks(people):
        scores = score_block(prepared, start, stop)
        # Far below what tells two different scores apart.
        blurred = scores + 1e-9 * generator.random(scores.shape)
        chosen = np.argpartition(-blurred, size - 1, axis=1)[:, :size]
        order = np.argsort(-np.take_along_axis(blurred, chosen, axis=1), axis=1)
        chosen = np.take_along_axis(chosen, order, axis=1)
        best[start:stop] = np.where(np.take_along_axis(scores, chosen, axis=1) > 0, chosen, NONE)
    return best


def ordered_best(partners: NDArray[Any], scores: NDArray[Any], *, seed: int = 0) -> IntArray:
    """Return partners (n, k), given in any order with their scores and -1 for none, best first.

    Among equals chance decides here too, as far as they were given: give more of each person's than will be used.
    """
    blurred = scores.astype(np.float64) + 1e-5 * np.random.default_rng(seed).random(scores.shape)
    order = np.argsort(np.where(partners == NONE, np.inf, -blurred), axis=1)
    return np.take_along_axis(partners, order, axis=1).astype(np.int64)


def compare_with_own_lists(best: IntArray, ceiling: IntArray, degrees: IntArray) -> OwnLists:
    """Compare everybody's own best list with lists that were chosen together.

    best: (n, k) positions, best first, -1 for none; of each row only as many count as its owner's ceiling. degrees:
    (n,) matches of each person as chosen together.
    """
    people = ceiling.size
    within = (np.arange(best.shape[1])[None, :] < ceiling[:, None]) & (best != NONE)
    on_lists = np.bincount(best[within], minlength=people)
    enough = np.minimum(FEW, ceiling)
    most_wanted = int(np.argmax(on_lists)) if on_lists.any() else NONE
    return OwnLists(
        on_lists=on_lists,
        left_out=np.flatnonzero(on_lists < enough),
        left_out_together=np.flatnonzero(degrees < enough),
        swamped=int(np.count_nonzero(on_lists > ceiling)),
        swamped_together=int(np.count_nonzero(degrees > ceiling)),
        most_wanted=most_wanted,
        most_wanted_on=int(on_lists[most_wanted]) if most_wanted != NONE else 0,
        most_wanted_ceiling=int(ceiling[most_wanted]) if most_wanted != NONE else 0,
    )
