"""Who really met whom: the contacts of a conference, replayed as captures by scan.

The data: SocioPatterns, SFHH conference, Nice 2009 (CC0); M. Génois and A. Barrat, EPJ Data Science 7, 11 (2018). A
line `t i j` says that i and j stood face to face during the 20 s before t. Of the 70,261 lines every pair's first
contact is captured, in the order of time, by the one who is named first; and of the lines every fiftieth is captured
again if the pair has met before, by the other one. Capturing all 60,696 repeats would run the same "there already"
branch for minutes on each database and show nothing more.
"""

import gzip
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, union_all
from sqlalchemy.orm import Session

from summit.audit import AuditEntry
from summit.connections.capture import record_connection
from summit.connections.models import Connection, Meeting
from summit.people.models import Person
from summit.summits.models import Attendance, Summit
from tests.factories import Factory

MIDNIGHT = datetime(2009, 6, 4, tzinfo=UTC)
EVERY = 50

Contact = tuple[int, int, int]


def read_contacts(folder: Path) -> list[Contact]:
    """Return (seconds, one, other) in the order of time."""
    with gzip.open(folder / "contacts" / "SFHH_tij.dat.gz", "rt") as lines:
        contacts = [tuple(int(word) for word in line.split()[:3]) for line in lines]
    return sorted(contacts)  # type: ignore[arg-type]


def arrange(session: Session, summit: Summit, badges: list[int]) -> dict[int, int]:
    """Register a person for every badge; return their numbers."""
    people = [Person(name=f"Badge {badge}", email=f"badge{badge}@example.org", created_at=MIDNIGHT) for badge in badges]
    session.add_all(people)
    session.flush()
    attendances = [
        {"summit_id": summit.id, "person_id": person.id, "code": f"badge{person.id}", "registered_at": MIDNIGHT}
        for person in people
    ]
    session.execute(insert(Attendance), attendances)
    return dict(zip(badges, (person.id for person in people), strict=True))


@pytest.mark.timeout(900)  # half a minute on a machine with nothing else to do
def test_the_contacts_of_a_real_conference_become_its_connections(
    session: Session, make: Factory, shared_data: Path
) -> None:
    contacts = read_contacts(shared_data)
    summit = make.summit("SFHH", starts_on=MIDNIGHT.date())
    person = arrange(session, summit, sorted({badge for _t, *pair in contacts for badge in pair}))
    first_met: dict[frozenset[int], int] = {}
    found: dict[frozenset[int], set[int]] = {}
    repeats = 0

    for position, (seconds, one, other) in enumerate(contacts):
        pair = frozenset((one, other))
        is_new = pair not in first_met
        first_met.setdefault(pair, seconds)
        if not is_new and position % EVERY:
            continue
        repeats += not is_new
        by, met = (one, other) if is_new else (other, one)
        connection = record_connection(
            session,
            summit=summit,
            by=person[by],
            other_id=person[met],
            how=Meeting.SCAN,
            challenge_ids=[],
            now=MIDNIGHT + timedelta(seconds=seconds),
        )
        found.setdefault(pair, set()).add(connection.id)
    session.commit()

    assert len(person) == 403
    assert len(found) == 9565
    assert repeats > 1000
    # A repeated meeting is the same connection, and no two pairs share one.
    assert all(len(ids) == 1 for ids in found.values())
    assert len({next(iter(ids)) for ids in found.values()}) == 9565
    rows = session.execute(
        select(Connection.low_id, Connection.high_id, Connection.met_at, Connection.recorded_by_id)
    ).all()
    badge = {number: name for name, number in person.items()}
    met_at = {frozenset((badge[row.low_id], badge[row.high_id])): row.met_at for row in rows}
    assert met_at == {pair: MIDNIGHT + timedelta(seconds=seconds) for pair, seconds in first_met.items()}
    degrees = degrees_of(session)
    assert max(degrees.values()) == 169
    assert round(sum(degrees.values()) / len(person), 1) == 47.5
    assert degrees == Counter(person[name] for pair in first_met for name in pair)
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 9565


def degrees_of(session: Session) -> dict[int, int]:
    """Count everybody's connections in the database."""
    ends = union_all(select(Connection.low_id.label("id")), select(Connection.high_id.label("id"))).subquery()
    return {row.id: row.n for row in session.execute(select(ends.c.id, func.count().label("n")).group_by(ends.c.id))}
