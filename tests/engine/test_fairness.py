"""Whether groups of people are treated alike, and which figures about small ones are withheld."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.engine.matching.fairness import compare_groups, person_values
from summit.engine.matching.withholding import FEWEST, withheld


def _groups(value, names, *, introductions=None, wanted=None):
    value, names = np.asarray(value, dtype=float), np.asarray(names)
    count = np.full(value.size, 4) if introductions is None else np.asarray(introductions)
    asked = np.full(value.size, 5) if wanted is None else np.asarray(wanted)
    members = {name: names == name for name in dict.fromkeys(names.tolist())}
    return {group.name: group for group in compare_groups(value, count, asked, members)}


def test_each_side_of_a_match_gets_half_of_its_score():
    value = person_values(4, np.array([[0, 1], [1, 2]]), np.array([4.0, 6.0]))

    assert value.tolist() == [2.0, 5.0, 3.0, 0.0]


def test_the_shares_of_all_groups_add_up_to_one():
    draw = np.random.default_rng(1)

    groups = _groups(draw.random(60), ["museum"] * 20 + ["school"] * 30 + ["firm"] * 10).values()

    assert [group.people for group in groups] == [20, 30, 10]
    assert sum(group.share_of_people for group in groups) == pytest.approx(1)
    assert sum(group.figures.share_of_value for group in groups) == pytest.approx(1)
    assert sum(group.figures.share_of_introductions for group in groups) == pytest.approx(1)


def test_a_mean_and_its_interval_equal_a_published_example():
    # Student, Biometrika 6 (1908) 1-25, the sleep of ten patients with the second drug less the first.
    gain = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]

    estimate = _groups([*gain, *([1.0] * 5)], ["drug"] * 10 + ["none"] * 5)["drug"].figures.value_per_person

    assert (estimate.mean, estimate.low, estimate.high) == pytest.approx((1.58, 0.7001, 2.4599), abs=1e-4)


def test_a_group_that_gets_far_less_is_called_worse_off_and_the_others_are_not():
    draw = np.random.default_rng(2)
    value = np.concatenate([draw.normal(6, 2, 40), draw.normal(10, 2, 60)])

    groups = _groups(value, ["new"] * 40 + ["returning"] * 60)

    assert groups["new"].figures.is_worse
    assert not groups["returning"].figures.is_worse
    assert groups["new"].figures.value_of_others == pytest.approx(groups["returning"].figures.value_per_person.mean)


def test_a_large_difference_between_few_people_is_not_called_worse_off():
    value = [0.0, 2.0, 14.0, 3.0, 20.0, *([10.0] * 40)]

    groups = _groups(value, ["small"] * 5 + ["rest"] * 40)

    assert groups["small"].figures.value_per_person.mean == pytest.approx(7.8)
    assert not groups["small"].figures.is_worse


def test_a_certain_but_small_difference_is_not_called_worse_off():
    draw = np.random.default_rng(3)
    value = np.concatenate([draw.normal(9.5, 0.1, 200), draw.normal(10, 0.1, 200)])

    groups = _groups(value, ["a"] * 200 + ["b"] * 200)

    assert not groups["a"].figures.is_worse


def test_equal_groups_are_called_worse_off_about_as_rarely_as_the_interval_says():
    draw = np.random.default_rng(4)

    flagged = [
        _groups(draw.gamma(4, 2, 120), ["a"] * 40 + ["b"] * 80)["a"].figures.is_worse for _repetition in range(400)
    ]

    assert np.mean(flagged) < 0.05


def test_whoever_wants_no_introductions_has_no_part_in_the_comparison():
    groups = _groups(
        [*([10.0] * 6), *([0.0] * 6), *([10.0] * 6)], ["a"] * 12 + ["b"] * 6, wanted=[5] * 6 + [0] * 6 + [5] * 6
    )

    assert groups["a"].people == 6
    assert not groups["a"].figures.is_worse


def test_a_small_group_is_withheld_with_another_that_would_give_it_away():
    groups = _groups(np.ones(60), ["tiny"] * 3 + ["small"] * 7 + ["large"] * 50)

    assert groups["tiny"].figures is None
    assert groups["small"].figures is None
    assert groups["large"].figures is not None


def test_of_two_groups_neither_is_shown_when_one_is_small():
    groups = _groups(np.ones(60), ["new"] * 4 + ["returning"] * 56)

    assert [group.figures for group in groups.values()] == [None, None]


def test_nobody_is_in_two_groups():
    everybody = np.ones(5, dtype=bool)

    with pytest.raises(ValueError, match="in two of the groups"):
        compare_groups(np.ones(5), np.ones(5, dtype=int), np.ones(5, dtype=int), {"a": everybody, "b": everybody})


def test_an_empty_summit_has_no_figures():
    nobody = np.zeros(0, dtype=bool)

    groups = compare_groups(np.empty(0), np.empty(0, dtype=int), np.empty(0, dtype=int), {"a": nobody, "b": nobody})

    assert [(group.people, group.figures) for group in groups] == [(0, None), (0, None)]


@given(st.lists(st.integers(0, 12), max_size=9))
def test_what_is_withheld_cannot_be_worked_out_by_subtraction(sizes):
    hidden = withheld(sizes)

    concealed = [size for size, is_hidden in zip(sizes, hidden, strict=True) if is_hidden]
    assert all(is_hidden for size, is_hidden in zip(sizes, hidden, strict=True) if 0 < size < FEWEST)
    assert not any(is_hidden for size, is_hidden in zip(sizes, hidden, strict=True) if size == 0)
    everything_is_hidden = len(concealed) == sum(size > 0 for size in sizes)
    assert not concealed or everything_is_hidden or (len(concealed) > 1 and sum(concealed) >= FEWEST)
