"""What people use instead, on the same instances: each peer chooses pairs from the same scores."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import highspy
import networkx as nx
import numpy as np
from ortools.graph.python import min_cost_flow
from ortools.linear_solver import pywraplp

from benchmarks.matching.children import Case, Result, answer, peak_megabytes
from benchmarks.matching.networks import drawn
from benchmarks.matching.own import matched, warm_up
from benchmarks.matching.peer_names import FLOW_AMONG_CANDIDATES, PEERS
from benchmarks.matching.programmes import Pairs, Seats, allowed_pairs, best_pairs, relaxed
from summit.engine.matching.assignment import Assignment
from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray
from summit.engine.matching.scoring import prepare

POINT = 1_000_000
"""Whole numbers that a point is cut into, for solvers that know no others."""


@dataclass(frozen=True)
class _Found:
    """What a peer came up with: the pairs chosen, the value of a relaxation where it solved one.

    flooded: on how many lists the most wanted person is, where lists are one-sided.
    """

    chosen: IntArray
    relaxed_value: float | None = None
    flooded: int | None = None


Peer = Callable[[Pairs, Seats, np.random.Generator], _Found]


def measure(case: Case) -> Result:
    """Let the peer that `way` names and ours match the same people; both times include scoring all pairs."""
    profiles = drawn(case.network, case.people, seed=case.seed, challenges=case.challenges, variant=case.variant)
    if case.way in ONE_PARTNER:
        profiles = replace(profiles, ceiling=np.minimum(profiles.ceiling, 1), floor=np.zeros_like(profiles.floor))
    warm_up()
    _, ours, _, own_seconds = min((matched(profiles, case.threads) for _ in range(3)), key=lambda found: found[3])
    began = perf_counter()
    pairs = (best_pairs if case.way == FLOW_AMONG_CANDIDATES else allowed_pairs)(prepare(profiles))
    scored = perf_counter() - began
    seats = Seats(np.minimum(profiles.floor, ours.degrees(case.people)), profiles.ceiling)
    found = dict(zip(PEERS, FOUND_BY, strict=True))[case.way](pairs, seats, np.random.default_rng(case.seed))
    seconds = perf_counter() - began
    result = _judged(pairs, profiles.floor, found, ours)
    return result | {
        "seconds": seconds,
        "seconds_scoring": scored,
        "own_seconds": own_seconds,
        "seconds_to_own": seconds / own_seconds,
        "solving_to_own": (seconds - scored) / own_seconds,
        "megabytes": peak_megabytes(),
    }


def greedily(pairs: Pairs, seats: Seats, _draw: np.random.Generator) -> _Found:
    """Take the best pair left whose people both have a seat, again and again."""
    useful = np.flatnonzero(pairs.scores > 0)
    return _Found(_seated(pairs, seats.ceiling, useful[np.argsort(-pairs.scores[useful], kind="stable")]))


def randomly(pairs: Pairs, seats: Seats, draw: np.random.Generator) -> _Found:
    """Take allowed pairs in any order while both have a seat."""
    return _Found(_seated(pairs, seats.ceiling, draw.permutation(pairs.low.size)))


def each_for_themselves(pairs: Pairs, seats: Seats, draw: np.random.Generator) -> _Found:
    """Give everybody the best of their own list, as many as they want; a match is where both are on the other's."""
    listed = _own_lists(pairs, seats.ceiling, draw)
    both = np.flatnonzero(listed[0] & listed[1])
    return _Found(both, flooded=int(_wanted(pairs, listed, seats.ceiling.size).max(initial=0)))


def programme_over_all_pairs(pairs: Pairs, seats: Seats, _draw: np.random.Generator) -> _Found:
    """Solve the linear programme over all pairs with HiGHS, from sparse arrays; shares are rounded greedily."""
    optimum = relaxed(pairs, seats)
    return _Found(_rounded(pairs, seats.ceiling, optimum.shares), optimum.value)


def programme_pair_by_pair(pairs: Pairs, seats: Seats, _draw: np.random.Generator) -> _Found:
    """Build the same programme as matchers of papers and reviewers do: a variable and its terms a pair, in a loop."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    variables = {}
    for low, high, score in zip(*(part.tolist() for part in pairs), strict=True):
        variables[low, high] = variable = solver.NumVar(0.0, 1.0, f"x[{low},{high}]")
        solver.Objective().SetCoefficient(variable, score)
    solver.Objective().SetMaximization()
    for person, own in _by_person(variables, seats):
        solver.Add(solver.Sum(own) <= int(seats.ceiling[person]))
        solver.Add(solver.Sum(own) >= int(seats.floor[person]))
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        raise RuntimeError("The programme was not solved.")
    shares = np.array([variable.solution_value() for variable in variables.values()])
    return _Found(_rounded(pairs, seats.ceiling, shares), float(pairs.scores @ shares))


def programme_pair_by_pair_with_highs(pairs: Pairs, seats: Seats, _draw: np.random.Generator) -> _Found:
    """Build it in the same way with HiGHS's own modelling language."""
    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    variables = {}
    for low, high, score in zip(*(part.tolist() for part in pairs), strict=True):
        variables[low, high] = solver.addVariable(0.0, 1.0, score, name=f"x[{low},{high}]")
    for person, own in _by_person(variables, seats):
        solver.addConstr(solver.qsum(own) <= int(seats.ceiling[person]))
        solver.addConstr(solver.qsum(own) >= int(seats.floor[person]))
    solver.maximize()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError("The programme was not solved.")
    shares = np.array(solver.getSolution().col_value)
    return _Found(_rounded(pairs, seats.ceiling, shares), float(pairs.scores @ shares))


def flow_on_the_double_cover(pairs: Pairs, seats: Seats, _draw: np.random.Generator) -> _Found:
    """Solve the relaxation exactly as a minimum-cost flow: everybody once giving, once receiving (OR-Tools)."""
    people, count = seats.floor.size, pairs.low.size
    costs = np.round(pairs.scores * POINT).astype(np.int64)
    reward = 1000 * max(1, int(costs.max(initial=1)))
    givers, takers = np.arange(people), people + np.arange(people)
    source, sink = np.full(people, 2 * people), np.full(people, 2 * people + 1)
    more = seats.ceiling - seats.floor
    tails = [pairs.low, pairs.high, source, source, takers, takers, source[:1]]
    heads = [people + pairs.high, people + pairs.low, givers, givers, sink, sink, sink[:1]]
    most = [np.ones(2 * count, dtype=np.int64), seats.floor, more, seats.floor, more, seats.ceiling.sum(keepdims=True)]
    # Seats below the floor are rewarded so highly that they are taken wherever they can be.
    rewarded, free = np.full(people, -reward), np.zeros(people, dtype=np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails),
        np.concatenate(heads),
        np.concatenate(most),
        np.concatenate([-costs, -costs, rewarded, free, rewarded, free, [0]]),
    )
    total = int(seats.ceiling.sum())
    flow.set_nodes_supplies(np.array([2 * people, 2 * people + 1]), np.array([total, -total]))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("The flow was not solved.")
    shares = flow.flows(arcs[: 2 * count]).reshape(2, count).sum(axis=0) / 2
    return _Found(_rounded(pairs, seats.ceiling, shares), float(pairs.scores @ shares))


def blossom_one_partner(pairs: Pairs, _seats: Seats, _draw: np.random.Generator) -> _Found:
    """Give everybody one partner with networkx's blossom algorithm, which is exact for that."""
    return _Found(_blossom(pairs, np.flatnonzero(pairs.scores > 0)))


def blossom_in_rounds(pairs: Pairs, seats: Seats, _draw: np.random.Generator) -> _Found:
    """Give everybody one partner a round with networkx, until the seats are full or nobody gains."""
    open_pairs, chosen = pairs.scores > 0, np.empty(0, dtype=np.int64)
    while True:
        taken = _degrees(pairs, chosen, seats.ceiling.size)
        has_seat = taken < seats.ceiling
        left = np.flatnonzero(open_pairs & has_seat[pairs.low] & has_seat[pairs.high])
        if left.size == 0:
            return _Found(chosen)
        matching = _blossom(pairs, left)
        open_pairs[matching] = False
        chosen = np.concatenate([chosen, matching])


ONE_PARTNER = {"networkx, one partner each"}
"""For these, everybody wants one introduction and none is promised, in the peer's lists and in ours."""
FOUND_BY: tuple[Peer, ...] = (
    greedily,
    randomly,
    each_for_themselves,
    programme_over_all_pairs,
    programme_pair_by_pair,
    programme_pair_by_pair_with_highs,
    flow_on_the_double_cover,
    flow_on_the_double_cover,
    blossom_one_partner,
    blossom_in_rounds,
)


def _judged(pairs: Pairs, floor: IntArray, found: _Found, ours: Assignment) -> Result:
    people = floor.size
    degrees = _degrees(pairs, found.chosen, people)
    value = float(pairs.scores[found.chosen].sum())
    return {
        "value": value,
        "value_to_own": value / ours.value,
        "relaxed_to_own": None if found.relaxed_value is None else found.relaxed_value / ours.value,
        "unmatched": int(np.count_nonzero(degrees == 0)),
        "below_floor": int(np.count_nonzero(degrees < floor)),
        "own_below_floor": int(ours.below_floor.size),
        "flooded": int(degrees.max(initial=0)) if found.flooded is None else found.flooded,
    }


def _seated(pairs: Pairs, ceiling: IntArray, order: IntArray) -> IntArray:
    """Return those pairs, in the order given, whose people both still have a seat."""
    seats = ceiling.tolist()
    chosen = []
    for at, low, high in zip(order.tolist(), pairs.low[order].tolist(), pairs.high[order].tolist(), strict=True):
        if seats[low] and seats[high]:
            seats[low] -= 1
            seats[high] -= 1
            chosen.append(at)
    return np.array(chosen, dtype=np.int64)


def _rounded(pairs: Pairs, ceiling: IntArray, shares: FloatArray) -> IntArray:
    """Make whole pairs of shares: the largest first, the better of equals, while both have a seat."""
    some = np.flatnonzero(shares > 1e-6)
    order = some[np.lexsort((-pairs.scores[some], -np.round(shares[some], 6)))]
    chosen = _seated(pairs, ceiling, order)
    left = np.flatnonzero(pairs.scores > 0)
    seats = ceiling - _degrees(pairs, chosen, ceiling.size)
    left = left[(seats[pairs.low[left]] > 0) & (seats[pairs.high[left]] > 0) & ~np.isin(left, chosen)]
    return np.concatenate([chosen, _seated(pairs, seats, left[np.argsort(-pairs.scores[left], kind="stable")])])


def _own_lists(pairs: Pairs, lengths: IntArray, draw: np.random.Generator) -> tuple[BoolArray, BoolArray]:
    """Say for each pair whether the higher one is on the lower one's own list of the best, and the other way round.

    Of equals, chance decides: otherwise whoever comes first would be on all lists.
    """
    count = pairs.low.size
    person, scores = np.concatenate([pairs.low, pairs.high]), np.tile(pairs.scores, 2)
    order = np.lexsort((draw.random(2 * count), -scores, person))
    rank = np.empty(2 * count, dtype=np.int64)
    rank[order] = np.arange(2 * count) - np.searchsorted(person[order], person[order])
    listed = (rank < lengths[person]) & (scores > 0)
    return listed[:count], listed[count:]


def _wanted(pairs: Pairs, listed: tuple[BoolArray, BoolArray], people: int) -> IntArray:
    """Return on how many others' own lists everybody is."""
    return np.bincount(pairs.high[listed[0]], minlength=people) + np.bincount(pairs.low[listed[1]], minlength=people)


def _degrees(pairs: Pairs, chosen: IntArray, people: int) -> IntArray:
    return np.bincount(np.concatenate([pairs.low[chosen], pairs.high[chosen]]), minlength=people)


def _by_person(variables: dict[tuple[int, int], Any], seats: Seats) -> Iterator[tuple[int, list[Any]]]:
    """Yield each person who has any with the variables of their pairs."""
    people = range(seats.floor.size)
    for person in people:
        partners = ((min(person, other), max(person, other)) for other in people)
        if own := [variables[pair] for pair in partners if pair in variables]:
            yield person, own


def _blossom(pairs: Pairs, which: IntArray) -> IntArray:
    graph = nx.Graph()
    for at in which.tolist():
        graph.add_edge(int(pairs.low[at]), int(pairs.high[at]), weight=float(pairs.scores[at]), at=at)
    matching = nx.max_weight_matching(graph)
    return np.array(sorted(graph.edges[pair]["at"] for pair in matching), dtype=np.int64)


if __name__ == "__main__":
    answer(measure)
