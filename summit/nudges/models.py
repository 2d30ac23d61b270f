"""Nudges and campaigns."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.database import AwareDateTime, Base, enumeration
from summit.people.models import Person
from summit.summits.models import Summit


class NudgeState(StrEnum):
    """Where a nudge stands."""

    PLANNED = "planned"
    QUEUED = "queued"
    SENT = "sent"
    CANCELLED = "cancelled"


class Nudge(Base):
    """One reminder that the cadence or a campaign decided on.

    `key` says which rule, about what and which time of asking, so that the planner can run as often as it likes.
    `message_id` names the outbox message that carries it; several nudges to one person share a digest.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        CheckConstraint("(state = 'planned') or (state = 'cancelled') or (message_id is not null)", name="has_message"),
        Index(None, "state", "due_at"),
        Index(None, "person_id", "state"),
        Index(None, "message_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    rule: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    # What it is about: a connection, next step, follow-up or match answer of the rule's own kind.
    subject_id: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(AwareDateTime)
    state: Mapped[NudgeState] = mapped_column(enumeration(NudgeState, "nudge_state"), default=NudgeState.PLANNED)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"), default=None)
    planned_at: Mapped[datetime] = mapped_column(AwareDateTime)
    # When its message was written; the caps a day and a week count by this.
    queued_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    cancelled_because: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Segment(StrEnum):
    """Whom a campaign is for."""

    ALL_ATTENDEES = "all_attendees"
    WITHOUT_STANCES = "without_stances"
    OPEN_NEXT_STEPS = "open_next_steps"


class CampaignState(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    SENT = "sent"


class Campaign(Base):
    """A nudge an organizer writes for a segment of people."""

    __tablename__ = "campaign"
    __table_args__ = (Index(None, "summit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    segment: Mapped[Segment] = mapped_column(enumeration(Segment, "segment"))
    subject: Mapped[str] = mapped_column(String(150))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[CampaignState] = mapped_column(
        enumeration(CampaignState, "campaign_state"), default=CampaignState.DRAFT
    )
    written_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)

    summit: Mapped[Summit] = relationship(lazy="raise_on_sql")
