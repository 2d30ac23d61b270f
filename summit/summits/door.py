"""The list at the door: who is expected, who has arrived, who withdrew."""

from enum import StrEnum

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from summit.listing import holds_words
from summit.organizations.models import Organization
from summit.people.models import Person
from summit.summits.models import Attendance, Summit


class Door(StrEnum):
    """Which part of the list is shown."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    EVERYONE = "everyone"
    WITHDRAWN = "withdrawn"


def find_at_door(summit: Summit, words: str, show: Door) -> Select[Attendance]:
    """Return the ordered statement for the registered people that fit the words.

    Whoever types a name looks for that person, arrived or not: then only those who withdrew are left out, and
    people come before those whose organization only has these letters.
    """
    statement = (
        select(Attendance)
        .join(Person, Person.id == Attendance.person_id)
        .outerjoin(Organization, Organization.id == Person.organization_id)
        .where(
            Attendance.summit_id == summit.id,
            Person.disabled_at.is_(None),
            # Not anywhere in the address: half the network may share its domain.
            holds_words(words, Person.name, Organization.name)
            | Person.email.startswith(words.lower(), autoescape=True),
        )
        .order_by(case((holds_words(words, Person.name), 0), else_=1), func.lower(Person.name), Person.id)
        .options(joinedload(Attendance.person).joinedload(Person.organization))
    )
    if show is Door.WITHDRAWN:
        return statement.where(Attendance.withdrawn_at.is_not(None))
    statement = statement.where(Attendance.withdrawn_at.is_(None))
    if show is Door.ARRIVED:
        return statement.where(Attendance.checked_in_at.is_not(None))
    if show is Door.EXPECTED and not words:
        return statement.where(Attendance.checked_in_at.is_(None))
    return statement
