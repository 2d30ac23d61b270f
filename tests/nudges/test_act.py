"""Pages behind links: a GET changes nothing, the button does what it says, once; nobody needs to sign in."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.access import Audience
from summit.connections.correcting import disown
from summit.connections.models import Confirmation, Connection, FollowUp, FollowUpKind, NextStep, Note, StepState
from summit.database import Base
from summit.mail.outbox import Message
from summit.matching.models import Answer as MatchSaid
from summit.matching.models import Match, MatchAnswer, MatchRun, RunState
from summit.nudges.cadence import About
from summit.nudges.links import ANSWERS, Answer, answer_token
from summit.people.models import Person
from summit.summits.models import Summit
from tests.factories import Factory


@dataclass
class Story:
    """Ana and Ben met, Ana promised Ben something, Ben logged what came of it, and Ben wants to meet Ana."""

    connection: Connection
    step: NextStep
    bare: Connection
    follow_up: FollowUp
    interest: MatchAnswer
    subjects: dict[About, int]


@pytest.fixture
def story(session: Session, make: Factory, summit: Summit, ana: Person, ben: Person) -> Story:
    connection = make.connection(summit, ana, ben)
    step = make.next_step(connection, "Send the guide", owner=ana)
    session.add(
        Note(
            connection_id=connection.id,
            author_id=ana.id,
            text="Secret note",
            audience=Audience.ONLY_ME,
            written_at=clock.now(),
        )
    )
    follow_up = make.follow_up(connection, ben, FollowUpKind.ADAPTED, text="The lab rota runs on Fridays.")
    bare = make.connection(summit, ana, make.attendee(summit, "Cai Lund"))
    run = MatchRun(summit_id=summit.id, state=RunState.DONE, requested_at=clock.now(), published_at=clock.now())
    session.add(run)
    session.flush()
    low, high = sorted((ana.id, ben.id))
    session.add(Match(run_id=run.id, low_id=low, high_id=high, score=1.0, rank_for_low=1, rank_for_high=1))
    make.introduction(summit, ana, ben)
    interest = MatchAnswer(
        summit_id=summit.id, person_id=ben.id, other_id=ana.id, answer=MatchSaid.INTERESTED, answered_at=clock.now()
    )
    session.add(interest)
    session.commit()
    subjects = {
        About.CONNECTION: bare.id,
        About.NEXT_STEP: step.id,
        About.FOLLOW_UP: follow_up.id,
        About.MATCH: interest.id,
    }
    return Story(connection, step, bare, follow_up, interest, subjects)


Link = Callable[..., str]


@pytest.fixture
def link(settings: Settings, ana: Person, story: Story) -> Link:
    """Return the path of Ana's link for an answer."""

    def path(about: About, answer: Answer, person: Person | None = None) -> str:
        who = person or ana
        return f"/act/{answer_token(settings.secret_key, who.id, about, story.subjects[about], answer)}"

    return path


@pytest.fixture
def nobody(sign_in: Callable[[Person | None], FlaskClient]) -> FlaskClient:
    return sign_in(None)


def dump(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database."""
    session.rollback()
    found = {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }
    session.rollback()
    return found


def press(client: FlaskClient, path: str, **fields: str) -> str:
    """Open a link, press its button as a browser would, follow to where it leads, and return that page."""
    page = client.get(path).get_data(as_text=True)
    stage = re.search(r'name="stage"[^>]*value="(\w+)"', page)
    assert stage, page
    answer = client.post(path, data={"stage": stage[1]} | fields, follow_redirects=True)
    return answer.get_data(as_text=True)


EVERY = [(about, answer) for about, answers in ANSWERS.items() for answer in answers]


@pytest.mark.parametrize(("about", "answer"), EVERY)
def test_opening_a_link_changes_nothing(
    about: About, answer: Answer, session: Session, link: Link, nobody: FlaskClient
) -> None:
    before = dump(session)

    answers = [nobody.open(link(about, answer), method=method).status_code for method in ("GET", "HEAD", "GET")]
    turned = nobody.get(link(about, answer), query_string={"turned_to": ANSWERS[about][-1].value}).status_code

    assert [*answers, turned] == [200] * 4
    assert dump(session) == before


@pytest.mark.parametrize(("about", "answer"), EVERY)
def test_a_link_shows_what_it_needs_and_nothing_else(
    about: About, answer: Answer, link: Link, nobody: FlaskClient
) -> None:
    page = nobody.get(link(about, answer)).get_data(as_text=True)

    other = "Cai Lund" if about is About.CONNECTION else "Ben Okoro"
    assert other in page
    assert "Secret note" not in page
    assert ("Send the guide" in page) == (about is About.NEXT_STEP)
    assert ("The lab rota" in page) == (about is About.FOLLOW_UP)
    assert ("Cai" in page) == (about is About.CONNECTION)
    assert "@example.org" not in page


def test_done_leads_to_what_came_of_it_without_a_sign_in(
    session: Session, ana: Person, story: Story, link: Link, nobody: FlaskClient
) -> None:
    path = link(About.NEXT_STEP, Answer.DONE)

    asked = press(nobody, path)
    thanked = press(nobody, path, kind="learned", text="Their guide works in winter too.", audience="summit")

    session.expire_all()
    logged = session.scalars(select(FollowUp).where(FollowUp.author_id == ana.id)).one()
    assert "What came of it?" in asked
    assert (story.step.state, story.step.settled_by_id) == (StepState.DONE, ana.id)
    assert (logged.kind, logged.text, logged.audience, logged.next_step_id) == (
        FollowUpKind.LEARNED,
        "Their guide works in winter too.",
        Audience.SUMMIT,
        story.step.id,
    )
    assert "Thank you." in thanked


def test_nothing_is_as_easy_as_success(session: Session, ana: Person, link: Link, nobody: FlaskClient) -> None:
    path = link(About.NEXT_STEP, Answer.DONE)
    press(nobody, path)

    press(nobody, path, kind="no_result", text="", audience="pair")

    assert session.scalars(select(FollowUp.kind).where(FollowUp.author_id == ana.id)).all() == [FollowUpKind.NO_RESULT]


def test_a_step_is_let_go(session: Session, story: Story, link: Link, nobody: FlaskClient) -> None:
    page = press(nobody, link(About.NEXT_STEP, Answer.DROPPED))

    session.expire_all()
    assert story.step.state is StepState.DROPPED
    assert "was let go" in page


def test_a_step_is_moved_to_another_day(session: Session, story: Story, link: Link, nobody: FlaskClient) -> None:
    page = press(nobody, link(About.NEXT_STEP, Answer.MOVED), when="other", other_day="2026-11-03")

    session.expire_all()
    later = session.get_one(NextStep, story.step.replaced_by_id)
    # Nine in Chicago, after the clocks went back.
    assert (story.step.state, later.due_at) == (StepState.CHANGED, datetime.fromisoformat("2026-11-03T15:00+00:00"))
    assert re.search(r"was moved to Nov\w* 3, 2026", page)


@pytest.mark.parametrize("day", ["2020-01-01", "", "not a day", "9999-12-31"])
def test_a_step_is_not_moved_into_the_past_or_nowhere(
    day: str, session: Session, story: Story, link: Link, nobody: FlaskClient
) -> None:
    answer = nobody.post(
        link(About.NEXT_STEP, Answer.MOVED), data={"stage": "move_step", "when": "other", "other_day": day}
    )

    session.expire_all()
    assert answer.status_code == 422
    assert 'class="errors"' in answer.get_data(as_text=True)
    assert story.step.state is StepState.OPEN


def test_a_link_can_be_turned_to_another_answer(
    session: Session, story: Story, link: Link, nobody: FlaskClient
) -> None:
    press(nobody, link(About.NEXT_STEP, Answer.DONE) + "?turned_to=dropped")

    session.expire_all()
    assert story.step.state is StepState.DROPPED


@pytest.mark.parametrize(
    ("answer", "said", "text"),
    [
        (Answer.CONFIRM, Confirmation.CONFIRMED, ""),
        (Answer.NOT_QUITE, Confirmation.AMENDED, "On Thursdays."),
        (Answer.DENY, Confirmation.DENIED, ""),
    ],
)
def test_a_follow_up_is_answered(
    answer: Answer, said: Confirmation, text: str, session: Session, story: Story, link: Link, nobody: FlaskClient
) -> None:
    page = press(nobody, link(About.FOLLOW_UP, answer), confirmation=said.value, text=text)

    session.expire_all()
    assert (story.follow_up.confirmation, story.follow_up.answer_text) == (said, text)
    assert "All settled" in page


def test_not_quite_needs_words(session: Session, story: Story, link: Link, nobody: FlaskClient) -> None:
    page = press(nobody, link(About.FOLLOW_UP, Answer.NOT_QUITE), confirmation="amended", text=" ")

    session.expire_all()
    assert "Say in a sentence how it was." in page
    assert story.follow_up.confirmation is Confirmation.PENDING


def test_the_author_of_a_follow_up_has_nothing_to_answer(link: Link, ben: Person, nobody: FlaskClient) -> None:
    assert nobody.get(link(About.FOLLOW_UP, Answer.CONFIRM, ben)).status_code == 404


@pytest.mark.parametrize(
    ("answer", "said", "told"),
    [(Answer.INTERESTED, MatchSaid.INTERESTED, ["ben-okoro@example.org"]), (Answer.NOT_NOW, MatchSaid.NOT_NOW, [])],
)
def test_a_match_is_answered_and_mutual_interest_told(
    answer: Answer,
    said: MatchSaid,
    told: list[str],
    session: Session,
    ana: Person,
    link: Link,
    nobody: FlaskClient,
) -> None:
    page = press(nobody, link(About.MATCH, answer))

    assert session.scalars(select(MatchAnswer.answer).where(MatchAnswer.person_id == ana.id)).all() == [said]
    assert session.scalars(select(Message.to_address)).all() == told
    assert ("You both want to meet" in page) == bool(told)


def test_a_next_step_is_added(session: Session, story: Story, ana: Person, link: Link, nobody: FlaskClient) -> None:
    page = press(
        nobody,
        link(About.CONNECTION, Answer.ADD_STEP),
        idea="Have a call",
        what="",
        who="both",
        when="other",
        other_day="2026-10-20",
    )

    step = session.scalars(select(NextStep).where(NextStep.connection_id == story.bare.id)).one()
    assert (step.what, step.owner_id, step.made_by_id) == ("Have a call", None, ana.id)
    assert "Have a call" in page


def test_own_words_come_before_a_suggestion(session: Session, story: Story, link: Link, nobody: FlaskClient) -> None:
    press(
        nobody,
        link(About.CONNECTION, Answer.ADD_STEP),
        idea="Have a call",
        what="Visit the lab",
        who="me",
        when="other",
        other_day="2026-10-20",
    )

    assert session.scalars(select(NextStep.what).where(NextStep.connection_id == story.bare.id)).all() == [
        "Visit the lab"
    ]


def test_no_next_step_is_needed(session: Session, story: Story, link: Link, nobody: FlaskClient) -> None:
    page = press(nobody, link(About.CONNECTION, Answer.NO_STEP))

    session.expire_all()
    assert story.bare.no_step_needed_at is not None
    assert "Noted: no next step is needed." in page


@pytest.mark.parametrize(
    ("about", "answer", "fields"),
    [
        (About.NEXT_STEP, Answer.DONE, {"stage": "settle_step"}),
        (About.NEXT_STEP, Answer.DROPPED, {"stage": "settle_step"}),
        (About.FOLLOW_UP, Answer.CONFIRM, {"stage": "follow_up", "confirmation": "confirmed", "text": ""}),
        (About.MATCH, Answer.INTERESTED, {"stage": "match"}),
        (About.CONNECTION, Answer.NO_STEP, {"stage": "no_step"}),
    ],
)
def test_pressing_twice_does_it_once(
    about: About, answer: Answer, fields: dict[str, str], session: Session, link: Link, nobody: FlaskClient
) -> None:
    nobody.post(link(about, answer), data=fields)
    once = dump(session)

    again = nobody.post(link(about, answer), data=fields)

    assert again.status_code == 303
    assert dump(session) == once


def test_a_forged_an_expired_and_a_stranger_s_link_say_so_and_change_nothing(
    session: Session, settings: Settings, ana: Person, make: Factory, story: Story, link: Link, nobody: FlaskClient
) -> None:
    path = link(About.NEXT_STEP, Answer.DONE)
    stranger = make.person("Stranger")
    theirs = link(About.NEXT_STEP, Answer.DONE, stranger)
    forged = path[:-4] + ("aaaa" if not path.endswith("aaaa") else "bbbb")
    before = dump(session)

    found = {}
    for name, address in {"forged": forged, "stranger": theirs, "nonsense": "/act/nonsense"}.items():
        answers = [nobody.get(address), nobody.post(address, data={"stage": "settle_step"})]
        found[name] = {answer.status_code for answer in answers}
        assert "This link does not work" in answers[0].get_data(as_text=True)
    clock.turn_to(clock.now() + timedelta(days=61))
    expired = nobody.get(path)

    assert found == {"forged": {404}, "stranger": {404}, "nonsense": {404}}
    assert expired.status_code == 409
    assert "too old" in expired.get_data(as_text=True)
    assert dump(session) == before


@pytest.mark.parametrize("end", ["disowned", "disabled", "gone"])
def test_a_link_to_what_is_gone_says_so(
    end: str, session: Session, ana: Person, ben: Person, story: Story, link: Link, nobody: FlaskClient
) -> None:
    path = link(About.NEXT_STEP, Answer.DONE)
    if end == "disowned":
        disown(session, story.connection, by=ben.id, now=clock.now())
    elif end == "disabled":
        ana.disabled_at = clock.now()
    else:
        session.delete(story.step)
    session.commit()

    answer = nobody.post(path, data={"stage": "settle_step"})

    assert answer.status_code == 404
    assert "Nothing was changed." in answer.get_data(as_text=True)


def test_the_other_side_can_not_answer_for_the_owner(ben: Person, link: Link, nobody: FlaskClient) -> None:
    assert nobody.get(link(About.NEXT_STEP, Answer.DONE, ben)).status_code == 404


def test_a_button_without_the_pages_token_is_refused(
    app: Flask, session: Session, story: Story, link: Link, nobody: FlaskClient
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = nobody.post(link(About.NEXT_STEP, Answer.DONE), data={"stage": "settle_step"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    session.expire_all()
    assert answer.status_code == 400
    assert story.step.state is StepState.OPEN
