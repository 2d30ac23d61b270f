"""Match runs: requested by an organizer, looked at, published, cancelled. A worker performs them (`performing`).

Pages read this module, so it loads nothing of the engine.
"""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Conflict, NotFound, WrongTime
from summit.matching.models import Match, MatchRun, RunState
from summit.summits.attendance import require_open
from summit.summits.models import Exclusion, Introduction, Summit

_PAIR = (Match.low_id, Match.high_id)


def request_run(session: Session, summit: Summit, *, by: int | None, now: datetime) -> MatchRun:
    """Ask for a run; the worker performs it within seconds. One that waits already is returned as it is.

    Raises:
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    _hold(session, summit)
    waiting = session.scalar(
        select(MatchRun).where(MatchRun.summit_id == summit.id, MatchRun.state.in_((RunState.QUEUED, RunState.RUNNING)))
    )
    if waiting is not None:
        return waiting
    run = MatchRun(summit_id=summit.id, requested_at=now, requested_by_id=by)
    session.add(run)
    session.flush()
    audit.record(session, "request match run", actor_id=by, subject_kind="match_run", subject_id=run.id, at=now)
    return run


def publish_run(session: Session, run: MatchRun, *, by: int | None, now: datetime) -> None:
    """Show a run's matches to the attendees; asks for their eyes only open to exactly these pairs.

    A pair that asked to be kept apart since the run was computed is left out.

    Raises:
        WrongTime: when the run isn't finished, or the summit is closed.
        Conflict: when a newer run was published already.
    """
    summit = session.get_one(Summit, run.summit_id)
    require_open(summit)
    _hold(session, summit)
    if run.state is not RunState.DONE:
        raise WrongTime(_("This run has no result to publish. Wait for it, or run the matching again."))
    current = published_run(session, summit)
    if current is not None and current.id == run.id:
        return
    if current is not None and current.id > run.id:
        raise Conflict(_("A newer run is published already. Reload the page."))
    run.published_at = now
    session.execute(delete(Introduction).where(Introduction.summit_id == summit.id))
    apart = and_(Exclusion.person_id.in_(_PAIR), Exclusion.other_id.in_(_PAIR))
    allowed = ~select(Exclusion.id).where(apart).correlate(Match).exists()
    pairs = session.execute(select(Match.low_id, Match.high_id).where(Match.run_id == run.id, allowed)).all()
    if pairs:
        session.execute(
            insert(Introduction), [{"summit_id": summit.id, "low_id": low, "high_id": high} for low, high in pairs]
        )
    session.flush()
    audit.record(session, "publish match run", actor_id=by, subject_kind="match_run", subject_id=run.id, at=now)


def _hold(session: Session, summit: Summit) -> None:
    """Hold the summit until the transaction ends, so that two buttons pressed at once are seen one after the other."""
    session.execute(select(Summit.id).where(Summit.id == summit.id).with_for_update())


def cancel_run(session: Session, run: MatchRun, *, by: int | None, now: datetime) -> None:
    """Stop a run that waits or is being computed. Its worker notices at its next report; nothing it finds is kept.

    Raises:
        WrongTime: when the run has ended already.
    """
    # One statement, so that a run that is finished this very moment stays finished.
    stopped = session.execute(
        update(MatchRun)
        .where(MatchRun.id == run.id, MatchRun.state.in_((RunState.QUEUED, RunState.RUNNING)))
        .values(state=RunState.CANCELLED, finished_at=now, lease_token=None, lease_until=None)
        .returning(MatchRun.id)
        .execution_options(synchronize_session=False)
    ).scalars()
    if not stopped.all():
        raise WrongTime(_("This run has ended already. Reload the page."))
    session.refresh(run)
    audit.record(session, "cancel match run", actor_id=by, subject_kind="match_run", subject_id=run.id, at=now)


def find_run(session: Session, summit: Summit, run_id: int) -> MatchRun:
    """Return a run of this summit.

    Raises:
        NotFound: when there is no such run.
    """
    run = session.scalar(select(MatchRun).where(MatchRun.summit_id == summit.id, MatchRun.id == run_id))
    if run is None:
        raise NotFound(_("There is no such match run."))
    return run


def latest_run(session: Session, summit: Summit) -> MatchRun | None:
    """Return the run that was asked for last and not cancelled."""
    return session.scalar(
        select(MatchRun)
        .where(MatchRun.summit_id == summit.id, MatchRun.state != RunState.CANCELLED)
        .order_by(MatchRun.requested_at.desc(), MatchRun.id.desc())
        .limit(1)
    )


def is_working(run: MatchRun | None) -> bool:
    """Say whether a run waits for a worker, or is being computed."""
    return run is not None and run.state in (RunState.QUEUED, RunState.RUNNING)


def published_run(session: Session, summit: Summit) -> MatchRun | None:
    """Return the run whose matches the attendees see."""
    return session.scalar(
        select(MatchRun)
        .where(MatchRun.summit_id == summit.id, MatchRun.published_at.is_not(None))
        .order_by(MatchRun.published_at.desc(), MatchRun.id.desc())
        .limit(1)
    )
