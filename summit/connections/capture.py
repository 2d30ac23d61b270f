"""Recording that two people met: once for either order, however often and by whichever of them it is said."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, joinedload

from summit import audit
from summit.challenges.models import Challenge
from summit.connections.models import Connection, ConnectionChallenge, Meeting
from summit.errors import Conflict, Invalid, NotFound, WrongTime
from summit.people.models import Person
from summit.summits.models import Attendance, Summit, SummitState


def record_connection(
    session: Session,
    *,
    summit: Summit,
    by: int,
    other_id: int,
    how: Meeting,
    challenge_ids: Iterable[int],
    now: datetime,
) -> Connection:
    """Record that `by` met `other_id`, or return the connection that is there and add the challenges to it.

    The first word counts for how and when they met. Somebody who said "not me" takes that back by recording it.

    Raises:
        Invalid: for a connection with oneself, or a challenge that does not exist.
        NotFound: when either of them does not attend this summit (any more).
        WrongTime: when the summit is closed.
        Conflict: when the other side said "not me".
    """
    if by == other_id:
        raise Invalid(
            _("This is yourself. Ask the other person for their code."), {"code": _("This is your own code.")}
        )
    _require_both_attend(session, summit, by, other_id)
    if summit.state is SummitState.CLOSED:
        raise WrongTime(_("%(summit)s is closed: nothing new can be recorded there.", summit=summit.name))
    challenges = existing_challenge_ids(session, challenge_ids)
    pair = sorted((by, other_id))
    connection = _locked(session, summit.id, *pair) or _add(session, summit, pair, by=by, how=how, now=now)
    _reclaim(session, connection, by=by, now=now)
    add_challenges(session, connection, challenges)
    return connection


def attendee_by_code(session: Session, summit: Summit, code: str) -> Attendance:
    """Return the attendance a scanned or typed code belongs to; case, spaces and dashes do not matter.

    Raises:
        NotFound: when nobody attends this summit under it.
    """
    typed = code.strip()
    plain = re.sub(r"[\s-]", "", typed)
    attendance = session.scalar(
        select(Attendance)
        .where(
            Attendance.summit_id == summit.id,
            func.lower(Attendance.code).in_({typed.lower(), plain.lower()}),
            Attendance.withdrawn_at.is_(None),
        )
        .options(joinedload(Attendance.person).joinedload(Person.organization))
    )
    if attendance is None:
        raise NotFound(_("Nobody at %(summit)s has this code. Check it for a typing mistake.", summit=summit.name))
    return attendance


def attendee_by_id(session: Session, summit: Summit, person_id: int) -> Attendance:
    """Return a person's attendance with the person loaded.

    Raises:
        NotFound: when they do not attend this summit (any more).
    """
    attendance = session.scalar(
        select(Attendance)
        .where(
            Attendance.summit_id == summit.id,
            Attendance.person_id == person_id,
            Attendance.withdrawn_at.is_(None),
        )
        .options(joinedload(Attendance.person).joinedload(Person.organization))
    )
    if attendance is None:
        raise NotFound(_("This person does not attend %(summit)s.", summit=summit.name))
    return attendance


def existing_challenge_ids(session: Session, challenge_ids: Iterable[int]) -> set[int]:
    """Return the ids as a set when every one of them is a challenge.

    Raises:
        Invalid: when one is not.
    """
    wanted = set(challenge_ids)
    if not wanted:
        return wanted
    found = set(session.scalars(select(Challenge.id).where(Challenge.id.in_(wanted))))
    if found != wanted:
        message = _("One of these challenges does not exist. Reload the page and choose again.")
        raise Invalid(message, {"challenges": message})
    return wanted


def add_challenges(session: Session, connection: Connection, challenge_ids: set[int]) -> None:
    """Add challenges to what a connection is about; those already there stay."""
    if not challenge_ids:
        return
    there = set(
        session.scalars(
            select(ConnectionChallenge.challenge_id).where(ConnectionChallenge.connection_id == connection.id)
        )
    )
    new = sorted(challenge_ids - there)
    if new:
        session.execute(
            insert(ConnectionChallenge), [{"connection_id": connection.id, "challenge_id": id_} for id_ in new]
        )
        session.expire(connection, ["challenges"])


def _require_both_attend(session: Session, summit: Summit, by: int, other_id: int) -> None:
    attending = select(func.count()).where(
        Attendance.summit_id == summit.id,
        Attendance.person_id.in_((by, other_id)),
        Attendance.withdrawn_at.is_(None),
    )
    if session.scalar(attending) != 2:
        raise NotFound(_("Both of you must attend %(summit)s to connect there.", summit=summit.name))


def _locked(session: Session, summit_id: int, low_id: int, high_id: int) -> Connection | None:
    """Return the pair's connection and hold it until the transaction ends, so that merging twice at once is safe."""
    return session.scalar(
        select(Connection)
        .where(Connection.summit_id == summit_id, Connection.low_id == low_id, Connection.high_id == high_id)
        .with_for_update()
    )


def _add(session: Session, summit: Summit, pair: list[int], *, by: int, how: Meeting, now: datetime) -> Connection:
    """Insert the connection; when somebody else did so at the same moment, return theirs."""
    made: Connection | None = session.scalar(
        _insert(session)(Connection)
        .values(
            summit_id=summit.id,
            low_id=pair[0],
            high_id=pair[1],
            how=how,
            met_at=now,
            recorded_by_id=by,
            recorded_at=now,
        )
        .on_conflict_do_nothing(index_elements=["summit_id", "low_id", "high_id"])
        .returning(Connection)
    )
    if made is None:
        theirs = _locked(session, summit.id, *pair)
        if theirs is None:
            raise Conflict(_("This was changed at the same moment. Please try again."))
        return theirs
    _audit(session, "record connection", made, by=by, now=now)
    return made


def _insert(session: Session) -> Callable[[type[Connection]], sqlite.Insert]:
    """Return the database's own `insert`, which can leave a row that is there as it is: both spell it alike."""
    if session.connection().dialect.name == "postgresql":
        return cast(Callable[[type[Connection]], sqlite.Insert], postgresql.insert)
    return sqlite.insert


def _reclaim(session: Session, connection: Connection, *, by: int, now: datetime) -> None:
    """Take back a "not me" of one's own; leave the other side's alone."""
    if connection.disowned_by_id is None:
        return
    if connection.disowned_by_id != by:
        raise Conflict(_("The other side said that this was not them. Only they can take that back."))
    connection.disowned_by_id = connection.disowned_at = None
    _audit(session, "own connection again", connection, by=by, now=now)
    session.flush()


def _audit(session: Session, action: str, connection: Connection, *, by: int, now: datetime) -> None:
    audit.record(
        session,
        action,
        actor_id=by,
        subject_kind="connection",
        subject_id=connection.id,
        at=now,
        detail={"summit": connection.summit_id, "how": connection.how.value},
    )
