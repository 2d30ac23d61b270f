"""Marks: what each person's matches were made from, in short, so that whoever has changed since is found again.

Only what somebody states or is counts. Pairs (exclusions, acquaintances, answers) do not: the hard rules are looked at
for every pair anyway, and a pair that is set free finds its way back with the next full run.
"""

from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np

from summit.engine.matching.profiles import EVER
from summit.matching.gathering import MatchInput

SIZE = 6
"""Bytes of a mark. Two of the same person that differ look alike once in 10^14 times."""


def marks_of(given: MatchInput) -> dict[str, str]:
    """Return everybody's mark by person id, as it is stored."""
    profiles = given.profiles
    stated = [_rows(given, matrix) for matrix in (profiles.asks, profiles.offers, profiles.working_on, profiles.proven)]
    plain = zip(profiles.organization.tolist(), profiles.kind.tolist(), profiles.ceiling.tolist(), strict=True)
    busy = np.bitwise_xor(profiles.free, EVER).tolist()
    everything = zip(given.places, given.texts, plain, busy, *stated, strict=True)
    return {
        str(person_id): blake2b(repr(about).encode(), digest_size=SIZE).hexdigest()
        for person_id, about in zip(given.person_ids, everything, strict=True)
    }


def changed_since(before: dict[str, str], now: dict[str, str]) -> list[int]:
    """Return the ids of those whose mark is new or another one."""
    return [int(person_id) for person_id, mark in now.items() if before.get(person_id) != mark]


def _rows(given: MatchInput, matrix: Any) -> list[list[tuple[int, float]]]:
    """Return each person's (challenge id, priority), by challenge id: a new challenge must change nobody's."""
    ids = np.array(given.challenge_ids, dtype=np.int64)[matrix.indices].tolist()
    cells = list(zip(ids, matrix.data.tolist(), strict=True))
    ends = matrix.indptr.tolist()
    return [cells[start:end] for start, end in pairwise(ends)]
