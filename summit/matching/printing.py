"""The printed schedule: a sheet for each person, and one for each table."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from summit.challenges.models import Challenge
from summit.matching.meetings import planned_meetings
from summit.matching.my_schedule import others_of, seats_in_groups
from summit.people.models import Person
from summit.summits.models import Slot, Summit


@dataclass(frozen=True)
class Line:
    """What happens in a slot at a table: who is there, and around which challenge if it is a group."""

    slot: Slot
    table: int
    people: list[Person]
    challenge: Challenge | None = None


def lines_by_person(session: Session, summit: Summit) -> list[tuple[Person, list[Line]]]:
    """Return everybody who has something planned, by name, each with whom they meet; two queries."""
    people: dict[int, Person] = {}
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for line in _lines(session, summit):
        for person in line.people:
            people[person.id] = person
            others = [other for other in line.people if other is not person]
            lines[person.id].append(Line(line.slot, line.table, others, line.challenge))
    ordered = sorted(people.values(), key=lambda person: (person.name.casefold(), person.id))
    return [(person, sorted(lines[person.id], key=_order)) for person in ordered]


def lines_by_table(session: Session, summit: Summit) -> list[tuple[int, list[Line]]]:
    """Return every table at which something is planned, by number, with who sits there when; two queries."""
    lines: defaultdict[int, list[Line]] = defaultdict(list)
    for line in _lines(session, summit):
        lines[line.table].append(line)
    return [(number, sorted(lines[number], key=_order)) for number in sorted(lines)]


def _order(line: Line) -> tuple[object, int]:
    return line.slot.starts_at, line.table


def _lines(session: Session, summit: Summit) -> Iterator[Line]:
    for meeting in planned_meetings(session, summit):
        assert meeting.table is not None, "a planned meeting has a table"
        yield Line(meeting.slot, meeting.table.number, others_of(meeting, 0))
    groups: dict[tuple[int, int], Line] = {}
    for seat in seats_in_groups(session, summit):
        line = groups.setdefault((seat.slot_id, seat.table_id), Line(seat.slot, seat.table.number, [], seat.challenge))
        line.people.append(seat.person)
    yield from groups.values()
