"""Planning meetings: claim, read, plan, write; and repair when somebody drops out. For workers: it loads the engine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from flask_babel import gettext as _
from numpy.typing import NDArray
from sqlalchemy import and_, delete, insert, or_, select
from sqlalchemy.orm import Session

from summit.claims import claim, write_claimed
from summit.database import database_now, reading
from summit.engine.matching.challenge_tables import ChallengeTables
from summit.engine.matching.rounds import Schedule, Wishes, plan_rounds
from summit.engine.matching.rounds_check import check_rounds
from summit.errors import Conflict
from summit.matching.meetings import Pair, accepted_pairs, kept_apart
from summit.matching.models import Meeting, MeetingPlan, MeetingSeat, MeetingState, RunState
from summit.matching.seating import Groups, read_groups, seat_groups, write_groups
from summit.people.models import Person
from summit.summits.availability import free_slots
from summit.summits.models import Attendance, Slot, SlotUse, Summit
from summit.summits.slots import slots_of, tables_of

LEASE = timedelta(minutes=10)


@dataclass(frozen=True, eq=False)
class Hall:
    """What meetings of a summit can be planned in: attendees, slots to come, tables, and who is free when."""

    person_ids: tuple[int, ...]
    slots: Sequence[Slot]
    table_ids: tuple[int, ...]
    free: NDArray[np.bool_]

    @cached_property
    def position(self) -> dict[int, int]:
        """Return everybody's row by their id."""
        return {person_id: row for row, person_id in enumerate(self.person_ids)}

    @cached_property
    def column(self) -> dict[int, int]:
        """Return every slot's column by its id."""
        return {slot.id: column for column, slot in enumerate(self.slots)}


@dataclass(frozen=True, eq=False)
class PlanInput:
    """What a plan is made from; `kept` counts accepted pairs whose meeting has begun."""

    hall: Hall
    wishes: Wishes
    begun_ids: tuple[int, ...]
    accepted: int
    kept: int
    groups: Groups
    revision: int


def plan_meetings(session: Session, summit: Summit, *, now: datetime, seed: int = 0) -> dict[str, int]:
    """Make a summit's meetings here and now, in the caller's transaction; return the plan's figures."""
    given = read_plan(session, summit, now=now)
    return write_plan(session, summit, given, *make_plan(given, seed=seed), now=now)


def read_plan(session: Session, summit: Summit, *, now: datetime) -> PlanInput:
    """Read what is to be planned: the pairs that accepted each other, but for those whose meeting has begun."""
    hall = hall_of(session, summit, now)
    begun = _meetings_begun(session, summit, now)
    accepted = accepted_pairs(session, summit)
    met = {(each.low_id, each.high_id) for each in begun if each.state is MeetingState.PLANNED}
    lacking = {pair: value for pair, value in accepted.items() if pair not in met}
    return PlanInput(
        hall=hall,
        wishes=_wishes(hall, lacking, kept_apart(session, summit)),
        begun_ids=tuple(each.id for each in begun),
        accepted=len(accepted),
        kept=len(met & accepted.keys()),
        groups=read_groups(session, summit, hall.person_ids, now=now),
        revision=summit.revision,
    )


def make_plan(given: PlanInput, *, seed: int = 0) -> tuple[Schedule, ChallengeTables]:
    """Plan, the most valuable first, and check the result; without the database."""
    schedule = plan_rounds(given.wishes, seed=seed)
    check_rounds(given.wishes, schedule)
    return schedule, seat_groups(given.groups, len(given.hall.table_ids), seed=seed)


def write_plan(
    session: Session, summit: Summit, given: PlanInput, schedule: Schedule, tables: ChallengeTables, *, now: datetime
) -> dict[str, int]:
    """Replace what is planned from now on, and return the plan's figures.

    Raises:
        Conflict: when slots or tables have changed since the input was read.
    """
    hall = given.hall
    session.execute(select(Summit.id).where(Summit.id == summit.id).with_for_update())
    slot_ids = {slot.id for slot in slots_of(session, summit)}
    planned_in = {slot.id for slot in (*hall.slots, *given.groups.slots)}
    if not planned_in <= slot_ids or hall.table_ids != tuple(table.id for table in tables_of(session, summit)):
        raise Conflict(_("The slots or the tables were changed meanwhile. Plan again."))
    session.execute(delete(Meeting).where(Meeting.summit_id == summit.id, Meeting.id.not_in(given.begun_ids)))
    write_meetings(session, summit, hall, schedule, np.flatnonzero(schedule.slot >= 0), now=now)
    write_groups(session, given.groups, tables, hall.table_ids)
    return {
        "wished": given.accepted,
        "placed": schedule.placed + given.kept,
        "bound": schedule.bound + given.kept,
        "seated": int(np.count_nonzero((tables.table >= 0).any(axis=1))),
        "repeats": tables.repeats,
        "unmixed": len(tables.unmixed),
    }


def hall_of(session: Session, summit: Summit, now: datetime) -> Hall:
    """Return what can be planned in from now on."""
    person_ids = tuple(
        session.scalars(
            select(Attendance.person_id)
            .join(Person, Person.id == Attendance.person_id)
            .where(Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None), Person.disabled_at.is_(None))
            .order_by(Attendance.person_id)
        )
    )
    every = slots_of(session, summit, use=SlotUse.MEETINGS)
    ahead = [column for column, slot in enumerate(every) if slot.starts_at > now]
    free = free_slots(session, summit, person_ids)[:, ahead]
    return Hall(
        person_ids, [every[column] for column in ahead], tuple(table.id for table in tables_of(session, summit)), free
    )


def _meetings_begun(session: Session, summit: Summit, now: datetime) -> Sequence[Meeting]:
    return session.scalars(
        select(Meeting).join(Meeting.slot).where(Meeting.summit_id == summit.id, Slot.starts_at <= now)
    ).all()


def _wishes(hall: Hall, pairs: dict[Pair, float], apart: set[Pair]) -> Wishes:
    position = hall.position
    chosen = sorted(pairs)
    return Wishes(
        pairs=positions(chosen, position),
        values=np.array([pairs[pair] for pair in chosen], dtype=np.float64),
        free=hall.free,
        tables=len(hall.table_ids),
        apart=positions(apart, position),
    )


def positions(pairs: Sequence[Pair] | set[Pair], position: dict[int, int]) -> NDArray[np.int64]:
    """Return pairs of ids as pairs of rows, shape (m, 2); pairs of people who are not there are left out."""
    found = [(position[a], position[b]) for a, b in pairs if a in position and b in position]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def write_meetings(
    session: Session, summit: Summit, hall: Hall, schedule: Schedule, which: NDArray[np.int64], *, now: datetime
) -> None:
    """Store some of a schedule's meetings, and everybody's seats."""
    rows: list[dict[str, Any]] = []
    for meeting in which.tolist():
        low, high = sorted(hall.person_ids[person] for person in schedule.pairs[meeting].tolist())
        third = int(schedule.third[meeting])
        rows.append(
            {
                "summit_id": summit.id,
                "slot_id": hall.slots[schedule.slot[meeting]].id,
                "table_id": hall.table_ids[schedule.table[meeting]],
                "low_id": low,
                "high_id": high,
                "third_id": hall.person_ids[third] if third >= 0 else None,
                "state": MeetingState.PLANNED,
                "planned_at": now,
            }
        )
    if not rows:
        return
    session.execute(insert(Meeting), rows)
    stored = session.execute(
        select(Meeting.slot_id, Meeting.table_id, Meeting.id).where(
            Meeting.summit_id == summit.id, Meeting.state == MeetingState.PLANNED
        )
    )
    ids = {(slot_id, table_id): meeting_id for slot_id, table_id, meeting_id in stored}
    seats = [
        {"slot_id": row["slot_id"], "person_id": person_id, "meeting_id": ids[row["slot_id"], row["table_id"]]}
        for row in rows
        for person_id in (row["low_id"], row["high_id"], row["third_id"])
        if person_id is not None
    ]
    session.execute(insert(MeetingSeat), seats)


def perform_plans(session: Session, *, now: datetime) -> int:
    """Make the plans that wait, and return how many; commits by itself, so that others see that one is being made."""
    made = 0
    while lease := _claim_next(session):
        _perform(session, *lease, now=now)
        made += 1
    return made


def _claim_next(session: Session) -> tuple[int, str] | None:
    moment = database_now(session)
    lost = and_(MeetingPlan.state == RunState.RUNNING, MeetingPlan.lease_until < moment)
    won = claim(
        session,
        MeetingPlan,
        or_(MeetingPlan.state == RunState.QUEUED, lost),
        order_by=[MeetingPlan.id],
        limit=1,
        lease=LEASE,
        values={"state": RunState.RUNNING},
    )
    session.commit()
    return (won.ids[0], won.token) if won.ids else None


def _perform(session: Session, plan_id: int, token: str, *, now: datetime) -> None:
    settled = {"finished_at": now, "lease_token": None, "lease_until": None}
    try:
        with reading():
            plan = session.get_one(MeetingPlan, plan_id, populate_existing=True)
            summit_id = plan.summit_id
            given = read_plan(session, session.get_one(Summit, summit_id, populate_existing=True), now=now)
            session.rollback()
        made = make_plan(given, seed=plan_id)
        summit = session.get_one(Summit, summit_id, populate_existing=True)
        figures = write_plan(session, summit, given, *made, now=now)
        done = {"state": RunState.DONE, "revision": given.revision, **figures, **settled}
        if not write_claimed(session, MeetingPlan, plan_id, token, done):
            session.rollback()
        session.commit()
    except Exception as error:
        session.rollback()
        said = str(error) if isinstance(error, Conflict) else f"{type(error).__name__}: {error}"
        failed = {"state": RunState.FAILED, "failure": said[:500], **settled}
        write_claimed(session, MeetingPlan, plan_id, token, failed)
        session.commit()
        if not isinstance(error, Conflict):
            raise
