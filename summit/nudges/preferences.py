"""How much a person wants to hear from us: a pause, a stop, and starting again; at once, also for what is queued."""

from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Invalid, NotFound
from summit.mail.suppressions import is_suppressed, lift
from summit.nudges.wall_time import day_of, moment_at, zone_of
from summit.people.models import Person

LONGEST_PAUSE = timedelta(days=2 * 366)


def pause_nudges(session: Session, person: Person, *, until: date, now: datetime) -> None:
    """Send this person no reminder before a day begins where they live.

    Raises:
        Invalid: when the day is not after today, or more than two years away.
    """
    zone = zone_of(person.time_zone)
    today = day_of(now, zone)
    if until <= today:
        message = _("Choose a day after today.")
        raise Invalid(message, {"until": message})
    if until > today + LONGEST_PAUSE:
        message = _("This is more than two years away. Stop the reminders instead.")
        raise Invalid(message, {"until": message})
    person.nudges_paused_until, person.nudges_stopped_at = moment_at(until, time(0), zone), None
    _record(session, "pause nudges", person, now)


def stop_nudges(session: Session, person: Person, *, now: datetime) -> None:
    """Send this person no reminders any more."""
    if person.nudges_stopped_at is None:
        person.nudges_stopped_at, person.nudges_paused_until = now, None
        _record(session, "stop nudges", person, now)


def start_nudges(session: Session, person: Person, *, now: datetime) -> None:
    """Send this person reminders again, also after they unsubscribed their address.

    Raises:
        Conflict: when mails to the address bounced or were complained about; that is not theirs to take back.
    """
    if is_suppressed(session, person.email):
        lift(session, person.email, by=person.id, now=now)
    person.nudges_stopped_at = person.nudges_paused_until = None
    _record(session, "start nudges", person, now)


def person_of_preferences(session: Session, person_id: int) -> Person:
    """Return the person whose preferences these are.

    Raises:
        NotFound: when they are gone, or can't take part any more.
    """
    person = session.get(Person, person_id)
    if person is None or person.is_disabled:
        raise NotFound(_("There is nobody here whom this link belongs to any more."))
    return person


def _record(session: Session, action: str, person: Person, now: datetime) -> None:
    audit.record(session, action, actor_id=person.id, subject_kind="person", subject_id=person.id, at=now)
    session.flush()
