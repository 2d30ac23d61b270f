"""Delivering what is due: the outbox sends, and the cadence says of each message once more whether it is wanted."""

from collections.abc import Callable

from sqlalchemy.orm import sessionmaker

from config import Settings
from summit.database import db
from summit.mail.delivery import DeliveryReport, deliver_due
from summit.nudges.planner import still_wanted


def deliver_now(
    settings: Settings, *, limit: int = 500, should_stop: Callable[[], bool] = lambda: False
) -> DeliveryReport:
    """Deliver what is due, asking the cadence once more about each message."""
    sessions = sessionmaker(db.engine, expire_on_commit=False)
    return deliver_due(sessions, settings, still_wanted=still_wanted, limit=limit, should_stop=should_stop)
