"""Connections, notes, next steps and follow-ups."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.access import Audience
from summit.challenges.models import Challenge
from summit.database import AwareDateTime, Base, enumeration
from summit.people.models import Person
from summit.summits.models import Summit


class Meeting(StrEnum):
    """How two people met."""

    MATCH = "match"
    MEETING = "meeting"
    SCAN = "scan"
    TABLE = "table"
    HALLWAY = "hallway"
    ELSEWHERE = "elsewhere"


class ConnectionChallenge(Base):
    """A connection is about a challenge."""

    __tablename__ = "connection_challenge"

    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"), primary_key=True)
    challenge_id: Mapped[int] = mapped_column(
        ForeignKey("challenge.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Connection(Base):
    """Two people met at a summit. `disowned_by_id` is the one who said "not me"; it then counts nowhere."""

    __tablename__ = "connection"
    __table_args__ = (
        UniqueConstraint("summit_id", "low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="ordered_pair"),
        Index(None, "high_id"),
        Index(None, "low_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    how: Mapped[Meeting] = mapped_column(enumeration(Meeting, "meeting"))
    met_at: Mapped[datetime] = mapped_column(AwareDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    recorded_at: Mapped[datetime] = mapped_column(AwareDateTime)
    disowned_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), default=None)
    disowned_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    # One of the two said that no next step is needed: then nobody is asked for one.
    no_step_needed_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)

    summit: Mapped[Summit] = relationship(lazy="raise_on_sql")
    low: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[low_id])
    high: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[high_id])
    challenges: Mapped[list[Challenge]] = relationship(
        secondary="connection_challenge", lazy="raise_on_sql", order_by=Challenge.title
    )
    next_steps: Mapped[list["NextStep"]] = relationship(
        lazy="raise_on_sql", back_populates="connection", order_by="NextStep.due_at"
    )
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        lazy="raise_on_sql", back_populates="connection", order_by="FollowUp.logged_at"
    )

    def other_than(self, person_id: int) -> Person:
        """Return the other of the two."""
        return self.high if person_id == self.low_id else self.low


class Note(Base):
    """What one of the two wrote down: for themselves (`only_me`) or for both (`pair`)."""

    __tablename__ = "note"
    __table_args__ = (CheckConstraint("audience in ('only_me', 'pair')", name="audience_fits"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    audience: Mapped[Audience] = mapped_column(enumeration(Audience, "audience"), default=Audience.ONLY_ME)
    written_at: Mapped[datetime] = mapped_column(AwareDateTime)

    author: Mapped[Person] = relationship(lazy="raise_on_sql")


class StepState(StrEnum):
    """Where a next step stands. All but `open` are final."""

    OPEN = "open"
    DONE = "done"
    CHANGED = "changed"
    DROPPED = "dropped"


class NextStep(Base):
    """What was promised: what, by whom (`owner_id`, or both when it is null), by when.

    A changed step names the step that took its place.
    """

    __tablename__ = "next_step"
    __table_args__ = (
        CheckConstraint("what <> ''", name="what_given"),
        CheckConstraint("(state = 'open') = (settled_at is null)", name="settled_with_time"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(280))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime] = mapped_column(AwareDateTime)
    state: Mapped[StepState] = mapped_column(enumeration(StepState, "step_state"), default=StepState.OPEN)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(AwareDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), default=None)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("next_step.id", ondelete="SET NULL"), default=None)

    connection: Mapped[Connection] = relationship(lazy="raise_on_sql", back_populates="next_steps")
    owner: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[owner_id])


class FollowUpKind(StrEnum):
    """What came of a connection."""

    LEARNED = "learned"
    ADAPTED = "adapted"
    SHARED_DATA = "shared_data"
    GAVE_HELP = "gave_help"
    MET_AGAIN = "met_again"
    NO_RESULT = "no_result"


class Confirmation(StrEnum):
    """What the other side said of a follow-up: nothing yet, yes, "not quite" with words of their own, or no."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    AMENDED = "amended"
    DENIED = "denied"


class FollowUp(Base):
    """What came of it, logged by one side and confirmed by the other."""

    __tablename__ = "follow_up"
    __table_args__ = (
        CheckConstraint("audience in ('pair', 'organizers', 'summit', 'network', 'public')", name="audience_fits"),
        CheckConstraint("(confirmation = 'pending') = (answered_at is null)", name="answered_with_time"),
        Index(None, "confirmation", "logged_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id", ondelete="CASCADE"), index=True)
    next_step_id: Mapped[int | None] = mapped_column(ForeignKey("next_step.id", ondelete="SET NULL"), default=None)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FollowUpKind] = mapped_column(enumeration(FollowUpKind, "follow_up_kind"))
    text: Mapped[str] = mapped_column(String(600), default="")
    audience: Mapped[Audience] = mapped_column(enumeration(Audience, "audience"), default=Audience.PAIR)
    logged_at: Mapped[datetime] = mapped_column(AwareDateTime)
    confirmation: Mapped[Confirmation] = mapped_column(
        enumeration(Confirmation, "confirmation"), default=Confirmation.PENDING
    )
    answer_text: Mapped[str] = mapped_column(String(600), default="")
    answered_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)

    connection: Mapped[Connection] = relationship(lazy="raise_on_sql", back_populates="follow_ups")
    author: Mapped[Person] = relationship(lazy="raise_on_sql")
