from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit.engine.matching.assignment import assign
from summit.engine.matching.certificate import CertificateError, upper_bound, verify
from summit.engine.matching.scoring import prepare
from tests.engine.networks import all_scores, best_possible, network, networks


@settings(max_examples=80, deadline=None)
@given(networks(7), st.integers(0, 10**6))
def test_any_prices_at_all_give_a_bound_above_the_optimum(profiles, seed):
    prepared = prepare(profiles)
    best = best_possible(prepared)
    prices = np.random.default_rng(seed).normal(1, 3, profiles.people)

    bound = upper_bound(prepared, prices)

    assert best is None or best <= bound + 1e-6


def test_the_bound_is_the_dual_written_out_pair_by_pair():
    prepared = prepare(network(25, challenges=6, seed=1, ceilings=(2, 5)))
    prices = np.random.default_rng(1).normal(1, 2, 25)
    scores, profiles = all_scores(prepared), prepared.profiles

    written_out = sum(
        profiles.ceiling[i] * prices[i] if prices[i] > 0 else profiles.floor[i] * prices[i] for i in range(25)
    ) + sum(max(0.0, scores[i, j] - prices[i] - prices[j]) for i in range(25) for j in range(i + 1, 25))

    assert upper_bound(prepared, prices) == pytest.approx(written_out, rel=1e-12)


def _solved():
    prepared = prepare(network(40, challenges=8, seed=6, organizations=6, ceilings=(3, 7), floor=3, pairs=0.05))
    return prepared, assign(prepared)


def test_a_true_assignment_passes():
    prepared, assignment = _solved()

    verify(prepared, assignment)

    assert assignment.pairs.size


@pytest.mark.parametrize(
    ("falsify", "sentence"),
    [
        (lambda a: {"value": a.value * 1.01}, "The value is not the sum of the scores"),
        (lambda a: {"bound": a.value * 0.99}, "The value exceeds the bound"),
        (lambda a: {"scores": a.scores + 0.01}, "A score is not the pair's own"),
        (lambda a: {"pairs": a.pairs[:, ::-1]}, "A pair is not made of two ordered positions"),
        (lambda a: {"pairs": a.pairs[1:]}, "one score for each pair"),
        (lambda a: {"pairs": np.concatenate([a.pairs[:1], a.pairs[:-1]])}, "A pair is listed twice"),
        (lambda a: {"below_floor": np.array([3])}, "The list of those below their floor is wrong"),
        (lambda a: {"bridging": ~a.bridging}, "wrongly marked as bridging"),
    ],
)
def test_a_false_claim_is_refused(falsify, sentence):
    prepared, assignment = _solved()

    with pytest.raises(CertificateError, match=sentence):
        verify(prepared, replace(assignment, **falsify(assignment)))


def test_a_pair_that_breaks_a_hard_rule_is_refused():
    prepared, assignment = _solved()
    forbidden = np.argwhere(np.triu(np.isneginf(all_scores(prepared)), 1))[0]
    pairs = assignment.pairs.copy()
    pairs[0] = forbidden

    with pytest.raises(CertificateError, match="breaks a hard rule"):
        verify(prepared, replace(assignment, pairs=pairs))


def test_more_matches_than_a_ceiling_allows_are_refused():
    prepared, assignment = _solved()
    scores = all_scores(prepared)
    person = int(np.argmax(prepared.profiles.ceiling))
    others = np.flatnonzero(scores[person] >= 0)[: prepared.profiles.ceiling[person] + 1]
    pairs = np.array([(min(person, other), max(person, other)) for other in others])
    own = scores[pairs[:, 0], pairs[:, 1]]

    with pytest.raises(CertificateError, match="more matches than their ceiling"):
        verify(prepared, replace(assignment, pairs=pairs, scores=own, bridging=own <= 0, value=float(own.sum())))
