"""Changing a profile."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Invalid
from summit.organizations.models import Organization
from summit.organizations.naming import name_key
from summit.people.models import Person


@dataclass(frozen=True)
class Profile:
    """What a person says about themselves; `organization` is a name, empty for none."""

    name: str
    title: str
    organization: str
    time_zone: str
    talk_about: str
    introductions: int


def change_profile(session: Session, person: Person, profile: Profile, *, by: int, now: datetime) -> Person:
    """Change what a person says about themselves.

    Raises:
        Invalid: naming each field that can't be taken.
    """
    organization = _organization_named(session, profile.organization)
    problems = _problems(profile, organization)
    if problems:
        raise Invalid(_("The profile was not saved."), problems)
    if person.organization_id != (organization.id if organization else None):
        audit.record(session, "change organization", actor_id=by, subject_kind="person", subject_id=person.id, at=now)
    person.name, person.title = profile.name, profile.title
    person.organization_id = organization.id if organization else None
    person.time_zone = profile.time_zone
    person.talk_about, person.introductions = profile.talk_about, profile.introductions
    session.flush()
    return person


def organization_names(session: Session) -> list[str]:
    """Return the names that a person may choose from."""
    return list(session.scalars(select(Organization.name).order_by(Organization.name)))


def _organization_named(session: Session, name: str) -> Organization | None:
    return session.scalar(select(Organization).where(Organization.name_key == name_key(name))) if name else None


def _problems(profile: Profile, organization: Organization | None) -> dict[str, str]:
    checks = (
        ("name", 0 < len(profile.name) <= 120, _("Give a name of 1 to 120 characters.")),
        ("title", len(profile.title) <= 120, _("At most 120 characters.")),
        (
            "organization",
            organization is not None or not profile.organization,
            _("There is no organization of this name. Choose one of the list, or ask an organizer to add yours."),
        ),
        ("time_zone", profile.time_zone in available_timezones(), _("Choose one of the list.")),
        ("talk_about", len(profile.talk_about) <= 200, _("At most 200 characters.")),
        ("introductions", 0 <= profile.introductions <= 20, _("Give a number from 0 to 20.")),
    )
    return {name: problem for name, holds, problem in checks if not holds}
