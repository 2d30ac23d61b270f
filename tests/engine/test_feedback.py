"""What answers tell: acceptance by rank and by family of terms."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.engine.matching.families import FAMILIES, FAMILY_OF, by_family, converted, reweighted, strengths
from summit.engine.matching.feedback import Answers, acceptance, acceptance_by_family, acceptance_by_rank
from summit.engine.matching.scoring import Term
from summit.engine.matching.weights import Weights


def _answers(ranks, interested, points=None):
    count = len(ranks)
    return Answers(
        person=np.arange(count),
        interested=np.asarray(interested, dtype=bool),
        rank=np.asarray(ranks),
        points=np.zeros((count, len(FAMILIES))) if points is None else points,
    )


def test_acceptance_falls_into_its_interval():
    found = acceptance(np.array([True] * 81 + [False] * 182))

    assert (found.n, found.interested) == (263, 81)
    assert (found.low, found.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_acceptance_is_counted_rank_by_rank():
    answers = _answers([1] * 6 + [2] * 5 + [12] * 7, [1] * 6 + [1, 0, 0, 0, 0] + [0] * 7)

    found = [
        (each.first, each.last, each.acceptance.n, each.acceptance.interested) for each in acceptance_by_rank(answers)
    ]

    assert found == [(1, 1, 6, 6), (2, 2, 5, 1), (3, None, 7, 0)]


def test_few_answers_of_a_rank_are_counted_with_their_neighbours():
    answers = _answers([1] * 6 + [2] * 3 + [3] * 4 + [4] * 2, [1] * 15)

    found = [(each.first, each.last, each.acceptance.n) for each in acceptance_by_rank(answers)]

    assert found == [(1, 1, 6), (2, 4, 9)]


@given(st.lists(st.tuples(st.integers(1, 14), st.booleans()), max_size=60))
def test_no_rank_tells_of_fewer_than_five_answers_and_none_is_lost(rows):
    answers = _answers([rank for rank, _said in rows], [said for _rank, said in rows])

    found = acceptance_by_rank(answers)

    assert all(each.acceptance.n >= 5 for each in found)
    assert sum(each.acceptance.n for each in found) == (len(rows) if len(rows) >= 5 else 0)


def test_acceptance_with_a_family_stands_beside_acceptance_without():
    points = np.zeros((20, len(FAMILIES)))
    points[:8, FAMILIES.index("help")] = 2.0

    found = acceptance_by_family(_answers([1] * 20, [1] * 7 + [0] * 13, points))

    assert [each.family for each in found] == ["help"]
    assert (found[0].having.n, found[0].having.interested) == (8, 7)
    assert (found[0].lacking.n, found[0].lacking.interested) == (12, 0)


def test_a_family_that_few_answers_are_about_is_withheld():
    points = np.zeros((20, len(FAMILIES)))
    points[:4, FAMILIES.index("promise")] = 2.0
    points[:17, FAMILIES.index("help")] = 2.0

    found = {each.family: each for each in acceptance_by_family(_answers([1] * 20, [1] * 20, points))}

    assert (found["promise"].n, found["promise"].having, found["promise"].lacking) == (4, None, None)
    assert (found["help"].n, found["help"].having, found["help"].lacking) == (17, None, None)


def test_every_term_has_a_family():
    assert set(FAMILY_OF) == set(Term)
    assert by_family([("help_for_a", 2.0), ("help_for_b", 1.0), ("reach", 0.5)]) == {"help": 3.0, "reach": 0.5}


def test_multiplied_weights_make_multiplied_strengths():
    weights = Weights(influence=0.3)
    multipliers = {"help": 2.0, "influence": 3.0, "reach": 0.5, "promise": 0.0}

    new = reweighted(weights, multipliers)

    before, after = strengths(weights), strengths(new)
    assert {name: after[name] / before[name] for name in FAMILIES} == pytest.approx(
        {name: multipliers.get(name, 1.0) for name in FAMILIES}
    )


def test_points_move_from_one_set_of_weights_to_another_and_back():
    points = {"help": 4.0, "influence": 1.0, "reach": 0.7, "kept": 1.5}
    other = reweighted(Weights(), {"help": 2.0, "influence": 0.5, "kept": 3.0})

    there = converted(points, Weights(), other)

    assert there == pytest.approx({"help": 8.0, "influence": 0.5, "reach": 0.7, "kept": 4.5})
    assert converted(there, other, Weights()) == pytest.approx(points)


def test_influence_never_counts_for_more_than_help():
    assert reweighted(Weights(), {"influence": 5.0}).influence == 1.0


@pytest.mark.parametrize(
    ("multipliers", "said"), [({"charm": 2.0}, "no family of terms charm"), ({"help": -1.0}, "0 or more")]
)
def test_nonsense_is_refused(multipliers, said):
    with pytest.raises(ValueError, match=said):
        reweighted(Weights(), multipliers)
