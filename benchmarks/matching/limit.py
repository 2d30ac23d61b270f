"""The limit for anything dense that looks at every pair: one float32 sweep by matrix product."""

from collections.abc import Callable
from time import perf_counter, process_time

import numpy as np
from numpy.typing import NDArray

from summit.engine.matching.profiles import Profiles

BEST = 24
BLOCK_CELLS = 1 << 23
EXTRAPOLATED_ABOVE = 20_000
"""Where the sweep isn't asked for in full, so many people's rows are enough to know it: each costs the same."""
Floats = NDArray[np.float32]


def sweep_seconds(profiles: Profiles, *, threads: int, full: bool = False) -> tuple[float, int]:
    """Return the seconds of a whole sweep and from how many rows they are known.

    Seconds of the processor for one thread, which other processes don't disturb; of the wall for several.
    """
    left, right = _factors(profiles)
    people = left.shape[0]
    rows = people if full or people <= EXTRAPOLATED_ABOVE else people // 8
    clock = clock_for(threads)
    best_of_each_row(left[:BEST], right, min(BEST, people))
    times = [_once(left[:rows], right, clock) for _ in range(3 if people <= 2000 else 1)]
    return min(times) * people / rows, rows


def clock_for(threads: int) -> Callable[[], float]:
    """Return the clock that tells what one thread worked, or how long several took together."""
    return process_time if threads == 1 else perf_counter


def best_of_each_row(left: Floats, right: Floats, best: int) -> NDArray[np.int64]:
    """Score each row of the left against all people of the right, block by block; keep the best partners (rows, best).

    left: (rows, 3 challenges), right: (3 challenges, n). O(rows n challenges) time, memory for one block.
    """
    people = right.shape[1]
    height = max(1, BLOCK_CELLS // people)
    kept = np.empty((left.shape[0], best), dtype=np.int64)
    for start in range(0, left.shape[0], height):
        scores = left[start : start + height] @ right
        kept[start : start + height] = np.argpartition(scores, people - best, axis=1)[:, people - best :]
    return kept


def _once(left: Floats, right: Floats, clock: Callable[[], float]) -> float:
    began = clock()
    best_of_each_row(left, right, min(BEST, right.shape[1]))
    return clock() - began


def _factors(profiles: Profiles) -> tuple[Floats, Floats]:
    asks, offers, works = (
        matrix.astype(np.float32).toarray() for matrix in (profiles.asks, profiles.offers, profiles.working_on)
    )
    return np.hstack([asks, offers, works]), np.ascontiguousarray(np.hstack([offers, asks, works]).T)
