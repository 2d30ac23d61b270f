"""Everybody for themselves: who would be left out, and who would be swamped."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from summit.engine.matching.lanes import lanes_of
from summit.engine.matching.own_lists import compare_with_own_lists, ordered_best, own_best
from summit.engine.matching.profiles import Profiles, stance_matrix
from summit.engine.matching.scoring import prepare
from summit.engine.matching.sweep import sweep
from summit.engine.matching.weights import Weights
from tests.engine.networks import all_scores, networks


def _admired(people=12, ceiling=3):
    """A summit where everybody asks for what only the first can offer, and shares nothing else."""
    asks = [(person, 0, 3) for person in range(1, people)]
    shape = (people, 2)
    return prepare(
        Profiles(
            asks=stance_matrix(shape, asks),
            offers=stance_matrix(shape, [(0, 0, 3)]),
            working_on=stance_matrix(shape, []),
            organization=np.arange(people),
            kind=np.full(people, -1),
            floor=np.full(people, min(3, ceiling)),
            ceiling=np.full(people, ceiling),
        ),
        Weights(shared_struggle=0.0),
    )


def test_whom_everybody_wants_is_on_all_lists():
    prepared = _admired()
    degrees = np.full(12, 3)

    lists = compare_with_own_lists(own_best(prepared), prepared.profiles.ceiling, degrees)

    assert (lists.most_wanted, lists.most_wanted_on, lists.most_wanted_ceiling) == (0, 11, 3)
    assert lists.swamped >= 1
    assert lists.left_out_together.size == 0


def test_whoever_is_on_fewer_than_three_lists_is_left_out():
    best = np.array([[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2]])

    lists = compare_with_own_lists(best, np.full(5, 3), np.array([3, 3, 3, 3, 2]))

    assert lists.on_lists.tolist() == [4, 4, 4, 3, 0]
    assert lists.left_out.tolist() == [4]
    assert lists.left_out_together.tolist() == [4]


def test_a_list_is_no_longer_than_its_owner_wants_and_whoever_wants_one_is_content_with_one():
    best = np.array([[1, 2], [0, 2], [0, -1]])

    lists = compare_with_own_lists(best, np.array([1, 1, 0]), np.array([1, 1, 0]))

    assert lists.on_lists.tolist() == [1, 1, 0]
    assert lists.left_out.tolist() == []
    assert lists.swamped == 0


def test_among_equals_nobody_is_on_all_lists_for_coming_first():
    people = 60
    shape = (people, 1)
    everybody_asks = stance_matrix(shape, [(person, 0, 2) for person in range(people)])
    prepared = prepare(
        Profiles(
            asks=everybody_asks,
            offers=stance_matrix(shape, []),
            working_on=stance_matrix(shape, []),
            organization=np.arange(people),
            kind=np.full(people, -1),
            floor=np.full(people, 3),
            ceiling=np.full(people, 5),
        )
    )

    lists = compare_with_own_lists(own_best(prepared), prepared.profiles.ceiling, np.full(people, 5))

    assert lists.most_wanted_on < 20


@given(networks())
def test_an_own_list_holds_the_best_that_the_rules_allow(profiles):
    prepared = prepare(profiles)
    scores = all_scores(prepared)

    best = own_best(prepared)

    for person, row in enumerate(best):
        listed = row[row >= 0]
        allowed = np.sort(scores[person][scores[person] > 0])[::-1][: best.shape[1]]
        assert np.allclose(scores[person][listed], allowed)


@settings(deadline=None)  # the first example compiles the loops
@given(networks())
def test_a_compiled_sweep_finds_the_same_scores(profiles):
    prepared = prepare(profiles)
    scores = all_scores(prepared)
    nothing = np.zeros(prepared.people)
    exact = own_best(prepared)
    swept = sweep(lanes_of(prepared), nothing, nothing, 4 * max(1, exact.shape[1]))

    best = ordered_best(swept.partners, swept.scores)[:, : exact.shape[1]]

    for person in range(prepared.people):
        found, wanted = best[person][best[person] >= 0], exact[person][exact[person] >= 0]
        assert np.allclose(scores[person][found], scores[person][wanted], atol=1e-4)


@given(networks(), st.integers(0, 3))
def test_the_lists_count_what_they_hold(profiles, seed):
    prepared = prepare(profiles)
    best = own_best(prepared, seed=seed)

    lists = compare_with_own_lists(best, profiles.ceiling, np.zeros(prepared.people, dtype=np.int64))

    held = sum(int((row[:ceiling] >= 0).sum()) for row, ceiling in zip(best, profiles.ceiling, strict=True))
    assert lists.on_lists.sum() == held
    assert lists.most_wanted_on == lists.on_lists.max(initial=0)
