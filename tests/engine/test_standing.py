from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from summit.engine.matching.assignment import assign
from summit.engine.matching.pairs import score_pairs
from summit.engine.matching.placing import placed
from summit.engine.matching.scoring import allowed, prepare
from summit.engine.matching.standing import Standing
from summit.engine.matching.weights import Weights
from tests.engine.networks import network


@pytest.fixture
def profiles():
    return network(200, challenges=30, seed=4, ceilings=(3, 8), floor=3, density=0.15, pairs=0.02, organizations=40)


def with_row(matrix, person, row):
    dense = matrix.toarray()
    dense[person] = row
    return csr_array(dense)


def partners(pairs, person):
    return {low + high - person for low, high in pairs.tolist() if person in (low, high)}


def test_random_edits_keep_every_rule_and_stay_close_to_a_fresh_run(profiles):
    prepared = prepare(profiles)
    standing = Standing.of(prepared, assign(prepared))
    draw = np.random.default_rng(0)

    for _ in range(30):
        one, other = draw.integers(0, 200, 2)
        asks = with_row(profiles.asks, one, profiles.asks[[other]].toarray()[0])
        offers = with_row(profiles.offers, one, profiles.offers[[other]].toarray()[0])
        profiles = replace(profiles, asks=asks, offers=offers)
        repair = standing.repair(profiles, np.array([one]))
        degree = np.bincount(repair.pairs.ravel(), minlength=200)
        assert np.all(degree <= profiles.ceiling)
        assert np.all(degree >= profiles.floor)
        assert np.all(allowed(prepare(profiles), *repair.pairs.T))

    assert repair.scores == pytest.approx(score_pairs(prepare(profiles), *repair.pairs.T))
    assert repair.value >= 0.97 * assign(prepare(profiles)).value
    assert repair.drift > 0
    assert repair.bound_is_stale


def test_an_edit_leaves_most_lists_alone(profiles):
    prepared = prepare(profiles)
    assignment = assign(prepared)
    standing = Standing.of(prepared, assignment)

    repair = standing.repair(replace(profiles, asks=with_row(profiles.asks, 7, 0.0)), np.array([7]))

    before = set(map(tuple, assignment.pairs.tolist()))
    after = set(map(tuple, repair.pairs.tolist()))
    assert set(map(tuple, repair.added.tolist())) == after - before
    assert set(map(tuple, repair.removed.tolist())) == before - after
    assert len(before & after) > 0.9 * len(before)


def test_who_withdraws_is_in_no_list_and_their_partners_are_offered_others(profiles):
    prepared = prepare(profiles)
    assignment = assign(prepared)
    standing = Standing.of(prepared, assignment)
    left_behind = partners(assignment.pairs, 5)
    assert left_behind

    floor, ceiling = profiles.floor.copy(), profiles.ceiling.copy()
    floor[5] = ceiling[5] = 0
    repair = standing.repair(replace(profiles, floor=floor, ceiling=ceiling), np.array([5]))

    assert partners(repair.pairs, 5) == set()
    degree = np.bincount(repair.pairs.ravel(), minlength=200)
    assert all(degree[person] >= floor[person] for person in left_behind)


def test_a_late_arrival_gets_a_list(profiles):
    prepared = prepare(profiles)
    standing = Standing.of(prepared, assign(prepared))

    def longer(matrix, row):
        return csr_array(np.vstack([matrix.toarray(), matrix[[row]].toarray()]))

    later = replace(
        profiles,
        asks=longer(profiles.asks, 3),
        offers=longer(profiles.offers, 4),
        working_on=longer(profiles.working_on, 3),
        **{name: np.append(getattr(profiles, name), getattr(profiles, name)[3]) for name in ("kind", "place")},
        organization=np.append(profiles.organization, 999),
        floor=np.append(profiles.floor, 3),
        ceiling=np.append(profiles.ceiling, 5),
        free=np.append(profiles.free, profiles.free[3]),
    )
    repair = standing.repair(later, np.array([200]))

    assert 3 <= len(partners(repair.pairs, 200)) <= 5


def test_an_exclusion_separates_and_interest_keeps_together(profiles):
    prepared = prepare(profiles)
    assignment = assign(prepared)
    standing = Standing.of(prepared, assignment)
    apart, together = assignment.pairs[0], assignment.pairs[50]

    # Both edit their asks away, which leaves them little in common; one pair is kept, the other forbidden.
    asks = with_row(profiles.asks, together[0], 0.0)
    changed = replace(profiles, asks=asks, excluded=np.concatenate([profiles.excluded, [apart]]))
    repair = standing.repair(changed, np.array([together[0], *apart]), kept=together[None, :])

    pairs = set(map(tuple, repair.pairs.tolist()))
    assert tuple(apart.tolist()) not in pairs
    assert tuple(together.tolist()) in pairs


def test_standing_can_begin_from_pairs_alone(profiles):
    prepared = prepare(profiles)
    assignment = assign(prepared)
    standing = Standing.from_pairs(prepared, assignment.pairs)

    repair = standing.repair(profiles, np.empty(0, dtype=np.int64))

    assert np.array_equal(repair.pairs, assignment.pairs)
    assert repair.added.size == repair.removed.size == 0


def test_a_person_nobody_shares_anything_with_is_bridged():
    profiles = network(150, challenges=20, seed=6, ceilings=(4, 8), floor=2, density=0.2, pairs=0.0, organizations=150)
    prepared = prepare(profiles)
    standing = Standing.of(prepared, assign(prepared))

    alone = replace(
        profiles, **{name: with_row(getattr(profiles, name), 9, 0.0) for name in ("asks", "offers", "working_on")}
    )
    repair = standing.repair(alone, np.array([9]))

    assert len(partners(repair.pairs, 9)) == 2


def test_two_who_must_not_meet_any_more_are_parted_though_nothing_else_has_changed(profiles):
    prepared = prepare(profiles)
    standing = Standing.of(prepared, assign(prepared))
    parted = standing.pairs[:3]

    repair = standing.repair(
        replace(profiles, excluded=np.concatenate([profiles.excluded, parted])), np.empty(0, dtype=np.int64)
    )

    assert not set(map(tuple, parted.tolist())) & set(map(tuple, repair.pairs.tolist()))
    assert np.all(np.bincount(repair.pairs.ravel(), minlength=200) >= profiles.floor)


def test_a_repair_weighs_as_the_run_did(profiles):
    weights = Weights().leaning(1.0)
    prepared = prepare(profiles, weights)
    standing = Standing.of(prepared, assign(prepared))

    repair = standing.repair(profiles, np.array([3]))

    assert repair.scores == pytest.approx(score_pairs(prepared, *repair.pairs.T))


def test_who_stands_elsewhere_scores_as_before_and_nobody_matches_an_empty_place(profiles):
    positions = np.random.default_rng(2).permutation(205)[:200]
    where = placed(profiles, positions, 205)
    low, high = np.triu_indices(200, 1)

    before, moved = prepare(profiles), prepare(where)

    assert np.array_equal(allowed(moved, positions[low], positions[high]), allowed(before, low, high))
    assert where.ceiling.sum() == profiles.ceiling.sum()
    assert np.all(where.ceiling[np.setdiff1d(np.arange(205), positions)] == 0)
    assert np.array_equal(where.asks.toarray()[positions], profiles.asks.toarray())
