"""Recording that two people met."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from summit import clock
from summit.audit import AuditEntry
from summit.connections.capture import attendee_by_code, record_connection
from summit.connections.correcting import disown
from summit.connections.models import Connection, Meeting
from summit.database import db
from summit.errors import Conflict, Invalid, NotFound, WrongTime
from summit.people.models import Person
from summit.summits.models import Attendance, Summit, SummitState
from tests.factories import Factory


def record(session: Session, summit: Summit, by: Person, other: Person, *challenges: object) -> Connection:
    made = record_connection(
        session,
        summit=summit,
        by=by.id,
        other_id=other.id,
        how=Meeting.SCAN,
        challenge_ids=[challenge.id for challenge in challenges],  # type: ignore[attr-defined]
        now=clock.now(),
    )
    session.commit()
    return made


def titles(session: Session, connection: Connection) -> list[str]:
    found = session.scalars(
        select(Connection)
        .where(Connection.id == connection.id)
        .options(selectinload(Connection.challenges))
        .execution_options(populate_existing=True)
    ).one()
    return [challenge.title for challenge in found.challenges]


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Connection)) or 0


@pytest.mark.parametrize("ana_first", [True, False])
def test_whoever_records_first_there_is_one_connection_about_all_they_named(
    session: Session, make: Factory, ana_first: bool
) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit, "Ana"), make.attendee(summit, "Ben")
    labs, mentors = make.challenge("Lab time"), make.challenge("Mentors")

    captures = [lambda: record(session, summit, ana, ben, labs), lambda: record(session, summit, ben, ana, mentors)]
    first, second = (capture() for capture in (captures if ana_first else reversed(captures)))

    assert first.id == second.id
    assert (first.low_id, first.high_id) == tuple(sorted((ana.id, ben.id)))
    assert titles(session, first) == ["Lab time", "Mentors"]
    assert count(session) == 1


def test_recording_leaves_the_matching_in_date_and_one_entry_in_the_trail(session: Session, make: Factory) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit), make.attendee(summit)
    before = summit.revision

    made = record(session, summit, ana, ben)
    record(session, summit, ben, ana)

    session.refresh(summit)
    assert summit.revision == before
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_kind == "connection")).all()
    assert [(entry.action, entry.actor_id, entry.subject_id) for entry in entries] == [
        ("record connection", ana.id, made.id)
    ]


def test_two_captures_at_the_same_moment_give_one_connection(app: Flask, session: Session, make: Factory) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit), make.attendee(summit)
    challenge = make.challenge()
    ids = (summit.id, ana.id, ben.id, challenge.id)
    start = threading.Barrier(2)
    found: list[int] = []

    def capture(by: int, other: int) -> None:
        with app.app_context():
            start.wait(timeout=10)
            current = db.session()
            made = record_connection(
                current,
                summit=current.get_one(Summit, ids[0]),
                by=by,
                other_id=other,
                how=Meeting.SCAN,
                challenge_ids=[ids[3]],
                now=clock.now(),
            )
            current.commit()
            found.append(made.id)
            db.session.remove()

    threads = [threading.Thread(target=capture, args=pair) for pair in ((ids[1], ids[2]), (ids[2], ids[1]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    session.rollback()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert count(session) == 1


def test_the_insert_that_comes_second_returns_the_first_ones_connection(
    app: Flask, session: Session, make: Factory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race, forced: the look-up sees nothing, the insert meets the constraint."""
    summit = make.summit()
    ana, ben = make.attendee(summit), make.attendee(summit)
    first = record(session, summit, ana, ben)
    from summit.connections import capture

    seen = capture._locked
    answers = iter([lambda *_: None, seen])
    monkeypatch.setattr(capture, "_locked", lambda *args: next(answers)(*args))
    second = record(session, summit, ben, ana, make.challenge("Mentors"))

    assert second.id == first.id
    assert titles(session, second) == ["Mentors"]


def test_nobody_connects_with_themselves(session: Session, make: Factory) -> None:
    summit = make.summit()
    ana = make.attendee(summit)

    with pytest.raises(Invalid, match="yourself"):
        record(session, summit, ana, ana)

    assert count(session) == 0


def test_both_must_attend_this_very_summit(session: Session, make: Factory) -> None:
    summit, other_summit = make.summit("This year"), make.summit("Last year")
    ana, stranger, elsewhere = make.attendee(summit), make.person(), make.attendee(other_summit)
    left = make.attendee(summit)
    attendance = session.scalars(select(Attendance).where(Attendance.person_id == left.id)).one()
    attendance.withdrawn_at = clock.now()
    session.commit()

    for other in (stranger, elsewhere, left):
        with pytest.raises(NotFound):
            record(session, summit, ana, other)
        with pytest.raises(NotFound):
            record(session, summit, other, ana)

    assert count(session) == 0


def test_nothing_is_recorded_at_a_closed_summit(session: Session, make: Factory) -> None:
    summit = make.summit(state=SummitState.CLOSED)
    ana, ben = make.attendee(summit), make.attendee(summit)

    with pytest.raises(WrongTime, match="closed"):
        record(session, summit, ana, ben)

    assert count(session) == 0


def test_an_unknown_challenge_is_refused_and_nothing_is_kept(session: Session, make: Factory) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit), make.attendee(summit)

    with pytest.raises(Invalid) as refused:
        record_connection(
            session,
            summit=summit,
            by=ana.id,
            other_id=ben.id,
            how=Meeting.SCAN,
            challenge_ids=[987654],
            now=clock.now(),
        )

    assert set(refused.value.fields) == {"challenges"}
    assert count(session) == 0


def test_who_said_not_me_takes_it_back_by_recording_and_the_other_can_not(session: Session, make: Factory) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit), make.attendee(summit)
    connection = record(session, summit, ana, ben)
    disown(session, connection, by=ben.id, now=clock.now())
    session.commit()

    with pytest.raises(Conflict):
        record(session, summit, ana, ben)
    session.rollback()
    assert connection.disowned_at is not None
    again = record(session, summit, ben, ana)

    assert (again.id, again.disowned_by_id, again.disowned_at) == (connection.id, None, None)


def test_the_first_word_counts_for_how_and_when(session: Session, make: Factory) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit), make.attendee(summit)
    made = record(session, summit, ana, ben)
    met_at = made.met_at

    record_connection(
        session,
        summit=summit,
        by=ben.id,
        other_id=ana.id,
        how=Meeting.HALLWAY,
        challenge_ids=[],
        now=clock.now() + timedelta(hours=3),
    )

    assert (made.how, made.met_at, made.recorded_by_id) == (Meeting.SCAN, met_at, ana.id)


def test_a_typed_code_is_read_whatever_its_case_and_spaces(session: Session, make: Factory) -> None:
    summit, other_summit = make.summit("This year"), make.summit("Last year")
    ana = make.attendee(summit)
    make.attendance(other_summit, ana)
    attendance = session.scalars(select(Attendance).where(Attendance.summit_id == summit.id)).one()
    code = attendance.code

    assert attendee_by_code(session, summit, f" {code[:5].upper()} - {code[5:]} ").person.id == ana.id
    with pytest.raises(NotFound):
        attendee_by_code(session, other_summit, code)


@pytest.mark.parametrize("pair", ["reversed", "same"])
def test_the_database_refuses_an_unordered_pair_and_a_pair_of_one(session: Session, make: Factory, pair: str) -> None:
    summit = make.summit()
    low, high = sorted((make.attendee(summit).id, make.attendee(summit).id))
    moment = clock.now()

    session.add(
        Connection(
            summit_id=summit.id,
            low_id=high,
            high_id=low if pair == "reversed" else high,
            how=Meeting.SCAN,
            met_at=moment,
            recorded_at=moment,
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_the_database_refuses_a_second_connection_of_a_pair(session: Session, make: Factory) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit), make.attendee(summit)
    make.connection(summit, ana, ben)

    with pytest.raises(IntegrityError):
        make.connection(summit, ben, ana)
    session.rollback()
