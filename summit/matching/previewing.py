"""What an organizer sees of a run before it is published: who has how many, who has few, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable
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
class Suggestion:
    """Somebody to introduce although no challenge says so, and what speaks for it."""

    person: Person
    knows_same_people: bool
    is_same_place: bool
    is_other_kind: bool
    free_places: int


@dataclass(frozen=True)
class PreviewPerson:
    """An attendee with few matches, and the reason for that.

    `bridged` are those they are matched with although they share no challenge; `suggestions` are not matched with them.
    """

    person: Person
    wanted: int
    matches: int
    reason: str
    bridged: tuple[Person, ...]
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class Preview:
    """A run at a glance. `changes`: how many things the matching depends on have changed since the lists were made or
    repaired; `certificate_changes`: since the bound was computed.

    `people` says how many attendees have how many matches: number of matches -> number of attendees. `few` are those
    with a reason for having few, the fewest first, as many as a page holds; `few_more` is the number of the others.
    """

    people: Counter[int]
    few: tuple[PreviewPerson, ...]
    few_more: int
    bridging: int
    changes: int
    certificate_changes: int

    @property
    def is_stale(self) -> bool:
        """Say whether something has changed since."""
        return self.changes > 0

    @property
    def attendees(self) -> int:
        """Return how many attendees there are."""
        return self.people.total()

    @property
    def with_enough(self) -> int:
        """Return how many attendees have at least three matches."""
        return sum(number for matches, number in self.people.items() if matches >= FEW)


def preview(session: Session, summit: Summit, run: MatchRun) -> Preview:
    """Return who has how many matches in a finished run (four queries). Only those who have few are loaded."""
    pairs = session.execute(select(Match.low_id, Match.high_id, Match.is_bridging).where(Match.run_id == run.id)).all()
    matches = Counter(person_id for low, high, _bridging in pairs for person_id in (low, high))
    bridges: defaultdict[int, list[int]] = defaultdict(list)
    for low, high, is_bridging in pairs:
        if is_bridging:
            bridges[low].append(high)
            bridges[high].append(low)
    attending = set(session.scalars(attendees(summit).with_only_columns(Attendance.person_id)))
    few = sorted(attending & {int(person_id) for person_id in run.few}, key=lambda each: (matches[each], each))
    shown = {person_id: matches[person_id] for person_id in few[:MOST_SHOWN]}
    return Preview(
        people=Counter(matches[person_id] for person_id in attending),
        few=_few(session, summit, run, shown, bridges),
        few_more=len(few[MOST_SHOWN:]),
        bridging=sum(is_bridging for _low, _high, is_bridging in pairs),
        changes=summit.revision - run.revision,
        certificate_changes=summit.revision - run.certified_revision,
    )


def _few(
    session: Session, summit: Summit, run: MatchRun, matches: dict[int, int], bridges: dict[int, list[int]]
) -> tuple[PreviewPerson, ...]:
    suggested = {person_id: run.report.get("bridges", {}).get(str(person_id), []) for person_id in matches}
    others = {other for person_id in matches for other in bridges.get(person_id, [])}
    others |= {each["person_id"] for rows in suggested.values() for each in rows}
    rows = {row.person_id: row for row in _attendances(session, summit, {*matches, *others})}
    few = (
        PreviewPerson(
            person=rows[person_id].person,
            wanted=rows[person_id].introductions,
            matches=number,
            reason=run.few[str(person_id)],
            bridged=tuple(rows[other].person for other in bridges.get(person_id, []) if other in rows),
            suggestions=tuple(
                Suggestion(
                    person=rows[each["person_id"]].person,
                    knows_same_people=each["knows_same_people"],
                    is_same_place=each["is_same_place"],
                    is_other_kind=each["is_other_kind"],
                    free_places=each["free_places"],
                )
                for each in suggested[person_id]
                if each["person_id"] in rows
            ),
        )
        for person_id, number in matches.items()
    )
    return tuple(sorted(few, key=lambda each: (each.matches, each.person.name.casefold(), each.person.id)))


def _attendances(session: Session, summit: Summit, person_ids: Iterable[int]) -> Iterable[Attendance]:
    return session.scalars(
        attendees(summit)
        .where(Attendance.person_id.in_(person_ids))
        .options(joinedload(Attendance.person).joinedload(Person.organization))
    )
