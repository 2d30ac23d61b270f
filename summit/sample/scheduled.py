"""Lay out the current summit's last day, and plan its meetings and challenge tables."""

from datetime import datetime, time
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from summit.matching.meetings import request_plan
from summit.matching.models import RunState
from summit.matching.planning import plan_meetings
from summit.sample.protagonists import ORGANIZER
from summit.sample.write import Ids
from summit.summits.models import Attendance, SlotUse, Summit, Unavailability
from summit.summits.slots import Series, add_slots, set_tables

MEETINGS = (time(9), 12, 3, 5)
GROUPS = (time(13, 30), 45, 15, 2)
"""When the first slot begins, minutes each and between, how many."""
PEOPLE_A_TABLE = 4
BUSY = 0.1


def lay_out_last_day(session: Session, summit: Summit, ids: Ids, *, seed: int, now: datetime) -> None:
    """Add slots and tables, and let some attendees be busy in some of them."""
    by = ids.persons[ORGANIZER]
    attendees = session.scalars(
        select(Attendance.person_id).where(Attendance.summit_id == summit.id).order_by(Attendance.person_id)
    ).all()
    set_tables(session, summit, max(2, len(attendees) // PEOPLE_A_TABLE), by=by, now=now)
    slots = [
        slot
        for use, times in ((SlotUse.MEETINGS, MEETINGS), (SlotUse.CHALLENGE_TABLES, GROUPS))
        for slot in add_slots(session, summit, Series(summit.ends_on, *times, use), by=by, now=now)
    ]
    rng = Random(f"{seed}:busy")
    busy = [
        {"slot_id": slot.id, "person_id": person_id} for person_id in attendees for slot in slots if rng.random() < BUSY
    ]
    if busy:
        session.execute(insert(Unavailability), busy)


def plan_last_day(session: Session, summit: Summit, ids: Ids, *, now: datetime) -> None:
    """Plan what was laid out, as a worker would."""
    plan = request_plan(session, summit, by=ids.persons[ORGANIZER], now=now)
    for name, figure in plan_meetings(session, summit, now=now).items():
        setattr(plan, name, figure)
    plan.state, plan.finished_at, plan.revision = RunState.DONE, now, summit.revision
    session.flush()
