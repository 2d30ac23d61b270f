"""What waits for a person: their open next steps by due date, and follow-ups to confirm."""

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from summit.access import Viewer
from summit.connections.models import Confirmation, Connection, FollowUp, NextStep, StepState
from summit.connections.visibility import counted, visible_to
from summit.people.models import Person


def my_open_steps(viewer: Viewer) -> Select[NextStep]:
    """Select the open next steps that the viewer promised, alone or with the other side, the next due first."""
    return _open_steps(viewer).where(or_(NextStep.owner_id == viewer.person_id, NextStep.owner_id.is_(None)))


def open_steps(session: Session, viewer: Viewer, *, due_before: datetime | None = None) -> list[NextStep]:
    """Return the viewer's open next steps with connection and people, the next due first."""
    wanted = my_open_steps(viewer)
    if due_before is not None:
        wanted = wanted.where(NextStep.due_at < due_before)
    return list(session.scalars(wanted))


def steps_promised_to(session: Session, viewer: Viewer) -> list[NextStep]:
    """Return the open next steps that others promised the viewer, the next due first."""
    return list(session.scalars(_open_steps(viewer).where(NextStep.owner_id != viewer.person_id)))


def follow_ups_to_answer(session: Session, viewer: Viewer) -> list[FollowUp]:
    """Return the follow-ups that others logged and the viewer has not answered, the oldest first."""
    wanted = (
        select(FollowUp)
        .join(FollowUp.connection)
        .where(
            visible_to(viewer),
            counted(),
            FollowUp.author_id != viewer.person_id,
            FollowUp.confirmation == Confirmation.PENDING,
        )
        .options(joinedload(FollowUp.author).joinedload(Person.organization), contains_eager(FollowUp.connection))
        .order_by(FollowUp.logged_at, FollowUp.id)
    )
    return list(session.scalars(wanted))


def _open_steps(viewer: Viewer) -> Select[NextStep]:
    people = contains_eager(NextStep.connection)
    return (
        select(NextStep)
        .join(NextStep.connection)
        .where(visible_to(viewer), counted(), NextStep.state == StepState.OPEN)
        .options(people.joinedload(Connection.low), people.joinedload(Connection.high))
        .order_by(NextStep.due_at, NextStep.id)
    )
