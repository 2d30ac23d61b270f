"""A heap of states by their cost, for searches. Compiled loops."""

from typing import Any

from numba import njit


@njit(cache=True)
def rise(costs: Any, states: Any, size: int, cost: float, state: int) -> None:
    """Put a state with its cost into a heap of `size`, the cheapest on top."""
    at = size
    while at > 0 and costs[(at - 1) >> 1] > cost:
        costs[at] = costs[(at - 1) >> 1]
        states[at] = states[(at - 1) >> 1]
        at = (at - 1) >> 1
    costs[at] = cost
    states[at] = state


@njit(cache=True)
def sink(costs: Any, states: Any, size: int) -> None:
    """Close the gap that taking the top of a heap left; `size` counts what is left, the last one still in its place."""
    cost, state = costs[size], states[size]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and costs[child + 1] < costs[child]:
            child += 1
        if costs[child] >= cost:
            break
        costs[at] = costs[child]
        states[at] = states[child]
        at = child
    costs[at] = cost
    states[at] = state
