"""Who may read a stance: a filter that belongs into every query over stances, also into those that only count."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from summit.access import Audience, Viewer
from summit.people.models import Person
from summit.summits.models import Attendance, Introduction, Stance, Summit

FOR_ORGANIZERS = (Audience.ORGANIZERS, Audience.MATCHES, Audience.SUMMIT, Audience.NETWORK, Audience.PUBLIC)
FOR_SIGNED_IN = (Audience.NETWORK, Audience.PUBLIC)


def visible_stances(viewer: Viewer) -> ColumnElement[bool]:
    """Return the filter over `Stance` that keeps what the viewer may read."""
    if viewer.person_id is None:
        return false()
    own = Stance.person_id == viewer.person_id
    if viewer.is_organizer:
        return or_(own, Stance.audience.in_(FOR_ORGANIZERS))
    # Somebody who withdrew is no attendee any more, and so nobody's match either.
    mine = select(Attendance.summit_id).where(
        Attendance.person_id == viewer.person_id, Attendance.withdrawn_at.is_(None)
    )
    attends = Stance.summit_id.in_(mine.correlate(None))
    return or_(
        own,
        Stance.audience.in_(FOR_SIGNED_IN),
        and_(Stance.audience == Audience.SUMMIT, attends),
        and_(Stance.audience == Audience.MATCHES, attends, _is_introduced(viewer.person_id)),
    )


def of_attendees(summit: Summit) -> ColumnElement[bool]:
    """Return the filter over `Stance` that keeps a summit's, without whoever withdrew or can't sign in any more."""
    # Not correlated: the attendees are looked up once, not again for every stance of a large summit.
    attending = (
        select(Attendance.person_id)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None), Person.disabled_at.is_(None))
        .correlate(None)
    )
    return and_(Stance.summit_id == summit.id, Stance.person_id.in_(attending))


def _is_introduced(person_id: int) -> ColumnElement[bool]:
    pair = or_(
        and_(Introduction.low_id == person_id, Introduction.high_id == Stance.person_id),
        and_(Introduction.high_id == person_id, Introduction.low_id == Stance.person_id),
    )
    introduction = select(Introduction.id).where(Introduction.summit_id == Stance.summit_id, pair)
    return introduction.correlate(Stance).exists()
