"""What the compiled loops read: prepared profiles as plain arrays, by rows and by columns."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from summit.engine.matching.profiles import EVER, NONE
from summit.engine.matching.scoring import Prepared

Int32Array = NDArray[np.int32]
Float32Array = NDArray[np.float32]
Rows = tuple[NDArray[np.int64], Int32Array, Float32Array]
"""A sparse matrix by rows: where each row begins, columns, values."""


class Lanes(NamedTuple):
    """What the loops read: `Prepared` as plain arrays. Each of the three products has rows and columns.

    numbers: one_sided, reach_kind, reach_far (0 without any tie), and 1 when slots matter.
    """

    wanted: Rows
    offers: Rows
    shared: Rows
    wanted_columns: Rows
    offers_columns: Rows
    shared_columns: Rows
    extras: Rows
    barred: Rows
    ties: Rows
    members: Rows
    organization: Int32Array
    kind: Int32Array
    free: NDArray[np.uint64]
    numbers: Float32Array


def lanes_of(prepared: Prepared) -> Lanes:
    """Lay the arrays out for the loops. O(n c) at most, in practice the number of stances."""
    organization = prepared.profiles.organization
    codes = np.unique(organization, return_inverse=True)[1].astype(np.int32)
    codes[organization == NONE] = NONE
    known = np.flatnonzero(codes != NONE)
    members = csr_array(
        (np.ones(known.size), (codes[known], known)), shape=(int(codes.max(initial=-1)) + 1, prepared.people)
    )
    weights = prepared.weights
    far = weights.reach_far if prepared.ties.nnz else 0.0
    limited = not np.all(prepared.profiles.free == EVER)
    return Lanes(
        wanted=_rows(prepared.wanted),
        offers=_rows(prepared.offers),
        shared=_rows(prepared.shared),
        wanted_columns=_rows(prepared.wanted.tocsc()),
        offers_columns=_rows(prepared.offers.tocsc()),
        shared_columns=_rows(prepared.shared.tocsc()),
        extras=_rows(prepared.extras),
        barred=_rows(prepared.barred),
        ties=_rows(prepared.ties if far else csr_array(prepared.ties.shape)),
        members=_rows(members),
        organization=codes,
        kind=prepared.profiles.kind.astype(np.int32),
        free=prepared.profiles.free,
        numbers=np.array([weights.one_sided, weights.reach_kind, far, limited], dtype=np.float32),
    )


def _rows(matrix: Any) -> Rows:
    """Take a sparse matrix apart whose indices are sorted: by rows, or by columns if it is stored by columns."""
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), matrix.data.astype(np.float32)
