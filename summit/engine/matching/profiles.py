"""What the engine knows about the people of one summit, as arrays."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NONE = -1
"""Stands for "no organization" and "kind not known"; it never counts as the same, nor as different."""

PAIRS = ("excluded", "acquainted", "promised", "ties", "kept", "lapsed")
MOST_SLOTS = 64
EVER = np.uint64(2**64 - 1)

LOWEST_PRIORITY, HIGHEST_PRIORITY = 1, 3


def no_pairs() -> IntArray:
    """Return an empty list of pairs, shape (0, 2)."""
    return np.empty((0, 2), dtype=np.int64)


def stance_matrix(shape: tuple[int, int], stances: Iterable[tuple[int, int, float]]) -> csr_array:
    """Build the matrix of one kind of stance from (person, challenge, priority); shape is (people, challenges).

    Said twice, the higher priority stands. The same builds `influence`, from (helping, helped, strength).
    """
    strongest: dict[tuple[int, int], float] = {}
    for row, column, value in stances:
        strongest[row, column] = max(value, strongest.get((row, column), value))
    rows, columns = np.array(list(strongest), dtype=np.int64).reshape(-1, 2).T
    _require_indices("stances (row)", rows, shape[0])
    _require_indices("stances (column)", columns, shape[1])
    return csr_array((np.array(list(strongest.values()), dtype=np.float64), (rows, columns)), shape=shape)


@dataclass(frozen=True, eq=False)
class Profiles:
    """The people of a summit: n people by position 0..n-1, c challenges by position 0..c-1.

    asks, offers, working_on: sparse (n, c), priorities 1 to 3, 3 the highest.
    organization: (n,), -1 for none. kind: (n,) kind of that organization, -1 when not known.
    floor, ceiling: (n,) fewest and most introductions a person should get.
    excluded, acquainted, promised, ties: (k, 2) pairs in any order, duplicates tolerated: must never be matched, know
    each other well, have an open next step, met at an earlier summit.
    influence: sparse (c, c) or None; entry (r, c) in 0..1 is how much progress on r would help c.
    place: (n,) where the organization is, -1 when not known.
    free: boolean (n, slots) or None; who could meet when. Two without a common slot are not matched. Without slots, or
    for None, everybody is always free; 64 slots at most.
    kept, lapsed: (k, 2) pairs who kept a promise to each other, who let one lapse.
    proven: sparse (n, c) or None; 0..1, how well an offer is proven: others adapted what came of it.
    likeness: sparse symmetric (n, n) or None; 0..1, how alike what the two wrote is.
    """

    asks: Any
    offers: Any
    working_on: Any
    organization: Any
    kind: Any
    floor: Any
    ceiling: Any
    excluded: Any = field(default_factory=no_pairs)
    acquainted: Any = field(default_factory=no_pairs)
    promised: Any = field(default_factory=no_pairs)
    ties: Any = field(default_factory=no_pairs)
    influence: Any = None
    place: Any = None
    free: Any = None
    kept: Any = field(default_factory=no_pairs)
    lapsed: Any = field(default_factory=no_pairs)
    proven: Any = None
    likeness: Any = None

    def __post_init__(self) -> None:
        """Bring every array to its type and shape; raise ValueError with a sentence on the first that does not fit."""
        shape = getattr(self.asks, "shape", None)
        if shape is None or len(shape) != 2:
            raise ValueError("asks must be a sparse matrix of people by challenges.")
        for name in ("asks", "offers", "working_on"):
            matrix = _sparse(name, getattr(self, name), shape)
            _require_range(name, matrix.data, LOWEST_PRIORITY, HIGHEST_PRIORITY, "priorities")
            object.__setattr__(self, name, matrix)
        if self.place is None:
            object.__setattr__(self, "place", np.full(shape[0], NONE))
        for name, lowest in (("organization", NONE), ("kind", NONE), ("floor", 0), ("ceiling", 0), ("place", NONE)):
            object.__setattr__(self, name, _integers(name, getattr(self, name), shape[0], lowest))
        _require_floor_below_ceiling(self.floor, self.ceiling)
        for name in PAIRS:
            object.__setattr__(self, name, _pairs(name, getattr(self, name), shape[0]))
        sizes = {"influence": (shape[1], shape[1]), "proven": shape, "likeness": (shape[0], shape[0])}
        for name, size in sizes.items():
            if getattr(self, name) is not None:
                matrix = _sparse(name, getattr(self, name), size)
                _require_range(name, matrix.data, 0, 1, "strengths")
                object.__setattr__(self, name, matrix)
        _require_likeness_of_two(self.likeness)
        object.__setattr__(self, "free", _slots(self.free, shape[0]))

    @property
    def people(self) -> int:
        """Return how many people there are."""
        return int(self.asks.shape[0])

    @property
    def challenges(self) -> int:
        """Return how many challenges there are."""
        return int(self.asks.shape[1])


def _sparse(name: str, matrix: Any, shape: tuple[int, ...]) -> csr_array:
    try:
        result = csr_array(matrix, dtype=np.float64, copy=True)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be a sparse matrix of numbers.") from error
    if result.shape != tuple(shape):
        raise ValueError(f"{name} has the shape {result.shape}; it must be {tuple(shape)}.")
    result.sum_duplicates()
    result.eliminate_zeros()
    result.sort_indices()
    return result


def _slots(free: Any, people: int) -> NDArray[np.uint64]:
    """Return (n,) bits, one a slot; all of them where nothing is said."""
    if free is None:
        return np.full(people, EVER, dtype=np.uint64)
    raw = np.asarray(free)
    if raw.ndim == 1 and raw.dtype == np.uint64 and raw.shape == (people,):
        return raw
    if raw.ndim != 2 or raw.shape[0] != people or raw.shape[1] > MOST_SLOTS:
        raise ValueError(f"free has the shape {raw.shape}; it must be {people} people by {MOST_SLOTS} slots at most.")
    if raw.shape[1] == 0:
        return np.full(people, EVER, dtype=np.uint64)
    bits = raw.astype(bool).astype(np.uint64) << np.arange(raw.shape[1], dtype=np.uint64)
    return np.asarray(np.bitwise_or.reduce(bits, axis=1))


def _require_likeness_of_two(likeness: csr_array | None) -> None:
    if likeness is None:
        return
    if likeness.diagonal().any():
        raise ValueError("likeness compares somebody with themselves; leave the diagonal empty.")
    if np.any((likeness - likeness.T).data):
        raise ValueError("likeness must be symmetric.")


def _integers(name: str, values: ArrayLike, people: int, lowest: int) -> IntArray:
    raw = np.asarray(values)
    if raw.shape != (people,):
        raise ValueError(f"{name} has the shape {raw.shape}; it must hold one number for each of {people} people.")
    _require_whole_numbers(name, raw)
    result = raw.astype(np.int64)
    wrong = np.flatnonzero(result < lowest)
    if wrong.size:
        raise ValueError(f"{name} of person {wrong[0]} is {result[wrong[0]]}; it must be {lowest} or more.")
    return result


def _pairs(name: str, pairs: ArrayLike, people: int) -> IntArray:
    raw = np.asarray(pairs)
    if raw.size == 0:
        return no_pairs()
    if raw.ndim != 2 or raw.shape[1] != 2:
        raise ValueError(f"{name} has the shape {raw.shape}; it must hold pairs, in the shape (k, 2).")
    _require_whole_numbers(name, raw)
    result = raw.astype(np.int64)
    _require_indices(name, result, people)
    alone = np.flatnonzero(result[:, 0] == result[:, 1])
    if alone.size:
        raise ValueError(f"{name} pairs person {result[alone[0], 0]} with themselves.")
    return np.unique(np.sort(result, axis=1), axis=0)


def _require_whole_numbers(name: str, values: NDArray[Any]) -> None:
    if values.size and not (np.issubdtype(values.dtype, np.number) and np.all(np.isfinite(values))):
        raise ValueError(f"{name} must hold numbers only, none missing.")
    if values.size and np.any(values != np.floor(values)):
        raise ValueError(f"{name} must hold whole numbers.")


def _require_indices(name: str, indices: IntArray, size: int) -> None:
    outside = indices[(indices < 0) | (indices >= size)]
    if outside.size:
        raise ValueError(f"{name} names position {outside[0]}; positions run from 0 to {size - 1}.")


def _require_range(name: str, values: FloatArray, lowest: float, highest: float, what: str) -> None:
    # Written so that NaN fails as well.
    wrong = values[~((values >= lowest) & (values <= highest))]
    if wrong.size:
        raise ValueError(f"{name} holds {wrong[0]}; {what} run from {lowest} to {highest}.")


def _require_floor_below_ceiling(floor: IntArray, ceiling: IntArray) -> None:
    wrong = np.flatnonzero(floor > ceiling)
    if wrong.size:
        person = wrong[0]
        raise ValueError(
            f"The floor of person {person} is {floor[person]}, above the ceiling of {ceiling[person]}: "
            "lower the floor or raise the ceiling."
        )
