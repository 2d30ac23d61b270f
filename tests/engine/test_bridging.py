"""Suggestions for whoever has too few matches."""

import numpy as np

from summit.engine.matching.bridging import Bridge, bridges_for
from summit.engine.matching.profiles import Profiles, no_pairs, stance_matrix
from summit.engine.matching.scoring import prepare


def _summit(people=6, **fields):
    shape = (people, 1)
    given = {
        "asks": stance_matrix(shape, []),
        "offers": stance_matrix(shape, []),
        "working_on": stance_matrix(shape, []),
        "organization": np.arange(people),
        "kind": np.zeros(people, dtype=int),
        "floor": np.full(people, 1),
        "ceiling": np.full(people, 2),
        **fields,
    }
    return prepare(Profiles(**given))


def test_somebody_whom_the_same_people_know_comes_before_somebody_of_another_kind():
    prepared = _summit(ties=[(0, 5), (2, 5)], kind=np.array([0, 1, 0, 0, 0, 0]))

    bridges = bridges_for(prepared, no_pairs(), 0)

    assert bridges[0] == Bridge(2, common_ties=1, is_same_place=False, is_other_kind=False, free_places=2)
    assert bridges[1] == Bridge(1, common_ties=0, is_same_place=False, is_other_kind=True, free_places=2)


def test_somebody_with_a_place_left_comes_before_a_neighbour_without_one():
    prepared = _summit(place=np.array([7, 7, 3, 4, 5, 6]), ceiling=np.array([2, 1, 2, 2, 2, 2]))

    bridges = bridges_for(prepared, np.array([[1, 3]]), 0, most=6)

    assert [(bridge.partner, bridge.free_places) for bridge in bridges] == [(2, 2), (4, 2), (5, 2), (3, 1), (1, 0)]
    assert bridges[-1].is_same_place


def test_what_the_rules_forbid_is_never_suggested():
    prepared = _summit(
        organization=np.array([0, 0, 2, 3, 4, 5]),
        excluded=[(0, 2)],
        acquainted=[(0, 3)],
        ceiling=np.array([2, 2, 2, 2, 0, 2]),
        floor=np.zeros(6, dtype=int),
    )

    bridges = bridges_for(prepared, no_pairs(), 0)

    assert [bridge.partner for bridge in bridges] == [5]


def test_whoever_is_matched_already_or_never_free_at_the_same_time_is_not_suggested():
    free = np.array([[1, 0], [1, 0], [0, 1], [1, 1], [1, 1], [0, 1]])
    prepared = _summit(free=free)

    bridges = bridges_for(prepared, np.array([[0, 1]]), 0)

    assert [bridge.partner for bridge in bridges] == [3, 4]


def test_what_somebody_asks_has_no_part_in_a_suggestion():
    shape = (6, 1)
    silent = _summit()
    sealed = _summit(
        asks=stance_matrix(shape, [(0, 0, 3), (4, 0, 3)]), offers=stance_matrix(shape, [(5, 0, 3)]), promised=[(0, 5)]
    )

    assert bridges_for(sealed, no_pairs(), 0, most=5) == bridges_for(silent, no_pairs(), 0, most=5)
