"""Loading the compiled loops ahead of time, so that the first real matching doesn't wait for them."""

import numpy as np
from scipy.sparse import csr_array

from summit.engine.matching.assignment import assign
from summit.engine.matching.candidates import WHOLE_BELOW
from summit.engine.matching.profiles import Profiles
from summit.engine.matching.scoring import prepare

PEOPLE = WHOLE_BELOW + 30
CHALLENGES = 12


def load_compiled() -> None:
    """Match a few made-up people, which loads every loop from its cache, or compiles it the first time ever.

    About a second from the cache; half a minute when a new version runs for the first time.
    """
    draw = np.random.default_rng(0)

    def stances() -> csr_array:
        return csr_array(draw.integers(1, 4, (PEOPLE, CHALLENGES)) * (draw.random((PEOPLE, CHALLENGES)) < 0.2))

    numbers = np.arange(PEOPLE)
    profiles = Profiles(
        asks=stances(),
        offers=stances(),
        working_on=stances(),
        organization=numbers // 2,
        kind=numbers % 3,
        floor=np.full(PEOPLE, 3),
        ceiling=np.full(PEOPLE, 3),
        excluded=np.column_stack([np.zeros(PEOPLE - 2, dtype=np.int64), numbers[2:]]),
        ties=np.column_stack([numbers[:-1], numbers[1:]]),
    )
    assign(prepare(profiles))
