"""Wall times: what a clock shows in a person's zone, and the moments that are proposed for a next step."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

TUESDAY, FRIDAY = 1, 4
SOONEST = timedelta(days=2)
"""A proposal nearer than this leaves no time to do anything."""


def moment_of(wall: datetime, zone: str) -> datetime:
    """Return the moment at which the clocks of a zone show this (naive) time.

    A time that a clock change leaves out moves forward; of one that comes twice the first is meant.
    """
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall_of(moment: datetime, zone: str) -> datetime:
    """Return what the clocks of a zone show at a moment, as a naive time."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def proposals(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return two wall times to choose from: a Tuesday at nine, and the Friday after it at two in the afternoon."""
    soonest = (wall_of(now, zone) + SOONEST).date()
    tuesday = soonest + timedelta(days=(TUESDAY - soonest.weekday()) % 7)
    friday = tuesday + timedelta(days=FRIDAY - TUESDAY)
    return datetime.combine(tuesday, time(9)), datetime.combine(friday, time(14))
