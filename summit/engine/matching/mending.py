"""Finding seats for a few people in an assignment that stands, with as little change for others as it takes."""

from typing import Any

from numba import njit

from summit.engine.matching.draft import Draft, choose
from summit.engine.matching.trails import STEPS, Notes, best_end, close_cycle, flip_best, reach_floors


@njit(cache=True)
def mend(draft: Draft, notes: Notes, people: Any, least_worth: float) -> None:
    """Give a few people free seats first, then seats along trails, then put their pairs right that are out of place.

    least_worth: a pair out of place by less than this is left alone, so that lists of others stay as they are.
    """
    for person in people:
        for at in range(draft.start[person], draft.start[person + 1]):
            pair = draft.pair[at]
            low, high = draft.low[pair], draft.high[pair]
            is_open = draft.degree[low] < draft.ceiling[low] and draft.degree[high] < draft.ceiling[high]
            if is_open and draft.score[pair] > 0 and not draft.chosen[pair]:
                choose(draft, pair)
    reach_floors(draft, notes)
    most = best_end(draft)
    for person in people:
        while draft.price[person] > least_worth and draft.degree[person] < draft.ceiling[person]:
            if not flip_best(draft, notes, 2 * person, draft.price[person], most, -1, -1, STEPS):
                break
    for person in people:
        for at in range(draft.start[person], draft.start[person + 1]):
            close_cycle(draft, notes, draft.pair[at], least_worth)
