"""Match runs, matches and answers."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.challenges.models import Challenge
from summit.database import AwareDateTime, Base, enumeration
from summit.people.models import Person
from summit.summits.models import Slot, Summit, Table


class RunState(StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MatchRun(Base):
    """One computation of all matches of a summit, with its certificate (`value`, `bound`, `gap`)."""

    __tablename__ = "match_run"
    __table_args__ = (Index(None, "summit_id", "requested_at"), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    state: Mapped[RunState] = mapped_column(enumeration(RunState, "run_state"), default=RunState.QUEUED)
    requested_at: Mapped[datetime] = mapped_column(AwareDateTime)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    finished_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    published_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    # The summit's revision when the input was read, or up to which the lists were repaired: a later one means that the
    # run is out of date.
    revision: Mapped[int] = mapped_column(default=0)
    # The revision that `bound` and `gap` were worked out for.
    certified_revision: Mapped[int] = mapped_column(default=0)
    repaired_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    # By which share of the value the repairs since then may have fallen behind a fresh run, at most.
    drift: Mapped[float] = mapped_column(default=0.0)
    # What the lists were made from, in short, person by person: whose differs now has changed since. For workers only.
    marks: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, deferred=True)
    input_hash: Mapped[str] = mapped_column(String(64), default="")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    seed: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    matches: Mapped[int] = mapped_column(default=0)
    value: Mapped[float | None] = mapped_column(default=None)
    bound: Mapped[float | None] = mapped_column(default=None)
    gap: Mapped[float | None] = mapped_column(default=None)
    seconds: Mapped[float | None] = mapped_column(default=None)
    # Who has fewer matches than the floor, and why: person id -> reason.
    few: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # What an organizer may compare: groups of people, and everyone's own best list (`summit.matching.reporting`).
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # How far the worker is: what it does, in a word, and which share of all is done.
    stage: Mapped[str] = mapped_column(String(40), default="")
    progress: Mapped[float] = mapped_column(default=0.0)
    failure: Mapped[str] = mapped_column(String(500), default="")
    lease_token: Mapped[str | None] = mapped_column(String(32), default=None)
    lease_until: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)

    summit: Mapped[Summit] = relationship(lazy="raise_on_sql")

    @property
    def is_certificate_stale(self) -> bool:
        """Say whether the lists were repaired since `bound` and `gap` were worked out."""
        return self.certified_revision < self.revision


class Match(Base):
    """A suggested pair: score, what it is made of, and its rank for either side.

    `contributions` is the engine's exact decomposition, a list of `[term, points, challenge id or null, via or null]`;
    what a person may see of it is decided in `summit.matching.reasons`.
    """

    __tablename__ = "match"
    __table_args__ = (
        UniqueConstraint("run_id", "low_id", "high_id"),
        CheckConstraint("low_id < high_id", name="ordered_pair"),
        Index(None, "run_id", "high_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("match_run.id", ondelete="CASCADE"))
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    score: Mapped[float]
    rank_for_low: Mapped[int]
    rank_for_high: Mapped[int]
    is_bridging: Mapped[bool] = mapped_column(default=False)
    # Whether it rests on nothing but alike texts, places, common ties or a promise that lapsed.
    is_weak: Mapped[bool] = mapped_column(default=False)
    contributions: Mapped[list[Any]] = mapped_column(JSON, default=list)

    run: Mapped[MatchRun] = relationship(lazy="raise_on_sql")
    low: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[low_id])
    high: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[high_id])


class Answer(StrEnum):
    """What a person says to a match."""

    INTERESTED = "interested"
    NOT_NOW = "not_now"
    KNOW_EACH_OTHER = "know_each_other"


class MatchAnswer(Base):
    """One person's answer about another at a summit; it outlives the run, so that a new run keeps it.

    `rank` and `points` keep what was answered: the match's place in this person's list, and its points by family of
    terms in the default weights (`summit.matching.acceptance`), since a match that is declined leaves the lists.
    """

    __tablename__ = "match_answer"
    __table_args__ = (
        UniqueConstraint("summit_id", "person_id", "other_id"),
        CheckConstraint("person_id <> other_id", name="two_people"),
        Index(None, "summit_id", "other_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    answer: Mapped[Answer] = mapped_column(enumeration(Answer, "answer"))
    answered_at: Mapped[datetime] = mapped_column(AwareDateTime)
    rank: Mapped[int | None] = mapped_column(default=None)
    points: Mapped[dict[str, float] | None] = mapped_column(JSON(none_as_null=True), default=None)


class MatchSettings(Base):
    """How a summit's organizers want matches weighed; without a row everything is as it is by default.

    `balance` runs from -1 (closer to one's own challenges) to 1 (new people from elsewhere). `learned` are the
    multipliers by family of terms that were adopted from the answers, or None.
    """

    __tablename__ = "match_settings"
    __table_args__ = (
        UniqueConstraint("summit_id"),
        CheckConstraint("balance between -1 and 1", name="balance_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    balance: Mapped[float] = mapped_column(default=0.0)
    learned: Mapped[dict[str, float] | None] = mapped_column(JSON(none_as_null=True), default=None)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime] = mapped_column(AwareDateTime)


class MeetingPlan(Base):
    """One planning of a summit's meetings: how many were placed, and the most that any plan could place (`bound`)."""

    __tablename__ = "meeting_plan"
    __table_args__ = (Index(None, "summit_id", "requested_at"), Index(None, "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    state: Mapped[RunState] = mapped_column(enumeration(RunState, "plan_state"), default=RunState.QUEUED)
    requested_at: Mapped[datetime] = mapped_column(AwareDateTime)
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    finished_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    # The summit's revision when the input was read: a later one means that the plan may be out of date.
    revision: Mapped[int] = mapped_column(default=0)
    wished: Mapped[int] = mapped_column(default=0)
    placed: Mapped[int] = mapped_column(default=0)
    bound: Mapped[int] = mapped_column(default=0)
    # Groups at challenge tables: how many people sit, pairs that meet again, tables without an ask beside an offer.
    seated: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)
    unmixed: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(500), default="")
    lease_token: Mapped[str | None] = mapped_column(String(32), default=None)
    lease_until: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)


class MeetingState(StrEnum):
    """Whether a meeting takes place, or was called off since somebody dropped out."""

    PLANNED = "planned"
    CALLED_OFF = "called_off"


class Meeting(Base):
    """Two people with a slot and a table, and perhaps a third who would have sat alone.

    A meeting that was called off keeps its slot, so that whoever is left can be told, but neither table nor seats.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        UniqueConstraint("slot_id", "table_id"),
        CheckConstraint("low_id < high_id", name="ordered_pair"),
        CheckConstraint("third_id is null or (third_id <> low_id and third_id <> high_id)", name="three_people"),
        CheckConstraint("(state = 'planned') = (table_id is not null)", name="table_while_planned"),
        Index(None, "summit_id", "low_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    summit_id: Mapped[int] = mapped_column(ForeignKey("summit.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"))
    table_id: Mapped[int | None] = mapped_column(ForeignKey("summit_table.id", ondelete="CASCADE"), index=True)
    low_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    high_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    third_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    state: Mapped[MeetingState] = mapped_column(
        enumeration(MeetingState, "meeting_state"), default=MeetingState.PLANNED
    )
    planned_at: Mapped[datetime] = mapped_column(AwareDateTime)

    slot: Mapped[Slot] = relationship(lazy="raise_on_sql")
    table: Mapped[Table | None] = relationship(lazy="raise_on_sql")
    low: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[low_id])
    high: Mapped[Person] = relationship(lazy="raise_on_sql", foreign_keys=[high_id])
    third: Mapped[Person | None] = relationship(lazy="raise_on_sql", foreign_keys=[third_id])


class MeetingSeat(Base):
    """One person's seat in a slot: the key says that nobody is in two places."""

    __tablename__ = "meeting_seat"

    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)


class ChallengeSeat(Base):
    """One person's seat at a challenge table in a slot."""

    __tablename__ = "challenge_seat"

    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    table_id: Mapped[int] = mapped_column(ForeignKey("summit_table.id", ondelete="CASCADE"), index=True)
    challenge_id: Mapped[int] = mapped_column(ForeignKey("challenge.id", ondelete="CASCADE"), index=True)

    slot: Mapped[Slot] = relationship(lazy="raise_on_sql")
    table: Mapped[Table] = relationship(lazy="raise_on_sql")
    challenge: Mapped[Challenge] = relationship(lazy="raise_on_sql")
    person: Mapped[Person] = relationship(lazy="raise_on_sql")
