"""Asks: a nudge in words, with the links that answer it. Only what its reader may know anyway: never a note."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from config import Settings
from summit.connections.models import Connection, FollowUp, NextStep
from summit.connections.wording import first_name, kind_told, name_of
from summit.matching.models import MatchAnswer
from summit.moments import day as words_for_day
from summit.moments import day_and_year
from summit.nudges.cadence import BY_NAME, About
from summit.nudges.links import ANSWERS, answer_url, connection_url, matches_url
from summit.nudges.models import Nudge
from summit.nudges.wall_time import day_of, zone_of
from summit.people.models import Person
from summit.summits.models import Summit


@dataclass(frozen=True)
class Ask:
    """One thing a person is asked, ready to be written down. `urls` holds a link for each answer."""

    rule: str
    line: str
    thread: str
    summit: str
    other: str
    other_first: str
    page_url: str
    urls: dict[str, str] = field(default_factory=dict)
    what: str = ""
    is_shared: bool = False
    due: str = ""
    days_left: int = 0
    told: str = ""
    quote: str = ""


def asks_of(
    session: Session, person: Person, nudges: Iterable[Nudge], *, settings: Settings, now: datetime
) -> dict[str, Ask]:
    """Return the asks of one person's nudges by key; a nudge whose subject is gone has none."""
    reader = _Reader(session, person, settings, now)
    found = {nudge.key: reader.ask(nudge) for nudge in nudges}
    return {key: ask for key, ask in found.items() if ask is not None}


def rule_title(rule: str) -> str:
    """Say what a rule is about, for organizers: no names, since what two people promised is theirs."""
    titles = {
        "match_waiting": _("Answer a match that is interested"),
        "step_was_due": _("A next step, the day after it was due"),
        "step_is_due": _("A next step, the day before it is due"),
        "follow_up_waiting": _("Confirm what came of a connection"),
        "step_is_cold": _("A next step, a week after it was due"),
        "no_next_step": _("A connection has no next step"),
    }
    return titles[rule]


def rule_reason(rule: str) -> str:
    """Say when and how often a rule asks."""
    reasons = {
        "match_waiting": _("the other side said “interested”; asked once, the morning after"),
        "step_was_due": _("not settled; the second of three reminders"),
        "step_is_due": _("not settled; the first of three reminders"),
        "follow_up_waiting": _("not answered for three days; asked once"),
        "step_is_cold": _("not settled; the last of three reminders"),
        "no_next_step": _("two days without one; asked once"),
    }
    return reasons[rule]


@dataclass(frozen=True)
class _Reader:
    """Puts nudges into words for one person."""

    session: Session
    person: Person
    settings: Settings
    now: datetime

    def ask(self, nudge: Nudge) -> Ask | None:
        match BY_NAME[nudge.rule].about:
            case About.CONNECTION:
                return self._about_connection(nudge)
            case About.NEXT_STEP:
                return self._about_step(nudge)
            case About.FOLLOW_UP:
                return self._about_follow_up(nudge)
            case About.MATCH:
                return self._about_match(nudge)

    def _about_connection(self, nudge: Nudge) -> Ask | None:
        connection = self.session.scalar(
            select(Connection).where(Connection.id == nudge.subject_id).options(*_people_of_connection())
        )
        if connection is None:
            return None
        other = first_name(connection.other_than(self.person.id))
        return self._of_connection(nudge, connection, _("You met %(name)s. What happens next?", name=other))

    def _about_step(self, nudge: Nudge) -> Ask | None:
        step = self.session.scalar(
            select(NextStep)
            .where(NextStep.id == nudge.subject_id)
            .options(joinedload(NextStep.connection).options(*_people_of_connection()))
        )
        if step is None:
            return None
        due_on, today = self._day(step.due_at), self._day(self.now)
        name = first_name(step.connection.other_than(self.person.id))
        due = _due_words(due_on, today)
        line = _("“%(what)s”, with %(name)s: %(due)s", what=step.what, name=name, due=due)
        return self._of_connection(
            nudge,
            step.connection,
            line,
            what=step.what,
            is_shared=step.owner_id is None,
            due=due,
            days_left=(due_on - today).days,
        )

    def _about_follow_up(self, nudge: Nudge) -> Ask | None:
        follow_up = self.session.scalar(
            select(FollowUp)
            .where(FollowUp.id == nudge.subject_id)
            .options(joinedload(FollowUp.connection).options(*_people_of_connection()), joinedload(FollowUp.author))
        )
        if follow_up is None:
            return None
        told = kind_told(follow_up.kind, first_name(follow_up.author))
        line = _("%(told)s. Is that so?", told=told)
        return self._of_connection(nudge, follow_up.connection, line, told=told, quote=follow_up.text)

    def _about_match(self, nudge: Nudge) -> Ask | None:
        row = self.session.execute(
            select(MatchAnswer, Person, Summit)
            .join(Person, Person.id == MatchAnswer.person_id)
            .join(Summit, Summit.id == MatchAnswer.summit_id)
            .where(MatchAnswer.id == nudge.subject_id)
        ).one_or_none()
        if row is None:
            return None
        _answer, other, summit = row
        low, high = sorted((self.person.id, other.id))
        return Ask(
            rule=nudge.rule,
            line=_("%(name)s would like to meet you at %(summit)s", name=name_of(other), summit=summit.name),
            thread=f"match-{summit.id}-{low}-{high}",
            summit=summit.name,
            other=name_of(other),
            other_first=first_name(other),
            page_url=matches_url(self.settings, summit.slug, other.id),
            urls=self._urls(nudge),
        )

    def _of_connection(
        self,
        nudge: Nudge,
        connection: Connection,
        line: str,
        *,
        what: str = "",
        is_shared: bool = False,
        due: str = "",
        days_left: int = 0,
        told: str = "",
        quote: str = "",
    ) -> Ask:
        other = connection.other_than(self.person.id)
        return Ask(
            rule=nudge.rule,
            line=line,
            thread=f"connection-{connection.id}",
            summit=connection.summit.name,
            other=name_of(other),
            other_first=first_name(other),
            page_url=connection_url(self.settings, connection.id),
            urls=self._urls(nudge),
            what=what,
            is_shared=is_shared,
            due=due,
            days_left=days_left,
            told=told,
            quote=quote,
        )

    def _urls(self, nudge: Nudge) -> dict[str, str]:
        about = BY_NAME[nudge.rule].about
        return {
            answer.value: answer_url(self.settings, self.person.id, about, nudge.subject_id, answer)
            for answer in ANSWERS[about]
        }

    def _day(self, moment: datetime) -> date:
        return day_of(moment, zone_of(self.person.time_zone))


def _people_of_connection() -> tuple[Any, ...]:
    return (joinedload(Connection.low), joinedload(Connection.high), joinedload(Connection.summit))


def _due_words(due_on: date, today: date) -> str:
    """Say when something is or was due, seen from today."""
    near = {1: _("due tomorrow"), 0: _("due today"), -1: _("due yesterday")}
    day = words_for_day(due_on) if due_on.year == today.year else day_and_year(due_on)
    later = _("due %(day)s", day=day) if due_on > today else _("was due %(day)s", day=day)
    return near.get((due_on - today).days, later)
