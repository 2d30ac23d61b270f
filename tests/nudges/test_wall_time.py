"""Wall time: nine in the morning is nine in the morning, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.nudges.wall_time import (
    NINE,
    day_of,
    days_later,
    end_of_day,
    is_working_hour,
    moment_at,
    working_moment,
    working_morning_before,
    zone_of,
)

CHICAGO = ZoneInfo("America/Chicago")
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
FIRST, LAST = datetime(2000, 1, 1), datetime(2037, 12, 1)  # noqa: DTZ001 - Hypothesis adds the zone
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
DAYS = st.dates(date(2000, 1, 1), date(2037, 12, 1))


@pytest.mark.parametrize(
    ("moment", "days", "expected"),
    [
        # Clocks in Chicago go back on 1 November 2026 and forward on 14 March 2027.
        (datetime(2026, 10, 14, 15, 0, tzinfo=UTC), 2, datetime(2026, 10, 16, 14, 0, tzinfo=UTC)),
        (datetime(2026, 10, 31, 15, 0, tzinfo=UTC), 2, datetime(2026, 11, 2, 15, 0, tzinfo=UTC)),
        (datetime(2027, 3, 12, 18, 0, tzinfo=UTC), 2, datetime(2027, 3, 14, 14, 0, tzinfo=UTC)),
        # At one in the morning in UTC it is still the evening before in Chicago.
        (datetime(2026, 10, 14, 1, 0, tzinfo=UTC), 2, datetime(2026, 10, 15, 14, 0, tzinfo=UTC)),
    ],
)
def test_days_later_at_nine_is_nine_on_the_clock_there(moment: datetime, days: int, expected: datetime) -> None:
    assert days_later(moment, days, CHICAGO) == expected


def test_a_wall_time_that_is_skipped_moves_forward() -> None:
    moment = moment_at(date(2027, 3, 14), time(2, 30), CHICAGO)

    assert moment.astimezone(CHICAGO).time() == time(3, 30)


def test_a_wall_time_that_comes_twice_is_taken_the_first_time() -> None:
    moment = moment_at(date(2026, 11, 1), time(1, 30), CHICAGO)

    assert moment == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_a_zone_that_does_not_exist_is_utc() -> None:
    assert [zone_of(name).key for name in ("Atlantis/Center", "", "../etc/passwd")] == ["UTC"] * 3


@given(day=DAYS, wall=st.times(), zone=ZONES)
def test_a_wall_time_comes_true_or_moves_forward(day: date, wall: time, zone: ZoneInfo) -> None:
    asked = datetime.combine(day, wall.replace(fold=0))

    moment = moment_at(day, wall, zone)

    shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
    assert shown >= asked
    if shown == asked:
        # The first of two: nothing earlier that day shows the same time.
        assert moment.astimezone(zone).fold == 0
    else:
        # Skipped: no moment shows the time that was asked for.
        assert shown - asked <= timedelta(days=1)
        later = datetime.combine(day, wall.replace(fold=1), tzinfo=zone).astimezone(UTC).astimezone(zone)
        assert later.replace(tzinfo=None, fold=0) != asked


@given(moment=MOMENTS, zone=ZONES, days=st.integers(0, 30))
def test_more_days_later_is_never_earlier(moment: datetime, zone: ZoneInfo, days: int) -> None:
    assert days_later(moment, days, zone) <= days_later(moment, days + 1, zone)


@given(moment=MOMENTS, zone=ZONES)
def test_a_day_ends_after_every_moment_of_it(moment: datetime, zone: ZoneInfo) -> None:
    end = end_of_day(moment, zone)

    assert moment < end <= moment + timedelta(hours=51)
    assert day_of(end, zone) > day_of(moment, zone)


@given(moment=MOMENTS, zone=ZONES)
def test_a_working_moment_is_the_same_or_the_next_working_morning(moment: datetime, zone: ZoneInfo) -> None:
    moved = working_moment(moment, zone)

    assert is_working_hour(moved, zone)
    assert moved >= moment
    assert working_moment(moved, zone) == moved
    if moved != moment:
        assert not is_working_hour(moment, zone)
        assert moved.astimezone(zone).time() >= NINE
        assert moved - moment < timedelta(days=5)


@given(moment=MOMENTS, zone=ZONES, minutes=st.integers(0, 10_000))
def test_everything_in_one_quiet_stretch_waits_for_the_same_morning(
    moment: datetime, zone: ZoneInfo, minutes: int
) -> None:
    morning = working_moment(moment, zone)
    later = min(moment + timedelta(minutes=minutes), morning)

    assert is_working_hour(later, zone) or working_moment(later, zone) == morning


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 10, 14, 20, 0, tzinfo=CHICAGO), datetime(2026, 10, 15, 9, 0, tzinfo=CHICAGO)),
        (datetime(2026, 10, 14, 7, 59, tzinfo=CHICAGO), datetime(2026, 10, 14, 9, 0, tzinfo=CHICAGO)),
        (datetime(2026, 10, 14, 8, 0, tzinfo=CHICAGO), datetime(2026, 10, 14, 8, 0, tzinfo=CHICAGO)),
        (datetime(2026, 10, 17, 12, 0, tzinfo=CHICAGO), datetime(2026, 10, 19, 9, 0, tzinfo=CHICAGO)),
        (datetime(2026, 10, 16, 23, 0, tzinfo=CHICAGO), datetime(2026, 10, 19, 9, 0, tzinfo=CHICAGO)),
    ],
)
def test_quiet_hours_and_weekends_wait_for_nine_in_the_morning(moment: datetime, expected: datetime) -> None:
    assert working_moment(moment, CHICAGO) == expected


@given(moment=MOMENTS, zone=ZONES)
def test_the_working_morning_before_is_the_last_one(moment: datetime, zone: ZoneInfo) -> None:
    before = working_morning_before(moment, zone)

    assert is_working_hour(before, zone)
    assert before < moment
    assert working_moment(before + timedelta(hours=12), zone) >= moment or working_moment(moment, zone) == moment
