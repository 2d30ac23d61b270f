"""Next steps: promising one, and settling it for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import audit
from summit.connections.models import Connection, NextStep, StepState
from summit.connections.pairs import connection_of, hold, require_counted, require_in_pair
from summit.errors import Invalid, WrongTime

LONGEST_STEP = 280
FARTHEST_DUE = timedelta(days=3 * 366)
"""Three years: later than that is a typing mistake in the year."""


@dataclass(frozen=True)
class Replacement:
    """The step that takes the place of a changed one: what, and by when. Its owner stays the same."""

    what: str
    due_at: datetime


def promise_step(
    session: Session,
    connection: Connection,
    *,
    what: str,
    owner_id: int | None,
    due_at: datetime,
    by: int,
    now: datetime,
) -> NextStep:
    """Promise a next step of `owner_id` (None: of both). The same open promise twice is one.

    Raises:
        Invalid: without words, with too many, or with a due date in the past or absurdly far away.
        NotFound: when `by` or the owner is neither of the two.
        Conflict: when somebody said "not me" to the connection.
    """
    require_in_pair(connection, by)
    require_counted(connection)
    if owner_id is not None:
        require_in_pair(connection, owner_id)
    what = clean_step_text(what)
    _check_due(due_at, now)
    hold(session, connection)
    same = session.scalar(
        select(NextStep).where(
            NextStep.connection_id == connection.id,
            NextStep.what == what,
            NextStep.owner_id.is_not_distinct_from(owner_id),
            NextStep.due_at == due_at,
            NextStep.state == StepState.OPEN,
        )
    )
    if same is not None:
        return same
    return _add(session, connection, what=what, owner_id=owner_id, due_at=due_at, by=by, now=now)


def settle_step(
    session: Session,
    step: NextStep,
    *,
    by: int,
    outcome: StepState,
    now: datetime,
    replacement: Replacement | None = None,
) -> NextStep:
    """Settle a next step as done, changed (with its replacement) or dropped. Saying the same again is harmless.

    Raises:
        Invalid: when the outcome is no outcome, a changed step has no replacement, or another has one.
        NotFound: when `by` is neither of the two.
        WrongTime: when it was settled otherwise.
        Conflict: when somebody said "not me" to the connection.
    """
    connection = connection_of(session, step.connection_id)
    require_in_pair(connection, by)
    require_counted(connection)
    if outcome is StepState.OPEN:
        raise Invalid(_("Say whether it is done, moved or dropped."), {"outcome": _("Choose one of these.")})
    if (outcome is StepState.CHANGED) != (replacement is not None):
        raise Invalid(_("A moved step needs a new time, and only a moved one."), {"due_at": _("Say when instead.")})
    hold(session, connection)
    session.refresh(step, ["state", "replaced_by_id"])
    if step.state is not StepState.OPEN:
        return _settled_already(session, step, outcome, replacement)
    if replacement is not None:
        step.replaced_by_id = _replace(session, connection, step, replacement, by=by, now=now).id
    step.state, step.settled_at, step.settled_by_id = outcome, now, by
    _audit(session, "settle step", step, by=by, now=now)
    session.flush()
    return step


def clean_step_text(what: str) -> str:
    """Return what is promised with single spaces.

    Raises:
        Invalid: when nothing or too much is left.
    """
    what = " ".join(what.split())
    if not what:
        raise Invalid(_("Say what happens next."), {"what": _("Say what happens next.")})
    if len(what) > LONGEST_STEP:
        message = _("Say it in %(n)s characters or fewer.", n=LONGEST_STEP)
        raise Invalid(message, {"what": message})
    return what


def _check_due(due_at: datetime, now: datetime) -> None:
    if due_at <= now:
        message = _("This time is in the past. Choose a later one.")
    elif due_at > now + FARTHEST_DUE:
        message = _("This is more than three years away. Check the year.")
    else:
        return
    raise Invalid(message, {"due_at": message})


def _settled_already(session: Session, step: NextStep, outcome: StepState, replacement: Replacement | None) -> NextStep:
    """Return the step when the same was said before, and refuse anything else."""
    same = step.state is outcome
    if same and replacement is not None:
        there = session.get(NextStep, step.replaced_by_id) if step.replaced_by_id else None
        said = (clean_step_text(replacement.what), replacement.due_at)
        same = there is not None and (there.what, there.due_at) == said
    if not same:
        raise WrongTime(_("This step is settled already. Add a new one if something is still to happen."))
    return step


def _replace(
    session: Session, connection: Connection, step: NextStep, replacement: Replacement, *, by: int, now: datetime
) -> NextStep:
    what = clean_step_text(replacement.what)
    _check_due(replacement.due_at, now)
    if (what, replacement.due_at) == (step.what, step.due_at):
        message = _("This is the same as before. Choose another time or other words.")
        raise Invalid(message, {"due_at": message})
    return _add(session, connection, what=what, owner_id=step.owner_id, due_at=replacement.due_at, by=by, now=now)


def _add(
    session: Session,
    connection: Connection,
    *,
    what: str,
    owner_id: int | None,
    due_at: datetime,
    by: int,
    now: datetime,
) -> NextStep:
    step = NextStep(
        connection_id=connection.id,
        what=what,
        owner_id=owner_id,
        due_at=due_at,
        made_by_id=by,
        made_at=now,
        state=StepState.OPEN,
    )
    session.add(step)
    session.flush()
    _audit(session, "promise step", step, by=by, now=now)
    return step


def _audit(session: Session, action: str, step: NextStep, *, by: int, now: datetime) -> None:
    audit.record(
        session,
        action,
        actor_id=by,
        subject_kind="next_step",
        subject_id=step.id,
        at=now,
        detail={"connection": step.connection_id, "state": step.state.value, "replaced_by": step.replaced_by_id},
    )
