"""How many meetings could be placed at most: flows in which halves of meetings and of people are allowed."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, maximum_bipartite_matching, maximum_flow

from summit.engine.matching.profiles import BoolArray, IntArray


def most_meetings(pairs: IntArray, free: BoolArray, tables: IntArray) -> int:
    """Return a number of meetings that no schedule surpasses; O(m·s·√(m·s)) at worst, a second at 5,000 people.

    Two bounds, and the lower of them. By person: nobody has more meetings than their own pairs fit into their own free
    slots (a matching of pairs with slots), and within these numbers the pairs are a b-matching. By slot: a slot holds
    no more than its tables, nor than a matching of the pairs who are both free then. Where the pairs fall into groups
    that share nobody, each group has a whole number of meetings.
    """
    both = free[pairs[:, 0]] & free[pairs[:, 1]] & (tables > 0)
    kept = both.any(axis=1)
    if not kept.any():
        return 0
    pairs, both = pairs[kept], both[kept]
    return min(_by_person(pairs, both, len(free)), _by_slot(pairs, both, len(free), tables))


def _by_person(pairs: IntArray, both: BoolArray, people: int) -> int:
    """Return the most meetings that people's own slots leave room for."""
    meeting, slot = np.nonzero(both)
    slots = both.shape[1]
    rows = np.concatenate([2 * meeting, 2 * meeting + 1])
    columns = np.concatenate([pairs[meeting, 0] * slots + slot, pairs[meeting, 1] * slots + slot])
    partner = maximum_bipartite_matching(_ones(rows, columns, (2 * len(pairs), people * slots)), perm_type="column")
    sides = np.flatnonzero(partner >= 0)
    seats = np.bincount(pairs[sides // 2, sides % 2], minlength=people)
    return _halves(pairs, _b_matching(pairs, seats, people), people)


def _b_matching(pairs: IntArray, seats: IntArray, people: int) -> IntArray:
    """Return (n,) how many halves of meetings leave each person in a largest half-integral b-matching."""
    source, sink = 2 * people, 2 * people + 1
    everybody = np.arange(people)
    start = np.concatenate([pairs[:, 0], pairs[:, 1], np.full(people, source), people + everybody])
    end = np.concatenate([people + pairs[:, 1], people + pairs[:, 0], everybody, np.full(people, sink)])
    capacity = np.concatenate([np.ones(2 * len(pairs), dtype=np.int64), seats, seats]).astype(np.int32)
    graph = csr_array((capacity, (start, end)), shape=(2 * people + 2, 2 * people + 2))
    flow = maximum_flow(graph, source, sink).flow
    return np.asarray(flow[[source], :].toarray()[0, :people], dtype=np.int64)


def _by_slot(pairs: IntArray, both: BoolArray, people: int, tables: IntArray) -> int:
    """Return the sum of what each slot has room for by itself."""
    total = 0
    for slot in range(both.shape[1]):
        here = pairs[both[:, slot]]
        if len(here) == 0:
            continue
        graph = _ones(np.concatenate([here[:, 0], here[:, 1]]), np.concatenate([here[:, 1], here[:, 0]]), (people,) * 2)
        partner = maximum_bipartite_matching(graph, perm_type="column")
        total += min(int(tables[slot]), _halves(here, (partner >= 0).astype(np.int64), people))
    return total


def _halves(pairs: IntArray, halves: IntArray, people: int) -> int:
    """Add halves of meetings up, rounded down in each group of people that shares nobody with the others."""
    graph = _ones(pairs[:, 0], pairs[:, 1], (people, people))
    groups, label = connected_components(graph, directed=False)
    return int((np.bincount(label, weights=halves, minlength=groups).astype(np.int64) // 2).sum())


def _ones(rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]) -> csr_array:
    return csr_array(coo_array((np.ones(rows.size, dtype=np.int8), (rows, columns)), shape=shape))
