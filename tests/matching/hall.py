"""A summit with slots, tables and people who accepted each other, for the tests of meetings."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import clock
from summit.matching.models import Answer, MatchAnswer, Meeting, MeetingSeat, MeetingState
from summit.people.models import Person
from summit.summits.models import Slot, SlotUse, Summit
from summit.summits.slots import Series, add_slots, set_tables
from tests.factories import Factory

TOMORROW = date(2026, 10, 15)
NINE = time(9)


def hall(
    session: Session,
    make: Factory,
    names: Sequence[str],
    *,
    slots: int = 2,
    tables: int = 4,
    use: SlotUse = SlotUse.MEETINGS,
) -> tuple[Summit, list[Person]]:
    """A summit tomorrow from nine on, ten minutes a slot, with these attendees."""
    summit = make.summit(starts_on=date(2026, 10, 13), days=4)
    people = [make.attendee(summit, name, organization=make.organization()) for name in names]
    lay_out(session, summit, slots=slots, tables=tables, use=use)
    return summit, people


def lay_out(
    session: Session, summit: Summit, *, slots: int, tables: int, use: SlotUse = SlotUse.MEETINGS, start: time = NINE
) -> list[Slot]:
    set_tables(session, summit, tables, by=None, now=clock.now())
    series = Series(TOMORROW, start, 10, 5, slots, use)
    added = add_slots(session, summit, series, by=None, now=clock.now()) if slots else []
    session.commit()
    return added


def say(session: Session, summit: Summit, one: Person, other: Person, answer: Answer = Answer.INTERESTED) -> None:
    """`one` says something about `other`, whatever they said before."""
    given = session.scalar(
        select(MatchAnswer).where(
            MatchAnswer.summit_id == summit.id, MatchAnswer.person_id == one.id, MatchAnswer.other_id == other.id
        )
    )
    if given is None:
        session.add(
            MatchAnswer(
                summit_id=summit.id, person_id=one.id, other_id=other.id, answer=answer, answered_at=clock.now()
            )
        )
    else:
        given.answer = answer
    session.commit()


def accept(session: Session, summit: Summit, *people: Person) -> None:
    """All of them would like to meet each other."""
    for one, other in combinations(people, 2):
        say(session, summit, one, other)
        say(session, summit, other, one)


def meetings(session: Session, summit: Summit, state: MeetingState = MeetingState.PLANNED) -> list[Meeting]:
    return list(
        session.scalars(
            select(Meeting).where(Meeting.summit_id == summit.id, Meeting.state == state).order_by(Meeting.id)
        )
    )


def couples(session: Session, summit: Summit, state: MeetingState = MeetingState.PLANNED) -> set[frozenset[str]]:
    """Who meets, by name; the third included."""
    names = dict(session.execute(select(Person.id, Person.name)).all())
    return {
        frozenset(names[each] for each in (row.low_id, row.high_id, row.third_id) if each is not None)
        for row in meetings(session, summit, state)
    }


def seats(session: Session) -> set[tuple[int, int, int]]:
    return set(session.execute(select(MeetingSeat.slot_id, MeetingSeat.person_id, MeetingSeat.meeting_id)))


def seats_that_meetings_need(session: Session, summit: Summit) -> set[tuple[int, int, int]]:
    return {
        (row.slot_id, person, row.id)
        for row in meetings(session, summit)
        for person in (row.low_id, row.high_id, row.third_id)
        if person is not None
    }


def at(hour: int, minute: int = 0) -> datetime:
    """Tomorrow at the summit (its clocks are five hours behind)."""
    return datetime(2026, 10, 15, hour + 5, minute, tzinfo=clock.now().tzinfo)
