"""The history of a connection: everything that happened and that the viewer may read, in time order."""

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.access import Audience, Viewer
from summit.connections.models import (
    Confirmation,
    Connection,
    FollowUp,
    FollowUpKind,
    Meeting,
    NextStep,
    Note,
    StepState,
)
from summit.connections.visibility import visible_follow_ups, visible_notes


@dataclass(frozen=True)
class Met:
    """The two met."""

    at: datetime
    how: Meeting
    challenges: tuple[str, ...]
    recorded_by_id: int | None


@dataclass(frozen=True)
class StepPromised:
    """A next step was promised; `owner_id` is None when both do it."""

    at: datetime
    step_id: int
    what: str
    owner_id: int | None
    due_at: datetime
    state: StepState


@dataclass(frozen=True)
class StepSettled:
    """A next step was done, changed or dropped."""

    at: datetime
    step_id: int
    what: str
    state: StepState
    by_id: int | None


@dataclass(frozen=True)
class FollowUpLogged:
    """One side said what came of it."""

    at: datetime
    follow_up_id: int
    author_id: int
    kind: FollowUpKind
    text: str
    audience: Audience
    confirmation: Confirmation


@dataclass(frozen=True)
class FollowUpAnswered:
    """The other side answered."""

    at: datetime
    follow_up_id: int
    author_id: int
    confirmation: Confirmation
    text: str


@dataclass(frozen=True)
class NoteWritten:
    """A note was kept."""

    at: datetime
    note_id: int
    author_id: int
    text: str
    audience: Audience


Event = Met | StepPromised | StepSettled | FollowUpLogged | FollowUpAnswered | NoteWritten


def history(session: Session, connection: Connection, viewer: Viewer) -> list[Event]:
    """Return what happened, oldest first. `connection` needs its challenges and next steps loaded.

    On a disowned connection only the viewer's own words are left.
    """
    follow_ups = session.scalars(
        select(FollowUp).where(FollowUp.connection_id == connection.id, visible_follow_ups(viewer))
    )
    notes = session.scalars(select(Note).where(Note.connection_id == connection.id, visible_notes(viewer)))
    events: list[Event] = [_met(connection)]
    if connection.disowned_at is None:
        events += [event for step in connection.next_steps for event in _of_step(step)]
    events += [event for follow_up in follow_ups for event in _of_follow_up(follow_up)]
    events += [NoteWritten(note.written_at, note.id, note.author_id, note.text, note.audience) for note in notes]
    # A stable sort: what happened at the same moment stays in the order of the loop (met, promised, …).
    return sorted(events, key=attrgetter("at"))


def _met(connection: Connection) -> Met:
    titles = tuple(challenge.title for challenge in connection.challenges) if connection.disowned_at is None else ()
    return Met(connection.met_at, connection.how, titles, connection.recorded_by_id)


def _of_step(step: NextStep) -> list[Event]:
    events: list[Event] = [StepPromised(step.made_at, step.id, step.what, step.owner_id, step.due_at, step.state)]
    if step.settled_at is not None:
        events.append(StepSettled(step.settled_at, step.id, step.what, step.state, step.settled_by_id))
    return events


def _of_follow_up(follow_up: FollowUp) -> list[Event]:
    events: list[Event] = [
        FollowUpLogged(
            follow_up.logged_at,
            follow_up.id,
            follow_up.author_id,
            follow_up.kind,
            follow_up.text,
            follow_up.audience,
            follow_up.confirmation,
        )
    ]
    if follow_up.answered_at is not None:
        events.append(
            FollowUpAnswered(
                follow_up.answered_at,
                follow_up.id,
                follow_up.author_id,
                follow_up.confirmation,
                follow_up.answer_text,
            )
        )
    return events
