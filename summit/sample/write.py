"""Write the parts of a drawn network as rows. Each part notes the ids that the next ones need."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from summit.challenges.models import Challenge, ChallengeTheme, Theme
from summit.commitments.models import Commitment
from summit.connections.models import Connection, ConnectionChallenge, FollowUp, NextStep, Note
from summit.database import Base
from summit.organizations.models import Organization
from summit.organizations.naming import name_key
from summit.people.models import Person
from summit.sample.challenge_texts import THEMES
from summit.sample.draw_summits import CURRENT
from summit.sample.network import DrawnConnection, SampleNetwork
from summit.slugs import slug_for
from summit.summits.attendance import new_code
from summit.summits.models import Acquaintance, Attendance, Exclusion, Stance, Summit

Row = dict[str, Any]
STAFF_SINCE = timedelta(days=900)


@dataclass(slots=True)
class Ids:
    """The ids given so far, by position in the drawn network."""

    organizations: Sequence[int] = ()
    persons: Sequence[int] = ()
    challenges: Sequence[int] = ()
    summits: Sequence[int] = ()

    def pair(self, one: int, other: int) -> Row:
        """Return the columns of an ordered pair of people."""
        low, high = sorted((self.persons[one], self.persons[other]))
        return {"low_id": low, "high_id": high}


def _table(model: type[Base]) -> Table:
    """Return a model's table: whole lists of rows go past the session's bookkeeping, which they need not."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


def _write(session: Session, model: type[Base], rows: list[Row]) -> None:
    if rows:
        session.execute(insert(_table(model)), rows)


def _write_and_number(session: Session, model: type[Base], rows: list[Row], *, by: tuple[str, ...]) -> Sequence[int]:
    """Write rows and return their ids in the same order, told apart by the columns `by`.

    SQLite returns ids in no particular order; asking SQLAlchemy to keep it would cost one statement a row.
    """
    if not rows:
        return ()
    table = _table(model)
    statement = insert(table).returning(table.c.id, *(table.c[column] for column in by))
    found = {tuple(key): number for number, *key in session.execute(statement, rows)}
    return [found[tuple(row[column] for column in by)] for row in rows]


def _slugs(names: Iterable[str], longest: int, otherwise: str) -> list[str]:
    slugs: dict[str, None] = {}
    for name in names:
        slugs[slug_for(name, taken=slugs, longest=longest, otherwise=otherwise)] = None
    return list(slugs)


def write_partners(session: Session, network: SampleNetwork, ids: Ids, _now: datetime) -> None:
    """Write the organizations and their commitments."""
    slugs = _slugs((organization.name for organization in network.organizations), 120, "organization")
    ids.organizations = _write_and_number(
        session,
        Organization,
        [
            {
                "slug": slug,
                "name": organization.name,
                "name_key": name_key(organization.name),
                "kind": organization.kind,
                "place": organization.place,
                "year_joined": organization.year_joined,
            }
            for slug, organization in zip(slugs, network.organizations, strict=True)
        ],
        by=("slug",),
    )
    commitments = [
        {"organization_id": organization_id, **asdict(commitment)}
        for organization_id, organization in zip(ids.organizations, network.organizations, strict=True)
        for commitment in organization.commitments
    ]
    _write(session, Commitment, commitments)


def write_people(session: Session, network: SampleNetwork, ids: Ids, now: datetime) -> None:
    """Write the people, and whom they must not meet or know well."""
    since: dict[int, datetime] = {}
    for attendance in network.attendances:
        since[attendance.person] = min(attendance.registered_at, since.get(attendance.person, now))
    rows = []
    for number, person in enumerate(network.persons):
        row = asdict(person)
        at = row.pop("organization")
        row["organization_id"] = None if at is None else ids.organizations[at]
        row["created_at"] = since.get(number, now - STAFF_SINCE)
        rows.append(row)
    ids.persons = _write_and_number(session, Person, rows, by=("email",))
    exclusions = [
        {"person_id": ids.persons[pair.said_by], "other_id": ids.persons[pair.other], "created_at": now}
        for pair in network.exclusions
    ]
    acquaintances = [
        {**ids.pair(pair.said_by, pair.other), "said_by_id": ids.persons[pair.said_by], "created_at": now}
        for pair in network.acquaintances
    ]
    _write(session, Exclusion, exclusions)
    _write(session, Acquaintance, acquaintances)


def write_map(session: Session, network: SampleNetwork, ids: Ids, _now: datetime) -> None:
    """Write the themes and their challenges."""
    themes = [
        {"slug": slug, "name": name, "position": position}
        for position, (slug, name) in enumerate(zip(_slugs(THEMES, 120, "theme"), THEMES, strict=True))
    ]
    theme_ids = dict(zip(THEMES, _write_and_number(session, Theme, themes, by=("name",)), strict=True))
    slugs = _slugs((challenge.title for challenge in network.challenges), 160, "challenge")
    version = str(network.summits[CURRENT].starts_on.year)
    challenges = [
        {"slug": slug, "title": challenge.title, "description": challenge.description, "version": version}
        for slug, challenge in zip(slugs, network.challenges, strict=True)
    ]
    ids.challenges = _write_and_number(session, Challenge, challenges, by=("title",))
    under = [
        {"challenge_id": challenge_id, "theme_id": theme_ids[theme]}
        for challenge_id, challenge in zip(ids.challenges, network.challenges, strict=True)
        for theme in challenge.themes
    ]
    _write(session, ChallengeTheme, under)


def write_summits(session: Session, network: SampleNetwork, ids: Ids, now: datetime) -> None:
    """Write the summits, who attends them and what they say there."""
    ids.summits = _write_and_number(session, Summit, [asdict(summit) for summit in network.summits], by=("slug",))
    attendances = []
    for attendance in network.attendances:
        row = asdict(attendance)
        row["summit_id"] = ids.summits[row.pop("summit")]
        row["person_id"] = ids.persons[row.pop("person")]
        row["code"] = new_code()
        row["checked_in_at"] = _past(attendance.checked_in_at, now)
        attendances.append(row)
    _write(session, Attendance, attendances)
    stances = [
        {
            "summit_id": ids.summits[stance.summit],
            "person_id": ids.persons[stance.person],
            "challenge_id": ids.challenges[stance.challenge],
            "kind": stance.kind,
            "priority": stance.priority,
            "text": stance.text,
            "audience": stance.audience,
            "changed_at": stance.changed_at,
        }
        for stance in network.stances
    ]
    _write(session, Stance, stances)


def _past(moment: datetime | None, now: datetime) -> datetime | None:
    """Return the moment; what was drawn for later today happened just now, if one loads early in the morning."""
    return None if moment is None else min(moment, now)


def write_connections(session: Session, network: SampleNetwork, ids: Ids, now: datetime) -> None:
    """Write the connections with notes, next steps and follow-ups."""
    connections = network.connections
    rows = [_connection(drawn, ids, now) for drawn in connections]
    numbers = _write_and_number(session, Connection, rows, by=("summit_id", "low_id", "high_id"))
    numbered = list(zip(numbers, connections, strict=True))
    about = [
        {"connection_id": number, "challenge_id": ids.challenges[challenge]}
        for number, drawn in numbered
        for challenge in drawn.challenges
    ]
    notes = [
        {
            "connection_id": number,
            "author_id": ids.persons[note.author],
            "text": note.text,
            "audience": note.audience,
            "written_at": _past(note.written_at, now),
        }
        for number, drawn in numbered
        for note in drawn.notes
    ]
    _write(session, ConnectionChallenge, about)
    _write(session, Note, notes)
    step_ids = _write_steps(session, numbered, ids, now)
    _write_follow_ups(session, numbered, step_ids, ids, now)


def _connection(drawn: DrawnConnection, ids: Ids, now: datetime) -> Row:
    return {
        "summit_id": ids.summits[drawn.summit],
        **ids.pair(drawn.one, drawn.other),
        "how": drawn.how,
        "met_at": _past(drawn.met_at, now),
        "recorded_by_id": ids.persons[drawn.recorded_by],
        "recorded_at": _past(drawn.recorded_at, now),
        "no_step_needed_at": drawn.no_step_needed_at,
    }


def _write_steps(
    session: Session, numbered: Sequence[tuple[int, DrawnConnection]], ids: Ids, now: datetime
) -> dict[tuple[int, int], int]:
    """Write the next steps and return their ids by connection and position."""
    places = [(number, place) for number, drawn in numbered for place in range(len(drawn.steps))]
    rows = [
        {
            "connection_id": number,
            "what": step.what,
            "owner_id": None if step.owner is None else ids.persons[step.owner],
            "due_at": step.due_at,
            "state": step.state,
            "made_by_id": ids.persons[step.made_by],
            "made_at": _past(step.made_at, now),
            "settled_at": _past(step.settled_at, now),
            "settled_by_id": None if step.settled_by is None else ids.persons[step.settled_by],
        }
        for number, drawn in numbered
        for step in drawn.steps
    ]
    found = dict(zip(places, _write_and_number(session, NextStep, rows, by=("connection_id", "what")), strict=True))
    replaced = [
        {"id": found[number, place], "replaced_by_id": found[number, step.replaced_by]}
        for number, drawn in numbered
        for place, step in enumerate(drawn.steps)
        if step.replaced_by is not None
    ]
    if replaced:
        session.execute(update(NextStep), replaced)
    return found


def _write_follow_ups(
    session: Session,
    numbered: Sequence[tuple[int, DrawnConnection]],
    step_ids: dict[tuple[int, int], int],
    ids: Ids,
    now: datetime,
) -> None:
    rows = [
        {
            "connection_id": number,
            "next_step_id": None if follow_up.step is None else step_ids[number, follow_up.step],
            "author_id": ids.persons[follow_up.author],
            "kind": follow_up.kind,
            "text": follow_up.text,
            "audience": follow_up.audience,
            "logged_at": _past(follow_up.logged_at, now),
            "confirmation": follow_up.confirmation,
            "answer_text": follow_up.answer_text,
            "answered_at": _past(follow_up.answered_at, now),
        }
        for number, drawn in numbered
        for follow_up in drawn.follow_ups
    ]
    _write(session, FollowUp, rows)
