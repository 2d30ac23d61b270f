"""Who may read notes and follow-ups, for every audience and every kind of reader."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import clock
from summit.access import NOBODY, Audience, Role, Viewer
from summit.connections.correcting import disown
from summit.connections.finding import connections_of, find_connection
from summit.connections.models import Confirmation, FollowUp, Note
from summit.connections.promises import follow_ups_to_answer, open_steps, steps_promised_to
from summit.connections.visibility import visible_follow_ups, visible_notes
from summit.errors import NotFound
from summit.people.models import Person
from tests.factories import Factory

PAIR = {"author", "other"}
READERS = {
    Audience.PAIR: PAIR,
    Audience.ORGANIZERS: PAIR | {"organizer"},
    Audience.SUMMIT: PAIR | {"organizer", "attendee"},
    Audience.NETWORK: PAIR | {"organizer", "attendee", "partner", "withdrawn"},
    Audience.PUBLIC: PAIR | {"organizer", "attendee", "partner", "withdrawn", "nobody"},
}


class Readers:
    """A connection of two people, and everybody else who might look."""

    def __init__(self, make: Factory, session: Session, organizer: Person) -> None:
        summit, elsewhere = make.summit("This year"), make.summit("Last year")
        self.author, self.other = make.attendee(summit), make.attendee(summit)
        people = {"author": self.author, "other": self.other, "attendee": make.attendee(summit)}
        people["partner"] = make.attendee(elsewhere)
        people["withdrawn"] = make.person()
        make.attendance(summit, people["withdrawn"]).withdrawn_at = clock.now()
        session.commit()
        self.viewers = {name: Viewer(person.id, Role.PARTNER) for name, person in people.items()}
        self.viewers |= {"organizer": Viewer(organizer.id, Role.ORGANIZER), "nobody": NOBODY}
        self.connection = make.connection(summit, self.author, self.other)

    def who_read(self, session: Session, row: type[FollowUp] | type[Note]) -> set[str]:
        visible = visible_follow_ups if row is FollowUp else visible_notes
        return {
            name
            for name, viewer in self.viewers.items()
            if session.scalars(select(row).where(visible(viewer))).all()  # type: ignore[operator]
        }


@pytest.fixture
def readers(make: Factory, session: Session, organizer: Person) -> Readers:
    return Readers(make, session, organizer)


@pytest.mark.parametrize("audience", list(READERS))
@pytest.mark.parametrize("confirmation", list(Confirmation))
def test_a_follow_up_is_read_by_its_audience_and_beyond_the_organizers_only_once_it_is_confirmed(
    session: Session, make: Factory, readers: Readers, audience: Audience, confirmation: Confirmation
) -> None:
    follow_up = make.follow_up(readers.connection, readers.author, audience=audience)
    if confirmation is not Confirmation.PENDING:
        follow_up.confirmation, follow_up.answered_at = confirmation, clock.now()
    session.commit()

    expected = READERS[audience]
    if confirmation not in (Confirmation.CONFIRMED, Confirmation.AMENDED):
        expected = expected & (PAIR | {"organizer"})
    assert readers.who_read(session, FollowUp) == expected


@pytest.mark.parametrize(
    ("audience", "expected"), [(Audience.ONLY_ME, {"author"}), (Audience.PAIR, {"author", "other"})]
)
def test_a_note_is_read_by_its_author_and_if_shared_by_the_other_side(
    session: Session, readers: Readers, audience: Audience, expected: set[str]
) -> None:
    session.add(
        Note(
            connection_id=readers.connection.id,
            author_id=readers.author.id,
            text="Tall",
            audience=audience,
            written_at=clock.now(),
        )
    )
    session.commit()

    assert readers.who_read(session, Note) == expected


def test_of_a_disowned_connection_only_the_author_reads_what_they_wrote(
    session: Session, make: Factory, readers: Readers
) -> None:
    follow_up = make.follow_up(readers.connection, readers.author, audience=Audience.PUBLIC)
    follow_up.confirmation, follow_up.answered_at = Confirmation.CONFIRMED, clock.now()
    session.add(
        Note(
            connection_id=readers.connection.id,
            author_id=readers.author.id,
            text="Tall",
            audience=Audience.PAIR,
            written_at=clock.now(),
        )
    )
    session.commit()
    assert len(readers.who_read(session, FollowUp)) == 7

    disown(session, readers.connection, by=readers.other.id, now=clock.now())

    assert readers.who_read(session, FollowUp) == {"author"}
    assert readers.who_read(session, Note) == {"author"}


def test_a_connection_is_found_by_its_pair_only(session: Session, readers: Readers) -> None:
    for name, viewer in readers.viewers.items():
        if name in PAIR:
            assert find_connection(session, readers.connection.id, viewer).id == readers.connection.id
            assert [row.id for row in session.scalars(connections_of(viewer))] == [readers.connection.id]
        else:
            with pytest.raises(NotFound):
                find_connection(session, readers.connection.id, viewer)
            assert session.scalars(connections_of(viewer)).all() == []


def test_what_waits_for_a_person_is_theirs_open_and_in_order(session: Session, make: Factory, readers: Readers) -> None:
    later = make.next_step(readers.connection, "Later", owner=readers.author)
    ours = make.next_step(readers.connection, "Ours", owner=None, due_at=clock.now())
    theirs = make.next_step(readers.connection, "Theirs", owner=readers.other)
    mine = make.follow_up(readers.connection, readers.author)
    to_answer = make.follow_up(readers.connection, readers.other)
    author = readers.viewers["author"]

    assert [step.id for step in open_steps(session, author)] == [ours.id, later.id]
    assert [step.id for step in open_steps(session, author, due_before=later.due_at)] == [ours.id]
    assert [step.id for step in steps_promised_to(session, author)] == [theirs.id]
    assert [row.id for row in follow_ups_to_answer(session, author)] == [to_answer.id]
    assert [row.id for row in follow_ups_to_answer(session, readers.viewers["other"])] == [mine.id]
    assert open_steps(session, readers.viewers["organizer"]) == []

    disown(session, readers.connection, by=readers.other.id, now=clock.now())

    assert open_steps(session, author) == steps_promised_to(session, author) == []
    assert follow_ups_to_answer(session, author) == []
