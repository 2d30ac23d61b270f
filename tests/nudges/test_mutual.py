"""The mail about mutual interest: asked about once more before it leaves, like every reminder."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.mail.outbox import Message
from summit.matching.models import Answer, MatchAnswer
from summit.matching.telling import tell_mutual
from summit.nudges.planner import still_wanted
from summit.people.models import Person
from summit.summits.attendance import withdraw
from summit.summits.models import Exclusion, Summit, SummitState


@pytest.fixture
def told(session: Session, settings: Settings, summit: Summit, ana: Person, ben: Person) -> Message:
    """Ana and Ben are interested in each other, and Ana is told."""
    for one, other in ((ana, ben), (ben, ana)):
        session.add(
            MatchAnswer(
                summit_id=summit.id,
                person_id=one.id,
                other_id=other.id,
                answer=Answer.INTERESTED,
                answered_at=clock.now(),
            )
        )
    session.flush()
    tell_mutual(session, summit, to=ana, other=ben, settings=settings, now=clock.now())
    session.commit()
    return session.query(Message).one()


def say(session: Session, person: Person, answer: Answer) -> None:
    session.query(MatchAnswer).filter_by(person_id=person.id).one().answer = answer


CHANGES: dict[str, Callable[[Session, Summit, Person, Person], object]] = {
    "its reader stopped": lambda _session, _summit, ana, _ben: setattr(ana, "nudges_stopped_at", clock.now()),
    "its reader is gone": lambda _session, _summit, ana, _ben: setattr(ana, "disabled_at", clock.now()),
    "the other is gone": lambda _session, _summit, _ana, ben: setattr(ben, "disabled_at", clock.now()),
    "its reader has another address": lambda _session, _summit, ana, _ben: setattr(ana, "email", "new@example.org"),
    "the other took it back": lambda session, _summit, _ana, ben: say(session, ben, Answer.NOT_NOW),
    "its reader took it back": lambda session, _summit, ana, _ben: say(session, ana, Answer.NOT_NOW),
    "the summit closed": lambda _session, summit, _ana, _ben: setattr(summit, "state", SummitState.CLOSED),
    "the other withdrew": lambda session, summit, _ana, ben: withdraw(
        session, summit, ben.id, by=ben.id, now=clock.now()
    ),
    "they are kept apart": lambda session, _summit, ana, ben: session.add(
        Exclusion(person_id=ben.id, other_id=ana.id, created_at=clock.now())
    ),
}


def test_mutual_interest_is_told_while_it_holds(session: Session, told: Message) -> None:
    assert still_wanted(session, told)


@pytest.mark.parametrize("change", CHANGES)
def test_mutual_interest_is_not_told_any_more_when(
    change: str, session: Session, summit: Summit, ana: Person, ben: Person, told: Message
) -> None:
    CHANGES[change](session, summit, ana, ben)
    session.flush()

    assert not still_wanted(session, told)


def test_who_is_told_can_stop_it_with_one_click(told: Message) -> None:
    stop = told.headers["List-Unsubscribe"].strip("<>")

    assert told.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop in told.text
    assert stop in told.html
