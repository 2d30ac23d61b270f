"""Who may read what of a connection: filters that belong into the query itself, for lists and for counts alike."""

from sqlalchemy import ColumnElement, and_, false, or_, select

from summit.access import Audience, Viewer
from summit.connections.models import Confirmation, Connection, FollowUp, Note
from summit.summits.models import Attendance


def visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Filter connections: a connection is its pair's, and nobody else's page; organizers see figures and lists."""
    if viewer.person_id is None:
        return false()
    return or_(Connection.low_id == viewer.person_id, Connection.high_id == viewer.person_id)


def counted() -> ColumnElement[bool]:
    """Filter connections: all that count, which is all but those where somebody said "not me"."""
    return Connection.disowned_at.is_(None)


def visible_notes(viewer: Viewer) -> ColumnElement[bool]:
    """Filter notes: one's own, and those shared with the pair while the connection counts."""
    if viewer.person_id is None:
        return false()
    in_my_pair = Note.connection_id.in_(select(Connection.id).where(visible_to(viewer), counted()))
    return or_(Note.author_id == viewer.person_id, and_(Note.audience == Audience.PAIR, in_my_pair))


def visible_follow_ups(viewer: Viewer) -> ColumnElement[bool]:
    """Filter follow-ups: one's own, those of one's connections, and what an audience opens to the viewer.

    Beyond the pair and the organizers a follow-up is read only once the other side has answered yes or "not quite":
    until then it is one side's claim about somebody else. Nothing of a disowned connection is shown but to its author.
    """
    by_me = FollowUp.author_id == viewer.person_id if viewer.person_id is not None else false()
    in_my_pair = FollowUp.connection_id.in_(select(Connection.id).where(visible_to(viewer), counted()))
    counts = FollowUp.connection_id.in_(select(Connection.id).where(counted()))
    answered = FollowUp.confirmation.in_((Confirmation.CONFIRMED, Confirmation.AMENDED))
    return or_(by_me, in_my_pair, and_(counts, _organizers_may(viewer)), and_(counts, answered, _others_may(viewer)))


def _organizers_may(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.is_organizer:
        return false()
    return FollowUp.audience.in_((Audience.ORGANIZERS, Audience.SUMMIT, Audience.NETWORK, Audience.PUBLIC))


def _others_may(viewer: Viewer) -> ColumnElement[bool]:
    """Say what follow-ups are open to somebody who is neither of the two."""
    public = FollowUp.audience == Audience.PUBLIC
    if viewer.person_id is None:
        return public
    at_my_summits = (
        select(Connection.id)
        .join(Attendance, Attendance.summit_id == Connection.summit_id)
        .where(Attendance.person_id == viewer.person_id, Attendance.withdrawn_at.is_(None))
    )
    at_summit = and_(FollowUp.audience == Audience.SUMMIT, FollowUp.connection_id.in_(at_my_summits))
    return or_(public, FollowUp.audience == Audience.NETWORK, at_summit)
