"""What our matching costs and is worth, beside the limit measured in the same process."""

import sys
from time import perf_counter, time

import numpy as np

from benchmarks.matching.children import Case, Result, answer, peak_megabytes
from benchmarks.matching.limit import clock_for, sweep_seconds
from benchmarks.matching.networks import drawn, impossible
from summit.engine.matching.assignment import Assignment, assign
from summit.engine.matching.certificate import verify
from summit.engine.matching.explain import explain_pairs
from summit.engine.matching.profiles import Profiles
from summit.engine.matching.scoring import Prepared, prepare

WARMING = 60
EXPLAINED = 1000


def measure(case: Case) -> Result:
    """Match, check, and time the limit; seconds are from profiles to certificate, with compiled code loaded."""
    warm_up()
    before = peak_megabytes()
    profiles = drawn(case.network, case.people, seed=case.seed, challenges=case.challenges, variant=case.variant)
    times = []
    for _ in range(3 if case.people <= 1000 else 1):
        prepared, assignment, seconds, wall = matched(profiles, case.threads)
        times.append((seconds, wall))
    peak = peak_megabytes()
    verify(prepared, assignment)
    limit, rows = sweep_seconds(profiles, threads=case.threads, full=case.full)
    seconds, wall = min(times)
    return {
        **judged(profiles, assignment, case.variant),
        "gap_within_ceilings": 1 - assignment.value / max(assignment.loose_bound, 1e-12),
        "seconds": seconds,
        "seconds_wall": wall,
        "seconds_explaining": _explaining(prepared, assignment, case.threads),
        "limit_seconds": limit,
        "limit_rows": rows,
        "megabytes": peak,
        "megabytes_before": before,
    }


def warm_up() -> None:
    """Have every compiled loop loaded: match a handful of people."""
    for variant in ("usual", "infeasible"):
        prepared = prepare(drawn("clustered", WARMING, variant=variant))
        assignment = assign(prepared)
        verify(prepared, assignment)


def matched(profiles: Profiles, threads: int) -> tuple[Prepared, Assignment, float, float]:
    """Score and assign; return what came of it with its seconds (of the processor for one thread) and the wall's."""
    clock = clock_for(threads)
    began, began_wall = clock(), perf_counter()
    prepared = prepare(profiles)
    assignment = assign(prepared)
    return prepared, assignment, clock() - began, perf_counter() - began_wall


def judged(profiles: Profiles, assignment: Assignment, variant: str) -> Result:
    """Say what an assignment is worth and whose floor it misses, and whether anyone could have met those."""
    below = assignment.below_floor
    out_of_reach = impossible(profiles) if variant == "infeasible" else np.empty(0, dtype=np.int64)
    return {
        "matches": len(assignment.scores),
        "bridging": int(assignment.bridging.sum()),
        "value": assignment.value,
        "bound": assignment.bound,
        "gap": assignment.gap,
        "below_floor": int(below.size),
        "out_of_reach": int(out_of_reach.size),
        "floors_missed": int(np.setdiff1d(below, out_of_reach).size),
    }


def _explaining(prepared: Prepared, assignment: Assignment, threads: int) -> float:
    """Return the seconds that a thousand matches' reasons take."""
    pairs = assignment.pairs[:EXPLAINED]
    explain_pairs(prepared, pairs[:1])
    clock = clock_for(threads)
    began = clock()
    explain_pairs(prepared, pairs)
    return (clock() - began) * EXPLAINED / max(1, len(pairs))


def first_of_a_process(case: Case) -> Result:
    """Match once without warming up; `way` holds when the process was asked for."""
    profiles = drawn(case.network, case.people, seed=case.seed, challenges=case.challenges)
    loaded = time()
    matched(profiles, case.threads)
    first = time()
    matched(profiles, case.threads)
    return {"seconds_loading": loaded - float(case.way), "seconds_first": first - loaded, "seconds": time() - first}


if __name__ == "__main__":
    answer(first_of_a_process if '"way": "1' in sys.argv[1] else measure)
