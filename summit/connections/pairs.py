"""Who takes part in a connection, and whether anything may still be written on it."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.connections.models import Connection
from summit.errors import Conflict, NotFound


def require_in_pair(connection: Connection, person_id: int) -> None:
    """Refuse somebody who is neither of the two.

    Raises:
        NotFound: since to them there is no such connection.
    """
    if person_id not in (connection.low_id, connection.high_id):
        raise NotFound(_("There is no such connection, or it is not yours."))


def require_counted(connection: Connection) -> None:
    """Refuse to write on a connection that somebody said "not me" to.

    Raises:
        Conflict: saying so.
    """
    if connection.disowned_at is not None:
        raise Conflict(_("One of you said that this was not them. Take that back first."))


def connection_of(session: Session, connection_id: int) -> Connection:
    """Return the connection that a step, note or follow-up belongs to."""
    return session.get_one(Connection, connection_id)


def hold(session: Session, connection: Connection) -> None:
    """Hold the connection until the transaction ends, so that the same form sent twice at once is seen as one."""
    session.execute(select(Connection.id).where(Connection.id == connection.id).with_for_update())
