"""Edits while people watch: how long each repair takes, and what the lists are worth after all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from benchmarks.matching.children import Case, Result, answer
from benchmarks.matching.limit import clock_for
from benchmarks.matching.networks import drawn
from benchmarks.matching.own import WARMING, warm_up
from summit.engine.matching.assignment import assign
from summit.engine.matching.explain import explain_pairs
from summit.engine.matching.profiles import IntArray, Profiles
from summit.engine.matching.scoring import Prepared, allowed, prepare
from summit.engine.matching.standing import Standing

EDITS = 200
CHECKED_EVERY = 50
MOST_DRIFT = 0.01
SHOWN_INTEREST = 0.05
"""The share of matches that somebody has shown interest in: they have to stay."""


@dataclass(frozen=True, eq=False)
class Edit:
    """What somebody changed: the profiles after it, and whom it concerns."""

    profiles: Profiles
    changed: IntArray


def measure(case: Case) -> Result:
    """Make the edits one after the other, repair after each, and hold every fiftieth value against a fresh run's.

    Once the drift that a repair reports passes one per cent, a fresh run takes its place, as it does in the background
    of a summit; it isn't part of any repair's time.
    """
    warm_up()
    draw = np.random.default_rng([case.seed, case.people])
    _warm_up_repairs(draw)
    profiles = drawn(case.network, case.people, seed=case.seed, challenges=case.challenges)
    prepared = prepare(profiles)
    assignment = assign(prepared)
    kept = assignment.pairs[draw.random(len(assignment.pairs)) < SHOWN_INTEREST]
    standing = Standing.of(prepared, assignment)
    clock = clock_for(case.threads)
    times, walls, checks, lost, fresh_runs = [], [], [], 0, 0
    for number, edit in enumerate(edits(profiles, draw), start=1):
        profiles, kept = edit.profiles, _still_wanted(kept, edit.profiles)
        began, began_wall = clock(), perf_counter()
        repair = standing.repair(profiles, edit.changed, kept)
        times.append(clock() - began)
        walls.append(perf_counter() - began_wall)
        lost += _missing(kept, repair.pairs, case.people)
        if number % CHECKED_EVERY == 0:
            checks.append(_checked(profiles, repair.pairs, repair.value))
        if repair.drift > MOST_DRIFT:
            prepared = prepare(profiles)
            standing, fresh_runs = Standing.of(prepared, assign(prepared)), fresh_runs + 1
    kept_result = {"kept": len(kept), "kept_lost": lost, "fresh_runs": fresh_runs, "checks": checks}
    return _summary(times) | {"milliseconds_wall": 1000 * float(np.median(walls))} | kept_result | _worst(checks)


def _warm_up_repairs(draw: np.random.Generator) -> None:
    profiles = drawn("clustered", WARMING)
    prepared = prepare(profiles)
    standing = Standing.of(prepared, assign(prepared))
    for _, make in KINDS:
        edit = make(profiles, draw)
        standing.repair(edit.profiles, edit.changed, prepared.profiles.promised[:0])
        profiles = edit.profiles


def edits(profiles: Profiles, draw: np.random.Generator) -> Iterator[Edit]:
    """Draw edits, mostly of stances; each builds on the ones before."""
    for _ in range(EDITS):
        edit = draw.choice(len(KINDS), p=[chance for chance, _ in KINDS])
        made = KINDS[edit][1](profiles, draw)
        profiles = made.profiles
        yield made


def _states_otherwise(profiles: Profiles, draw: np.random.Generator) -> Edit:
    """Let somebody say what somebody else says."""
    person, model = draw.choice(profiles.people, 2, replace=False)
    rows = np.arange(profiles.people)
    rows[person] = model
    stated = {name: getattr(profiles, name)[rows] for name in ("asks", "offers", "working_on")}
    return Edit(replace(profiles, **stated), np.array([person]))


def _withdraws(profiles: Profiles, draw: np.random.Generator) -> Edit:
    return _wants(profiles, int(draw.integers(profiles.people)), 0)


def _wants_otherwise(profiles: Profiles, draw: np.random.Generator) -> Edit:
    return _wants(profiles, int(draw.integers(profiles.people)), int(draw.integers(3, 11)))


def _excludes(profiles: Profiles, draw: np.random.Generator) -> Edit:
    pair = draw.choice(profiles.people, 2, replace=False)
    return Edit(replace(profiles, excluded=np.concatenate([profiles.excluded, pair[None, :]])), np.sort(pair))


def _wants(profiles: Profiles, person: int, ceiling: int) -> Edit:
    most, fewest = profiles.ceiling.copy(), profiles.floor.copy()
    most[person], fewest[person] = ceiling, min(3, ceiling)
    return Edit(replace(profiles, ceiling=most, floor=fewest), np.array([person]))


KINDS: tuple[tuple[float, Callable[[Profiles, np.random.Generator], Edit]], ...] = (
    (0.7, _states_otherwise),
    (0.1, _withdraws),
    (0.1, _wants_otherwise),
    (0.1, _excludes),
)


def _still_wanted(kept: IntArray, profiles: Profiles) -> IntArray:
    """Leave out what an edit has made impossible: a match of a pair that is excluded now, or beyond a ceiling."""
    people = profiles.people
    excluded = profiles.excluded @ [people, 1]
    kept = kept[~np.isin(kept @ [people, 1], excluded)]
    over = np.bincount(kept.ravel(), minlength=people) > profiles.ceiling
    return np.asarray(kept[~(over[kept[:, 0]] | over[kept[:, 1]])])


def _missing(kept: IntArray, pairs: IntArray, people: int) -> int:
    return int(np.count_nonzero(~np.isin(kept @ [people, 1], pairs @ [people, 1])))


def _checked(profiles: Profiles, pairs: IntArray, claimed: float) -> Result:
    """Score the pairs from the profiles as they are now, check the rules, and match everybody afresh."""
    prepared = prepare(profiles)
    fresh = assign(prepared)
    degrees = np.bincount(pairs.ravel(), minlength=profiles.people)
    value = _value(prepared, pairs)
    return {
        "value": value,
        "claimed_to_value": claimed / value,
        "value_to_fresh": value / fresh.value,
        "value_to_bound": value / fresh.bound,
        "rules_broken": int(np.count_nonzero(~allowed(prepared, pairs[:, 0], pairs[:, 1])))
        + int(np.count_nonzero(degrees > profiles.ceiling)),
        "below_floor": int(np.count_nonzero(degrees < profiles.floor)),
        "below_floor_fresh": int(fresh.below_floor.size),
    }


def _value(prepared: Prepared, pairs: IntArray) -> float:
    return sum(explanation.score for explanation in explain_pairs(prepared, pairs))


def _summary(times: list[float]) -> Result:
    median, late, longest = np.quantile(times, [0.5, 0.99, 1.0]).tolist()
    return {
        "edits": len(times),
        "milliseconds": 1000 * median,
        "milliseconds_p99": 1000 * late,
        "milliseconds_longest": 1000 * longest,
    }


def _worst(checks: list[Result]) -> Result:
    return {
        "value_to_fresh": min(check["value_to_fresh"] for check in checks),
        "rules_broken": sum(check["rules_broken"] for check in checks),
        "below_floor": max(check["below_floor"] for check in checks),
        "below_floor_fresh": max(check["below_floor_fresh"] for check in checks),
    }


if __name__ == "__main__":
    answer(measure)
