"""Saying that a connection needs no next step; as good an end as any, and then nobody is asked for one."""

from datetime import datetime

from sqlalchemy.orm import Session

from summit import audit
from summit.connections.models import Connection
from summit.connections.pairs import hold, require_counted, require_in_pair


def need_no_step(session: Session, connection: Connection, *, by: int, now: datetime) -> Connection:
    """Note that no next step is needed. Saying it again changes nothing; a step can be promised later all the same.

    Raises:
        NotFound: when `by` is neither of the two.
        Conflict: when somebody said "not me" to the connection.
    """
    require_in_pair(connection, by)
    require_counted(connection)
    hold(session, connection)
    session.refresh(connection, ["no_step_needed_at"])
    if connection.no_step_needed_at is None:
        connection.no_step_needed_at = now
        audit.record(session, "need no step", actor_id=by, subject_kind="connection", subject_id=connection.id, at=now)
        session.flush()
    return connection
