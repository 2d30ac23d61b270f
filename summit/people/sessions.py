"""Sessions: who is signed in, and when a session ends."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from summit import database
from summit.access import Role
from summit.people.models import Person


@dataclass(frozen=True)
class SignedIn:
    """The person of a running session, as Flask-Login wants to know them."""

    id: int
    name: str
    email: str
    role: Role
    time_zone: str
    session_epoch: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the session cookie holds: the person and the epoch, so that raising it ends every session."""
        return f"{self.id}:{self.session_epoch}"


def signed_in(person: Person) -> SignedIn:
    """Return the session of a person."""
    return SignedIn(person.id, person.name, person.email, person.role, person.time_zone, person.session_epoch)


def load_signed_in(session_id: str) -> SignedIn | None:
    """Return the session of a cookie, or None when it has ended: signed out everywhere, disabled, or gone."""
    person_id, _, epoch = session_id.partition(":")
    if not (person_id.isdigit() and epoch.isdigit()):
        return None
    person = database.session().get(Person, int(person_id))
    if person is None or person.is_disabled or person.session_epoch != int(epoch):
        return None
    return signed_in(person)


def end_all_sessions(session: Session, person: Person) -> None:
    """Sign a person out everywhere."""
    person.session_epoch += 1
    session.flush()
