"""Time the matching of made-up people and print one line of JSON a case: python -m benchmarks.matching 1000 5000."""

import json
import sys
from time import process_time

import numpy as np
from scipy.sparse import csr_array

from summit.engine.matching.assignment import assign
from summit.engine.matching.certificate import verify
from summit.engine.matching.explain import explain_pairs
from summit.engine.matching.profiles import Profiles, stance_matrix
from summit.engine.matching.scoring import prepare

CHALLENGES = 80
CASES = {
    "usual": {},
    "three_each": {"most": 3},
    "steep": {"steepness": 1.5, "empty": 0.1},
}


def made_up(people: int, *, most: int = 10, steepness: float = 0.8, empty: float = 0.0, seed: int = 7) -> Profiles:
    """Draw people with one to four asks, offers and works each, on challenges of Zipf-like popularity."""
    draw = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, CHALLENGES + 1) ** steepness

    def stances() -> csr_array:
        counts = draw.integers(1, 5, people) * (draw.random(people) >= empty)
        rows = np.repeat(np.arange(people), counts)
        columns = draw.choice(CHALLENGES, size=rows.size, p=popularity / popularity.sum())
        priorities = draw.integers(1, 4, rows.size)
        return stance_matrix(
            (people, CHALLENGES), zip(rows.tolist(), columns.tolist(), priorities.tolist(), strict=True)
        )

    def pairs(count: int) -> np.ndarray:
        drawn = draw.integers(0, people, (count, 2))
        return drawn[drawn[:, 0] != drawn[:, 1]]

    organization = draw.integers(0, int(people / 1.4) + 1, people)
    arrows = zip(*draw.integers(0, CHALLENGES, (2, 3 * CHALLENGES)).tolist(), strict=True)
    return Profiles(
        asks=stances(),
        offers=stances(),
        working_on=stances(),
        organization=organization,
        kind=organization % 6,
        floor=np.full(people, 3),
        ceiling=draw.integers(3, most + 1, people),
        excluded=pairs(people // 10),
        acquainted=pairs(people // 5),
        promised=pairs(people // 10),
        ties=pairs(3 * people),
        influence=stance_matrix((CHALLENGES, CHALLENGES), ((*arrow, draw.uniform(0.1, 1)) for arrow in arrows)),
    )


def measure(people: int, case: str) -> dict[str, object]:
    """Match and explain once; seconds are those of this process, not of the wall."""
    profiles = made_up(people, **CASES[case])
    began = process_time()
    prepared = prepare(profiles)
    assignment = assign(prepared)
    matched = process_time()
    explain_pairs(prepared, assignment.pairs)
    explained = process_time()
    verify(prepared, assignment)
    return {
        "people": people,
        "case": case,
        "seconds": round(matched - began, 2),
        "seconds_explaining": round(explained - matched, 2),
        "matches": len(assignment.scores),
        "bridging": int(assignment.bridging.sum()),
        "below_floor": len(assignment.below_floor),
        "value": round(assignment.value, 1),
        "gap_percent": round(100 * assignment.gap, 4),
    }


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ["1000", "5000"]):
        for name in CASES:
            print(json.dumps(measure(size, name)), flush=True)
