"""Importing attendees: the plan is carried out as a whole, or not at all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from summit import audit
from summit.access import Role
from summit.database import Base
from summit.import_report import ImportReport, Progress, no_progress
from summit.organizations.models import Organization, OrganizationKind
from summit.organizations.naming import name_key
from summit.people.models import Person
from summit.slugs import slug_for
from summit.summits.attendance import bump_revision, new_code, require_open
from summit.summits.attendee_known import chunks
from summit.summits.attendee_plan import AttendeePlan, OrganizationPlan, RowPlan, plan_attendees
from summit.summits.models import Acquaintance, Attendance, Exclusion, Introduction, Stance, Summit
from summit.summits.stances import default_audience

BATCH = 500


def import_attendees(
    session: Session, summit: Summit, data: bytes, *, by: int | None, now: datetime, progress: Progress = no_progress
) -> ImportReport:
    """Import an attendee spreadsheet. Importing the same file again changes nothing.

    Raises:
        Invalid: when any row has a problem; nothing is written then.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    plan = plan_attendees(session, summit, data)
    plan.report.require_clean()
    if not plan.report.changes_something:
        return plan.report
    organization_ids = _settle_organizations(session, plan.organizations)
    _settle_people(session, summit, plan, organization_ids, now, progress)
    _settle_stances(session, summit, plan.rows, now)
    _settle_pairs(session, plan, now)
    bump_revision(session, summit)
    detail = {"created": len(plan.report.created), "changed": len(plan.report.changed)}
    audit.record(
        session, "import attendees", actor_id=by, subject_kind="summit", subject_id=summit.id, at=now, detail=detail
    )
    return plan.report


def _settle_organizations(session: Session, plans: dict[str, OrganizationPlan]) -> dict[str, int]:
    """Create and fill in organizations; return every id by its name's key."""
    taken = set(session.scalars(select(Organization.slug))) if any(p.known is None for p in plans.values()) else set()
    settled: dict[str, Organization] = {}
    for key, plan in plans.items():
        organization = plan.known or _new_organization(session, plan.name, taken)
        organization.kind = plan.kind or organization.kind
        organization.place = plan.place or organization.place
        settled[key] = organization
    session.flush()
    return {key: organization.id for key, organization in settled.items()}


def _new_organization(session: Session, name: str, taken: set[str]) -> Organization:
    slug = slug_for(name, taken=taken, longest=120, otherwise="organization")
    taken.add(slug)
    organization = Organization(slug=slug, name=name, name_key=name_key(name), kind=OrganizationKind.OTHER, place="")
    session.add(organization)
    return organization


def _settle_people(
    session: Session,
    summit: Summit,
    plan: AttendeePlan,
    organizations: dict[str, int],
    now: datetime,
    progress: Progress,
) -> None:
    total = len(plan.rows)
    for start in range(0, total, BATCH):
        batch = plan.rows[start : start + BATCH]
        for row in batch:
            _settle_person(session, summit, row, organizations[name_key(row.row.organization)], now)
        session.flush()
        for row in batch:
            _settle_attendance(session, summit, row, now)
        session.flush()
        progress(min(start + BATCH, total), total)


def _settle_person(session: Session, summit: Summit, plan: RowPlan, organization_id: int, now: datetime) -> None:
    said = plan.row
    if plan.person is None:
        plan.person = Person(
            email=said.email,
            name=said.name,
            title=said.title,
            organization_id=organization_id,
            role=Role.PARTNER,
            time_zone=summit.time_zone,
            talk_about=said.talk_about,
            introductions=said.introductions_wanted,
            created_at=now,
        )
        session.add(plan.person)
        return
    plan.person.name = said.name
    plan.person.title = said.title or plan.person.title
    plan.person.organization_id = organization_id


def _settle_attendance(session: Session, summit: Summit, plan: RowPlan, now: datetime) -> None:
    assert plan.person is not None, "people are settled first"
    said, attendance = plan.row, plan.attendance
    if attendance is None:
        attendance = Attendance(
            summit_id=summit.id,
            person_id=plan.person.id,
            introductions=plan.person.introductions,
            talk_about=plan.person.talk_about,
            code=new_code(),
            registered_at=now,
        )
        session.add(attendance)
    attendance.talk_about = said.talk_about or attendance.talk_about
    if said.introductions is not None:
        attendance.introductions = said.introductions


def _settle_stances(session: Session, summit: Summit, plans: Sequence[RowPlan], now: datetime) -> None:
    for plan in plans:
        for stance, priority in plan.priorities:
            stance.priority, stance.changed_at = priority, now
    session.flush()
    _insert(
        session,
        Stance,
        [
            {
                "summit_id": summit.id,
                "person_id": plan.person.id,
                "challenge_id": new.challenge_id,
                "kind": new.kind,
                "priority": new.priority,
                "text": "",
                "audience": default_audience(new.kind),
                "changed_at": now,
            }
            for plan in plans
            if plan.person is not None
            for new in plan.new_stances
        ],
    )


def _settle_pairs(session: Session, plan: AttendeePlan, now: datetime) -> None:
    ids = {email: person.id for email, person in plan.known.people.items()}
    ids |= {row.row.email: row.person.id for row in plan.rows if row.person is not None}
    exclusions: list[dict[str, Any]] = []
    acquaintances: dict[tuple[int, int], int] = {}
    for row in plan.rows:
        me = ids[row.row.email]
        exclusions += [{"person_id": me, "other_id": ids[email], "created_at": now} for email in row.exclusions]
        for email in row.acquaintances:
            low, high = sorted((me, ids[email]))
            acquaintances.setdefault((low, high), me)
    _insert(session, Exclusion, exclusions)
    _part(session, exclusions)
    _insert(
        session,
        Acquaintance,
        [
            {"low_id": low, "high_id": high, "said_by_id": me, "created_at": now}
            for (low, high), me in acquaintances.items()
        ],
    )


def _part(session: Session, exclusions: list[dict[str, Any]]) -> None:
    """Take back what was published of pairs that are now kept apart: who asks for that must not wait for a new run."""
    low, high = Introduction.low_id, Introduction.high_id
    for each in exclusions:
        pair = sorted((each["person_id"], each["other_id"]))
        session.execute(delete(Introduction).where(low == pair[0], high == pair[1]))


def _insert(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    for chunk in chunks(rows):
        session.execute(insert(table), chunk)
