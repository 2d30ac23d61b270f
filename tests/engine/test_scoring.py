import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from summit.engine.matching.profiles import Profiles, stance_matrix
from summit.engine.matching.scoring import blocks, positive_pairs, prepare, score_block, score_rows
from summit.engine.matching.weights import Weights
from tests.engine.networks import all_scores, network, networks, reordered


def people(asks=(), offers=(), working_on=(), *, count=2, challenges=3, **more):
    shape = (count, challenges)
    given_arrays = {
        "organization": np.arange(count),
        "kind": np.full(count, -1),
        "floor": np.zeros(count),
        "ceiling": np.full(count, 3),
    }
    return Profiles(
        stance_matrix(shape, asks),
        stance_matrix(shape, offers),
        stance_matrix(shape, working_on),
        **given_arrays | more,
    )


def score(profiles, a=0, b=1, weights=None):
    return score_rows(prepare(profiles, weights), np.array([a]))[0, b]


@settings(max_examples=60, deadline=None)
@given(networks())
def test_scores_are_the_same_from_either_side_to_the_last_bit(profiles):
    scores = all_scores(prepare(profiles))

    assert np.array_equal(scores, scores.T)
    assert not np.isnan(scores).any()
    assert np.all((scores >= 0) | np.isneginf(scores))


@settings(max_examples=60, deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_scores_do_not_depend_on_the_order_of_the_people(profiles, chance):
    order = np.array(chance.sample(range(profiles.people), profiles.people), dtype=int)

    here = all_scores(prepare(profiles))
    there = all_scores(prepare(reordered(profiles, order)))

    assert np.array_equal(there, here[np.ix_(order, order)])


@settings(max_examples=60, deadline=None)
@given(networks())
def test_exactly_the_hard_rules_forbid_a_pair(profiles):
    scores = all_scores(prepare(profiles))

    excluded, acquainted, promised = (
        {tuple(pair) for pair in pairs.tolist()}
        for pairs in (profiles.excluded, profiles.acquainted, profiles.promised)
    )
    for a in range(profiles.people):
        for b in range(profiles.people):
            pair = (min(a, b), max(a, b))
            own = profiles.organization[a] == profiles.organization[b] != -1
            known = pair in acquainted and pair not in promised
            apart = (profiles.free[a] & profiles.free[b]) == 0
            assert np.isneginf(scores[a, b]) == (a == b or own or pair in excluded or known or apart)


@settings(max_examples=60, deadline=None)
@given(networks(), st.integers(0, 8), st.integers(0, 4), st.integers(1, 3))
def test_another_offer_never_lowers_anyones_best_score(profiles, person, challenge, priority):
    assume(person < profiles.people and challenge < profiles.challenges)
    assume(profiles.offers[person, challenge] < priority)
    offers = profiles.offers.tolil()
    offers[person, challenge] = priority

    before = all_scores(prepare(profiles))
    after = all_scores(prepare(replace(profiles, offers=offers.tocsr())))

    assert np.all(after >= before - 1e-12)


def test_blocks_of_rows_put_together_are_the_whole_matrix():
    prepared = prepare(network(40, challenges=8, seed=3))
    whole = all_scores(prepared)

    parts = [score_block(prepared, start, min(start + 7, 40)) for start in range(0, 40, 7)]

    assert np.array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("count", [0, 1, 3, 5000, 1_000_000])
def test_blocks_cover_everybody_once(count):
    stretches = (
        list(zip(range(10), blocks(count), strict=False)) if count == 1_000_000 else list(enumerate(blocks(count)))
    )

    starts_and_ends = [stretch for _, stretch in stretches]
    assert all(start < stop for start, stop in starts_and_ends)
    assert [stop for _, stop in starts_and_ends[:-1]] == [start for start, _ in starts_and_ends[1:]]
    assert count == 1_000_000 or [stop for _, stop in starts_and_ends[-1:]] == ([count] if count else [])


@settings(max_examples=30, deadline=None)
@given(networks())
def test_positive_pairs_lists_every_pair_worth_something_once(profiles):
    prepared = prepare(profiles)
    scores = all_scores(prepared)

    listed = {
        (a, b): points
        for lows, highs, values in positive_pairs(prepared)
        for a, b, points in zip(lows.tolist(), highs.tolist(), values.tolist(), strict=True)
    }

    assert listed == {(a, b): scores[a, b] for a, b in map(tuple, np.argwhere(np.triu(scores > 0)).tolist())}


def test_an_ask_that_meets_an_offer_on_the_rarest_challenge_counts_for_its_one_side():
    profiles = people(asks=[(0, 0, 3)], offers=[(1, 0, 3)])

    points = score(profiles)

    # One of the two asks, so it is as rare as can be (1); one side gains: a quarter of 10 points.
    assert points == pytest.approx(2.5)


def test_mutual_help_is_worth_far_more_than_twice_the_help_of_one_side():
    one_sided = people(asks=[(0, 0, 2)], offers=[(1, 0, 2)])
    mutual = people(asks=[(0, 0, 2), (1, 1, 2)], offers=[(1, 0, 2), (0, 1, 2)])

    assert score(mutual) == pytest.approx(8 * score(one_sided))


def test_a_pair_gains_little_when_only_its_better_side_gains_more():
    balanced = people(asks=[(0, 0, 1), (1, 1, 1)], offers=[(1, 0, 3), (0, 1, 3)])
    lopsided = people(asks=[(0, 0, 3), (1, 1, 1)], offers=[(1, 0, 3), (0, 1, 3)])

    # The gains rise from 1 and 1 to 3 and 1: the sum doubles, the score rises by a quarter.
    assert score(lopsided) == pytest.approx(1.25 * score(balanced))


def test_rare_challenges_weigh_more_than_common_ones():
    asks = [(0, 0, 2), (1, 0, 2)] + [(person, 1, 2) for person in range(2, 10)]
    profiles = people(asks=asks, count=10)

    assert score(profiles, 0, 1) > score(profiles, 2, 3) > 0


def test_an_offer_helps_along_an_arrow_but_less_than_directly():
    arrow = stance_matrix((3, 3), [(1, 0, 1.0)])
    along = people(asks=[(0, 0, 3)], offers=[(1, 1, 3)], influence=arrow)
    against = people(asks=[(0, 1, 3)], offers=[(1, 0, 3)], influence=arrow)
    directly = people(asks=[(0, 0, 3)], offers=[(1, 0, 3)], influence=arrow)

    assert score(directly) > score(along) > 0
    assert score(against) == 0


def test_an_arrow_from_a_challenge_to_itself_changes_nothing():
    loop = stance_matrix((3, 3), [(0, 0, 1.0)])

    with_loop = people(asks=[(0, 0, 3)], offers=[(1, 0, 3)], influence=loop)

    assert score(with_loop) == score(people(asks=[(0, 0, 3)], offers=[(1, 0, 3)]))


def test_reaching_far_raises_a_shared_topic_by_the_distance_in_past_ties():
    asks = [(person, 0, 2) for person in range(5)]
    profiles = people(asks=asks, count=5, ties=[(0, 1), (1, 2), (2, 3)])

    direct, two_steps, three_steps, unconnected = (score(profiles, 0, other) for other in (1, 2, 3, 4))

    assert two_steps == pytest.approx(direct * 1.075)
    assert three_steps == unconnected == pytest.approx(direct * 1.15)


def test_another_kind_of_organization_raises_a_shared_topic_and_an_unknown_kind_does_not():
    asks = [(person, 0, 2) for person in range(4)]
    profiles = people(asks=asks, count=4, kind=[0, 0, 1, -1])

    assert score(profiles, 0, 2) == pytest.approx(score(profiles, 0, 1) * 1.15)
    assert score(profiles, 0, 3) == score(profiles, 0, 1)


def test_reach_alone_is_worth_nothing():
    assert score(people(kind=[0, 1], ties=np.empty((0, 2)))) == 0


def test_a_promise_alone_makes_a_pair_and_lifts_the_rule_about_acquaintances():
    assert score(people(promised=[(1, 0)], acquainted=[(0, 1)])) == Weights().promise
    assert score(people(acquainted=[(0, 1)])) == -np.inf
    assert score(people(promised=[(1, 0)], excluded=[(0, 1)])) == -np.inf


def test_nobody_is_of_the_same_organization_as_somebody_without_one():
    assert score(people(asks=[(0, 0, 1), (1, 0, 1)], organization=[-1, -1])) > 0


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"floor": [4, 0]}, "The floor of person 0 is 4, above the ceiling of 3"),
        ({"floor": [-1, 0]}, "floor of person 0 is -1"),
        ({"ceiling": [3]}, "ceiling has the shape (1,); it must hold one number for each of 2 people"),
        ({"ceiling": [3, np.nan]}, "ceiling must hold numbers only"),
        ({"ceiling": [3, 2.5]}, "ceiling must hold whole numbers"),
        ({"organization": [0, -2]}, "organization of person 1 is -2"),
        ({"excluded": [(0, 2)]}, "excluded names position 2; positions run from 0 to 1"),
        ({"ties": [(0, -1)]}, "ties names position -1"),
        ({"promised": [(1, 1)]}, "promised pairs person 1 with themselves"),
        ({"acquainted": [(0, 1, 1)]}, "acquainted has the shape (1, 3)"),
        ({"influence": csr_array(np.full((3, 3), 1.5))}, "influence holds 1.5; strengths run from 0 to 1"),
        ({"influence": csr_array((2, 3))}, "influence has the shape (2, 3); it must be (3, 3)"),
    ],
)
def test_profiles_that_do_not_fit_are_refused_with_a_sentence(change, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        people(**change)


@pytest.mark.parametrize("priority", [0.5, 4, -1, np.nan, np.inf])
def test_a_priority_outside_one_to_three_is_refused(priority):
    with pytest.raises(ValueError, match=r"asks holds .*; priorities run from 1 to 3"):
        people(asks=[(0, 0, priority)])


def test_a_stance_outside_the_matrix_is_refused():
    with pytest.raises(ValueError, match=r"stances \(column\) names position 7"):
        stance_matrix((2, 3), [(0, 7, 1)])


def test_a_stance_said_twice_keeps_its_higher_priority():
    assert stance_matrix((1, 1), [(0, 0, 1), (0, 0, 3), (0, 0, 2)]).toarray().tolist() == [[3.0]]


@pytest.mark.parametrize("change", [{"help": -1.0}, {"promise": float("nan")}, {"one_sided": 1.5}, {"influence": 2.0}])
def test_weights_that_make_no_sense_are_refused(change):
    with pytest.raises(ValueError, match=f"The weight {next(iter(change))} is"):
        Weights(**change)


def test_the_engine_loads_neither_a_framework_nor_a_database():
    program = (
        "import sys, summit.engine.matching.assignment, summit.engine.matching.explain, summit.engine.matching.few\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'flask', 'sqlalchemy', 'wtforms'}))"
    )

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


def test_scoring_and_explaining_need_no_compiler():
    program = (
        "import sys, summit.engine.matching.explain, summit.engine.matching.texts, summit.engine.matching.few\n"
        "print('numba' in sys.modules)"
    )

    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "False"
