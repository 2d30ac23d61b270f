"""Who may sign in: people join, are disabled and enabled again."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from summit import audit
from summit.access import Role
from summit.errors import Conflict, Invalid, NotFound
from summit.people.addresses import is_address, normal_address
from summit.people.models import Person, SignInToken
from summit.people.sessions import end_all_sessions


def person_by_email(session: Session, email: str) -> Person:
    """Return the person with this address, without regard to case.

    Raises:
        NotFound: when there is none.
    """
    person = session.scalar(select(Person).where(Person.email == normal_address(email)))
    if person is None:
        raise NotFound(_("Nobody here has the address %(email)s.", email=email))
    return person


def create_person(
    session: Session, *, email: str, name: str, role: Role, time_zone: str, by: int | None, now: datetime
) -> Person:
    """Let somebody in: from now on they can ask for a sign-in link.

    Raises:
        Invalid: when the address or the name can't be taken.
        Conflict: when the address is somebody's already.
    """
    address, name = normal_address(email), " ".join(name.split())
    problems = {}
    if not is_address(address):
        problems["email"] = _("Give an email address like ana@example.org.")
    if not 0 < len(name) <= 120:
        problems["name"] = _("Give a name of 1 to 120 characters.")
    if problems:
        raise Invalid(_("This person can't be created."), problems)
    if session.scalar(select(Person.id).where(Person.email == address)) is not None:
        raise Conflict(_("%(email)s is somebody's address already.", email=address))
    person = Person(email=address, name=name, role=role, time_zone=time_zone, created_at=now)
    session.add(person)
    session.flush()
    _record(session, "create person", person, by=by, now=now)
    return person


def disable_person(session: Session, person: Person, *, by: int | None, now: datetime) -> Person:
    """Keep a person out: their sessions end at once, their links are worth nothing, and they get no new ones.

    Raises:
        Conflict: when somebody would lock themselves out.
    """
    if person.id == by:
        raise Conflict(_("You can't disable yourself; ask another organizer."))
    if not person.is_disabled:
        person.disabled_at = now
        sign_out_everywhere(session, person)
        _record(session, "disable person", person, by=by, now=now)
    return person


def enable_person(session: Session, person: Person, *, by: int | None, now: datetime) -> Person:
    """Let a disabled person in again; they sign in anew."""
    if person.is_disabled:
        person.disabled_at = None
        session.flush()
        _record(session, "enable person", person, by=by, now=now)
    return person


def sign_out_everywhere(session: Session, person: Person) -> None:
    """End every session of a person, and take back the links they have not used."""
    session.execute(delete(SignInToken).where(SignInToken.person_id == person.id, SignInToken.used_at.is_(None)))
    end_all_sessions(session, person)


def _record(session: Session, action: str, person: Person, *, by: int | None, now: datetime) -> None:
    audit.record(session, action, actor_id=by, subject_kind="person", subject_id=person.id, at=now)
