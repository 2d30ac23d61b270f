"""Attending a summit: register, withdraw, check in at the door, and what a person wishes for there."""

import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Conflict, Invalid, NotFound, WrongTime
from summit.people.models import Person
from summit.summits.models import Attendance, Summit, SummitState

MOST_INTRODUCTIONS = 20
LONGEST_TALK_ABOUT = 200
# No letters or digits that are taken for one another when somebody reads a code aloud or types it.
_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_CODE_LENGTH = 10


def require_open(summit: Summit) -> None:
    """Refuse to change anything at a summit that is closed.

    Raises:
        WrongTime: when it is closed.
    """
    if summit.state is SummitState.CLOSED:
        raise WrongTime(_("%(summit)s is closed. It can be read, but no longer changed.", summit=summit.name))


def bump_revision(session: Session, summit: Summit) -> None:
    """Say that something changed at this summit which the matching should know of."""
    session.execute(
        update(Summit)
        .where(Summit.id == summit.id)
        .values(revision=Summit.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(summit, ["revision"])


def bump_revisions_of(session: Session, person_id: int) -> None:
    """Say so at every summit that this person attends and that is not closed: where they belong counts at each."""
    attended = select(Attendance.summit_id).where(Attendance.person_id == person_id, Attendance.withdrawn_at.is_(None))
    summits = select(Summit).where(Summit.id.in_(attended), Summit.state != SummitState.CLOSED).order_by(Summit.id)
    for summit in session.scalars(summits).all():
        bump_revision(session, summit)


def register(session: Session, summit: Summit, person_id: int, *, by: int | None, now: datetime) -> Attendance:
    """Register a person for a summit, with the wishes of their profile; somebody who withdrew comes back.

    Doing it twice changes nothing.

    Raises:
        NotFound: when there is no such person.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    attendance = _attendance(session, summit, person_id)
    if attendance is None:
        attendance = _new_attendance(session, summit, person_id, now)
    elif attendance.withdrawn_at is not None:
        attendance.withdrawn_at = None
    else:
        return attendance
    session.flush()
    bump_revision(session, summit)
    _record(session, "register attendee", attendance, by=by, now=now)
    return attendance


def withdraw(session: Session, summit: Summit, person_id: int, *, by: int | None, now: datetime) -> Attendance:
    """Take a person off the summit: they are neither matched nor shown. What they said and did there stays.

    Raises:
        NotFound: when the person was never registered.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    attendance = _registered(session, summit, person_id)
    if attendance.withdrawn_at is not None:
        return attendance
    attendance.withdrawn_at = now
    attendance.checked_in_at = None
    session.flush()
    bump_revision(session, summit)
    _record(session, "withdraw attendee", attendance, by=by, now=now)
    return attendance


def check_in(session: Session, summit: Summit, person_id: int, *, by: int, now: datetime) -> Attendance:
    """Note that a person has arrived. The first arrival counts; doing it again changes nothing.

    Raises:
        NotFound: when the person was never registered.
        Conflict: when they withdrew.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    attendance = _registered(session, summit, person_id)
    if attendance.withdrawn_at is not None:
        raise Conflict(_("This person has withdrawn. Register them again first."))
    if attendance.checked_in_at is None:
        attendance.checked_in_at = now
        session.flush()
        _record(session, "check in attendee", attendance, by=by, now=now)
    return attendance


def undo_check_in(session: Session, summit: Summit, person_id: int, *, by: int, now: datetime) -> Attendance:
    """Take back a check-in that was a slip.

    Raises:
        NotFound: when the person was never registered.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    attendance = _registered(session, summit, person_id)
    if attendance.checked_in_at is not None:
        attendance.checked_in_at = None
        session.flush()
        _record(session, "undo check-in", attendance, by=by, now=now)
    return attendance


def set_wishes(session: Session, summit: Summit, person_id: int, *, introductions: int, talk_about: str) -> Attendance:
    """Say how many introductions an attendee wants at this summit, and what others can start talking about.

    Raises:
        Invalid: when the number or the length is out of range.
        NotFound: when the person does not attend.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    attendance = _registered(session, summit, person_id)
    talk_about = " ".join(talk_about.split())
    if not 0 <= introductions <= MOST_INTRODUCTIONS:
        message = _("Choose a number from 0 to %(most)s.", most=MOST_INTRODUCTIONS)
        raise Invalid(message, {"introductions": message})
    if len(talk_about) > LONGEST_TALK_ABOUT:
        message = _("Keep this to %(most)s characters.", most=LONGEST_TALK_ABOUT)
        raise Invalid(message, {"talk_about": message})
    wishes_otherwise = (attendance.introductions, attendance.talk_about) != (introductions, talk_about)
    attendance.introductions, attendance.talk_about = introductions, talk_about
    session.flush()
    if wishes_otherwise:
        bump_revision(session, summit)
    return attendance


def _attendance(session: Session, summit: Summit, person_id: int) -> Attendance | None:
    return session.scalar(
        select(Attendance).where(Attendance.summit_id == summit.id, Attendance.person_id == person_id)
    )


def _registered(session: Session, summit: Summit, person_id: int) -> Attendance:
    attendance = _attendance(session, summit, person_id)
    if attendance is None:
        raise NotFound(_("Nobody of this number is registered for %(summit)s.", summit=summit.name))
    return attendance


def _new_attendance(session: Session, summit: Summit, person_id: int, now: datetime) -> Attendance:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound(_("There is no such person."))
    attendance = Attendance(
        summit_id=summit.id,
        person_id=person.id,
        introductions=person.introductions,
        talk_about=person.talk_about,
        code=new_code(),
        registered_at=now,
    )
    session.add(attendance)
    return attendance


def new_code() -> str:
    """Return a random code for an attendee's QR code: about fifty bits, easy to read aloud."""
    return "".join(secrets.choice(_CODE_ALPHABET) for _position in range(_CODE_LENGTH))


def _record(session: Session, action: str, attendance: Attendance, *, by: int | None, now: datetime) -> None:
    audit.record(session, action, actor_id=by, subject_kind="attendance", subject_id=attendance.id, at=now)
