"""The cadence: who is reminded of what, when, how often, until when, in which words.

`CADENCE` below is all of it. A rule holds as long as its query finds the reason; nobody has to remember to stop a
reminder, since what was settled is not found any more. Each rule asks a person about one thing once, so that there
are at most three reminders about one next step. All come at nine in the morning where the person lives, and wait for
the next working morning when that is in a weekend; what would be too late then comes on the last one before.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, literal, not_, null, or_, select
from sqlalchemy.orm import Session, aliased

from summit.connections.models import Confirmation, Connection, FollowUp, NextStep, StepState
from summit.connections.visibility import counted
from summit.matching.models import Answer, MatchAnswer
from summit.nudges.reach import willing
from summit.nudges.wall_time import days_later, end_of_day, moment_at, working_moment, working_morning_before, zone_of
from summit.people.models import Person
from summit.summits.models import Attendance, Exclusion, Introduction, Summit, SummitState

HORIZON = timedelta(days=14)
"""How far ahead nudges are planned, so that organizers see what comes."""


class About(StrEnum):
    """What a rule asks about: the kind of its subject."""

    CONNECTION = "connection"
    NEXT_STEP = "next_step"
    FOLLOW_UP = "follow_up"
    MATCH = "match"


class Reason(NamedTuple):
    """What a rule's query finds: a person, the subject, and the moment that the reminder's day is counted from."""

    person_id: int
    time_zone: str
    subject_id: int
    once_per: str  # what the person is asked about once only; the subject, unless a subject can be made anew
    anchor: datetime
    since: datetime  # a reminder that would have been due before this is not one
    last_day: date | None  # after this day, in `last_zone`, it is of no use
    last_zone: str | None


@dataclass(frozen=True)
class Rule:
    """One line of the cadence.

    The reminder is due at nine, `days` after the day of the query's anchor, and useful for `useful_days` more.
    `words` names its templates in `templates/mail/`.
    """

    name: str
    about: About
    to_whom: str
    days: int
    useful_days: int
    words: str
    reasons: Callable[[], Select[Any]]
    anchor: Any


@dataclass(frozen=True)
class Wanted:
    """A nudge that should exist now."""

    rule: str
    person_id: int
    subject_id: int
    due_at: datetime
    useful_until: datetime
    key: str


def _found(
    subject_id: Any, once_per: Any, anchor: Any, since: Any, last_day: Any = None, last_zone: Any = None
) -> Select[Any]:
    """Select a `Reason`; each query joins `Person` as the one who is to be reminded."""
    columns = (
        Person.id,
        Person.time_zone,
        subject_id,
        cast(once_per, String),
        anchor,
        since,
        null() if last_day is None else last_day,
        null() if last_zone is None else last_zone,
    )
    return select(*(column.label(name) for name, column in zip(Reason._fields, columns, strict=True)))


def _one_of_the_pair() -> ColumnElement[bool]:
    return or_(Person.id == Connection.low_id, Person.id == Connection.high_id)


def _both_take_part() -> ColumnElement[bool]:
    """Filter connections: they count, and neither of the two was disabled or withdrew from the summit."""
    pair = (Connection.low_id, Connection.high_id)
    someone = aliased(Person)
    gone = exists().where(someone.id.in_(pair), someone.disabled_at.is_not(None)).correlate(Connection)
    withdrew = exists().where(
        Attendance.summit_id == Connection.summit_id,
        Attendance.person_id.in_(pair),
        Attendance.withdrawn_at.is_not(None),
    )
    return and_(counted(), not_(gone), not_(withdrew.correlate(Connection)))


def connections_without_step() -> Select[Any]:
    """Connections that have no next step, and of which nobody said that none is needed; to both."""
    has_step = exists().where(NextStep.connection_id == Connection.id).correlate(Connection)
    return (
        _found(Connection.id, Connection.id, Connection.recorded_at, Connection.recorded_at)
        .select_from(Connection)
        .join(Person, _one_of_the_pair())
        .where(_both_take_part(), not_(has_step), Connection.no_step_needed_at.is_(None))
    )


def open_steps() -> Select[Any]:
    """Open next steps; to whoever promised it, to both when both did."""
    promised_it = or_(Person.id == NextStep.owner_id, and_(NextStep.owner_id.is_(None), _one_of_the_pair()))
    return (
        _found(NextStep.id, NextStep.id, NextStep.due_at, NextStep.made_at)
        .select_from(NextStep)
        .join(Connection, Connection.id == NextStep.connection_id)
        .join(Person, promised_it)
        .where(_both_take_part(), NextStep.state == StepState.OPEN)
    )


def unanswered_follow_ups() -> Select[Any]:
    """Follow-ups that wait to be confirmed; to the other side."""
    return (
        _found(FollowUp.id, FollowUp.id, FollowUp.logged_at, FollowUp.logged_at)
        .select_from(FollowUp)
        .join(Connection, Connection.id == FollowUp.connection_id)
        .join(Person, and_(_one_of_the_pair(), Person.id != FollowUp.author_id))
        .where(_both_take_part(), FollowUp.confirmation == Confirmation.PENDING)
    )


def interest_without_answer() -> Select[Any]:
    """Matches in which the other side said "interested" and this side has said nothing; while the summit lasts."""
    mine, other = aliased(MatchAnswer), aliased(Person)
    pair = (MatchAnswer.person_id, MatchAnswer.other_id)
    answered = exists().where(
        mine.summit_id == MatchAnswer.summit_id,
        mine.person_id == MatchAnswer.other_id,
        mine.other_id == MatchAnswer.person_id,
    )
    introduced = exists().where(
        Introduction.summit_id == MatchAnswer.summit_id, Introduction.low_id.in_(pair), Introduction.high_id.in_(pair)
    )
    kept_apart = exists().where(Exclusion.person_id.in_(pair), Exclusion.other_id.in_(pair))
    withdrew = exists().where(
        Attendance.summit_id == MatchAnswer.summit_id,
        Attendance.person_id.in_(pair),
        Attendance.withdrawn_at.is_not(None),
    )
    pair_key = cast(MatchAnswer.summit_id, String) + literal("-") + cast(MatchAnswer.person_id, String)
    moment = MatchAnswer.answered_at
    return (
        _found(MatchAnswer.id, pair_key, moment, moment, Summit.ends_on, Summit.time_zone)
        .select_from(MatchAnswer)
        .join(Summit, Summit.id == MatchAnswer.summit_id)
        .join(Person, Person.id == MatchAnswer.other_id)
        .join(other, other.id == MatchAnswer.person_id)
        .where(MatchAnswer.answer == Answer.INTERESTED, Summit.state == SummitState.OPEN, other.disabled_at.is_(None))
        .where(introduced.correlate(MatchAnswer))
        .where(*(not_(found.correlate(MatchAnswer)) for found in (answered, kept_apart, withdrew)))
    )


def _about_a_step(name: str, *, days: int, useful_days: int) -> Rule:
    to_whom = "whoever promised it"
    return Rule(name, About.NEXT_STEP, to_whom, days, useful_days, "next_step", open_steps, NextStep.due_at)


# From most urgent to least: a digest leads with the first of them.
CADENCE: tuple[Rule, ...] = (
    Rule(
        name="match_waiting",
        about=About.MATCH,
        to_whom="the one who has not answered",
        days=1,
        useful_days=6,
        words="match_waiting",
        reasons=interest_without_answer,
        anchor=MatchAnswer.answered_at,
    ),
    _about_a_step("step_was_due", days=1, useful_days=5),
    _about_a_step("step_is_due", days=-1, useful_days=1),
    Rule(
        name="follow_up_waiting",
        about=About.FOLLOW_UP,
        to_whom="the other side",
        days=3,
        useful_days=21,
        words="follow_up_waiting",
        reasons=unanswered_follow_ups,
        anchor=FollowUp.logged_at,
    ),
    _about_a_step("step_is_cold", days=7, useful_days=14),
    Rule(
        name="no_next_step",
        about=About.CONNECTION,
        to_whom="both",
        days=2,
        useful_days=12,
        words="no_next_step",
        reasons=connections_without_step,
        anchor=Connection.recorded_at,
    ),
)
URGENCY = {rule.name: rank for rank, rule in enumerate(CADENCE)}
BY_NAME = {rule.name: rule for rule in CADENCE}


def wanted(
    session: Session, *, now: datetime, person_id: int | None = None, about: Mapping[str, Collection[int]] | None = None
) -> list[Wanted]:
    """Return the nudges that should exist now (of one person, if given), the most urgent first.

    `about` narrows it to the subjects of some rules, by name, which is much cheaper than asking for all. Whether an
    address may be written to is not asked here, since that is no matter of the cadence.
    """
    rules = [rule for rule in CADENCE if about is None or rule.name in about]
    nudges = [
        nudge
        for rule in rules
        for nudge in _wanted_by(session, rule, now, person_id, None if about is None else about[rule.name])
    ]
    return sorted(nudges, key=lambda nudge: (URGENCY[nudge.rule], nudge.due_at, nudge.key))


def _wanted_by(
    session: Session, rule: Rule, now: datetime, person_id: int | None, subjects: Collection[int] | None
) -> list[Wanted]:
    # The index over the anchor does most of the work; four days of slack cover weekends and time zones.
    slack = timedelta(days=4)
    first = now - timedelta(days=rule.days + rule.useful_days) - slack
    last = now + HORIZON - timedelta(days=rule.days) + slack
    query = rule.reasons().where(willing(now), rule.anchor >= first, rule.anchor <= last)
    if person_id is not None:
        query = query.where(Person.id == person_id)
    if subjects is not None:
        query = query.where(query.selected_columns.subject_id.in_(subjects))
    found = [_nudge(rule, Reason(*row)) for row in session.execute(query)]
    return [nudge for nudge in found if nudge and now < nudge.useful_until and nudge.due_at <= now + HORIZON]


def _nudge(rule: Rule, reason: Reason) -> Wanted | None:
    """Return the nudge for a reason, or None when its morning comes too late or came before the reason did."""
    zone = zone_of(reason.time_zone)
    morning = days_later(reason.anchor, rule.days, zone)
    useful_until = end_of_day(days_later(morning, rule.useful_days, zone), zone)
    if reason.last_day is not None:
        last_zone = zone_of(reason.last_zone or "UTC")
        useful_until = min(useful_until, moment_at(reason.last_day + timedelta(days=1), time(0), last_zone))
    due_at = working_moment(morning, zone)
    if due_at >= useful_until and rule.days < 0:
        due_at = morning = working_morning_before(morning, zone)
    if morning < reason.since or due_at >= useful_until:
        return None
    key = f"{rule.name}:{reason.once_per}:{reason.person_id}"
    return Wanted(rule.name, reason.person_id, reason.subject_id, due_at, useful_until, key)
