"""What an organizer sees of a run before it is published: who has how many, who has few, and why."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from summit.engine.matching.few import FEW
from summit.matching.models import Match, MatchRun
from summit.people.models import Person
from summit.summits.browsing import attendees
from summit.summits.models import Attendance, Summit

MOST_SHOWN = 100


@dataclass(frozen=True)
class PreviewPerson:
    """An attendee with few matches, and the reason for that."""

    person: Person
    wanted: int
    matches: int
    reason: str


@dataclass(frozen=True)
class Preview:
    """A run at a glance. `is_stale`: something the matching depends on has changed since it was computed.

    `people` says how many attendees have how many matches: number of matches -> number of attendees. `few` are those
    with a reason for having few, the fewest first, as many as a page holds; `few_more` is the number of the others.
    """

    people: Counter[int]
    few: tuple[PreviewPerson, ...]
    few_more: int
    bridging: int
    is_stale: bool

    @property
    def attendees(self) -> int:
        """Return how many attendees there are."""
        return self.people.total()

    @property
    def with_enough(self) -> int:
        """Return how many attendees have at least three matches."""
        return sum(number for matches, number in self.people.items() if matches >= FEW)


def preview(session: Session, summit: Summit, run: MatchRun) -> Preview:
    """Return who has how many matches in a finished run (three queries). Only those who have few are loaded."""
    pairs = session.execute(select(Match.low_id, Match.high_id, Match.is_bridging).where(Match.run_id == run.id)).all()
    matches = Counter(person_id for low, high, _bridging in pairs for person_id in (low, high))
    attending = set(session.scalars(attendees(summit).with_only_columns(Attendance.person_id)))
    few = sorted(attending & {int(person_id) for person_id in run.few}, key=lambda each: (matches[each], each))
    return Preview(
        people=Counter(matches[person_id] for person_id in attending),
        few=_few(session, summit, run, {person_id: matches[person_id] for person_id in few[:MOST_SHOWN]}),
        few_more=len(few[MOST_SHOWN:]),
        bridging=sum(is_bridging for _low, _high, is_bridging in pairs),
        is_stale=run.revision != summit.revision,
    )


def _few(session: Session, summit: Summit, run: MatchRun, matches: dict[int, int]) -> tuple[PreviewPerson, ...]:
    statement = (
        attendees(summit)
        .where(Attendance.person_id.in_(matches))
        .options(joinedload(Attendance.person).joinedload(Person.organization))
    )
    few = (
        PreviewPerson(each.person, each.introductions, matches[each.person_id], run.few[str(each.person_id)])
        for each in session.scalars(statement)
    )
    return tuple(sorted(few, key=lambda each: (each.matches, each.person.name.casefold(), each.person.id)))
