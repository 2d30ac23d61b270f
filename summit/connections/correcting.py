"""Correcting a connection: either of the two may, and either may say that it was not them."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.orm import Session

from summit import audit
from summit.connections.capture import add_challenges, existing_challenge_ids
from summit.connections.models import Connection, ConnectionChallenge, Meeting, NextStep, StepState
from summit.connections.next_steps import clean_step_text
from summit.connections.pairs import connection_of, hold, require_counted, require_in_pair
from summit.errors import Conflict, WrongTime


def correct_connection(
    session: Session, connection: Connection, *, by: int, how: Meeting, challenge_ids: Iterable[int], now: datetime
) -> Connection:
    """Correct how the two met and what they talked about.

    Raises:
        Invalid: when a challenge does not exist.
        NotFound: when `by` is neither of the two.
        Conflict: when somebody said "not me" to the connection.
    """
    require_in_pair(connection, by)
    require_counted(connection)
    wanted = existing_challenge_ids(session, challenge_ids)
    hold(session, connection)
    session.execute(
        delete(ConnectionChallenge)
        .where(ConnectionChallenge.connection_id == connection.id, ConnectionChallenge.challenge_id.not_in(wanted))
        .execution_options(synchronize_session=False)
    )
    session.expire(connection, ["challenges"])
    add_challenges(session, connection, wanted)
    connection.how = how
    _audit(session, "correct connection", "connection", connection.id, by=by, now=now)
    session.flush()
    return connection


def correct_step(session: Session, step: NextStep, *, by: int, what: str, now: datetime) -> NextStep:
    """Correct the words of an open next step.

    Raises:
        Invalid: without words, or with too many.
        NotFound: when `by` is neither of the two.
        WrongTime: when the step is settled.
        Conflict: when somebody said "not me" to the connection.
    """
    connection = connection_of(session, step.connection_id)
    require_in_pair(connection, by)
    require_counted(connection)
    what = clean_step_text(what)
    hold(session, connection)
    session.refresh(step, ["state"])
    if step.state is not StepState.OPEN:
        raise WrongTime(_("This step is settled already; its words stay as they are."))
    step.what = what
    _audit(session, "correct step", "next_step", step.id, by=by, now=now)
    session.flush()
    return step


def disown(session: Session, connection: Connection, *, by: int, now: datetime) -> Connection:
    """Say "not me": the connection then counts nowhere, and the other side is told on its page.

    Raises:
        NotFound: when `by` is neither of the two.
        Conflict: when the other side said so already.
    """
    require_in_pair(connection, by)
    hold(session, connection)
    session.refresh(connection, ["disowned_by_id", "disowned_at"])
    if connection.disowned_by_id == by:
        return connection
    if connection.disowned_by_id is not None:
        raise Conflict(_("The other side said already that this was not them."))
    connection.disowned_by_id, connection.disowned_at = by, now
    _note_change(session, "disown connection", connection, by=by, now=now)
    return connection


def own_again(session: Session, connection: Connection, *, by: int, now: datetime) -> Connection:
    """Take back one's "not me".

    Raises:
        NotFound: when `by` is neither of the two.
        Conflict: when the other side said it, who alone can take it back.
    """
    require_in_pair(connection, by)
    hold(session, connection)
    session.refresh(connection, ["disowned_by_id", "disowned_at"])
    if connection.disowned_by_id is None:
        return connection
    if connection.disowned_by_id != by:
        raise Conflict(_("The other side said that this was not them. Only they can take that back."))
    connection.disowned_by_id = connection.disowned_at = None
    _note_change(session, "own connection again", connection, by=by, now=now)
    return connection


def _note_change(session: Session, action: str, connection: Connection, *, by: int, now: datetime) -> None:
    session.flush()
    _audit(session, action, "connection", connection.id, by=by, now=now)


def _audit(session: Session, action: str, kind: str, subject_id: int, *, by: int, now: datetime) -> None:
    audit.record(session, action, actor_id=by, subject_kind=kind, subject_id=subject_id, at=now)
