"""What the database holds already about the people an attendee spreadsheet names, read in a few queries."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.challenges.models import Challenge
from summit.organizations.models import Organization
from summit.organizations.naming import name_key
from summit.people.models import Person
from summit.summits.attendee_sheet import AttendeeSheet
from summit.summits.models import Acquaintance, Attendance, Exclusion, Stance, StanceKind, Summit

T = TypeVar("T")
# Below the number of parameters that either database takes in one statement.
CHUNK = 20_000
SUGGESTIONS_FOR = 40

StanceKey = tuple[int, int, StanceKind]


class ChallengeNames:
    """Finds a challenge by its title or slug, whatever the case."""

    def __init__(self, challenges: Iterable[Challenge]) -> None:
        self._by_name: dict[str, Challenge] = {}
        everything = sorted(challenges, key=lambda challenge: challenge.title)
        for challenge in everything:
            self._by_name.setdefault(challenge.slug.casefold(), challenge)
        for challenge in everything:
            self._by_name[_folded(challenge.title)] = challenge
        self._titles = {
            _folded(challenge.title): challenge.title for challenge in everything if not challenge.retired_at
        }
        self.retired = {challenge.id: challenge for challenge in everything if challenge.retired_at}
        self._suggested: dict[str, list[str]] = {}

    def find(self, name: str) -> Challenge | None:
        """Return the challenge of this title or slug."""
        return self._by_name.get(_folded(name))

    def close_to(self, name: str) -> list[str]:
        """Return up to three titles that look like this one; none after many, since looking takes a while."""
        key = _folded(name)
        if key not in self._suggested and len(self._suggested) < SUGGESTIONS_FOR:
            close = difflib.get_close_matches(key, self._titles, n=3, cutoff=0.4)
            self._suggested[key] = [self._titles[title] for title in close]
        return self._suggested.get(key, [])


@dataclass(frozen=True)
class Known:
    """The people, organizations and so on that a sheet touches, as they are."""

    challenges: ChallengeNames
    people: dict[str, Person]
    organizations: dict[str, Organization]
    organization_names: dict[int, str]
    attendances: dict[int, Attendance]
    stances: dict[StanceKey, Stance]
    exclusions: set[tuple[int, int]]
    acquaintances: set[tuple[int, int]]


def read_known(session: Session, summit: Summit, sheet: AttendeeSheet) -> Known:
    """Read what is there about everyone and everything the sheet names: eight queries for up to 20,000 people."""
    people = {person.email: person for person in _people(session, _emails(sheet))}
    ids = [people[row.email].id for row in sheet.rows if row.email in people]
    organizations = _organizations(session, sheet)
    employers = {person.organization_id for person in people.values() if person.organization_id}
    names = {organization.id: organization.name for organization in organizations}
    return Known(
        challenges=ChallengeNames(session.scalars(select(Challenge))),
        people=people,
        organizations={organization.name_key: organization for organization in organizations},
        organization_names=names | _names(session, employers - names.keys()),
        attendances={attendance.person_id: attendance for attendance in _attendances(session, summit, ids)},
        stances={(s.person_id, s.challenge_id, s.kind): s for s in _stances(session, summit, ids)},
        exclusions=_exclusions(session, ids),
        acquaintances=_acquaintances(session, ids),
    )


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut into lists that are short enough for one statement."""
    everything = list(items)
    return (everything[start : start + size] for start in range(0, len(everything), size))


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _emails(sheet: AttendeeSheet) -> set[str]:
    return {email for row in sheet.rows for email in (row.email, *row.do_not_match, *row.met)}


def _people(session: Session, emails: set[str]) -> list[Person]:
    return [
        person
        for chunk in chunks(sorted(emails))
        for person in session.scalars(select(Person).where(Person.email.in_(chunk)))
    ]


def _organizations(session: Session, sheet: AttendeeSheet) -> list[Organization]:
    keys = {name_key(row.organization) for row in sheet.rows}
    return [
        organization
        for chunk in chunks(sorted(keys))
        for organization in session.scalars(select(Organization).where(Organization.name_key.in_(chunk)))
    ]


def _names(session: Session, ids: set[int]) -> dict[int, str]:
    return {
        id_: name
        for chunk in chunks(sorted(ids))
        for id_, name in session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(chunk)))
    }


def _attendances(session: Session, summit: Summit, ids: list[int]) -> list[Attendance]:
    of_summit = select(Attendance).where(Attendance.summit_id == summit.id)
    return [one for chunk in chunks(ids) for one in session.scalars(of_summit.where(Attendance.person_id.in_(chunk)))]


def _stances(session: Session, summit: Summit, ids: list[int]) -> list[Stance]:
    of_summit = select(Stance).where(Stance.summit_id == summit.id)
    return [one for chunk in chunks(ids) for one in session.scalars(of_summit.where(Stance.person_id.in_(chunk)))]


def _exclusions(session: Session, ids: list[int]) -> set[tuple[int, int]]:
    pairs = select(Exclusion.person_id, Exclusion.other_id)
    return {
        (person_id, other_id)
        for chunk in chunks(ids)
        for person_id, other_id in session.execute(pairs.where(Exclusion.person_id.in_(chunk)))
    }


def _acquaintances(session: Session, ids: list[int]) -> set[tuple[int, int]]:
    pairs = select(Acquaintance.low_id, Acquaintance.high_id)
    return {
        (low, high)
        for chunk in chunks(ids, CHUNK // 2)
        for low, high in session.execute(pairs.where(Acquaintance.low_id.in_(chunk) | Acquaintance.high_id.in_(chunk)))
    }
