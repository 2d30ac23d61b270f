"""A small network with something of everything, for looking at it through different eyes.

Ana is the author of whatever is planted. Ben was matched with her, met her, and shares a connection with her. Mia was
matched with her only. Cleo attends the same summit and has nothing to do with her. Xeno was at last year's summit only.
Olga organizes the network, Adam administers it.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from summit.access import Audience, Role
from summit.challenges.models import Challenge
from summit.commitments.models import Commitment
from summit.connections.models import Connection, FollowUp, Meeting, NextStep, Note
from summit.database import Base
from summit.mail.models import Message
from summit.matching.models import ChallengeSeat, Match, MatchRun, MeetingPlan, MeetingSeat, RunState
from summit.matching.models import Meeting as PlannedMeeting
from summit.nudges.models import Campaign, Segment
from summit.organizations.models import Organization
from summit.organizing.models import ImportDraft
from summit.people.models import Person
from summit.summits.models import (
    Attendance,
    Slot,
    SlotUse,
    StanceKind,
    Summit,
    SummitState,
    Table,
    Unavailability,
)
from tests.conftest import NOW
from tests.factories import Factory

Row = TypeVar("Row", bound=Base)
ANONYMOUS = "anonymous"
TOPICS = ("only me", "organizers", "matches", "summit", "network")


@dataclass
class World:
    """The network, and everything in it by the name the tests use."""

    session: Session
    make: Factory
    summit: Summit
    past: Summit
    people: dict[str, Person] = field(default_factory=dict)
    challenges: dict[str, Challenge] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)

    def plant(self, rows: list[Base]) -> list[Base]:
        """Add rows and commit them."""
        self.session.add_all(rows)
        try:
            self.session.commit()
        except IntegrityError:
            self.session.rollback()
            raise
        return rows

    def remove(self, rows: list[Base]) -> None:
        """Take planted rows away again, so that the world is what it was."""
        for row in rows:
            self.session.delete(row)
        self.session.commit()

    def rows(self, table: type[Row]) -> list[Row]:
        """Return all rows of a table."""
        return list(self.session.scalars(select(table).order_by(table.id)))  # type: ignore[attr-defined]

    def ids(self, table: type[Row]) -> list[int]:
        """Return the ids of all rows of a table."""
        return [row.id for row in self.rows(table)]  # type: ignore[attr-defined]


def build_world(session: Session) -> World:
    """Fill an empty database."""
    make = Factory(session)
    summit = make.summit("Summit 2026")
    past = make.summit("Summit 2025", starts_on=date(2025, 10, 13), state=SummitState.CLOSED)
    world = World(session, make, summit, past)
    _add_people(world)
    _add_challenges(world)
    _add_matches(world)
    _add_schedule(world)
    _add_connections(world)
    _add_desk(world)
    return world


def _add_people(world: World) -> None:
    make = world.make
    alder, rivers = make.organization("Alder Valley"), make.organization("Two Rivers", place="Ames, IA")
    for name in ("Ana", "Ben", "Mia", "Cleo", "Dan"):
        home = alder if name in ("Ana", "Cleo") else rivers
        world.people[name.lower()] = make.attendee(world.summit, f"{name} Testperson", organization=home)
    for name in ("Xeno", "Yuri"):
        world.people[name.lower()] = make.attendee(world.past, f"{name} Testperson", organization=rivers)
    for name in ("Ana", "Cleo"):
        make.attendance(world.past, world.people[name.lower()])
    world.people["olga"] = make.person("Olga Testperson", role=Role.ORGANIZER)
    world.people["adam"] = make.person("Adam Testperson", role=Role.ADMIN)
    commitment = Commitment(organization_id=alder.id, statement="Train twenty teachers", due_on=date(2027, 6, 1))
    world.plant([commitment])


def _add_challenges(world: World) -> None:
    """Add the topics of the planted stances, which others state openly: so that a leak would become a reason."""
    make = world.make
    theme = make.theme("Theme of topics")
    for name in TOPICS:
        world.challenges[name] = make.challenge(f"Topic {name}", theme)
        for person in ("ben", "mia", "cleo", "xeno"):
            summit = world.past if person == "xeno" else world.summit
            for kind in StanceKind:
                make.stance(summit, world.people[person], world.challenges[name], kind, audience=Audience.SUMMIT)
    world.challenges["open"] = make.challenge("Topic open", theme)
    make.stance(world.summit, world.people["ana"], world.challenges["open"], audience=Audience.SUMMIT, text="Openly.")
    make.stance(world.summit, world.people["ben"], world.challenges["open"], StanceKind.OFFER, audience=Audience.SUMMIT)


def _add_matches(world: World) -> None:
    run = MatchRun(
        summit_id=world.summit.id,
        state=RunState.DONE,
        requested_at=NOW - timedelta(hours=2),
        requested_by_id=world.people["olga"].id,
        finished_at=NOW - timedelta(hours=2),
        published_at=NOW - timedelta(hours=1),
        people=5,
        matches=3,
        value=10.0,
        bound=10.5,
        gap=0.05,
        seconds=0.1,
    )
    world.plant([run])
    for rank, (one, other) in enumerate((("ana", "ben"), ("ana", "mia"), ("cleo", "dan")), start=1):
        low, high = sorted((world.people[one].id, world.people[other].id))
        match = Match(run_id=run.id, low_id=low, high_id=high, score=3.0, rank_for_low=rank, rank_for_high=rank)
        world.plant([match])
        world.make.introduction(world.summit, world.people[one], world.people[other])


def _add_schedule(world: World) -> None:
    """Ana meets Dan, Ben meets Cleo; all but Ana sit around a challenge; Ben is not free in one of the slots."""
    slots = [
        Slot(
            summit_id=world.summit.id, starts_at=NOW + timedelta(hours=hours), ends_at=NOW + timedelta(hours=hours + 1)
        )
        for hours in (20, 22, 24)
    ]
    slots[2].use = SlotUse.CHALLENGE_TABLES
    tables = [Table(summit_id=world.summit.id, number=number) for number in (1, 2)]
    world.plant([*slots, *tables])
    world.plant([Unavailability(slot_id=slots[1].id, person_id=world.people["ben"].id)])
    for table, (one, other) in zip(tables, (("ana", "dan"), ("ben", "cleo")), strict=True):
        low, high = sorted((world.people[one].id, world.people[other].id))
        meeting = PlannedMeeting(
            summit_id=world.summit.id, slot_id=slots[0].id, table_id=table.id, low_id=low, high_id=high, planned_at=NOW
        )
        world.plant([meeting])
        world.plant([MeetingSeat(slot_id=slots[0].id, person_id=each, meeting_id=meeting.id) for each in (low, high)])
    open_challenge = world.challenges["open"].id
    seats = [
        ChallengeSeat(
            slot_id=slots[2].id, person_id=world.people[name].id, table_id=tables[0].id, challenge_id=open_challenge
        )
        for name in ("ben", "mia", "cleo", "dan")
    ]
    plan = MeetingPlan(
        summit_id=world.summit.id, state=RunState.DONE, requested_at=NOW, requested_by_id=world.people["olga"].id
    )
    world.plant([*seats, plan])


def _add_connections(world: World) -> None:
    make, people = world.make, world.people
    for summit, one, other, how in (
        (world.summit, "ana", "ben", Meeting.MATCH),
        (world.summit, "cleo", "dan", Meeting.SCAN),
        (world.past, "xeno", "yuri", Meeting.HALLWAY),
        (world.past, "ana", "cleo", Meeting.TABLE),
    ):
        connection = make.connection(summit, people[one], people[other], how=how, step=f"Step of {one} and {other}")
        world.connections[f"{one} {other}"] = connection
        make.follow_up(connection, people[one], text=f"Came of {one} and {other}")
        note = Note(
            connection_id=connection.id,
            author_id=people[one].id,
            text=f"Note of {one}",
            audience=Audience.ONLY_ME,
            written_at=NOW,
        )
        world.plant([note])


def _add_desk(world: World) -> None:
    written_by_id = world.people["olga"].id
    campaign = Campaign(
        summit_id=world.summit.id,
        segment=Segment.ALL_ATTENDEES,
        subject="Before we meet",
        body="Say what you ask and offer.",
        written_by_id=written_by_id,
        created_at=NOW,
    )
    draft = ImportDraft(
        summit_id=world.summit.id,
        uploaded_by_id=written_by_id,
        uploaded_at=NOW,
        data=b"email,name,organization\nana-testperson@example.org,Ana Testperson,Alder Valley\n",
    )
    world.plant([campaign, draft, message_to(world.people["ben"], "a base message", "Nothing secret.")])


def message_to(person: Person, key: str, text: str) -> Message:
    """Return a message in the outbox, as a room above would have written it."""
    return Message(
        key=key,
        public_id=key.encode().hex()[:32],
        purpose="nudges",
        to_address=person.email,
        to_name=person.name,
        subject="A mail",
        text=text,
        html=f"<p>{text}</p>",
        created_at=NOW,
        due_at=NOW,
    )


def client_of(app: Flask, world: World, who: str) -> FlaskClient:
    """Return a client signed in as somebody of the world."""
    client = app.test_client()
    if who != ANONYMOUS:
        person = world.people[who]
        with client.session_transaction() as cookie:
            cookie["_user_id"] = f"{person.id}:{person.session_epoch}"
            cookie["_fresh"] = True
    return client


# What stands in an address, by the argument's name; everything of the world that could stand there.
def examples(world: World, rule: str, argument: str) -> list[object]:
    """Return the values that an argument of a route takes.

    Raises:
        KeyError: when nobody has said yet what this argument stands for.
    """
    if argument == "slug":
        of_room = {
            "challenges": [challenge.slug for challenge in world.challenges.values()],
            "organizations": list(world.session.scalars(select(Organization.slug))),
            "summits": [world.summit.slug, world.past.slug],
        }
        return of_room[next(part for part in rule.split("/") if part in of_room)]
    found: dict[str, list[object]] = {
        "person_id": [*world.ids(Person)],
        "other_id": [*world.ids(Person)],
        "connection_id": [*world.ids(Connection)],
        "step_id": [*world.ids(NextStep)],
        "follow_up_id": [*world.ids(FollowUp)],
        "note_id": [*world.ids(Note)],
        "run_id": [*world.ids(MatchRun)],
        "slot_id": [*world.ids(Slot)],
        "message_id": [*world.ids(Message)],
        "draft_id": [*world.ids(ImportDraft)],
        "campaign_id": [*world.ids(Campaign)],
        "code": [*world.session.scalars(select(Attendance.code).order_by(Attendance.id))],
        "token": ["made-up"],
        "public_id": [*world.session.scalars(select(Message.public_id))],
    }
    return found[argument]
