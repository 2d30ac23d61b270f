"""Rounds: how many of the matches get a slot and a table, against the bound, checked from the definitions."""

from dataclasses import replace
from time import perf_counter

import numpy as np

from benchmarks.matching.children import Case, Result, answer
from benchmarks.matching.networks import drawn
from summit.engine.matching.assignment import assign
from summit.engine.matching.profiles import BoolArray
from summit.engine.matching.rounds import Schedule, Wishes, plan_rounds
from summit.engine.matching.scoring import prepare

AVAILABLE = 0.85
MOST_CEILING = 10


def measure(case: Case) -> Result:
    """Match people and schedule all their matches in as many slots as the busiest person has meetings.

    `way` says whether everyone is free or 85 % are; then the matching knows who has no common slot.
    """
    draw = np.random.default_rng([case.seed, case.people])
    profiles = drawn(case.network, case.people, seed=case.seed, challenges=case.challenges)
    free = np.ones((case.people, MOST_CEILING), dtype=bool)
    if case.way != "everyone is free":
        free = draw.random(free.shape) < AVAILABLE
        profiles = replace(profiles, free=free)
    assignment = assign(prepare(profiles))
    busiest = int(assignment.degrees(case.people).max())
    wishes = Wishes(assignment.pairs, assignment.scores, free[:, :busiest], case.people // 2)
    plan_rounds(Wishes(assignment.pairs[:1], assignment.scores[:1], free[:, :busiest], 1))
    began = perf_counter()
    schedule = plan_rounds(wishes)
    seconds = perf_counter() - began
    placed = schedule.slot[: schedule.wished] >= 0
    return {
        "slots": busiest,
        "wished": schedule.wished,
        "placed": schedule.placed,
        "most": schedule.bound,
        "placed_to_bound": schedule.placed / max(1, schedule.bound),
        "value_placed": float(wishes.values[placed].sum() / wishes.values.sum()),
        "conflicts": conflicts(schedule, wishes.free, wishes.tables.tolist()),
        "seconds": seconds,
    }


def conflicts(schedule: Schedule, free: BoolArray, tables: list[int]) -> int:
    """Count what can't happen: somebody in two places or not free, a table used twice or that is not there."""
    seats, used, wrong = set(), set(), 0
    rows = zip(
        schedule.pairs.tolist(), schedule.slot.tolist(), schedule.table.tolist(), schedule.third.tolist(), strict=True
    )
    for pair, slot, table, third in rows:
        if slot < 0:
            continue
        for person in [*pair, *([third] if third >= 0 else [])]:
            wrong += (person, slot) in seats or not free[person, slot]
            seats.add((person, slot))
        wrong += (slot, table) in used or not 0 <= table < tables[slot]
        used.add((slot, table))
    return wrong


if __name__ == "__main__":
    answer(measure)
