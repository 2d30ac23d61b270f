"""Questions: what a link in a reminder leads to, seen from what is true now.

Whoever holds the link is taken for the person it names, for this one subject: they see what is asked and what they
answered, never a note or another connection.
"""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from summit.connections.models import Confirmation, Connection, FollowUp, NextStep, StepState
from summit.connections.wording import first_name
from summit.errors import NotFound
from summit.matching.models import Answer as MatchSaid
from summit.matching.models import MatchAnswer
from summit.moments import day_and_year
from summit.nudges.cadence import About
from summit.nudges.links import ANSWERS, Answer, read_answer_token
from summit.people.models import Person
from summit.summits.browsing import is_introduced
from summit.summits.models import Summit, SummitState


class Stage(StrEnum):
    """What the page of a link asks now."""

    ADD_STEP = "add_step"
    NO_STEP = "no_step"
    SETTLE_STEP = "settle_step"
    MOVE_STEP = "move_step"
    CAME_OF_IT = "came_of_it"
    FOLLOW_UP = "follow_up"
    MATCH = "match"
    SETTLED = "settled"


@dataclass(frozen=True)
class Question:
    """What is asked of `person` about `other`; `settled` says in words how it stands when nothing is asked any more."""

    stage: Stage
    about: About
    answer: Answer
    person: Person
    other: Person
    summit: Summit
    connection: Connection | None = None
    step: NextStep | None = None
    follow_up: FollowUp | None = None
    settled: str = ""

    @property
    def siblings(self) -> tuple[Answer, ...]:
        """Return the other answers that the same link can give."""
        return tuple(answer for answer in ANSWERS[self.about] if answer is not self.answer)


def open_question(session: Session, secret_key: str, token: str, *, turned_to: str = "") -> Question:
    """Return what a link asks; `turned_to` is another answer to the same, if its holder chose one.

    Raises:
        WrongTime: when the link is too old.
        NotFound: when we did not make it, or what it is about is gone or disowned.
    """
    person_id, about, subject_id, answer = read_answer_token(secret_key, token)
    answer = next((other for other in ANSWERS[about] if other.value == turned_to), answer)
    person = session.get(Person, person_id)
    if person is None or person.is_disabled:
        raise _gone()
    match about:
        case About.CONNECTION:
            return _about_connection(session, person, subject_id, answer)
        case About.NEXT_STEP:
            return _about_step(session, person, subject_id, answer)
        case About.FOLLOW_UP:
            return _about_follow_up(session, person, subject_id, answer)
        case About.MATCH:
            return _about_match(session, person, subject_id, answer)


def _about_connection(session: Session, person: Person, subject_id: int, answer: Answer) -> Question:
    connection = _connection(session, person, subject_id, selectinload(Connection.next_steps))
    stage, settled = (Stage.NO_STEP if answer is Answer.NO_STEP else Stage.ADD_STEP), ""
    promised = [step.what for step in connection.next_steps if step.state is StepState.OPEN]
    if promised:
        stage, settled = Stage.SETTLED, _("You have a next step: “%(what)s”.", what=promised[0])
    elif connection.no_step_needed_at is not None and answer is Answer.NO_STEP:
        stage, settled = Stage.SETTLED, _("Noted: no next step is needed. Nobody will ask you for one.")
    return _of_connection(About.CONNECTION, stage, answer, person, connection, settled=settled)


def _about_step(session: Session, person: Person, subject_id: int, answer: Answer) -> Question:
    step = session.get(NextStep, subject_id)
    connection = _connection(session, person, step.connection_id if step else None)
    if step is None or step.owner_id not in (None, person.id):
        raise _gone()
    stage = {
        StepState.OPEN: Stage.MOVE_STEP if answer is Answer.MOVED else Stage.SETTLE_STEP,
        StepState.DONE: Stage.CAME_OF_IT,
        StepState.CHANGED: Stage.SETTLED,
        StepState.DROPPED: Stage.SETTLED,
    }[step.state]
    settled = _settled_step(session, person, step)
    if stage is Stage.CAME_OF_IT and _has_logged(session, person, step):
        stage = Stage.SETTLED
    return _of_connection(About.NEXT_STEP, stage, answer, person, connection, step=step, settled=settled)


def _settled_step(session: Session, person: Person, step: NextStep) -> str:
    """Say how a settled next step ended; nothing while it is open."""
    if step.state is StepState.OPEN:
        return ""
    if step.state is StepState.DROPPED:
        return _("“%(what)s” was let go. That’s fine.", what=step.what)
    if step.state is StepState.DONE:
        return _("“%(what)s” is done, and you said what came of it. Thank you.", what=step.what)
    later = session.get(NextStep, step.replaced_by_id) if step.replaced_by_id else None
    if later is None:
        return _("“%(what)s” was changed.", what=step.what)
    day = day_and_year(later.due_at, person.time_zone)
    return _("“%(what)s” was moved to %(day)s.", what=later.what, day=day)


def _has_logged(session: Session, person: Person, step: NextStep) -> bool:
    logged = select(FollowUp.id).where(FollowUp.next_step_id == step.id, FollowUp.author_id == person.id)
    return session.scalar(logged.limit(1)) is not None


def _about_follow_up(session: Session, person: Person, subject_id: int, answer: Answer) -> Question:
    follow_up = session.scalar(select(FollowUp).where(FollowUp.id == subject_id).options(joinedload(FollowUp.author)))
    connection = _connection(session, person, follow_up.connection_id if follow_up else None)
    if follow_up is None or follow_up.author_id == person.id:
        raise _gone()
    name = first_name(follow_up.author)
    settled = {
        Confirmation.PENDING: "",
        Confirmation.CONFIRMED: _("You said yes. Thank you."),
        Confirmation.AMENDED: _("You said: not quite. %(name)s can read your words.", name=name),
        Confirmation.DENIED: _("You said no. Thank you for saying so."),
    }[follow_up.confirmation]
    stage = Stage.SETTLED if settled else Stage.FOLLOW_UP
    return _of_connection(About.FOLLOW_UP, stage, answer, person, connection, follow_up=follow_up, settled=settled)


def _about_match(session: Session, person: Person, subject_id: int, answer: Answer) -> Question:
    row = session.execute(
        select(MatchAnswer, Person, Summit)
        .join(Person, Person.id == MatchAnswer.person_id)
        .join(Summit, Summit.id == MatchAnswer.summit_id)
        .where(
            MatchAnswer.id == subject_id, MatchAnswer.other_id == person.id, MatchAnswer.answer == MatchSaid.INTERESTED
        )
    ).one_or_none()
    if row is None or row[1].is_disabled:
        raise _gone()
    _interest, other, summit = row
    mine = session.scalar(
        select(MatchAnswer.answer).where(
            MatchAnswer.summit_id == summit.id, MatchAnswer.person_id == person.id, MatchAnswer.other_id == other.id
        )
    )
    if mine is None and not is_introduced(session, summit, person.id, other.id):
        raise _gone()
    settled = _settled_match(mine, other, summit)
    stage = Stage.SETTLED if settled else Stage.MATCH
    return Question(stage, About.MATCH, answer, person, other, summit, settled=settled)


def _settled_match(mine: MatchSaid | None, other: Person, summit: Summit) -> str:
    """Say how a match stands that was answered, or whose summit is over."""
    name = first_name(other)
    if mine is None:
        closed = summit.state is SummitState.CLOSED
        return _("%(summit)s is over, so there is nothing to answer.", summit=summit.name) if closed else ""
    return {
        MatchSaid.INTERESTED: _("You both want to meet. %(name)s has been told.", name=name),
        MatchSaid.NOT_NOW: _("You said “not now”. %(name)s is not told.", name=name),
        MatchSaid.KNOW_EACH_OTHER: _("You said that you know each other already."),
    }[mine]


def _of_connection(
    about: About,
    stage: Stage,
    answer: Answer,
    person: Person,
    connection: Connection,
    *,
    step: NextStep | None = None,
    follow_up: FollowUp | None = None,
    settled: str = "",
) -> Question:
    other = connection.other_than(person.id)
    return Question(stage, about, answer, person, other, connection.summit, connection, step, follow_up, settled)


def _connection(session: Session, person: Person, connection_id: int | None, *options: ORMOption) -> Connection:
    """Return a connection of this person that counts."""
    connection = session.scalar(
        select(Connection)
        .where(Connection.id == connection_id)
        .options(
            joinedload(Connection.summit),
            joinedload(Connection.low).joinedload(Person.organization),
            joinedload(Connection.high).joinedload(Person.organization),
            *options,
        )
    )
    if connection is None or connection.disowned_at is not None:
        raise _gone()
    if person.id not in (connection.low_id, connection.high_id):
        raise _gone()
    return connection


def _gone() -> NotFound:
    return NotFound(_("What this link is about is not there any more, so there is nothing to do."))
