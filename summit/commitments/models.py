"""Commitments' table."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.database import Base, enumeration
from summit.organizations.models import Organization


class CommitmentCategory(StrEnum):
    """What the commitment is for."""

    INCREASE_SUPPLY = "increase_supply"
    RETAIN_EXCELLENCE = "retain_excellence"
    BUILD_MOVEMENT = "build_movement"
    OTHER = "other"


class Commitment(Base):
    """A promise to the network: statement, measure and unit, target (optional), due date and baseline."""

    __tablename__ = "commitment"
    __table_args__ = (
        CheckConstraint("statement <> ''", name="statement_given"),
        CheckConstraint("length(statement) <= 250", name="statement_length"),
        CheckConstraint("target is null or target >= 0", name="target_not_negative"),
        UniqueConstraint("organization_id", "statement"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    statement: Mapped[str] = mapped_column(String(250))
    category: Mapped[CommitmentCategory] = mapped_column(
        enumeration(CommitmentCategory, "category"), default=CommitmentCategory.OTHER
    )
    unit: Mapped[str] = mapped_column(String(80), default="")
    target: Mapped[Decimal | None] = mapped_column(Numeric(14, 2), default=None)
    due_on: Mapped[date | None] = mapped_column(default=None)
    baseline: Mapped[str] = mapped_column(Text, default="")

    organization: Mapped[Organization] = relationship(lazy="raise_on_sql")
