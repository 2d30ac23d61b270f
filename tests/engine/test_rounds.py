from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit.engine.matching.rounds import Wishes, plan_rounds
from summit.engine.matching.rounds_bound import most_meetings
from summit.engine.matching.rounds_check import BrokenSchedule, check_rounds
from summit.engine.matching.rounds_repair import repair_rounds, without


def wishes(people, *, seed=0, slots=4, most=4, free=1.0, tables=None, apart=0.0):
    """Draw pairs of which nobody has more than `most`, and who is free when."""
    draw = np.random.default_rng(seed)
    ends = np.repeat(np.arange(people), draw.integers(0, most + 1, people))
    draw.shuffle(ends)
    ends = ends[: ends.size // 2 * 2].reshape(-1, 2)
    pairs = np.unique(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1), axis=0)
    kept_apart = np.triu(draw.random((people, people)) < apart, 1)
    kept_apart[tuple(pairs.T)] = False
    return Wishes(
        pairs=pairs,
        values=draw.integers(1, 9, len(pairs)),
        free=draw.random((people, slots)) < free,
        tables=people if tables is None else tables,
        apart=np.argwhere(kept_apart),
    )


several_wishes = st.builds(
    wishes,
    st.integers(0, 14),
    seed=st.integers(0, 2**32 - 1),
    slots=st.integers(0, 5),
    most=st.integers(0, 5),
    free=st.sampled_from([0.0, 0.5, 0.85, 1.0]),
    tables=st.sampled_from([None, 0, 1, 3]),
    apart=st.sampled_from([0.0, 0.3]),
)


def most_by_trying(wished):
    """Return the most meetings that fit, by trying everything."""
    pairs, slots = wished.pairs.tolist(), wished.free.shape[1]

    def best(at, busy, load):
        if at == len(pairs):
            return 0
        found = best(at + 1, busy, load)
        one, other = pairs[at]
        for slot in range(slots):
            is_free = wished.free[one, slot] and wished.free[other, slot]
            if is_free and load[slot] < wished.tables[slot] and not {(one, slot), (other, slot)} & busy:
                fuller = (*load[:slot], load[slot] + 1, *load[slot + 1 :])
                found = max(found, 1 + best(at + 1, busy | {(one, slot), (other, slot)}, fuller))
        return found

    return best(0, frozenset(), (0,) * slots)


@settings(max_examples=200, deadline=None)
@given(several_wishes)
def test_nobody_is_in_two_places_and_no_table_is_used_twice(wished):
    schedule = plan_rounds(wished)

    check_rounds(wished, schedule)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.integers(0, 2**32 - 1), st.integers(1, 3), st.sampled_from([1, 2, 9]))
def test_as_many_meetings_as_possible_are_placed_and_the_bound_is_never_below(people, seed, slots, tables):
    wished = wishes(people, seed=seed, slots=slots, most=3, free=0.8, tables=tables)

    schedule = plan_rounds(wished)

    possible = most_by_trying(wished)
    assert schedule.placed == possible
    assert schedule.bound >= possible


@settings(max_examples=60, deadline=None)
@given(several_wishes, st.integers(0, 1000))
def test_the_order_of_the_wishes_does_not_matter(wished, seed):
    order = np.random.default_rng(seed).permutation(len(wished.pairs))

    first = plan_rounds(wished, seed=3)
    second = plan_rounds(replace(wished, pairs=wished.pairs[order], values=wished.values[order]), seed=3)

    assert np.array_equal(first.slot[order], second.slot)
    assert first.bound == second.bound


@settings(max_examples=60, deadline=None)
@given(several_wishes, st.integers(0, 1000))
def test_names_change_nothing_about_what_is_possible(wished, seed):
    place = np.random.default_rng(seed).permutation(len(wished.free))
    renamed = replace(wished, pairs=place[wished.pairs].reshape(-1, 2), free=wished.free[np.argsort(place)], apart=[])

    assert most_meetings(renamed.pairs, renamed.free, renamed.tables) == plan_rounds(wished).bound


def test_the_same_seed_gives_the_same_schedule():
    wished = wishes(120, slots=5, most=6, free=0.85)

    first, second = plan_rounds(wished, seed=5), plan_rounds(wished, seed=5)

    assert np.array_equal(first.slot, second.slot)
    assert np.array_equal(first.table, second.table)
    assert np.array_equal(first.third, second.third)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("people", [20, 150, 1000])
def test_everything_is_placed_when_everyone_is_free_in_as_many_rounds_as_the_busiest_has_meetings(people, seed):
    wished = wishes(people, seed=seed, most=10)
    rounds = int(np.bincount(wished.pairs.ravel()).max())
    wished = replace(wished, free=np.ones((people, rounds), dtype=bool), tables=people // 2)

    schedule = plan_rounds(wished)

    check_rounds(wished, schedule)
    assert schedule.placed == schedule.bound == len(wished.pairs)


@pytest.mark.parametrize("people", [8, 20])
def test_everybody_meets_everybody_in_one_round_fewer_than_there_are_people(people):
    pairs = np.argwhere(np.triu(np.ones((people, people)), 1))
    wished = Wishes(pairs, np.ones(len(pairs)), np.ones((people, people - 1), dtype=bool), people // 2)

    schedule = plan_rounds(wished)

    check_rounds(wished, schedule)
    assert schedule.placed == len(pairs)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("people", "most"), [(150, 6), (150, 10), (1000, 10)])
def test_nearly_all_that_the_bound_allows_is_placed_at_85_percent_availability(people, most, seed):
    wished = wishes(people, seed=seed, slots=most, most=most, free=0.85, tables=people // 2)

    schedule = plan_rounds(wished)

    check_rounds(wished, schedule)
    assert schedule.placed >= 0.985 * schedule.bound


def test_the_hardest_case_everybody_wants_six_in_six_rounds_reaches_it_too():
    draw = np.random.default_rng(1)
    ends = np.repeat(np.arange(300), 6)
    draw.shuffle(ends)
    ends = np.sort(ends.reshape(-1, 2), axis=1)
    pairs = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0)
    wished = Wishes(pairs, draw.random(len(pairs)), draw.random((300, 6)) < 0.85, 150)

    schedule = plan_rounds(wished)

    check_rounds(wished, schedule)
    assert schedule.placed >= 0.985 * schedule.bound


def test_where_not_all_fit_the_most_valuable_do():
    pairs = [(0, 1), (0, 2), (0, 3)]
    wished = Wishes(pairs, [1.0, 3.0, 2.0], np.ones((4, 2), dtype=bool), 1)

    schedule = plan_rounds(wished)

    assert (schedule.slot >= 0).tolist() == [False, True, True]
    assert schedule.value == 5.0


def test_with_an_odd_number_three_sit_together_rather_than_one_alone():
    wished = Wishes([(0, 1), (0, 2), (1, 2)], [3.0, 2.0, 1.0], np.ones((3, 1), dtype=bool), 1)

    schedule = plan_rounds(wished)

    check_rounds(wished, schedule)
    assert schedule.placed == 1
    assert schedule.third[0] == 2


def test_nobody_joins_a_table_with_somebody_they_must_be_kept_apart_from():
    wished = Wishes([(0, 1), (0, 2)], [3.0, 2.0], np.ones((3, 1), dtype=bool), 1, apart=[(2, 1)])

    schedule = plan_rounds(wished)

    assert schedule.placed == 1
    assert schedule.third.tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("people", "slots", "tables"),
    [(0, 3, 2), (1, 3, 2), (6, 0, 2), (6, 3, 0)],
    ids=["nobody", "one", "no slot", "no table"],
)
def test_where_nothing_can_be_placed_nothing_is(people, slots, tables):
    pairs = np.argwhere(np.triu(np.ones((people, people)), 1))
    wished = Wishes(pairs, np.ones(len(pairs)), np.ones((people, slots), dtype=bool), tables)

    schedule = plan_rounds(wished)

    check_rounds(wished, schedule)
    assert (schedule.placed, schedule.bound) == (0, 0)


def four_people():
    wished = Wishes(
        [(0, 1), (2, 3), (0, 2)], [1.0, 2.0, 3.0], np.array([[1, 1], [1, 1], [1, 1], [1, 0]], dtype=bool), 2, [(1, 2)]
    )
    return wished, plan_rounds(wished)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"slot": [0, 0, 0], "table": [0, 1, 0]}, "Meetings 0 and 2 share table 0 in slot 0"),
        ({"slot": [1, 0, 1], "table": [0, 0, 1]}, "Person 0 is in meetings 0 and 2 in slot 1"),
        ({"slot": [0, 1, -1], "table": [0, 0, -1]}, "Person 3 is not free in slot 1"),
        ({"slot": [0, 0, -1], "table": [0, 2, -1]}, "Meeting 1 is at table 2; slot 0 has 2"),
        ({"slot": [2, 0, -1], "table": [0, 0, -1]}, "slots run from 0 to 1"),
        ({"slot": [0, -1, -1], "table": [0, 0, -1]}, "Meeting 1 has no slot, but a table"),
        ({"slot": [0, -1, -1], "table": [0, -1, -1], "third": [2, -1, -1]}, "seats 1 and 2 together"),
        ({"slot": [0, -1, -1], "table": [0, -1, -1], "third": [1, -1, -1]}, "with themselves"),
        ({"bound": 2}, "more than the bound"),
    ],
)
def test_a_broken_schedule_is_refused(changes, said):
    wished, schedule = four_people()
    check_rounds(wished, schedule)
    assert schedule.placed == 3
    arrays = {name: value if name == "bound" else np.array(value) for name, value in changes.items()}

    with pytest.raises(BrokenSchedule, match=said):
        check_rounds(wished, replace(schedule, **arrays))


def test_a_naive_schedule_in_the_order_of_the_list_is_refused():
    wished = wishes(30, slots=4, most=4, seed=2)
    naive = np.arange(len(wished.pairs))

    with pytest.raises(BrokenSchedule):
        check_rounds(wished, replace(plan_rounds(wished), slot=naive % 4, table=naive // 4, bound=len(naive)))


@pytest.mark.parametrize(
    ("pairs", "said"),
    [([(0, 1), (1, 0)], "twice"), ([(0, 0)], "themselves"), ([(0, 5)], "not there"), ([(0.5, 1)], "positions")],
)
def test_wishes_that_make_no_sense_are_refused(pairs, said):
    with pytest.raises(ValueError, match=said):
        Wishes(np.array(pairs), np.ones(len(pairs)), np.ones((3, 2), dtype=bool), 2)


@settings(max_examples=100, deadline=None)
@given(several_wishes, st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_when_people_drop_out_the_others_keep_what_they_have(wished, seed, number):
    schedule = plan_rounds(wished)
    people = len(wished.free)
    gone = np.random.default_rng(seed).permutation(people)[:number].tolist()

    repaired = repair_rounds(wished, schedule, gone)

    check_rounds(without(wished, gone), repaired)
    stays = (schedule.slot >= 0) & ~np.isin(wished.pairs, gone).any(axis=1)
    assert np.array_equal(repaired.slot[: len(stays)][stays], schedule.slot[stays])
    assert np.array_equal(repaired.table[: len(stays)][stays], schedule.table[stays])
    assert not np.isin(gone, repaired.third).any()


def test_two_who_are_left_alone_meet_each_other():
    wished = Wishes([(0, 1), (2, 3)], [1.0, 1.0], np.ones((4, 1), dtype=bool), 2)

    repaired = repair_rounds(wished, plan_rounds(wished), [1, 3])

    assert repaired.pairs.tolist() == [[0, 1], [2, 3], [0, 2]]
    assert repaired.slot.tolist() == [-1, -1, 0]
    assert repaired.placed == 0


def test_one_who_is_left_alone_joins_a_table_as_a_third():
    wished = Wishes([(0, 1), (2, 3)], [1.0, 1.0], np.ones((4, 1), dtype=bool), 2)

    repaired = repair_rounds(wished, plan_rounds(wished), [1])

    assert repaired.slot.tolist() == [-1, 0]
    assert repaired.third.tolist() == [-1, 0]


def test_a_wish_that_had_no_place_takes_the_seats_that_became_free():
    wished = Wishes([(0, 1), (2, 3)], [2.0, 1.0], np.ones((4, 1), dtype=bool), 1)

    repaired = repair_rounds(wished, plan_rounds(wished), [1])

    assert repaired.slot.tolist() == [-1, 0]
    assert repaired.bound == 1
