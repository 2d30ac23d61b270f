from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from summit.engine.matching.challenge_tables import check_challenge_tables, seat_at_challenges


def stances(people, challenges, seed, density=0.3):
    draw = np.random.default_rng(seed)
    shape = (people, challenges)
    return [csr_array((draw.random(shape) < density) * draw.integers(1, 4, shape)) for _kind in range(3)]


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 40),
    st.integers(0, 6),
    st.integers(0, 4),
    st.integers(0, 8),
    st.sampled_from([0.0, 0.7, 1.0]),
    st.integers(0, 2**32 - 1),
)
def test_tables_seat_four_to_eight_of_those_who_are_free(people, challenges, rounds, tables, free, seed):
    present = np.random.default_rng(seed).random((people, rounds)) < free

    found = seat_at_challenges(*stances(people, challenges, seed), present, tables)

    check_challenge_tables(present, tables, found)
    seated = (found.table >= 0).sum(axis=0)
    room = np.minimum(present.sum(axis=0), 8 * tables)
    assert seated.tolist() == np.where((room < 4) | (challenges == 0), 0, room).tolist()


def test_the_same_seed_gives_the_same_tables():
    given_ = (*stances(60, 8, 1), np.ones((60, 3), dtype=bool), 12)

    first, second = seat_at_challenges(*given_, seed=4), seat_at_challenges(*given_, seed=4)

    assert np.array_equal(first.table, second.table)
    assert np.array_equal(first.challenge, second.challenge)


def test_nobody_meets_the_same_people_again_where_there_is_room_enough():
    present = np.ones((120, 4), dtype=bool)

    found = seat_at_challenges(*stances(120, 20, 2), present, 30)

    check_challenge_tables(present, 30, found)
    assert found.repeats == 0
    assert (found.table >= 0).all()


def test_each_table_mixes_those_who_ask_with_those_who_offer():
    found = seat_at_challenges(*stances(60, 10, 3), np.ones((60, 2), dtype=bool), 15)

    assert found.unmixed == ()


def test_people_sit_at_challenges_they_care_about():
    asks, offers, working_on = stances(60, 10, 3, density=0.2)

    found = seat_at_challenges(asks, offers, working_on, np.ones((60, 1), dtype=bool), 15)

    cares = (asks + offers + working_on).toarray()[np.arange(60), found.challenge[0, found.table[:, 0]]] > 0
    anywhere = ((asks + offers + working_on).toarray() > 0).mean()
    assert anywhere < 0.6
    assert cares.mean() > 0.9


def test_seats_that_are_too_few_go_round():
    present = np.ones((16, 2), dtype=bool)

    found = seat_at_challenges(*stances(16, 4, 5), present, 1)

    assert (found.table >= 0).sum(axis=1).tolist() == [1] * 16


def test_a_table_of_nine_and_a_wrong_count_are_refused():
    present = np.ones((9, 1), dtype=bool)
    found = seat_at_challenges(*stances(9, 3, 1), present, 3)
    check_challenge_tables(present, 3, found)

    with pytest.raises(ValueError, match="seats 9"):
        check_challenge_tables(present, 3, replace(found, table=np.zeros((9, 1), dtype=np.int64)))
    with pytest.raises(ValueError, match="not 5"):
        check_challenge_tables(present, 3, replace(found, repeats=5))
    with pytest.raises(ValueError, match="not free"):
        check_challenge_tables(~present, 3, found)


def test_two_who_must_be_kept_apart_never_share_a_table():
    draw = np.random.default_rng(8)
    apart = np.unique(np.sort(draw.integers(0, 40, (30, 2)), axis=1), axis=0)
    apart = apart[apart[:, 0] != apart[:, 1]]
    present = np.ones((40, 3), dtype=bool)
    without = seat_at_challenges(*stances(40, 6, 8), present, 10)

    found = seat_at_challenges(*stances(40, 6, 8), present, 10, apart=apart)

    def shared(tables):
        low, high = apart.T
        return int(((tables.table[low] == tables.table[high]) & (tables.table[low] >= 0)).sum())

    check_challenge_tables(present, 10, found)
    assert shared(without) > 0
    assert shared(found) == 0
    assert (found.table >= 0).all()


def test_where_swaps_can_not_part_them_one_has_no_seat():
    present = np.ones((5, 1), dtype=bool)

    found = seat_at_challenges(*stances(5, 2, 1), present, 1, apart=np.array([[3, 1]]))

    check_challenge_tables(present, 1, found)
    assert (found.table[:, 0] >= 0).tolist() == [True, False, True, True, True]
