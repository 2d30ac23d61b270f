"""The time. Everything asks here, so that the tests can turn the clock."""

from datetime import UTC, datetime, timedelta

_shift = timedelta()


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC) + _shift


def turn_to(moment: datetime) -> None:
    """Turn the clock so that `now()` is `moment` and runs on from there. For tests and demonstrations."""
    global _shift  # noqa: PLW0603 - one clock a process is the point
    _shift = moment - datetime.now(UTC)


def turn_back() -> None:
    """Show the real time again."""
    global _shift  # noqa: PLW0603 - one clock a process is the point
    _shift = timedelta()


def shift() -> timedelta:
    """Return how far the clock was turned; the database's clock is read through the same shift."""
    return _shift
