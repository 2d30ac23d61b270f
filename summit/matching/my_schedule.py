"""One attendee's day: with whom they meet where and when, and when they are free."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, exists, not_, select
from sqlalchemy.orm import Session, aliased, joinedload

from summit.challenges.models import Challenge
from summit.matching.meetings import of_person, planned_meetings
from summit.matching.models import ChallengeSeat, Meeting
from summit.people.models import Person
from summit.summits.availability import busy_slots
from summit.summits.models import Attendance, Slot, SlotUse, Summit, Table, Unavailability
from summit.summits.slots import slots_of


@dataclass
class SlotOfMine:
    """A slot as one attendee sees it: where they sit then (a table's number), with whom, around which challenge.

    `is_called_off` says that a meeting was planned here and does not take place; neither with whom nor why.
    """

    slot: Slot
    is_free: bool
    table: int | None = None
    others: list[Person] = field(default_factory=list)
    challenge: Challenge | None = None
    is_called_off: bool = False

    @property
    def is_group(self) -> bool:
        """Say whether groups sit around challenges then."""
        return self.slot.use is SlotUse.CHALLENGE_TABLES


def my_schedule(session: Session, summit: Summit, person_id: int) -> list[SlotOfMine]:
    """Return an attendee's slots by their start; six queries, whatever their number."""
    busy = busy_slots(session, summit, person_id)
    mine = {slot.id: SlotOfMine(slot, slot.id not in busy) for slot in slots_of(session, summit)}
    for meeting in planned_meetings(session, summit, of_person(person_id)):
        assert meeting.table is not None, "a planned meeting has a table"
        slot = mine[meeting.slot_id]
        slot.table, slot.others = meeting.table.number, others_of(meeting, person_id)
    for slot_id in session.scalars(
        select(Meeting.slot_id).where(Meeting.summit_id == summit.id, of_person(person_id)).distinct()
    ):
        mine[slot_id].is_called_off = mine[slot_id].table is None
    seats = seats_in_groups(session, summit, person_id)
    own = {seat.slot_id: seat for seat in seats if seat.person_id == person_id}
    for slot_id, seat in own.items():
        mine[slot_id].table, mine[slot_id].challenge = seat.table.number, seat.challenge
        mine[slot_id].others = [each.person for each in seats if each.slot_id == slot_id and each is not seat]
    return list(mine.values())


def others_of(meeting: Meeting, person_id: int) -> list[Person]:
    """Return whom somebody meets."""
    people = (meeting.low, meeting.high, meeting.third)
    return [person for person in people if person is not None and person.id != person_id]


def seats_in_groups(session: Session, summit: Summit, person_id: int | None = None) -> Sequence[ChallengeSeat]:
    """Return who sits around which challenge, or only the seats at somebody's tables, without those who can't come."""
    attends = exists().where(
        Attendance.summit_id == summit.id,
        Attendance.person_id == ChallengeSeat.person_id,
        Attendance.withdrawn_at.is_(None),
    )
    busy = exists().where(
        Unavailability.slot_id == ChallengeSeat.slot_id, Unavailability.person_id == ChallengeSeat.person_id
    )
    seats = (
        select(ChallengeSeat)
        .join(ChallengeSeat.slot)
        .join(ChallengeSeat.table)
        .join(ChallengeSeat.person)
        .where(Slot.summit_id == summit.id, attends, not_(busy), Person.disabled_at.is_(None))
        .order_by(Slot.starts_at, Table.number, Person.name, Person.id)
        .options(
            joinedload(ChallengeSeat.slot),
            joinedload(ChallengeSeat.table),
            joinedload(ChallengeSeat.challenge),
            joinedload(ChallengeSeat.person).joinedload(Person.organization),
        )
    )
    if person_id is not None:
        own = aliased(ChallengeSeat)
        seats = seats.join(
            own,
            and_(
                own.slot_id == ChallengeSeat.slot_id,
                own.table_id == ChallengeSeat.table_id,
                own.person_id == person_id,
            ),
        )
    return session.scalars(seats).all()
