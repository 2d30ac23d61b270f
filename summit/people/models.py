"""Persons and how they sign in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.access import Role
from summit.database import AwareDateTime, Base, enumeration
from summit.organizations.models import Organization


class Person(Base):
    """Someone with a sign-in; belongs to at most one organization."""

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("introductions between 0 and 20", name="introductions_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(120), default="")
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id", ondelete="SET NULL"), index=True)
    role: Mapped[Role] = mapped_column(enumeration(Role, "role"), default=Role.PARTNER)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    talk_about: Mapped[str] = mapped_column(String(200), default="")
    # How many introductions the person wants at the next summit they attend.
    introductions: Mapped[int] = mapped_column(default=5)
    # Part of every session: raising it signs the person out everywhere.
    session_epoch: Mapped[int] = mapped_column(default=0)
    disabled_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    nudges_paused_until: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    nudges_stopped_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)

    organization: Mapped[Organization | None] = relationship(lazy="raise_on_sql")

    @property
    def is_disabled(self) -> bool:
        """Say whether this person may no longer sign in."""
        return self.disabled_at is not None


class SignInRequest(Base):
    """Somebody asked for a link; answered by the worker, so that the request takes the same time for any address.

    Addresses are stored as hashes only, except the one that the worker needs until it has answered.
    """

    __tablename__ = "sign_in_request"
    __table_args__ = (
        Index(None, "email_hash", "requested_at"),
        Index(None, "client_hash", "requested_at"),
        Index(None, "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_hash: Mapped[str] = mapped_column(String(64))
    client_hash: Mapped[str] = mapped_column(String(64))
    next_url: Mapped[str] = mapped_column(String(500), default="")
    requested_at: Mapped[datetime] = mapped_column(AwareDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)


class SignInToken(Base):
    """A sign-in link: only the hash of its random token is stored; ten minutes, single use."""

    __tablename__ = "sign_in_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    next_url: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    expires_at: Mapped[datetime] = mapped_column(AwareDateTime)
    used_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
