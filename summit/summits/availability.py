"""When attendees are free to meet: always, unless they say otherwise of a slot."""

from collections.abc import Collection, Sequence
from datetime import datetime

import numpy as np
from flask_babel import gettext as _
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from summit.errors import Invalid
from summit.summits.attendance import bump_revision, require_open
from summit.summits.finding import attendance_of
from summit.summits.models import Slot, SlotUse, Summit, Unavailability
from summit.summits.slots import slots_of


def free_slots(
    session: Session, summit: Summit, person_ids: Sequence[int], *, use: SlotUse = SlotUse.MEETINGS
) -> NDArray[np.bool_]:
    """Return who is free when, shape (people, slots): a row for each person, a column for each slot by its start.

    Only slots for `use` count. Without any there are no columns, which the engine takes as "always free".
    """
    slots = {slot.id: column for column, slot in enumerate(slots_of(session, summit, use=use))}
    rows = {person_id: row for row, person_id in enumerate(person_ids)}
    free = np.ones((len(rows), len(slots)), dtype=np.bool_)
    busy = (
        select(Unavailability.person_id, Unavailability.slot_id)
        .join(Slot, Slot.id == Unavailability.slot_id)
        .where(Slot.summit_id == summit.id, Slot.use == use)
    )
    for person_id, slot_id in session.execute(busy):
        if person_id in rows:
            free[rows[person_id], slots[slot_id]] = False
    return free


def busy_slots(session: Session, summit: Summit, person_id: int) -> set[int]:
    """Return the ids of the slots in which an attendee is not free."""
    busy = (
        select(Unavailability.slot_id)
        .join(Slot, Slot.id == Unavailability.slot_id)
        .where(Slot.summit_id == summit.id, Unavailability.person_id == person_id)
    )
    return set(session.scalars(busy))


def mark_free(session: Session, summit: Summit, person_id: int, slot_ids: Collection[int], *, now: datetime) -> bool:
    """Say in which slots an attendee is free, and that they are not in the others; return whether that is news.

    What has begun stays as it was.

    Raises:
        Invalid: when a slot is none of this summit's, or the person does not attend it.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    slots = slots_of(session, summit)
    every = {slot.id for slot in slots}
    if not every.issuperset(slot_ids) or attendance_of(session, summit, person_id) is None:
        raise Invalid(_("This could not be saved. Load the page again and choose from what is offered there."), {})
    before = busy_slots(session, summit, person_id)
    ahead = {slot.id for slot in slots if slot.starts_at > now}
    busy = (before - ahead) | (ahead - set(slot_ids))
    if busy == before:
        return False
    session.execute(
        delete(Unavailability).where(Unavailability.person_id == person_id, Unavailability.slot_id.in_(before - busy))
    )
    if busy - before:
        session.execute(
            insert(Unavailability), [{"slot_id": slot_id, "person_id": person_id} for slot_id in sorted(busy - before)]
        )
    bump_revision(session, summit)
    return True
