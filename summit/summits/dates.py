"""A summit's days and hours, in its own time zone."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_interval
from flask_babel import get_locale

from summit.summits.models import Summit


class Phase(StrEnum):
    """Where a summit's days are, seen from its own place."""

    AHEAD = "ahead"
    UNDER_WAY = "under_way"
    OVER = "over"


def local(summit: Summit, moment: datetime) -> datetime:
    """Return a moment as the clocks at the summit show it."""
    return moment.astimezone(ZoneInfo(summit.time_zone))


def today_at(summit: Summit, now: datetime) -> date:
    """Return the day it is at the summit."""
    return local(summit, now).date()


def phase(summit: Summit, now: datetime) -> Phase:
    """Say whether the summit's days lie ahead, have begun, or are over."""
    today = today_at(summit, now)
    if today < summit.starts_on:
        return Phase.AHEAD
    return Phase.UNDER_WAY if today <= summit.ends_on else Phase.OVER


def days_in_words(summit: Summit) -> str:
    """Return the summit's days the way the reader's language writes a range."""
    return format_interval(summit.starts_on, summit.ends_on, skeleton="yMMMMd", locale=get_locale())
