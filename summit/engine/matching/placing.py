"""Placing people at other positions, so that lists which stand can be repaired while people come and go."""

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from summit.engine.matching.profiles import EVER, NONE, PAIRS, IntArray, Profiles


def placed(profiles: Profiles, positions: IntArray, people: int) -> Profiles:
    """Return the profiles of so many people: person i stands at `positions[i]`, at the others stands nobody.

    Nobody means no stances and a ceiling of 0, so that they are never matched.
    """
    move = csr_array((np.ones(positions.size), (positions, np.arange(positions.size))), shape=(people, positions.size))
    likeness = profiles.likeness

    def numbers(values: IntArray, nothing: int) -> IntArray:
        moved = np.full(people, nothing, dtype=values.dtype)
        moved[positions] = values
        return moved

    free = np.full(people, EVER, dtype=np.uint64)
    free[positions] = profiles.free
    return replace(
        profiles,
        asks=move @ profiles.asks,
        offers=move @ profiles.offers,
        working_on=move @ profiles.working_on,
        proven=None if profiles.proven is None else move @ profiles.proven,
        likeness=None if likeness is None else move @ likeness @ move.T,
        organization=numbers(profiles.organization, NONE),
        kind=numbers(profiles.kind, NONE),
        place=numbers(profiles.place, NONE),
        floor=numbers(profiles.floor, 0),
        ceiling=numbers(profiles.ceiling, 0),
        free=free,
        **{name: positions[getattr(profiles, name)] for name in PAIRS},
    )
