import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit.engine.matching.candidates import first_candidates, from_swept
from summit.engine.matching.lanes import lanes_of
from summit.engine.matching.pairs import score_pairs
from summit.engine.matching.scoring import prepare
from summit.engine.matching.sweep import best_of, sweep
from tests.engine.networks import all_scores, network, networks


@settings(max_examples=80, deadline=None)
@given(networks(12), st.integers(0, 10**6))
def test_the_compiled_scores_are_the_scores(profiles, seed):
    prepared = prepare(profiles)
    scores = all_scores(prepared)
    prices = np.random.default_rng(seed).normal(1, 2, profiles.people)

    swept = sweep(lanes_of(prepared), prices, np.full(profiles.people, -100.0), profiles.people)

    found = np.zeros_like(scores)
    people, places = np.nonzero(swept.partners >= 0)
    found[people, swept.partners[people, places]] = swept.scores[people, places]
    assert np.allclose(found, np.maximum(scores, 0.0), rtol=1e-4, atol=1e-4)
    surplus = np.triu(np.maximum(scores - prices[:, None] - prices, 0.0), 1).sum()
    assert swept.surplus == pytest.approx(surplus, rel=1e-4, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(networks(12))
def test_scores_of_single_pairs_are_the_scores(profiles):
    prepared = prepare(profiles)
    scores = all_scores(prepared)
    low, high = np.nonzero(np.triu(np.isfinite(scores), 1))

    assert np.allclose(score_pairs(prepared, low, high), scores[low, high], rtol=1e-12, atol=1e-12)


def test_everybody_gets_their_best_beyond_the_prices():
    prepared = prepare(network(300, challenges=30, seed=1, density=0.15, more=True))
    scores, prices = all_scores(prepared), np.random.default_rng(1).random(300) * 3

    swept = sweep(lanes_of(prepared), prices, np.full(300, -100.0), 5)

    for person in range(300):
        worth = np.where(scores[person] > 0, scores[person] - prices, -np.inf)
        found = swept.scores[person] - prices[swept.partners[person]]
        real = swept.partners[person] >= 0
        expected = np.sort(worth[np.isfinite(worth)])[::-1][:5]
        assert np.sort(found[real])[::-1] == pytest.approx(expected, abs=1e-3)


def test_the_best_of_a_few_people_are_the_same_as_in_a_whole_sweep():
    prepared = prepare(network(200, challenges=30, seed=2, density=0.15, more=True))
    lanes, prices = lanes_of(prepared), np.random.default_rng(2).random(200)
    some = np.array([0, 57, 199])

    partners, scores = best_of(lanes, some, prices, 6)

    whole = sweep(lanes, prices, np.full(200, -100.0), 6)
    for at, person in enumerate(some):
        assert set(partners[at]) == set(whole.partners[person])
        assert np.sort(scores[at]) == pytest.approx(np.sort(whole.scores[person]), rel=1e-4)


def test_candidates_name_each_pair_once():
    prepared = prepare(network(300, challenges=30, seed=3, density=0.15))

    candidates = first_candidates(prepared, lanes_of(prepared), np.random.default_rng(0))

    keys = candidates.low * 300 + candidates.high
    assert np.all(candidates.low < candidates.high)
    assert np.array_equal(keys, np.unique(keys))


def test_nobody_has_no_partners():
    prepared = prepare(network(0))

    swept = sweep(lanes_of(prepared), np.empty(0), np.empty(0), 4)

    assert from_swept(prepared, swept).low.size == 0
    assert swept.surplus == 0.0
