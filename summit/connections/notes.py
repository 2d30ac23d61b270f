"""Notes: what one of the two writes down, for themselves unless they share it with the other."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import audit
from summit.access import Audience
from summit.connections.models import Connection, Note
from summit.connections.pairs import connection_of, hold, require_counted, require_in_pair
from summit.errors import Invalid, NotFound

AUDIENCES = (Audience.ONLY_ME, Audience.PAIR)
LONGEST_NOTE = 2000


def write_note(
    session: Session, connection: Connection, *, author_id: int, text: str, audience: Audience, now: datetime
) -> Note:
    """Keep a note on a connection. The same words twice are one note.

    Raises:
        Invalid: without words, with too many, or for an audience that notes don't have.
        NotFound: when the author is neither of the two.
        Conflict: when a note is shared on a connection that somebody said "not me" to.
    """
    require_in_pair(connection, author_id)
    text = _checked(connection, text, audience)
    hold(session, connection)
    same = session.scalar(
        select(Note).where(
            Note.connection_id == connection.id,
            Note.author_id == author_id,
            Note.text == text,
            Note.audience == audience,
        )
    )
    if same is not None:
        return same
    note = Note(connection_id=connection.id, author_id=author_id, text=text, audience=audience, written_at=now)
    session.add(note)
    session.flush()
    if audience is Audience.PAIR:
        _audit(session, "share note", note, now=now)
    return note


def change_note(session: Session, note: Note, *, by: int, text: str, audience: Audience, now: datetime) -> Note:
    """Change one's own note, or whom it is for. When it was written stays.

    Raises:
        Invalid: without words, with too many, or for an audience that notes don't have.
        NotFound: when somebody else wrote it.
        Conflict: when a note is shared on a connection that somebody said "not me" to.
    """
    _require_author(note, by)
    connection = connection_of(session, note.connection_id)
    text = _checked(connection, text, audience)
    was_shared = note.audience is Audience.PAIR
    note.text, note.audience = text, audience
    if was_shared or audience is Audience.PAIR:
        _audit(session, "change shared note", note, now=now)
    session.flush()
    return note


def delete_note(session: Session, note: Note, *, by: int, now: datetime) -> None:
    """Delete one's own note.

    Raises:
        NotFound: when somebody else wrote it.
    """
    _require_author(note, by)
    if note.audience is Audience.PAIR:
        _audit(session, "delete shared note", note, now=now)
    session.delete(note)
    session.flush()


def _require_author(note: Note, person_id: int) -> None:
    if note.author_id != person_id:
        raise NotFound(_("There is no such note, or it is not yours."))


def _checked(connection: Connection, text: str, audience: Audience) -> str:
    text = text.strip()
    if not text:
        raise Invalid(_("The note is empty."), {"text": _("Write a word or two.")})
    if len(text) > LONGEST_NOTE:
        message = _("Say it in %(n)s characters or fewer.", n=LONGEST_NOTE)
        raise Invalid(message, {"text": message})
    if audience not in AUDIENCES:
        message = _("A note is for you alone or for both of you.")
        raise Invalid(message, {"audience": message})
    if audience is Audience.PAIR:
        require_counted(connection)
    return text


def _audit(session: Session, action: str, note: Note, *, now: datetime) -> None:
    audit.record(
        session,
        action,
        actor_id=note.author_id,
        subject_kind="note",
        subject_id=note.id,
        at=now,
        detail={"connection": note.connection_id, "audience": note.audience.value},
    )
