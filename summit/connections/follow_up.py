"""Follow-ups: one side says what came of it, the other side says whether that is so."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import audit
from summit.access import Audience
from summit.connections.models import Confirmation, Connection, FollowUp, FollowUpKind, NextStep
from summit.connections.pairs import connection_of, hold, require_counted, require_in_pair
from summit.errors import Forbidden, Invalid, NotFound, WrongTime

AUDIENCES = (Audience.PAIR, Audience.ORGANIZERS, Audience.SUMMIT, Audience.NETWORK, Audience.PUBLIC)
LONGEST_TEXT = 600


def log_follow_up(
    session: Session,
    connection: Connection,
    *,
    author_id: int,
    kind: FollowUpKind,
    text: str,
    audience: Audience,
    now: datetime,
    next_step_id: int | None = None,
) -> FollowUp:
    """Log what came of a connection, for the other side to confirm. Words are optional, for every kind.

    The same words twice while they wait for an answer are one follow-up.

    Raises:
        Invalid: when the text is too long or the audience does not fit.
        NotFound: when the author is neither of the two, or the next step is of another connection.
        Conflict: when somebody said "not me" to the connection.
    """
    require_in_pair(connection, author_id)
    require_counted(connection)
    text = _clean(text, "text")
    if audience not in AUDIENCES:
        message = _("Choose who may read this.")
        raise Invalid(message, {"audience": message})
    if next_step_id is not None:
        _require_step_of(session, connection, next_step_id)
    hold(session, connection)
    same = session.scalar(
        select(FollowUp).where(
            FollowUp.connection_id == connection.id,
            FollowUp.author_id == author_id,
            FollowUp.kind == kind,
            FollowUp.text == text,
            FollowUp.audience == audience,
            FollowUp.next_step_id.is_not_distinct_from(next_step_id),
            FollowUp.confirmation == Confirmation.PENDING,
        )
    )
    if same is not None:
        return same
    made = FollowUp(
        connection_id=connection.id,
        next_step_id=next_step_id,
        author_id=author_id,
        kind=kind,
        text=text,
        audience=audience,
        logged_at=now,
        confirmation=Confirmation.PENDING,
    )
    session.add(made)
    session.flush()
    _audit(session, "log follow-up", made, by=author_id, now=now)
    return made


def answer_follow_up(
    session: Session, follow_up: FollowUp, *, by: int, confirmation: Confirmation, text: str, now: datetime
) -> FollowUp:
    """Answer the other side's follow-up: confirmed, amended (with words of one's own) or denied; once, for good.

    Raises:
        Invalid: when it is no answer, or "not quite" comes without words.
        NotFound: when `by` is neither of the two.
        Forbidden: when `by` wrote it.
        WrongTime: when it was answered otherwise before.
        Conflict: when somebody said "not me" to the connection.
    """
    connection = connection_of(session, follow_up.connection_id)
    require_in_pair(connection, by)
    require_counted(connection)
    if by == follow_up.author_id:
        raise Forbidden(_("You wrote this yourself; the other side answers."))
    if confirmation is Confirmation.PENDING:
        raise Invalid(_("Say yes, not quite or no."), {"confirmation": _("Choose one of these.")})
    text = _clean(text, "text")
    if confirmation is Confirmation.AMENDED and not text:
        message = _("Say in a sentence how it was.")
        raise Invalid(message, {"text": message})
    hold(session, connection)
    session.refresh(follow_up, ["confirmation", "answer_text"])
    if follow_up.confirmation is not Confirmation.PENDING:
        if (follow_up.confirmation, follow_up.answer_text) == (confirmation, text):
            return follow_up
        raise WrongTime(_("You have answered this already."))
    follow_up.confirmation, follow_up.answer_text, follow_up.answered_at = confirmation, text, now
    _audit(session, "answer follow-up", follow_up, by=by, now=now)
    session.flush()
    return follow_up


def _clean(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        message = _("Say it in %(n)s characters or fewer.", n=LONGEST_TEXT)
        raise Invalid(message, {field: message})
    return text


def _require_step_of(session: Session, connection: Connection, step_id: int) -> None:
    wanted = select(NextStep.id).where(NextStep.id == step_id, NextStep.connection_id == connection.id)
    if session.scalar(wanted) is None:
        raise NotFound(_("There is no such next step."))


def _audit(session: Session, action: str, follow_up: FollowUp, *, by: int, now: datetime) -> None:
    audit.record(
        session,
        action,
        actor_id=by,
        subject_kind="follow_up",
        subject_id=follow_up.id,
        at=now,
        detail={
            "connection": follow_up.connection_id,
            "kind": follow_up.kind.value,
            "confirmation": follow_up.confirmation.value,
        },
    )
