"""Writing down what an organization promised, and reading it again."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.commitments.models import Commitment, CommitmentCategory
from summit.errors import Invalid
from summit.organizations.models import Organization

LONGEST_STATEMENT = 250


def promise(
    session: Session,
    organization: Organization,
    *,
    statement: str,
    category: CommitmentCategory = CommitmentCategory.OTHER,
    unit: str = "",
    target: Decimal | None = None,
    due_on: date | None = None,
    baseline: str = "",
) -> Commitment:
    """Write down a commitment. The same statement twice is one commitment, with the later figures.

    Raises:
        Invalid: when the statement is missing or too long, or the target negative.
    """
    statement = " ".join(statement.split())
    _check(statement, target)
    commitment = session.scalar(
        select(Commitment).where(Commitment.organization_id == organization.id, Commitment.statement == statement)
    )
    if commitment is None:
        commitment = Commitment(organization_id=organization.id, statement=statement)
        session.add(commitment)
    commitment.category, commitment.unit, commitment.target = category, unit, target
    commitment.due_on, commitment.baseline = due_on, baseline
    session.flush()
    return commitment


def commitments_of(session: Session, organization: Organization) -> Sequence[Commitment]:
    """Return an organization's commitments, those due first on top and those without a day at the end."""
    statement = (
        select(Commitment)
        .where(Commitment.organization_id == organization.id)
        .order_by(Commitment.due_on.is_(None), Commitment.due_on, Commitment.id)
    )
    return session.scalars(statement).all()


def category_label(category: CommitmentCategory) -> str:
    """Return what a commitment is for, in words."""
    return {
        CommitmentCategory.INCREASE_SUPPLY: _("More excellent teachers"),
        CommitmentCategory.RETAIN_EXCELLENCE: _("Teachers who stay"),
        CommitmentCategory.BUILD_MOVEMENT: _("A stronger movement"),
        CommitmentCategory.OTHER: _("Other"),
    }[category]


def _check(statement: str, target: Decimal | None) -> None:
    problems = {}
    if not statement:
        problems["statement"] = _("Say in one sentence what is promised.")
    if len(statement) > LONGEST_STATEMENT:
        problems["statement"] = _("Keep the statement to %(most)s characters.", most=LONGEST_STATEMENT)
    if target is not None and target < 0:
        problems["target"] = _("The target can't be negative.")
    if problems:
        raise Invalid(" ".join(problems.values()), problems)
