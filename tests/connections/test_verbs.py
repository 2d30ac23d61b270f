"""What the verbs of connections refuse, record and tell, beyond what their state machines show."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience, Role, Viewer
from summit.audit import AuditEntry
from summit.connections.correcting import correct_connection, disown, own_again
from summit.connections.finding import find_connection
from summit.connections.follow_up import answer_follow_up, log_follow_up
from summit.connections.history import FollowUpAnswered, FollowUpLogged, Met, NoteWritten, StepPromised, StepSettled
from summit.connections.history import history as history_of
from summit.connections.models import (
    Confirmation,
    Connection,
    FollowUp,
    FollowUpKind,
    Meeting,
    NextStep,
    Note,
    StepState,
)
from summit.connections.next_steps import Replacement, promise_step, settle_step
from summit.connections.notes import delete_note, write_note
from summit.errors import Invalid, NotFound
from summit.people.models import Person
from summit.summits.models import Summit
from tests.factories import Factory


@pytest.fixture
def summit(make: Factory) -> Summit:
    return make.summit()


@pytest.fixture
def ana(make: Factory, summit: Summit) -> Person:
    return make.attendee(summit, "Ana")


@pytest.fixture
def ben(make: Factory, summit: Summit) -> Person:
    return make.attendee(summit, "Ben")


@pytest.fixture
def connection(make: Factory, summit: Summit, ana: Person, ben: Person) -> Connection:
    return make.connection(summit, ana, ben)


def test_somebody_outside_the_pair_can_do_nothing(
    session: Session, make: Factory, summit: Summit, ana: Person, connection: Connection
) -> None:
    stranger = make.attendee(summit).id
    step, follow_up, now = make.next_step(connection, owner=ana), make.follow_up(connection, ana), clock.now()
    later = now + timedelta(days=1)
    attempts = [
        lambda: promise_step(session, connection, what="x", owner_id=None, due_at=later, by=stranger, now=now),
        lambda: promise_step(session, connection, what="x", owner_id=stranger, due_at=later, by=ana.id, now=now),
        lambda: settle_step(session, step, by=stranger, outcome=StepState.DONE, now=now),
        lambda: answer_follow_up(
            session, follow_up, by=stranger, confirmation=Confirmation.CONFIRMED, text="", now=now
        ),
        lambda: log_follow_up(
            session,
            connection,
            author_id=stranger,
            kind=FollowUpKind.LEARNED,
            text="",
            audience=Audience.PAIR,
            now=now,
        ),
        lambda: write_note(session, connection, author_id=stranger, text="x", audience=Audience.ONLY_ME, now=now),
        lambda: disown(session, connection, by=stranger, now=now),
        lambda: own_again(session, connection, by=stranger, now=now),
        lambda: correct_connection(session, connection, by=stranger, how=Meeting.SCAN, challenge_ids=[], now=now),
    ]

    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize(
    ("outcome", "with_replacement"),
    [(StepState.OPEN, False), (StepState.CHANGED, False), (StepState.DONE, True), (StepState.DROPPED, True)],
)
def test_only_a_changed_step_has_a_replacement_and_open_is_no_outcome(
    session: Session, make: Factory, ana: Person, connection: Connection, outcome: StepState, with_replacement: bool
) -> None:
    step, now = make.next_step(connection, owner=ana), clock.now()
    later = Replacement("Call", now + timedelta(days=9)) if with_replacement else None

    with pytest.raises(Invalid):
        settle_step(session, step, by=ana.id, outcome=outcome, replacement=later, now=now)

    assert step.state is StepState.OPEN


def test_a_step_can_not_be_moved_into_the_past_or_to_where_it_is(
    session: Session, make: Factory, ana: Person, connection: Connection
) -> None:
    step, now = make.next_step(connection, "Call", owner=ana), clock.now()

    for due_at in (now - timedelta(hours=1), step.due_at):
        with pytest.raises(Invalid) as refused:
            settle_step(
                session, step, by=ana.id, outcome=StepState.CHANGED, replacement=Replacement("Call", due_at), now=now
            )
        assert set(refused.value.fields) == {"due_at"}
    assert session.scalars(select(NextStep)).all() == [step]


@pytest.mark.parametrize(
    ("audience", "text"), [(Audience.ONLY_ME, "ok"), (Audience.MATCHES, "ok"), (Audience.PAIR, "x" * 601)]
)
def test_a_follow_up_of_an_odd_audience_or_a_novel_is_refused(
    session: Session, ana: Person, connection: Connection, audience: Audience, text: str
) -> None:
    with pytest.raises(Invalid):
        log_follow_up(
            session,
            connection,
            author_id=ana.id,
            kind=FollowUpKind.LEARNED,
            text=text,
            audience=audience,
            now=clock.now(),
        )

    assert session.scalars(select(FollowUp)).all() == []


def test_a_follow_up_names_only_a_step_of_its_own_connection(
    session: Session, make: Factory, summit: Summit, ana: Person, connection: Connection
) -> None:
    others = make.connection(summit, make.attendee(summit), make.attendee(summit))
    step = make.next_step(others, owner=None)

    with pytest.raises(NotFound):
        log_follow_up(
            session,
            connection,
            author_id=ana.id,
            kind=FollowUpKind.LEARNED,
            text="",
            audience=Audience.PAIR,
            next_step_id=step.id,
            now=clock.now(),
        )


def test_everything_but_a_private_note_is_in_the_trail_without_a_word_of_it(
    session: Session, make: Factory, ana: Person, ben: Person, connection: Connection
) -> None:
    now = clock.now()
    step = promise_step(
        session, connection, what="Secret call", owner_id=ana.id, due_at=now + timedelta(days=1), by=ana.id, now=now
    )
    settle_step(session, step, by=ben.id, outcome=StepState.DONE, now=now)
    follow_up = log_follow_up(
        session,
        connection,
        author_id=ana.id,
        kind=FollowUpKind.NO_RESULT,
        text="Secret words",
        audience=Audience.PAIR,
        now=now,
    )
    answer_follow_up(session, follow_up, by=ben.id, confirmation=Confirmation.AMENDED, text="Secret too", now=now)
    for audience in (Audience.ONLY_ME, Audience.PAIR):
        note = write_note(session, connection, author_id=ana.id, text="Secret note", audience=audience, now=now)
        delete_note(session, note, by=ana.id, now=now)
    correct_connection(session, connection, by=ben.id, how=Meeting.TABLE, challenge_ids=[], now=now)
    disown(session, connection, by=ben.id, now=now)
    own_again(session, connection, by=ben.id, now=now)
    session.flush()

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("promise step", ana.id),
        ("settle step", ben.id),
        ("log follow-up", ana.id),
        ("answer follow-up", ben.id),
        ("share note", ana.id),
        ("delete shared note", ana.id),
        ("correct connection", ben.id),
        ("disown connection", ben.id),
        ("own connection again", ben.id),
    ]
    assert not any("Secret" in str(entry.detail) for entry in entries)


def test_the_history_is_in_time_order_and_only_what_the_reader_may_see(
    session: Session, ana: Person, ben: Person, connection: Connection
) -> None:
    start = clock.now()
    step = promise_step(
        session,
        connection,
        what="Call",
        owner_id=ana.id,
        due_at=start + timedelta(days=3),
        by=ana.id,
        now=start + timedelta(hours=1),
    )
    write_note(
        session,
        connection,
        author_id=ana.id,
        text="For me",
        audience=Audience.ONLY_ME,
        now=start + timedelta(hours=2),
    )
    settle_step(session, step, by=ana.id, outcome=StepState.DONE, now=start + timedelta(hours=3))
    follow_up = log_follow_up(
        session,
        connection,
        author_id=ana.id,
        kind=FollowUpKind.LEARNED,
        text="How",
        audience=Audience.PAIR,
        next_step_id=step.id,
        now=start + timedelta(hours=4),
    )
    answer_follow_up(
        session,
        follow_up,
        by=ben.id,
        confirmation=Confirmation.CONFIRMED,
        text="",
        now=start + timedelta(hours=5),
    )
    session.commit()
    session.expire_all()

    def kinds(person: Person) -> list[type]:
        viewer = Viewer(person.id, Role.PARTNER)
        found = find_connection(session, connection.id, viewer)
        return [type(event) for event in history_of(session, found, viewer)]

    assert kinds(ana) == [Met, StepPromised, NoteWritten, StepSettled, FollowUpLogged, FollowUpAnswered]
    assert kinds(ben) == [Met, StepPromised, StepSettled, FollowUpLogged, FollowUpAnswered]


def test_the_database_holds_the_rules_when_the_verbs_are_bypassed(
    session: Session, ana: Person, connection: Connection
) -> None:
    now = clock.now()
    step = {"connection_id": connection.id, "owner_id": ana.id, "due_at": now, "made_at": now, "what": "Call"}
    follow_up = {
        "connection_id": connection.id,
        "author_id": ana.id,
        "kind": "learned",
        "text": "",
        "audience": "pair",
        "logged_at": now,
        "confirmation": "pending",
        "answer_text": "",
    }
    note = {"connection_id": connection.id, "author_id": ana.id, "text": "x", "written_at": now}
    refused = [
        insert(NextStep).values(step | {"state": "open", "what": ""}),
        insert(NextStep).values(step | {"state": "done"}),
        insert(NextStep).values(step | {"state": "open", "settled_at": now}),
        insert(FollowUp).values(follow_up | {"audience": "only_me"}),
        insert(FollowUp).values(follow_up | {"confirmation": "confirmed"}),
        insert(FollowUp).values(follow_up | {"answered_at": now}),
        insert(Note).values(note | {"audience": "public"}),
    ]
    taken = [
        insert(NextStep).values(step | {"state": "open"}),
        insert(FollowUp).values(follow_up),
        insert(Note).values(note | {"audience": "pair"}),
    ]

    for statement in refused:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(statement)
    for statement in taken:
        session.execute(statement)
