"""Finding connections, and what hangs on them, as far as the viewer may."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from summit.access import Viewer
from summit.connections.models import Connection, FollowUp, NextStep, Note
from summit.connections.pairs import require_counted
from summit.connections.visibility import counted, visible_notes, visible_to
from summit.errors import NotFound
from summit.listing import Page, holds_words, page_of
from summit.people.models import Person
from summit.summits.dates import local
from summit.summits.models import Summit


def with_people() -> tuple[ORMOption, ...]:
    """Return the options that load a connection's summit and its two people with their organizations."""
    return (
        joinedload(Connection.summit),
        joinedload(Connection.low).joinedload(Person.organization),
        joinedload(Connection.high).joinedload(Person.organization),
    )


def with_substance() -> tuple[ORMOption, ...]:
    """Return the options that load what a connection is about and what was promised."""
    return selectinload(Connection.challenges), selectinload(Connection.next_steps)


def find_connection(session: Session, connection_id: int, viewer: Viewer) -> Connection:
    """Return the viewer's connection with its summit, people, challenges and next steps.

    Raises:
        NotFound: when there is none, or when the viewer is neither of the two.
    """
    connection = session.scalar(
        select(Connection)
        .where(Connection.id == connection_id, visible_to(viewer))
        .options(*with_people(), *with_substance())
    )
    if connection is None:
        raise NotFound(_("There is no such connection, or it is not yours."))
    return connection


def connection_between(session: Session, summit: Summit, one_id: int, other_id: int) -> Connection | None:
    """Return the connection of two people at a summit, in whatever order they are named, or None."""
    low_id, high_id = sorted((one_id, other_id))
    return session.scalar(
        select(Connection).where(
            Connection.summit_id == summit.id, Connection.low_id == low_id, Connection.high_id == high_id
        )
    )


def find_step(session: Session, connection: Connection, step_id: int) -> NextStep:
    """Return a next step of this connection.

    Raises:
        NotFound: when it has no such step.
        Conflict: when somebody said "not me" to the connection: nobody reads there what was promised.
    """
    step = session.scalar(select(NextStep).where(NextStep.id == step_id, NextStep.connection_id == connection.id))
    if step is None:
        raise NotFound(_("There is no such next step."))
    require_counted(connection)
    return step


def find_follow_up(session: Session, connection: Connection, follow_up_id: int) -> FollowUp:
    """Return a follow-up of this connection.

    Raises:
        NotFound: when it has no such follow-up.
        Conflict: when somebody said "not me" to the connection: only the author reads it then.
    """
    wanted = select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.connection_id == connection.id)
    follow_up = session.scalar(wanted)
    if follow_up is None:
        raise NotFound(_("There is no such follow-up."))
    require_counted(connection)
    return follow_up


def find_own_note(session: Session, connection: Connection, note_id: int, viewer: Viewer) -> Note:
    """Return a note that the viewer wrote on this connection.

    Raises:
        NotFound: when there is none, or when somebody else wrote it.
    """
    note = session.scalar(
        select(Note).where(
            Note.id == note_id,
            Note.connection_id == connection.id,
            Note.author_id == viewer.person_id,
            visible_notes(viewer),
        )
    )
    if note is None:
        raise NotFound(_("There is no such note, or it is not yours."))
    return note


def connections_of(viewer: Viewer) -> Select[Connection]:
    """Select the viewer's connections that count, latest summit and meeting first, without loading options."""
    return (
        select(Connection)
        .join(Summit, Summit.id == Connection.summit_id)
        .where(visible_to(viewer), counted())
        .order_by(Summit.starts_on.desc(), Connection.met_at.desc(), Connection.id.desc())
    )


def page_of_connections(
    session: Session, viewer: Viewer, *, name: str, number: int, url_for: Callable[[int], str]
) -> Page[Connection]:
    """Return a page of the viewer's connections, those whose other side's name holds every word of `name`."""
    wanted = connections_of(viewer)
    if name.strip():
        other = aliased(Person)
        wanted = wanted.join(
            other,
            or_(
                and_(Connection.low_id == viewer.person_id, other.id == Connection.high_id),
                and_(Connection.high_id == viewer.person_id, other.id == Connection.low_id),
            ),
        ).where(holds_words(name, other.name))
    loaded = wanted.options(*with_people(), *with_substance())
    return page_of(session, loaded, number=number, url_for=url_for)


def met_today(session: Session, summit: Summit, viewer: Viewer, now: datetime) -> list[Connection]:
    """Return the viewer's connections of this day at the summit, the latest first."""
    midnight = local(summit, now).replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = connections_of(viewer).where(Connection.summit_id == summit.id, Connection.met_at >= midnight)
    return list(session.scalars(wanted.options(*with_people(), *with_substance())))


def disowned_connections(session: Session, viewer: Viewer) -> list[Connection]:
    """Return the viewer's connections that one of the two said "not me" to; they count nowhere."""
    wanted = (
        select(Connection)
        .where(visible_to(viewer), Connection.disowned_at.is_not(None))
        .order_by(Connection.disowned_at.desc())
    )
    return list(session.scalars(wanted.options(*with_people())))
