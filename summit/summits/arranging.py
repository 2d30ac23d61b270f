"""Arranging summits: create one, change it, take last year's as the model, invite who came then."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Invalid
from summit.people.models import Person
from summit.slugs import is_slug, slug_for
from summit.summits.attendance import bump_revision, new_code, require_open
from summit.summits.models import Attendance, Summit, SummitState

LONGEST_NAME, LONGEST_SLUG = 120, 80
A_YEAR = timedelta(weeks=52)
RESERVED = frozenset({"new"})
"""Slugs whose addresses are taken by pages of ours."""


@dataclass(frozen=True)
class SummitDetails:
    """What an organizer says about a summit."""

    name: str
    slug: str
    place: str
    time_zone: str
    starts_on: date
    ends_on: date
    state: SummitState = SummitState.PREPARING


def create_summit(session: Session, details: SummitDetails, *, by: int | None, now: datetime) -> Summit:
    """Create a summit.

    Raises:
        Invalid: naming each field that can't be taken, a start in the past among them.
    """
    details = replace(details, slug=details.slug or _free_slug(session, details.name))
    problems = _problems(details)
    problems |= _slug_problems(session, details.slug)
    if "time_zone" not in problems and details.starts_on < _today(details.time_zone, now):
        problems["starts_on"] = _("This day is past. Take today or later.")
    _refuse(problems)
    summit = Summit(
        slug=details.slug,
        name=details.name,
        place=details.place,
        time_zone=details.time_zone,
        starts_on=details.starts_on,
        ends_on=details.ends_on,
        state=details.state,
    )
    session.add(summit)
    session.flush()
    audit.record(session, "create summit", actor_id=by, subject_kind="summit", subject_id=summit.id, at=now)
    return summit


def change_summit(session: Session, summit: Summit, details: SummitDetails, *, by: int | None, now: datetime) -> Summit:
    """Change a summit; its slug stays, since links to it are in people's mails.

    A closed summit can only be opened again.

    Raises:
        Invalid: naming each field that can't be taken.
        WrongTime: when it is closed and stays so.
    """
    if details.state is SummitState.CLOSED:
        require_open(summit)
    problems = _problems(details)
    moved = details.starts_on != summit.starts_on
    if moved and "time_zone" not in problems and details.starts_on < _today(details.time_zone, now):
        problems["starts_on"] = _("This day is past. Take today or later, or leave the day as it was.")
    _refuse(problems)
    before = summit.state
    summit.name, summit.place, summit.time_zone = details.name, details.place, details.time_zone
    summit.starts_on, summit.ends_on, summit.state = details.starts_on, details.ends_on, details.state
    session.flush()
    detail = {"state before": before, "state": summit.state}
    audit.record(
        session, "change summit", actor_id=by, subject_kind="summit", subject_id=summit.id, at=now, detail=detail
    )
    return summit


def next_after(session: Session, summit: Summit) -> SummitDetails:
    """Propose the summit a year after this one: the same weekdays, place and time zone, the next year in the name."""
    starts_on = summit.starts_on + A_YEAR
    old, new = str(summit.starts_on.year), str(starts_on.year)
    name = summit.name.replace(old, new) if old in summit.name else f"{summit.name} {new}"
    return SummitDetails(
        name=name[:LONGEST_NAME],
        slug=_free_slug(session, name),
        place=summit.place,
        time_zone=summit.time_zone,
        starts_on=starts_on,
        ends_on=summit.ends_on + A_YEAR,
    )


def invite_attendees_of(session: Session, earlier: Summit, summit: Summit, *, by: int | None, now: datetime) -> int:
    """Register everybody who attended an earlier summit, with the wishes of their profile; return how many.

    Whoever withdrew from it, can't sign in any more or is registered already is left out.

    Raises:
        WrongTime: when the new summit is closed.
    """
    require_open(summit)
    there = select(Attendance.person_id).where(Attendance.summit_id == summit.id)
    invited = session.execute(
        select(Person.id, Person.introductions, Person.talk_about)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(
            Attendance.summit_id == earlier.id,
            Attendance.withdrawn_at.is_(None),
            Person.disabled_at.is_(None),
            Person.id.not_in(there),
        )
        .order_by(Person.id)
    ).all()
    if not invited:
        return 0
    rows = [
        {
            "summit_id": summit.id,
            "person_id": person_id,
            "introductions": introductions,
            "talk_about": talk_about,
            "code": new_code(),
            "registered_at": now,
        }
        for person_id, introductions, talk_about in invited
    ]
    session.execute(insert(Attendance), rows)
    bump_revision(session, summit)
    detail = {"people": len(rows), "earlier summit": earlier.id}
    audit.record(
        session, "invite attendees", actor_id=by, subject_kind="summit", subject_id=summit.id, at=now, detail=detail
    )
    return len(rows)


def all_summits(session: Session) -> list[Summit]:
    """Return every summit, the latest first."""
    return list(session.scalars(select(Summit).order_by(Summit.starts_on.desc(), Summit.id.desc())))


def _free_slug(session: Session, name: str) -> str:
    return slug_for(
        name, taken=RESERVED | set(session.scalars(select(Summit.slug))), longest=LONGEST_SLUG, otherwise="summit"
    )


def _today(time_zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def _problems(details: SummitDetails) -> dict[str, str]:
    checks = (
        ("name", 0 < len(details.name) <= LONGEST_NAME, _("Give a name of 1 to 120 characters.")),
        ("place", len(details.place) <= LONGEST_NAME, _("At most 120 characters.")),
        ("time_zone", details.time_zone in available_timezones(), _("Choose one of the list.")),
        ("ends_on", details.ends_on >= details.starts_on, _("It ends before it starts. Take a later day.")),
        ("ends_on", details.ends_on - details.starts_on < timedelta(days=31), _("A summit lasts 31 days at most.")),
    )
    return {name: problem for name, holds, problem in checks if not holds}


def _slug_problems(session: Session, slug: str) -> dict[str, str]:
    if not is_slug(slug) or len(slug) > LONGEST_SLUG or slug in RESERVED:
        return {"slug": _("Use small letters, digits and single hyphens, at most 80; not “new”.")}
    if session.scalar(select(Summit.id).where(Summit.slug == slug)) is not None:
        return {"slug": _("Another summit has this address. Choose another one.")}
    return {}


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid(_("The summit was not saved."), problems)
