"""Organizations' table."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from summit.database import Base, enumeration


class OrganizationKind(StrEnum):
    """What sort of organization it is."""

    UNIVERSITY = "university"
    DISTRICT = "district"
    SCHOOL = "school"
    SCHOOL_NETWORK = "school_network"
    MUSEUM = "museum"
    NONPROFIT = "nonprofit"
    COMPANY = "company"
    FOUNDATION = "foundation"
    AGENCY = "agency"
    MEDIA = "media"
    ASSOCIATION = "association"
    OTHER = "other"


class Organization(Base):
    """A university, district, museum, company…; a partner once its application is accepted."""

    __tablename__ = "organization"
    __table_args__ = (CheckConstraint("name <> ''", name="name_given"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    # The name in lower case with single spaces: two spellings of one organization must not become two.
    name_key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[OrganizationKind] = mapped_column(
        enumeration(OrganizationKind, "organization_kind"), default=OrganizationKind.OTHER, index=True
    )
    place: Mapped[str] = mapped_column(String(120), default="")
    year_joined: Mapped[int | None] = mapped_column(default=None)
    description: Mapped[str] = mapped_column(Text, default="")
    is_partner: Mapped[bool] = mapped_column(default=True)
