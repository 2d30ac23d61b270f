"""Factories: things with sensible defaults, so that a test says only what it is about."""

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience, Role
from summit.challenges.models import Challenge, ChallengeTheme, Theme
from summit.connections.models import Connection, FollowUp, FollowUpKind, Meeting, NextStep
from summit.database import Base
from summit.organizations.models import Organization, OrganizationKind
from summit.people.models import Person
from summit.summits.models import Attendance, Introduction, Stance, StanceKind, Summit, SummitState


def _slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


class Factory:
    """Makes and commits; every method returns what it made."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _keep(self, thing: Base) -> None:
        self.session.add(thing)
        self.session.commit()

    def organization(
        self, name: str = "", kind: OrganizationKind = OrganizationKind.NONPROFIT, place: str = ""
    ) -> Organization:
        name = name or f"Organization {self._next()}"
        made = Organization(
            slug=_slug(name), name=name, name_key=" ".join(name.lower().split()), kind=kind, place=place
        )
        self._keep(made)
        return made

    def person(
        self,
        name: str = "",
        *,
        email: str = "",
        role: Role = Role.PARTNER,
        organization: Organization | None = None,
        time_zone: str = "America/Chicago",
        disabled_at: datetime | None = None,
    ) -> Person:
        name = name or f"Person {self._next()}"
        made = Person(
            name=name,
            email=email or f"{_slug(name)}@example.org",
            role=role,
            organization_id=organization.id if organization else None,
            time_zone=time_zone,
            disabled_at=disabled_at,
            created_at=clock.now(),
        )
        self._keep(made)
        return made

    def theme(self, name: str = "") -> Theme:
        name = name or f"Theme {self._next()}"
        made = Theme(slug=_slug(name), name=name)
        self._keep(made)
        return made

    def challenge(self, title: str = "", theme: Theme | None = None) -> Challenge:
        title = title or f"Challenge {self._next()}"
        made = Challenge(slug=_slug(title), title=title)
        self._keep(made)
        if theme:
            self._keep(ChallengeTheme(challenge_id=made.id, theme_id=theme.id))
        return made

    def summit(
        self, name: str = "", *, starts_on: date | None = None, days: int = 3, state: SummitState = SummitState.OPEN
    ) -> Summit:
        starts_on = starts_on or clock.now().date() - timedelta(days=1)
        name = name or f"Summit {starts_on.year}"
        made = Summit(
            slug=_slug(name),
            name=name,
            place="Chicago, IL",
            time_zone="America/Chicago",
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=days - 1),
            state=state,
        )
        self._keep(made)
        return made

    def attendance(
        self, summit: Summit, person: Person, *, introductions: int = 5, checked_in: bool = False
    ) -> Attendance:
        made = Attendance(
            summit_id=summit.id,
            person_id=person.id,
            introductions=introductions,
            code=secrets.token_hex(5),
            registered_at=clock.now(),
            checked_in_at=clock.now() if checked_in else None,
        )
        self._keep(made)
        return made

    def attendee(self, summit: Summit, name: str = "", **person: object) -> Person:
        """A person who attends the summit."""
        made = self.person(name, **person)  # type: ignore[arg-type]
        self.attendance(summit, made)
        return made

    def stance(
        self,
        summit: Summit,
        person: Person,
        challenge: Challenge,
        kind: StanceKind = StanceKind.ASK,
        *,
        priority: int = 2,
        text: str = "",
        audience: Audience = Audience.MATCHES,
    ) -> Stance:
        made = Stance(
            summit_id=summit.id,
            person_id=person.id,
            challenge_id=challenge.id,
            kind=kind,
            priority=priority,
            text=text,
            audience=audience,
            changed_at=clock.now(),
        )
        self._keep(made)
        return made

    def introduction(self, summit: Summit, one: Person, other: Person) -> Introduction:
        """Publish that these two were matched."""
        low, high = sorted((one.id, other.id))
        made = Introduction(summit_id=summit.id, low_id=low, high_id=high)
        self._keep(made)
        return made

    def connection(
        self,
        summit: Summit,
        one: Person,
        other: Person,
        *,
        how: Meeting = Meeting.SCAN,
        recorded_at: datetime | None = None,
        step: str = "",
        step_due: datetime | None = None,
    ) -> Connection:
        """Two people who met, with a next step of `one` if `step` says which."""
        low, high = sorted((one.id, other.id))
        moment = recorded_at or clock.now()
        made = Connection(
            summit_id=summit.id,
            low_id=low,
            high_id=high,
            how=how,
            met_at=moment,
            recorded_by_id=one.id,
            recorded_at=moment,
        )
        self._keep(made)
        if step:
            self.next_step(made, step, owner=one, due_at=step_due)
        return made

    def next_step(
        self,
        connection: Connection,
        what: str = "Send the guide",
        *,
        owner: Person | None,
        due_at: datetime | None = None,
    ) -> NextStep:
        made = NextStep(
            connection_id=connection.id,
            what=what,
            owner_id=owner.id if owner else None,
            due_at=due_at or clock.now() + timedelta(days=7),
            made_by_id=connection.recorded_by_id,
            made_at=connection.recorded_at,
        )
        self._keep(made)
        return made

    def follow_up(
        self,
        connection: Connection,
        author: Person,
        kind: FollowUpKind = FollowUpKind.LEARNED,
        *,
        text: str = "We learned how they do it.",
        audience: Audience = Audience.PAIR,
        logged_at: datetime | None = None,
    ) -> FollowUp:
        made = FollowUp(
            connection_id=connection.id,
            author_id=author.id,
            kind=kind,
            text=text,
            audience=audience,
            logged_at=logged_at or clock.now(),
        )
        self._keep(made)
        return made
