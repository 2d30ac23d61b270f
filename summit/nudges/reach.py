"""Who may be nudged at all: not somebody who was disabled, stopped, paused, or whose address must not be written to."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from summit.mail.suppressions import suppressed_among
from summit.moments import day_and_year
from summit.people.models import Person


def willing(now: datetime) -> ColumnElement[bool]:
    """Filter persons: those who take part and neither stopped nudges nor paused them."""
    return and_(
        Person.disabled_at.is_(None),
        Person.nudges_stopped_at.is_(None),
        or_(Person.nudges_paused_until.is_(None), Person.nudges_paused_until <= now),
    )


def why_unwilling(person: Person, now: datetime) -> str:
    """Return why this person is not nudged now, in words; empty when nothing on their side speaks against it."""
    if person.is_disabled:
        return _("can't sign in any more")
    if person.nudges_stopped_at is not None:
        return _("stopped reminders")
    if person.nudges_paused_until is not None and person.nudges_paused_until > now:
        day = day_and_year(person.nudges_paused_until, person.time_zone)
        return _("paused reminders until %(day)s", day=day)
    return ""


def why_unreachable(person: Person, suppressed: set[str], now: datetime) -> str:
    """Return why this person can't be nudged now, with addresses that must not be written to; empty when they can."""
    reason = why_unwilling(person, now)
    if not reason and person.email in suppressed:
        return _("address unsubscribed or not working")
    return reason


def suppressed_emails(session: Session, persons: list[Person]) -> set[str]:
    """Return those of the persons' addresses that must not be written to."""
    return suppressed_among(session, [person.email for person in persons])
