"""The sample in the database: all of it, once, and three people with something to do."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from summit import clock
from summit.access import Role, Viewer
from summit.challenges.models import Challenge
from summit.commitments.models import Commitment
from summit.connections.models import Confirmation, Connection, FollowUp, NextStep, StepState
from summit.database import db
from summit.errors import Conflict
from summit.matching.models import Answer, MatchAnswer
from summit.matching.my_matches import my_matches
from summit.matching.runs import published_run
from summit.organizations.models import Organization
from summit.people.models import Person
from summit.sample.load import SampleReport, load_sample
from summit.sample.protagonists import ATTENDEE_EMAIL, ORGANIZER_EMAIL, PARTNER_EMAIL
from summit.summits.finding import attendance_of
from summit.summits.models import Acquaintance, Attendance, Exclusion, Introduction, Stance, Summit, SummitState
from tests.factories import Factory


@pytest.fixture
def report(session: Session) -> SampleReport:
    made = load_sample(session, now=clock.now())
    session.commit()
    return made


def _count(session: Session, table: Any) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _person(session: Session, email: str) -> Person:
    return session.scalars(select(Person).where(Person.email == email)).one()


def _current(session: Session) -> Summit:
    return session.scalars(select(Summit).order_by(Summit.starts_on.desc())).first() or pytest.fail("no summit")


def test_the_report_counts_what_is_in_the_database(session: Session, report: SampleReport) -> None:
    counts = {
        "organizations": _count(session, Organization),
        "commitments": _count(session, Commitment),
        "challenges": _count(session, Challenge),
        "people": _count(session, Person),
        "stances": _count(session, Stance),
        "connections": _count(session, Connection),
        "next_steps": _count(session, NextStep),
        "follow_ups": _count(session, FollowUp),
        "matches": session.scalar(
            select(func.count()).select_from(Introduction).where(Introduction.summit_id == _current(session).id)
        ),
    }

    assert counts == {name: getattr(report, name) for name in counts}
    assert (report.organizations, report.challenges, report.people) == (150, 60, 210)
    assert _count(session, Exclusion) >= 4
    assert _count(session, Acquaintance) >= 10


def test_two_loads_of_one_seed_give_the_same_people_and_matches(app: Flask, session: Session) -> None:
    def loaded() -> tuple[list[str], set[tuple[str, ...]]]:
        load_sample(session, people=60, seed=5, now=clock.now())
        emails = {person.id: person.email for person in session.scalars(select(Person).order_by(Person.id))}
        pairs = session.execute(select(Introduction.low_id, Introduction.high_id)).all()
        session.rollback()
        return list(emails.values()), {tuple(sorted((emails[low], emails[high]))) for low, high in pairs}

    first, second = loaded(), loaded()

    assert first == second
    assert len(first[1]) > 60


def test_a_database_that_is_not_empty_is_left_as_it_is(session: Session, make: Factory) -> None:
    make.person("Ana")

    with pytest.raises(Conflict, match="not empty"):
        load_sample(session, now=clock.now())

    assert _count(session, Person) == 1
    assert _count(session, Organization) == 0


def test_loading_takes_few_statements(app: Flask, session: Session) -> None:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        load_sample(session, now=clock.now())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert 20 < len(statements) < 200


def test_the_summit_is_under_way_and_matched_for_nearly_everyone(session: Session, report: SampleReport) -> None:
    summit = _current(session)
    run = published_run(session, summit)
    attendees = set(
        session.scalars(
            select(Attendance.person_id).where(Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None))
        )
    )
    matched = Counter(
        person
        for pair in session.execute(
            select(Introduction.low_id, Introduction.high_id).where(Introduction.summit_id == summit.id)
        )
        for person in pair
    )

    assert summit.slug == report.summit == "summit-2026"
    assert (summit.starts_on.isoformat(), summit.ends_on.isoformat()) == ("2026-10-13", "2026-10-15")
    assert run is not None
    assert run.gap is not None
    assert run.gap < 0.05
    assert set(matched) <= attendees
    assert sum(matched[person] >= 3 for person in attendees) >= 0.9 * len(attendees)


def test_the_past_summits_were_matched_and_are_closed(session: Session, report: SampleReport) -> None:
    past = session.scalars(select(Summit).where(Summit.id != _current(session).id).order_by(Summit.starts_on)).all()

    runs = [published_run(session, summit) for summit in past]

    assert [(summit.slug, summit.state) for summit in past] == [
        ("summit-2024", SummitState.CLOSED),
        ("summit-2025", SummitState.CLOSED),
    ]
    for summit, run in zip(past, runs, strict=True):
        assert run is not None
        assert run.matches > 100
        assert run.published_at is not None
        assert run.published_at.date() < summit.starts_on


def test_the_attendee_has_matches_to_answer_and_two_who_wait_for_her(session: Session, report: SampleReport) -> None:
    maya = _person(session, ATTENDEE_EMAIL)
    summit = _current(session)
    run = published_run(session, summit)
    assert run is not None

    attendance = attendance_of(session, summit, maya.id)
    assert attendance is not None

    matches = my_matches(session, summit, run, Viewer(maya.id, maya.role), attendance)

    answered = session.scalars(select(MatchAnswer).where(MatchAnswer.person_id == maya.id)).all()
    interested = session.scalars(select(MatchAnswer.answer).where(MatchAnswer.other_id == maya.id)).all()
    assert 3 <= len(matches) <= maya.introductions
    assert answered == []
    assert interested == [Answer.INTERESTED, Answer.INTERESTED]


def test_the_partner_has_promises_due_and_a_follow_up_to_confirm(session: Session, report: SampleReport) -> None:
    renata = _person(session, PARTNER_EMAIL)
    today = clock.now().astimezone(ZoneInfo(renata.time_zone)).date()

    promises = session.scalars(
        select(NextStep).where(NextStep.owner_id == renata.id, NextStep.state == StepState.OPEN)
    ).all()
    waiting = session.scalars(
        select(FollowUp)
        .join(Connection)
        .where(
            or_(Connection.low_id == renata.id, Connection.high_id == renata.id),
            FollowUp.author_id != renata.id,
            FollowUp.confirmation == Confirmation.PENDING,
        )
    ).all()

    days = sorted((step.due_at.astimezone(ZoneInfo(renata.time_zone)).date() - today).days for step in promises)
    assert days == [-1, 0, 1]
    assert len(waiting) == 1
    assert waiting[0].logged_at < clock.now() - timedelta(days=3)


def test_the_three_sign_in_addresses_lead_to_an_attendee_a_partner_and_an_organizer(
    session: Session, report: SampleReport
) -> None:
    roles = [_person(session, email).role for email in (ATTENDEE_EMAIL, PARTNER_EMAIL, ORGANIZER_EMAIL)]

    assert roles == [Role.PARTNER, Role.PARTNER, Role.ORGANIZER]


PAGES = (
    (ATTENDEE_EMAIL, "/summits/summit-2026/matches", "Keeping mentors past year two"),
    (ATTENDEE_EMAIL, "/summits/summit-2026/people?q=renata", "Renata Okafor"),
    (ATTENDEE_EMAIL, "/challenges/lab-time-in-small-schools", "Lab time in small schools"),
    (PARTNER_EMAIL, "/connections", "Dev Malhotra"),
    (PARTNER_EMAIL, "/organizations/harbor-city-teaching-residency", "Harbor City Teaching Residency"),
    (ORGANIZER_EMAIL, "/organize/summits/summit-2026/check-in?q=maya", "Maya Lindqvist"),
)


def test_the_pages_of_the_story_show_it(
    session: Session, report: SampleReport, sign_in: Callable[[Person | None], FlaskClient]
) -> None:
    for email, path, words in PAGES:
        answer = sign_in(_person(session, email)).get(path)

        assert answer.status_code == 200, path
        assert words in answer.get_data(as_text=True), path


def test_loaded_early_in_the_morning_nothing_has_happened_later_than_now(app: Flask, session: Session) -> None:
    now = datetime(2026, 10, 14, 7, 30, tzinfo=UTC)  # half past one at the summit

    load_sample(session, now=now)

    for column in (
        Attendance.checked_in_at,
        Connection.met_at,
        Connection.recorded_at,
        NextStep.made_at,
        NextStep.settled_at,
        FollowUp.logged_at,
        FollowUp.answered_at,
        MatchAnswer.answered_at,
    ):
        assert session.scalar(select(func.max(column))) <= now


def test_a_connection_shows_its_people_its_challenges_and_both_steps_of_a_change(
    session: Session, report: SampleReport
) -> None:
    connections = session.scalars(
        select(Connection)
        .options(joinedload(Connection.low), joinedload(Connection.high))
        .options(selectinload(Connection.challenges), selectinload(Connection.next_steps))
    ).all()
    changed = [c for c in connections if any(step.state is StepState.CHANGED for step in c.next_steps)]

    assert sum(bool(connection.challenges) for connection in connections) > 0.8 * len(connections)
    assert changed
    for connection in changed:
        old = next(step for step in connection.next_steps if step.state is StepState.CHANGED)
        assert old.replaced_by_id in {step.id for step in connection.next_steps} - {old.id}
    for connection in connections:
        people = {connection.low_id, connection.high_id, None}
        assert {step.owner_id for step in connection.next_steps} <= people


def test_new_rows_can_be_added_after_the_sample(session: Session, report: SampleReport, make: Factory) -> None:
    added = make.person("Zora Newcomer")

    assert added.id not in session.scalars(select(Person.id).where(Person.email != added.email)).all()


def test_the_command_says_what_it_made_and_how_to_sign_in(app: Flask, session: Session) -> None:
    result = app.test_cli_runner().invoke(args=["sample", "load", "--people", "40", "--seed", "3"])

    assert result.exit_code == 0, result.output
    assert "40 people" in result.output
    assert f"flask people sign-in-link {ORGANIZER_EMAIL}" in result.output
    session.rollback()
    assert _count(session, Person) == 40


def test_the_command_refuses_a_database_in_use_on_stderr(app: Flask, make: Factory) -> None:
    make.person("Ana")

    result = app.test_cli_runner().invoke(args=["sample", "load"])

    assert result.exit_code == 1
    assert "not empty" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("people", ["5", "20001", "many"])
def test_the_command_refuses_a_size_that_cannot_be(app: Flask, people: str) -> None:
    result = app.test_cli_runner().invoke(args=["sample", "load", "--people", people])

    assert result.exit_code == 2
    assert "--people" in result.stderr
