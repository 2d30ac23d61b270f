"""Groups at challenge tables: four to eight around one challenge, asks beside offers, new people in every round."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from summit.access import Audience
from summit.engine.matching.challenge_tables import ChallengeTables, check_challenge_tables, seat_at_challenges
from summit.engine.matching.profiles import stance_matrix
from summit.matching.models import ChallengeSeat
from summit.summits.availability import free_slots
from summit.summits.models import Exclusion, Slot, SlotUse, Stance, StanceKind, Summit
from summit.summits.slots import slots_of

SEALED = (Audience.ONLY_ME, Audience.ORGANIZERS)
"""A seat would show what these are about."""


@dataclass(frozen=True, eq=False)
class Groups:
    """What groups are made from: slots to come, who is free then, and what everybody states openly, by kind."""

    person_ids: tuple[int, ...]
    slots: Sequence[Slot]
    free: NDArray[np.bool_]
    challenge_ids: Sequence[int]
    stances: dict[StanceKind, Any]
    apart: NDArray[np.int64]


def read_groups(session: Session, summit: Summit, person_ids: tuple[int, ...], *, now: datetime) -> Groups:
    """Read what the groups at challenge tables depend on, from now on."""
    every = slots_of(session, summit, use=SlotUse.CHALLENGE_TABLES)
    ahead = [column for column, slot in enumerate(every) if slot.starts_at > now]
    free = free_slots(session, summit, person_ids, use=SlotUse.CHALLENGE_TABLES)[:, ahead]
    return Groups(
        person_ids,
        [every[column] for column in ahead],
        free,
        *_stances(session, summit, person_ids),
        _apart(session, person_ids),
    )


def _apart(session: Session, person_ids: Sequence[int]) -> NDArray[np.int64]:
    """Return the pairs that an exclusion keeps apart, as rows."""
    position = {person_id: row for row, person_id in enumerate(person_ids)}
    pairs = session.execute(select(Exclusion.person_id, Exclusion.other_id))
    found = [(position[one], position[other]) for one, other in pairs if one in position and other in position]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def seat_groups(groups: Groups, tables: int, *, seed: int = 0) -> ChallengeTables:
    """Seat everybody who is free, as far as there are tables, and check the result."""
    asks, offers, working_on = (groups.stances[kind] for kind in StanceKind)
    found = seat_at_challenges(asks, offers, working_on, groups.free, tables, apart=groups.apart, seed=seed)
    check_challenge_tables(groups.free, tables, found)
    return found


def _stances(session: Session, summit: Summit, person_ids: Sequence[int]) -> tuple[list[int], dict[StanceKind, Any]]:
    rows = session.execute(
        select(Stance.kind, Stance.person_id, Stance.challenge_id, Stance.priority).where(
            Stance.summit_id == summit.id, Stance.audience.not_in(SEALED)
        )
    ).all()
    position = {person_id: row for row, person_id in enumerate(person_ids)}
    challenge_ids = sorted({row.challenge_id for row in rows if row.person_id in position})
    column = {challenge_id: number for number, challenge_id in enumerate(challenge_ids)}
    shape = (len(person_ids), len(challenge_ids))
    return challenge_ids, {
        kind: stance_matrix(
            shape,
            [
                (position[row.person_id], column[row.challenge_id], row.priority)
                for row in rows
                if row.kind is kind and row.person_id in position
            ],
        )
        for kind in StanceKind
    }


def write_groups(session: Session, groups: Groups, found: ChallengeTables, table_ids: Sequence[int]) -> None:
    """Replace the seats of the slots to come."""
    session.execute(delete(ChallengeSeat).where(ChallengeSeat.slot_id.in_([slot.id for slot in groups.slots])))
    rows = [
        {
            "slot_id": groups.slots[number].id,
            "person_id": groups.person_ids[person],
            "table_id": table_ids[found.table[person, number]],
            "challenge_id": groups.challenge_ids[found.challenge[number, found.table[person, number]]],
        }
        for person, number in np.argwhere(found.table >= 0).tolist()
    ]
    if rows:
        session.execute(insert(ChallengeSeat), rows)
