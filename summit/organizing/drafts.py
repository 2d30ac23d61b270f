"""Uploaded spreadsheets between their dry run and their import."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from summit.errors import NotFound
from summit.organizing.models import ImportDraft
from summit.summits.attendance import require_open
from summit.summits.models import Summit

KEPT_FOR = timedelta(days=1)


def keep_draft(session: Session, summit: Summit, *, data: bytes, file_name: str, by: int, now: datetime) -> ImportDraft:
    """Keep an uploaded spreadsheet for its import; it takes the place of this person's earlier one.

    Raises:
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    drop_old_drafts(session, now=now)
    replaced = (ImportDraft.summit_id == summit.id, ImportDraft.uploaded_by_id == by)
    session.execute(delete(ImportDraft).where(*replaced))
    # PostgreSQL keeps no NUL in a text, and a file may be called anything.
    name = file_name.replace("\0", "")[:120]
    draft = ImportDraft(summit_id=summit.id, uploaded_by_id=by, uploaded_at=now, file_name=name, data=data)
    session.add(draft)
    session.flush()
    return draft


def find_draft(session: Session, summit: Summit, draft_id: int, *, by: int, now: datetime) -> ImportDraft:
    """Return one's own upload.

    Raises:
        NotFound: when there is none, it was used, or a day has passed.
    """
    draft = session.scalar(
        select(ImportDraft).where(
            ImportDraft.id == draft_id,
            ImportDraft.summit_id == summit.id,
            ImportDraft.uploaded_by_id == by,
            ImportDraft.uploaded_at > now - KEPT_FOR,
        )
    )
    if draft is None:
        raise NotFound(_("This upload was used already, or a day has passed. Choose the file again."))
    return draft


def drop_old_drafts(session: Session, *, now: datetime) -> None:
    """Forget uploads that nobody imported within a day."""
    session.execute(delete(ImportDraft).where(ImportDraft.uploaded_at <= now - KEPT_FOR))
