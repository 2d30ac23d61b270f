"""Browsing a summit: its people, what they state, and how many state it. All through the viewer's eyes."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from summit.access import Viewer
from summit.challenges.models import Challenge
from summit.errors import NotFound
from summit.listing import holds_words
from summit.organizations.models import Organization, OrganizationKind
from summit.people.models import Person
from summit.summits.models import Attendance, Introduction, Stance, StanceKind, Summit
from summit.summits.visibility import of_attendees, visible_stances

Tally = dict[StanceKind, int]


@dataclass(frozen=True)
class PeopleFilter:
    """Whom somebody looks for; empty means everyone."""

    words: str = ""
    challenge: str = ""
    stance: StanceKind | None = None
    kind: OrganizationKind | None = None
    place: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Say whether anything but words is asked for."""
        return bool(self.challenge or self.stance or self.kind or self.place)


def attendees(summit: Summit) -> Select[Attendance]:
    """Return the statement for everyone who attends: not withdrawn, and still with a sign-in."""
    return (
        select(Attendance)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None), Person.disabled_at.is_(None))
    )


def find_attendees(summit: Summit, viewer: Viewer, wanted: PeopleFilter) -> Select[Attendance]:
    """Return the ordered statement for the attendees that fit, as far as the viewer may know that they do."""
    statement = (
        attendees(summit)
        .outerjoin(Organization, Organization.id == Person.organization_id)
        .where(holds_words(wanted.words, Person.name, Person.title, Organization.name, Attendance.talk_about))
    )
    if wanted.challenge or wanted.stance:
        statement = statement.where(_states(viewer, wanted))
    if wanted.kind:
        statement = statement.where(Organization.kind == wanted.kind)
    if wanted.place:
        statement = statement.where(holds_words(wanted.place, Organization.place))
    return statement.order_by(func.lower(Person.name), Person.id).options(_with_person())


def find_attendee(session: Session, summit: Summit, person_id: int) -> Attendance:
    """Return a person's attendance, the person and their organization loaded.

    Raises:
        NotFound: when they do not attend this summit (any more).
    """
    statement = attendees(summit).where(Attendance.person_id == person_id).options(_with_person())
    attendance = session.scalar(statement)
    if attendance is None:
        raise NotFound(_("Nobody here by that address attends this summit."))
    return attendance


def find_registered(session: Session, summit: Summit, person_id: int) -> Attendance:
    """Return a person's attendance whether or not they withdrew: for organizers.

    Raises:
        NotFound: when they were never registered for this summit.
    """
    statement = select(Attendance).where(Attendance.summit_id == summit.id, Attendance.person_id == person_id)
    attendance = session.scalar(statement.options(_with_person()))
    if attendance is None:
        raise NotFound(_("Nobody here by that address is registered for this summit."))
    return attendance


def is_introduced(session: Session, summit: Summit, one_id: int, other_id: int) -> bool:
    """Say whether the match of these two has been published."""
    low_id, high_id = sorted((one_id, other_id))
    introduction = select(Introduction.id).where(
        Introduction.summit_id == summit.id, Introduction.low_id == low_id, Introduction.high_id == high_id
    )
    return session.scalar(introduction) is not None


def stances_of(session: Session, summit: Summit, viewer: Viewer, person_ids: Sequence[int]) -> dict[int, list[Stance]]:
    """Return what these people state at the summit, as far as the viewer may read it, most important first."""
    statement = (
        select(Stance)
        .join(Stance.challenge)
        .where(Stance.summit_id == summit.id, Stance.person_id.in_(person_ids), visible_stances(viewer))
        .order_by(Stance.priority.desc(), Challenge.title, Stance.id)
        .options(joinedload(Stance.challenge))
    )
    found: dict[int, list[Stance]] = {person_id: [] for person_id in person_ids}
    for stance in session.scalars(statement):
        found[stance.person_id].append(stance)
    return found


def stances_on(
    session: Session, summit: Summit, viewer: Viewer, challenge: Challenge, kind: StanceKind, *, most: int
) -> Sequence[Stance]:
    """Return the first stances of one kind on a challenge that the viewer may read, each with its person."""
    statement = (
        select(Stance)
        .join(Stance.person)
        .where(
            Stance.challenge_id == challenge.id,
            Stance.kind == kind,
            visible_stances(viewer),
            of_attendees(summit),
        )
        .order_by(Stance.priority.desc(), func.lower(Person.name), Person.id)
        .limit(most)
        .options(joinedload(Stance.person).joinedload(Person.organization))
    )
    return session.scalars(statement).all()


def tally_stances(session: Session, summit: Summit, viewer: Viewer) -> dict[int, Tally]:
    """Count the stances on each challenge that the viewer may read: challenge id -> kind -> number."""
    statement = (
        select(Stance.challenge_id, Stance.kind, func.count())
        .where(visible_stances(viewer), of_attendees(summit))
        .group_by(Stance.challenge_id, Stance.kind)
    )
    tallies: dict[int, Tally] = {}
    for challenge_id, kind, number in session.execute(statement):
        tallies.setdefault(challenge_id, {})[kind] = number
    return tallies


def places_of_attendees(session: Session, summit: Summit) -> list[str]:
    """Return the places that attendees' organizations are at, by name."""
    statement = (
        select(Organization.place)
        .join(Person, Person.organization_id == Organization.id)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None), Organization.place != "")
        .distinct()
        .order_by(Organization.place)
    )
    return list(session.scalars(statement))


def count_attendees(session: Session, summit: Summit) -> tuple[int, int]:
    """Return how many attend the summit, and how many of them have arrived."""
    counts = attendees(summit).with_only_columns(func.count(), func.count(Attendance.checked_in_at))
    registered, arrived = session.execute(counts).one()
    return registered, arrived


def attendees_of_organization(session: Session, summit: Summit, organization: Organization) -> Sequence[Attendance]:
    """Return who comes to the summit from an organization, by name."""
    statement = (
        attendees(summit)
        .where(Person.organization_id == organization.id)
        .order_by(func.lower(Person.name), Person.id)
        .options(joinedload(Attendance.person))
    )
    return session.scalars(statement).all()


def work_of_organization(
    session: Session, summit: Summit, viewer: Viewer, organization: Organization
) -> Sequence[Challenge]:
    """Return the challenges that people of an organization work on, as far as the viewer may know."""
    working = (
        select(Stance.challenge_id)
        .join(Person, Person.id == Stance.person_id)
        .where(
            Stance.kind == StanceKind.WORKING_ON,
            Person.organization_id == organization.id,
            visible_stances(viewer),
            of_attendees(summit),
        )
    )
    return session.scalars(select(Challenge).where(Challenge.id.in_(working)).order_by(Challenge.title)).all()


def _states(viewer: Viewer, wanted: PeopleFilter) -> ColumnElement[bool]:
    stated = select(Stance.person_id).where(Stance.summit_id == Attendance.summit_id, visible_stances(viewer))
    if wanted.challenge:
        stated = stated.join(Stance.challenge).where(Challenge.slug == wanted.challenge)
    if wanted.stance:
        stated = stated.where(Stance.kind == wanted.stance)
    return Attendance.person_id.in_(stated.correlate(Attendance))


def _with_person() -> ExecutableOption:
    return joinedload(Attendance.person).joinedload(Person.organization)
