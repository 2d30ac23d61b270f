from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from summit.engine.matching.assignment import assign, ranks
from summit.engine.matching.certificate import upper_bound, verify
from summit.engine.matching.few import ReasonForFew, reasons_for_few
from summit.engine.matching.scoring import prepare
from tests.engine.networks import all_scores, best_possible, network, networks, reordered
from tests.engine.test_scoring import people


@settings(max_examples=150, deadline=None)
@given(networks())
def test_rules_and_seats_are_kept_and_the_certificate_holds(profiles):
    prepared = prepare(profiles)

    assignment = assign(prepared)

    verify(prepared, assignment)
    degree = assignment.degrees(profiles.people)
    scores = all_scores(prepared)
    low, high = assignment.pairs.T
    assert np.all(degree <= profiles.ceiling)
    assert np.all(scores[low, high] >= 0)
    assert np.array_equal(assignment.below_floor, np.flatnonzero(degree < profiles.floor))
    assert np.allclose(assignment.scores, scores[low, high], rtol=1e-12, atol=1e-12)
    assert 0 <= assignment.gap <= 1


@settings(max_examples=150, deadline=None)
@given(networks(8))
def test_everybody_reaches_their_floor_whenever_that_is_possible_at_all(profiles):
    prepared = prepare(profiles)
    best = best_possible(prepared)

    assignment = assign(prepared)

    assert (assignment.below_floor.size == 0) == (best is not None)


@settings(max_examples=120, deadline=None)
@given(networks(8))
def test_the_optimum_of_another_solver_lies_between_value_and_bound(profiles):
    prepared = prepare(profiles)
    assignment = assign(prepared)
    kept = np.minimum(profiles.floor, assignment.degrees(profiles.people))

    best, relaxed = best_possible(prepared, floor=kept), best_possible(prepared, floor=kept, whole=False)

    assert assignment.value <= best + 1e-6
    assert best <= relaxed + 1e-6
    assert relaxed <= assignment.bound + 1e-6
    if not assignment.below_floor.size:
        assert assignment.value >= 0.95 * best - 1e-6


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("ceilings", "density"), [((3, 9), 0.4), ((3, 4), 0.2), ((3, 9), 0.1)])
def test_the_gap_is_small_when_there_are_enough_people(seed, ceilings, density):
    profiles = network(150, challenges=20, seed=seed, ceilings=ceilings, floor=3, density=density, pairs=0.02)
    prepared = prepare(profiles)

    assignment = assign(prepared)

    verify(prepared, assignment)
    assert assignment.value > 0
    assert assignment.gap <= 0.01
    assert assignment.below_floor.size == 0


def test_the_bound_is_close_to_the_relaxed_optimum_of_another_solver():
    prepared = prepare(network(60, challenges=12, seed=8, ceilings=(3, 6), floor=3, density=0.3))
    relaxed = best_possible(prepared, whole=False)

    assignment = assign(prepared)

    assert relaxed <= assignment.bound + 1e-6
    assert assignment.bound == pytest.approx(relaxed, rel=2e-3)
    assert assignment.value >= 0.995 * relaxed


def test_floors_that_cost_value_make_the_bound_tighter_than_ceilings_alone():
    # Person 3 shares nothing with anybody, all others want two and would fill up among themselves.
    asks = [(person, challenge, 3) for person in range(3) for challenge in range(3)]
    profiles = people(asks=asks, count=4, floor=[0, 0, 0, 2], ceiling=[2, 2, 2, 2])
    prepared = prepare(profiles)

    assignment = assign(prepared)

    assert assignment.below_floor.size == 0
    assert assignment.bridging.sum() == 2
    assert assignment.value == pytest.approx(best_possible(prepared))
    assert assignment.bound < upper_bound(prepared, np.maximum(assignment.prices, 0))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_the_people_does_not_change_what_can_be_had(seed, chance):
    profiles = network(30, challenges=8, seed=seed, ceilings=(2, 5))
    order = np.array(chance.sample(range(30), 30))

    here, there = assign(prepare(profiles)), assign(prepare(reordered(profiles, order)))

    assert here.below_floor.size == there.below_floor.size == 0
    assert there.value <= here.bound + 1e-9
    assert here.value <= there.bound + 1e-9


def test_the_same_people_and_seed_give_the_same_matches():
    profiles = network(200, challenges=20, seed=2, ceilings=(3, 8), floor=3, density=0.1)

    first, second = assign(prepare(profiles), seed=5), assign(prepare(profiles), seed=5)

    assert np.array_equal(first.pairs, second.pairs)
    assert np.array_equal(first.scores, second.scores)
    assert (first.value, first.bound) == (second.value, second.bound)


@pytest.mark.parametrize("count", [0, 1])
def test_with_nobody_to_meet_there_are_no_matches(count):
    prepared = prepare(network(count, ceilings=(3, 4), floor=3))

    assignment = assign(prepared)

    verify(prepared, assignment)
    assert assignment.pairs.shape == (0, 2)
    assert (assignment.value, assignment.bound, assignment.gap) == (0.0, 0.0, 0.0)
    assert assignment.below_floor.tolist() == list(range(count))


def test_people_of_one_organization_are_never_matched_and_all_stay_below_their_floor():
    asks = [(person, 0, 3) for person in range(5)]
    prepared = prepare(people(asks=asks, count=5, organization=np.zeros(5), floor=np.ones(5)))

    assignment = assign(prepared)

    assert assignment.pairs.shape == (0, 2)
    assert assignment.below_floor.tolist() == [0, 1, 2, 3, 4]
    assert set(reasons_for_few(prepared, assignment).values()) == {ReasonForFew.NOBODY_ALLOWED}


def test_groups_that_share_nothing_are_bridged_only_as_far_as_floors_need():
    asks = [(person, person // 2, 3) for person in range(6)]
    prepared = prepare(people(asks=asks, count=6, floor=np.full(6, 2)))

    assignment = assign(prepared)

    matched = {tuple(pair) for pair in assignment.pairs[~assignment.bridging].tolist()}
    assert matched == {(0, 1), (2, 3), (4, 5)}
    assert assignment.degrees(6).tolist() == [2] * 6
    assert assignment.gap <= 0.002


def test_a_summit_without_any_stance_still_brings_everybody_to_their_floor():
    prepared = prepare(people(count=200, floor=np.full(200, 3), ceiling=np.full(200, 5)))

    assignment = assign(prepared)

    verify(prepared, assignment)
    assert assignment.below_floor.size == 0
    assert assignment.bridging.all()
    assert (assignment.value, assignment.bound, assignment.gap) == (0.0, 0.0, 0.0)
    degree = assignment.degrees(200)
    assert np.all(degree[assignment.pairs].min(axis=1) == 3)  # no bridge that neither side needs


def test_somebody_who_shares_nothing_gets_a_place_that_another_above_the_floor_gives_up():
    # Three who fill each other's two seats; the fourth has stances that nobody shares and a floor of one.
    asks = [(person, 0, 3) for person in range(3)] + [(3, 1, 3)]
    prepared = prepare(people(asks=asks, count=4, floor=[1, 1, 1, 1], ceiling=[2, 2, 2, 2]))

    assignment = assign(prepared)

    assert assignment.below_floor.size == 0
    assert assignment.value == pytest.approx(best_possible(prepared))


def test_ranks_order_each_list_by_score_and_count_from_one():
    prepared = prepare(network(40, challenges=8, seed=6, ceilings=(3, 7), floor=3))
    assignment = assign(prepared)

    rank_a, rank_b = ranks(assignment)

    for person in range(40):
        entries = [
            (rank, -score, partner)
            for (a, b), score, of_a, of_b in zip(
                assignment.pairs.tolist(), assignment.scores, rank_a, rank_b, strict=True
            )
            for rank, partner, mine in ((of_a, b, a), (of_b, a, b))
            if mine == person
        ]
        entries.sort()
        assert [rank for rank, _, _ in entries] == list(range(1, len(entries) + 1))
        assert [entry[1:] for entry in entries] == sorted(entry[1:] for entry in entries)


def test_a_reason_is_given_for_few_matches():
    asks = [(0, 0, 3), (1, 0, 3), (2, 1, 3), (3, 2, 3), (5, 2, 3)]
    profiles = people(
        asks=asks,
        count=6,
        ceiling=[1, 3, 3, 0, 3, 3],
        floor=[0] * 6,
        excluded=[(1, other) for other in (2, 3, 4, 5)],
    )
    prepared = prepare(profiles)

    reasons = reasons_for_few(prepared, assign(prepared))

    assert reasons == {
        0: ReasonForFew.ASKED_FOR_FEWER,
        1: ReasonForFew.NOBODY_ALLOWED,
        2: ReasonForFew.SHARES_NOTHING,
        3: ReasonForFew.ASKED_FOR_FEWER,
        4: ReasonForFew.NO_STANCES,
        5: ReasonForFew.OTHERS_ARE_FULL,
    }


def _all_alike(count):
    return [(person, 0, 2) for person in range(count)]


def test_people_who_are_all_alike_are_matched_nearly_as_well_as_can_be():
    prepared = prepare(
        people(
            asks=_all_alike(600),
            offers=_all_alike(600),
            count=600,
            kind=np.arange(600) % 5,
            floor=np.full(600, 3),
            ceiling=np.full(600, 6),
        )
    )

    assignment = assign(prepared)

    verify(prepared, assignment)
    assert assignment.below_floor.size == 0
    assert assignment.gap <= 0.01


def test_a_few_challenges_for_very_many_do_not_send_everybody_to_the_same_few():
    profiles = network(
        1500, challenges=3, seed=8, ceilings=(3, 8), floor=3, density=0.35, pairs=0.0, organizations=1500
    )
    prepared = prepare(profiles)

    assignment = assign(prepared)

    verify(prepared, assignment)
    assert assignment.below_floor.size == 0
    assert assignment.gap <= 0.003


def test_many_who_say_nothing_still_reach_their_floor():
    profiles = network(
        800, challenges=40, seed=9, ceilings=(3, 8), floor=3, density=0.1, pairs=0.001, organizations=300
    )
    quiet = np.random.default_rng(0).random(800) < 0.3
    silenced = {
        name: csr_array(getattr(profiles, name).toarray() * ~quiet[:, None])
        for name in ("asks", "offers", "working_on")
    }
    prepared = prepare(replace(profiles, **silenced))

    assignment = assign(prepared)

    verify(prepared, assignment)
    assert assignment.below_floor.size == 0
    assert assignment.gap <= 0.003


def test_progress_is_told_and_may_end_the_work():
    told = []
    assign(prepare(network(130, challenges=10, density=0.3)), on_progress=lambda *said: told.append(said))

    shares = [share for _stage, share in told]
    assert {stage for stage, _share in told} == {"scoring", "prices", "choosing", "certificate"}
    assert shares[0] == 0.0
    assert shares[-1] == 1.0

    def stop(_stage, _share):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        assign(prepare(network(130, challenges=10, density=0.3)), on_progress=stop)
