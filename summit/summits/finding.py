"""Finding a summit, and the attendance of whoever is looking."""

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from summit.access import Viewer
from summit.errors import NotFound
from summit.summits.models import Attendance, Summit, SummitState


def summit_by_slug(session: Session, slug: str) -> Summit:
    """Return the summit with this slug.

    Raises:
        NotFound: when there is none.
    """
    summit = session.scalar(select(Summit).where(Summit.slug == slug))
    if summit is None:
        raise NotFound(_("There is no such summit."))
    return summit


def current_summit(session: Session) -> Summit | None:
    """Return the summit that people have in mind now: the open one that began last, else the latest of all."""
    return session.scalar(_newest_first().limit(1))


def current_summit_with(session: Session, person_id: int) -> tuple[Summit | None, bool]:
    """Return the current summit and whether this person attends it (one query)."""
    attends = (
        select(Attendance.id)
        .where(
            Attendance.summit_id == Summit.id,
            Attendance.person_id == person_id,
            Attendance.withdrawn_at.is_(None),
        )
        .exists()
    )
    row = session.execute(_newest_first().add_columns(attends).limit(1)).first()
    return (row[0], row[1]) if row else (None, False)


def _newest_first() -> Select[Summit]:
    return select(Summit).order_by((Summit.state == SummitState.OPEN).desc(), Summit.starts_on.desc())


def attendance_of(session: Session, summit: Summit, person_id: int | None) -> Attendance | None:
    """Return a person's attendance at a summit, or None when they do not attend it (any more)."""
    return session.scalar(
        select(Attendance).where(
            Attendance.summit_id == summit.id,
            Attendance.person_id == person_id,
            Attendance.withdrawn_at.is_(None),
        )
    )


def attended_summit(session: Session, slug: str, viewer: Viewer) -> Summit:
    """Return the summit if the viewer attends it or organizes the network.

    Raises:
        NotFound: when there is none, or when it is not the viewer's.
    """
    summit, _attendance = own_attendance(session, slug, viewer)
    return summit


def own_attendance(session: Session, slug: str, viewer: Viewer) -> tuple[Summit, Attendance | None]:
    """Return the summit and the viewer's attendance, which an organizer may not have.

    Raises:
        NotFound: when there is none, or when it is not the viewer's.
    """
    summit = summit_by_slug(session, slug)
    attendance = attendance_of(session, summit, viewer.person_id)
    if attendance is None and not viewer.is_organizer:
        raise NotFound(_("There is no such summit."))
    return summit, attendance
