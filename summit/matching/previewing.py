"""What an organizer sees of a run before it is published: who has how many, who has few, and why."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from summit.matching.models import Match, MatchRun
from summit.people.models import Person
from summit.summits.models import Attendance, Summit

FEW = 3


@dataclass(frozen=True)
class PreviewPerson:
    """One attendee and their number of matches; `reason` says why they are few, empty otherwise."""

    person: Person
    wanted: int
    matches: int
    reason: str


@dataclass(frozen=True)
class Preview:
    """A run at a glance. `is_stale`: something the matching depends on has changed since it was computed."""

    people: tuple[PreviewPerson, ...]
    bridging: int
    is_stale: bool

    @property
    def few(self) -> list[PreviewPerson]:
        """Return the people with a reason why they have few matches, the fewest first."""
        return sorted((each for each in self.people if each.reason), key=lambda each: (each.matches, each.person.name))

    @property
    def with_enough(self) -> int:
        """Return how many people have at least three matches."""
        return sum(each.matches >= FEW for each in self.people)


def preview(session: Session, summit: Summit, run: MatchRun) -> Preview:
    """Return who has how many matches in a finished run (two queries)."""
    pairs = session.execute(select(Match.low_id, Match.high_id, Match.is_bridging).where(Match.run_id == run.id))
    counts: Counter[int] = Counter()
    bridging = 0
    for low, high, is_bridging in pairs:
        counts.update((low, high))
        bridging += is_bridging
    attendances = session.scalars(
        select(Attendance)
        .join(Attendance.person)
        .where(Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None), Person.disabled_at.is_(None))
        .options(joinedload(Attendance.person).joinedload(Person.organization))
        .order_by(Person.name)
    )
    people = tuple(
        PreviewPerson(each.person, each.introductions, counts[each.person_id], run.few.get(str(each.person_id), ""))
        for each in attendances
    )
    return Preview(people, bridging, run.revision != summit.revision)
