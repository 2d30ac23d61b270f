"""Wall time: "two days later at nine" where a person lives, across clock changes; working hours, and when they begin.

A wall time that a clock change skips moves forward by what was skipped; one that comes twice is taken the first time.
Both follow from `fold=0` (PEP 495), which reads a skipped time with the offset that held before the change.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NINE = time(9)
DAY_BEGINS = time(8)
DAY_ENDS = time(20)
SATURDAY = 5


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return the time zone of this name; UTC when there is none, so that one wrong profile stops nobody's mail."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


@lru_cache(maxsize=4096)
def moment_at(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which the clocks of `zone` show `wall` on `day`."""
    return datetime.combine(day, wall.replace(fold=0), tzinfo=zone).astimezone(UTC)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day it is in `zone` at this moment."""
    return moment.astimezone(zone).date()


def days_later(moment: datetime, days: int, zone: ZoneInfo, wall: time = NINE) -> datetime:
    """Return `wall` in `zone`, `days` days after the day of `moment` there (earlier when negative)."""
    return moment_at(day_of(moment, zone) + timedelta(days=days), wall, zone)


def end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the midnight in `zone` that ends the day of `moment` there."""
    return days_later(moment, 1, zone, time(0))


def is_working_hour(moment: datetime, zone: ZoneInfo) -> bool:
    """Say whether a reminder may arrive now: from eight to eight, Monday to Friday, where the person lives."""
    local = moment.astimezone(zone)
    return local.weekday() < SATURDAY and DAY_BEGINS <= local.time() < DAY_ENDS


def working_moment(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return `moment` when it lies in a working hour, else nine in the morning of the next working day."""
    if is_working_hour(moment, zone):
        return moment
    day = day_of(moment, zone)
    while True:
        morning = moment_at(day, NINE, zone)
        if morning >= moment and is_working_hour(morning, zone):
            return morning
        day += timedelta(days=1)


def working_morning_before(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return nine in the morning of the last working day that began before `moment`."""
    day = day_of(moment, zone)
    while True:
        morning = moment_at(day, NINE, zone)
        if morning < moment and is_working_hour(morning, zone):
            return morning
        day -= timedelta(days=1)
