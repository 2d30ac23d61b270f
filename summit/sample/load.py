"""Load the drawn network into an empty database: few statements, through the models' own tables."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.challenges.models import Challenge, Theme
from summit.errors import Conflict
from summit.organizations.models import Organization
from summit.people.models import Person
from summit.sample.draw import draw_network
from summit.sample.draw_summits import CURRENT, CURRENT_ZONE
from summit.sample.matched import match_and_publish, match_past_summits
from summit.sample.network import SampleNetwork
from summit.sample.scheduled import lay_out_last_day, plan_last_day
from summit.sample.write import Ids, write_connections, write_map, write_partners, write_people, write_summits
from summit.summits.models import Summit

# Matching more people takes minutes: for those it is a command of its own (`flask matching run`).
MATCHED_UP_TO = 5_000

PARTS = (
    ("partners", write_partners),
    ("people", write_people),
    ("challenges", write_map),
    ("summits", write_summits),
)


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What a load made."""

    summit: str
    organizations: int
    commitments: int
    challenges: int
    people: int
    attendees: int
    stances: int
    connections: int
    next_steps: int
    follow_ups: int
    matches: int


def load_sample(
    session: Session,
    *,
    people: int = 210,
    seed: int = 1,
    now: datetime,
    tell: Callable[[str], None] = lambda _part: None,
) -> SampleReport:
    """Load a sample network whose last summit is under way at `now`; up to 5,000 people, matched and published.

    `tell` hears the name of each part as it begins. Flushes, doesn't commit.

    Raises:
        Conflict: when the database isn't empty.
        Invalid: when the sample can't have so many people.
    """
    _require_empty(session)
    tell("drawing the network")
    network = draw_network(people=people, seed=seed, today=now.astimezone(ZoneInfo(CURRENT_ZONE)).date())
    ids = Ids()
    is_matched = people <= MATCHED_UP_TO
    for part, write in PARTS:
        tell(part)
        write(session, network, ids, now)
    if is_matched:
        tell("matches of the past summits")
        match_past_summits(session, ids)
    tell("connections")
    write_connections(session, network, ids, now)
    matches = 0
    if is_matched:
        tell("matches")
        summit = session.get_one(Summit, ids.summits[CURRENT])
        lay_out_last_day(session, summit, ids, seed=seed, now=now)
        matches = match_and_publish(session, summit, ids, seed=seed, now=now)
        tell("meetings")
        plan_last_day(session, summit, ids, now=now)
    return _report(network, matches)


def _require_empty(session: Session) -> None:
    for table in (Person, Organization, Challenge, Theme, Summit):
        if session.scalar(select(table.id).limit(1)) is not None:
            raise Conflict(
                f"The database is not empty: it has a row in “{table.__tablename__}”. The sample is for an empty one; "
                "set DATABASE_URL to a new database."
            )


def _report(network: SampleNetwork, matches: int) -> SampleReport:
    current = [a for a in network.attendances if a.summit == CURRENT and a.withdrawn_at is None]
    return SampleReport(
        summit=network.summits[CURRENT].slug,
        organizations=len(network.organizations),
        commitments=sum(len(organization.commitments) for organization in network.organizations),
        challenges=len(network.challenges),
        people=len(network.persons),
        attendees=len(current),
        stances=len(network.stances),
        connections=len(network.connections),
        next_steps=sum(len(connection.steps) for connection in network.connections),
        follow_ups=sum(len(connection.follow_ups) for connection in network.connections),
        matches=matches,
    )
