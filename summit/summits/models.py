"""Summits, attendance, stances, and what two people said about being matched."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.access import Audience
from summit.challenges.models import Challenge
from summit.database import AwareDateTime, Base, enumeration
from summit.people.models import Person


class SummitState(StrEnum):
    """Where a summit stands: being prepared, open to its attendees, or closed (read only)."""

    PREPARING = "preparing"
    OPEN = "open"
    CLOSED = "closed"


class Summit(Base):
    """One annual gathering: dates, place, time zone."""

    __tablename__ = "summit"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[SummitState] = mapped_column(enumeration(SummitState, "summit_state"), default=SummitState.PREPARING)
    # Raised by every change that the matching should know of (stances, attendance, exclusions, acquaintances).
    revision: Mapped[int] = mapped_column(default=0)


class Attendance(Base):
    """One person at one summit. A withdrawn attendance stays, so that history stays readable."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("summit_id", "person_id"),
        CheckConstraint("introductions between 0 and 20", name="introductions_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    introductions: Mapped[int] = mapped_column(default=5)
    talk_about: Mapped[str] = mapped_column(String(200), default="")
    # What the person's QR code holds; random, so that it can't be guessed from another attendee's.
    code: Mapped[str] = mapped_column(String(16), unique=True)
    registered_at: Mapped[datetime] = mapped_column(AwareDateTime)
    checked_in_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)

    summit: Mapped[Summit] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class StanceKind(StrEnum):
    """What an attendee says about a challenge."""

    ASK = "ask"
    OFFER = "offer"
    WORKING_ON = "working_on"


class Stance(Base):
    """An ask, an offer or a piece of work, with a priority, a line of text and an audience."""

    __tablename__ = "stance"
    __table_args__ = (
        UniqueConstraint("summit_id", "person_id", "challenge_id", "kind"),
        CheckConstraint("priority between 1 and 3", name="priority_range"),
        CheckConstraint("audience <> 'pair'", name="audience_fits"),
        Index(None, "summit_id", "challenge_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), index=True)
    kind: Mapped[StanceKind] = mapped_column(enumeration(StanceKind, "stance_kind"))
    priority: Mapped[int] = mapped_column(default=2)
    text: Mapped[str] = mapped_column(String(280), default="")
    audience: Mapped[Audience] = mapped_column(enumeration(Audience, "audience"), default=Audience.MATCHES)
    changed_at: Mapped[datetime] = mapped_column(AwareDateTime)

    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Exclusion(Base):
    """A pair that must never be matched, private to whoever asked for it (`person_id`) and the organizers."""

    __tablename__ = "exclusion"
    __table_args__ = (
        UniqueConstraint("person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)


class Acquaintance(Base):
    """Two people who know each other well already, as one of them (`said_by_id`) said."""

    __tablename__ = "acquaintance"
    __table_args__ = (
        UniqueConstraint("low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="ordered_pair"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)


class Introduction(Base):
    """Two attendees whose match was published: what the audience `matches` means.

    Written by the matching room when it publishes a run, read here by the audience filter, which lies below it.
    """

    __tablename__ = "introduction"
    __table_args__ = (
        UniqueConstraint("summit_id", "low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="ordered_pair"),
        Index(None, "summit_id", "high_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))


class SlotUse(StrEnum):
    """What happens in a slot: two people meet, or groups sit around a challenge each."""

    MEETINGS = "meetings"
    CHALLENGE_TABLES = "challenge_tables"


class Slot(Base):
    """A stretch of a summit's time in which people meet at tables."""

    __tablename__ = "slot"
    __table_args__ = (
        UniqueConstraint("summit_id", "starts_at"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(AwareDateTime)
    ends_at: Mapped[datetime] = mapped_column(AwareDateTime)
    use: Mapped[SlotUse] = mapped_column(enumeration(SlotUse, "slot_use"), default=SlotUse.MEETINGS)


class Table(Base):
    """A table at a summit, by its number; one meeting a slot, or one group around a challenge."""

    __tablename__ = "summit_table"
    __table_args__ = (
        UniqueConstraint("summit_id", "number"),
        CheckConstraint("number > 0", name="counted_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    number: Mapped[int]


class Unavailability(Base):
    """A slot in which an attendee is not free; without a row they are."""

    __tablename__ = "unavailability"

    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
