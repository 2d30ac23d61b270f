from itertools import combinations
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings

from summit.engine.matching.explain import explain, explain_pairs
from summit.engine.matching.profiles import stance_matrix
from summit.engine.matching.scoring import Term, prepare
from tests.engine.networks import all_scores, network, networks
from tests.engine.test_scoring import people


@settings(max_examples=80, deadline=None)
@given(networks())
def test_contributions_add_up_to_the_score_and_the_score_is_the_one_of_scoring(profiles):
    prepared = prepare(profiles)
    pairs = list(combinations(range(profiles.people), 2))
    scores = all_scores(prepared)

    explanations = explain_pairs(prepared, pairs)

    assert [(each.a, each.b) for each in explanations] == pairs
    for each in explanations:
        assert each.score == pytest.approx(max(0.0, scores[each.a, each.b]), abs=1e-9)
        assert fsum(contribution.points for contribution in each.contributions) == pytest.approx(each.score, abs=1e-9)
        assert fsum(each.terms().values()) == pytest.approx(each.score, abs=1e-9)
        assert all(contribution.points > 0 for contribution in each.contributions)


@settings(max_examples=40, deadline=None)
@given(networks())
def test_every_reason_names_a_stance_that_both_sides_really_have(profiles):
    prepared = prepare(profiles)
    asks, offers, works = (matrix.toarray() > 0 for matrix in (profiles.asks, profiles.offers, profiles.working_on))

    for each in explain_pairs(prepared, list(combinations(range(profiles.people), 2))):
        for term, _points, challenge, via in each.contributions:
            a, b = each.a, each.b
            if term in prepared.bonuses:
                assert (challenge, via) == (None, None)
                continue
            reasons = {
                Term.HELP_FOR_A: via is None and asks[a, challenge] and offers[b, challenge],
                Term.HELP_FOR_B: via is None and asks[b, challenge] and offers[a, challenge],
                Term.SHARED_STRUGGLE: via is None and asks[a, challenge] and asks[b, challenge],
                Term.SHARED_WORK: via is None and works[a, challenge] and works[b, challenge],
                Term.INFLUENCE_FOR_A: via is not None and asks[a, challenge] and offers[b, via],
                Term.INFLUENCE_FOR_B: via is not None and asks[b, challenge] and offers[a, via],
            }
            assert any(reasons.values()) if term is Term.REACH else reasons[term]


def test_an_influence_reason_names_the_ask_and_the_offer_it_comes_from():
    profiles = people(asks=[(1, 0, 3)], offers=[(0, 2, 3)], influence=stance_matrix((3, 3), [(2, 0, 0.5)]))

    explanation = explain(prepare(profiles), 0, 1)

    assert [(each.term, each.challenge, each.via) for each in explanation.contributions] == [
        (Term.INFLUENCE_FOR_B, 0, 2)
    ]


def test_reach_is_split_by_challenge_so_that_a_sealed_one_takes_its_reach_along():
    profiles = people(asks=[(0, 0, 3), (1, 0, 3), (0, 1, 1), (1, 1, 1)], kind=[0, 1])

    contributions = explain(prepare(profiles), 0, 1).contributions

    shared = {each.challenge: each.points for each in contributions if each.term is Term.SHARED_STRUGGLE}
    reach = {each.challenge: each.points for each in contributions if each.term is Term.REACH}
    assert set(shared) == {0, 1}
    assert reach == {challenge: pytest.approx(0.15 * points) for challenge, points in shared.items()}


def test_the_order_of_the_two_people_does_not_matter():
    prepared = prepare(network(12, seed=4, density=0.9))

    assert explain(prepared, 7, 2) == explain(prepared, 2, 7)


def test_the_largest_reason_comes_first():
    explanations = explain_pairs(prepare(network(12, seed=5, density=0.9)), list(combinations(range(12), 2)))

    assert max(len(each.contributions) for each in explanations) > 5
    for each in explanations:
        points = [contribution.points for contribution in each.contributions]
        assert points == sorted(points, reverse=True)


def test_a_forbidden_pair_has_no_score_and_no_reasons():
    profiles = people(asks=[(0, 0, 3), (1, 0, 3)], organization=[4, 4], promised=[(0, 1)])

    explanation = explain(prepare(profiles), 0, 1)

    assert (explanation.score, explanation.contributions, explanation.terms()) == (0.0, (), {})


def test_no_pairs_give_no_explanations():
    assert explain_pairs(prepare(network(3)), np.empty((0, 2))) == []


def test_a_position_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="outside 0 to 1"):
        explain(prepare(people()), 0, 2)
