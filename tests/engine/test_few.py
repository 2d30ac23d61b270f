"""Why somebody has few matches, when time is what keeps people apart."""

import numpy as np
import pytest

from summit.engine.matching.assignment import assign
from summit.engine.matching.few import ReasonForFew, reasons_for_few
from summit.engine.matching.profiles import Profiles, stance_matrix
from summit.engine.matching.scoring import prepare


def _alike(people=6, **fields):
    """Everybody asks about the same and offers it; each from an organization of their own."""
    shape = (people, 1)
    everybody = stance_matrix(shape, [(person, 0, 2) for person in range(people)])
    return prepare(
        Profiles(
            asks=everybody,
            offers=everybody,
            working_on=stance_matrix(shape, []),
            **{
                "organization": np.arange(people),
                "kind": np.full(people, -1),
                "floor": np.full(people, 3),
                "ceiling": np.full(people, 4),
                **fields,
            },
        )
    )


def test_whoever_is_free_when_nobody_else_is_has_no_common_slot():
    free = np.array([[1, 0]] * 5 + [[0, 1]])

    reasons = reasons_for_few(prepared := _alike(free=free), assign(prepared))

    assert reasons == {5: ReasonForFew.NO_COMMON_SLOT}


@pytest.mark.parametrize(
    "rule", [{"excluded": [(5, other) for other in range(5)]}, {"organization": np.zeros(6, dtype=int)}]
)
def test_whom_another_rule_keeps_apart_is_not_put_down_to_time(rule):
    free = np.array([[1, 0]] * 5 + [[0, 1]])

    reasons = reasons_for_few(prepared := _alike(free=free, **rule), assign(prepared))

    assert reasons[5] is ReasonForFew.NOBODY_ALLOWED
