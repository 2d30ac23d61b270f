"""Moments in words: in the reader's zone, or in the zone that is given (a summit's, at the summit)."""

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from babel import Locale, dates
from flask_babel import get_locale, get_timezone


def day(value: datetime | date, zone: str | None = None) -> str:
    """Return the day, like "Tuesday, December 1"."""
    return _format(value, "EEEEMMMMd", zone)


def short_day(value: datetime | date, zone: str | None = None) -> str:
    """Return the day in short, like "Tue, Dec 1"."""
    return _format(value, "EEEMMMd", zone)


def day_and_year(value: datetime | date, zone: str | None = None) -> str:
    """Return the day with its year, like "December 1, 2026"."""
    return _format(value, "yMMMMd", zone)


def time_of_day(value: datetime, zone: str | None = None) -> str:
    """Return the time, like "9:00 AM"."""
    return dates.format_time(value, "short", tzinfo=_zone(zone), locale=_locale())


def moment(value: datetime, zone: str | None = None) -> str:
    """Return day and time, like "Tue, Dec 1, 9:00 AM"."""
    return f"{short_day(value, zone)}, {time_of_day(value, zone)}"


def _format(value: datetime | date, skeleton: str, zone: str | None) -> str:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, 12)  # noqa: DTZ001 - a day has no zone
        return dates.format_skeleton(skeleton, value, locale=_locale())
    return dates.format_skeleton(skeleton, value, tzinfo=_zone(zone), locale=_locale())


def _zone(zone: str | None) -> tzinfo | None:
    return ZoneInfo(zone) if zone else get_timezone()


def _locale() -> Locale | str:
    return get_locale() or "en"


FILTERS = {
    "day": day,
    "short_day": short_day,
    "day_and_year": day_and_year,
    "time_of_day": time_of_day,
    "moment": moment,
}
"""The names under which templates know these."""
