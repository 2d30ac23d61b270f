"""Wall times across zones and clock changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.connections.wall_times import SOONEST, moment_of, proposals, wall_of

ZONES = ["America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        ("2026-12-01T09:00", "2026-12-01T15:00"),
        ("2026-03-08T02:30", "2026-03-08T08:30"),  # left out in spring: half past three
        ("2026-11-01T01:30", "2026-11-01T06:30"),  # twice in autumn: the first
    ],
)
def test_a_wall_time_in_chicago_is_this_moment(wall: str, expected: str) -> None:
    assert moment_of(datetime.fromisoformat(wall), "America/Chicago") == datetime.fromisoformat(expected + "+00:00")


def test_a_time_that_is_left_out_moves_forward() -> None:
    moment = moment_of(datetime(2026, 3, 8, 2, 30), "America/Chicago")  # noqa: DTZ001 - a wall time

    assert wall_of(moment, "America/Chicago") == datetime(2026, 3, 8, 3, 30)  # noqa: DTZ001 - a wall time


@given(now=st.datetimes(datetime(2026, 1, 1), datetime(2032, 1, 1)), zone=st.sampled_from(ZONES))  # noqa: DTZ001
def test_the_proposals_are_a_coming_tuesday_at_nine_and_the_friday_after_at_two(now: datetime, zone: str) -> None:
    moment = now.replace(tzinfo=UTC)

    first, second = proposals(moment, zone)

    assert (first.strftime("%a %H:%M"), second.strftime("%a %H:%M")) == ("Tue 09:00", "Fri 14:00")
    assert second - first == timedelta(days=3, hours=5)
    today = moment.astimezone(ZoneInfo(zone)).date()
    assert SOONEST <= first.date() - today < SOONEST + timedelta(days=7)
    assert moment < moment_of(first, zone) < moment_of(second, zone)
