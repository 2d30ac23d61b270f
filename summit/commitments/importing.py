"""Importing organizations and what they promised. It adds and updates, and never removes.

A commitment is known by its organization and its statement: a statement in other words is another commitment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import audit
from summit.commitments.models import Commitment, CommitmentCategory
from summit.commitments.organization_sheet import OrganizationRow, parse_organizations
from summit.import_report import FieldChange, ImportReport, RowChange
from summit.organizations.models import Organization, OrganizationKind
from summit.slugs import slug_for


@dataclass(frozen=True)
class RowPlan:
    """A row with what is there already."""

    row: OrganizationRow
    organization: Organization | None
    commitment: Commitment | None
    # Whether an earlier row creates the organization.
    is_further_row: bool
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True)
class OrganizationPlan:
    """The whole import, before it is carried out."""

    rows: list[RowPlan]
    report: ImportReport


def plan_organizations(session: Session, data: bytes) -> OrganizationPlan:
    """Compare an organization spreadsheet with what is there; the report says what would change and what is wrong."""
    sheet = parse_organizations(data)
    organizations = {organization.name_key: organization for organization in session.scalars(select(Organization))}
    commitments = {(one.organization_id, one.statement): one for one in session.scalars(select(Commitment))}
    plans: list[RowPlan] = []
    seen: set[str] = set()
    for row in sheet.rows:
        organization = organizations.get(row.key)
        commitment = commitments.get((organization.id, row.statement)) if organization else None
        changes = (*_organization_changes(row, organization), *_commitment_changes(row, commitment))
        plans.append(RowPlan(row, organization, commitment, row.key in seen, changes))
        seen.add(row.key)
    report = ImportReport(
        created=tuple(_change(plan) for plan in plans if plan.organization is None and not plan.is_further_row),
        changed=tuple(_change(plan) for plan in plans if plan.changes and (plan.organization or plan.is_further_row)),
        unchanged=sum(not plan.changes for plan in plans),
        problems=sheet.problems,
        notices=sheet.notices,
    )
    return OrganizationPlan(plans, report)


def import_organizations(session: Session, data: bytes, *, by: int | None, now: datetime) -> ImportReport:
    """Import an organization spreadsheet. Importing the same file again changes nothing.

    Raises:
        Invalid: when any row has a problem; nothing is written then.
    """
    plan = plan_organizations(session, data)
    plan.report.require_clean()
    if not plan.report.changes_something:
        return plan.report
    slugs = set(session.scalars(select(Organization.slug)))
    made: dict[str, Organization] = {}
    for one in plan.rows:
        organization = one.organization or made.get(one.row.key)
        if organization is None:
            organization = made[one.row.key] = _create(session, one.row, slugs)
        _fill_in(organization, one.row)
        session.flush()
        if one.row.statement:
            _settle_commitment(session, organization, one)
    session.flush()
    detail = {"created": len(plan.report.created), "changed": len(plan.report.changed)}
    audit.record(
        session,
        "import organizations",
        actor_id=by,
        subject_kind="organization",
        subject_id=None,
        at=now,
        detail=detail,
    )
    return plan.report


def _change(plan: RowPlan) -> RowChange:
    return RowChange(plan.row.row, plan.row.organization, plan.changes)


def _organization_changes(row: OrganizationRow, there: Organization | None) -> Iterator[FieldChange]:
    fields = (
        ("kind", there.kind if there else "", row.kind or ""),
        ("place", there.place if there else "", row.place),
        ("year_joined", str(there.year_joined or "") if there else "", str(row.year_joined or "")),
        (_("description"), there.description if there else "", row.description),
    )
    for name, old, new in fields:
        if new and new != old:
            yield FieldChange(name, old, new)


def _commitment_changes(row: OrganizationRow, there: Commitment | None) -> Iterator[FieldChange]:
    if not row.statement:
        return
    if there is None:
        yield FieldChange(_("commitment"), "", row.statement)
    fields = (
        ("amount", _plain(there.target) if there else "", _plain(row.target)),
        ("unit", there.unit if there else "", row.unit),
        ("category", there.category if there else "", row.category or ""),
    )
    for name, old, new in fields:
        if new and new != old:
            yield FieldChange(name, old, new)


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"


def _create(session: Session, row: OrganizationRow, slugs: set[str]) -> Organization:
    slug = slug_for(row.organization, taken=slugs, longest=120, otherwise="organization")
    slugs.add(slug)
    organization = Organization(
        slug=slug, name=row.organization, name_key=row.key, kind=OrganizationKind.OTHER, place="", description=""
    )
    session.add(organization)
    return organization


def _fill_in(organization: Organization, row: OrganizationRow) -> None:
    organization.kind = row.kind or organization.kind
    organization.place = row.place or organization.place
    organization.year_joined = row.year_joined or organization.year_joined
    organization.description = row.description or organization.description


def _settle_commitment(session: Session, organization: Organization, plan: RowPlan) -> None:
    commitment = plan.commitment
    if commitment is None:
        commitment = Commitment(
            organization_id=organization.id,
            statement=plan.row.statement,
            category=CommitmentCategory.OTHER,
            unit="",
            baseline="",
        )
        session.add(commitment)
    commitment.category = plan.row.category or commitment.category
    commitment.unit = plan.row.unit or commitment.unit
    commitment.target = commitment.target if plan.row.target is None else plan.row.target
