"""Performing match runs: claim, gather, compute, store. For workers and commands: it loads the engine's solver."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, delete, insert, or_
from sqlalchemy.orm import Session

from summit.claims import claim, write_claimed
from summit.database import database_now, reading
from summit.engine.matching.assignment import Progress
from summit.engine.matching.texts import likeness
from summit.errors import Conflict
from summit.matching.computing import Outcome, compute
from summit.matching.gathering import Compare, MatchInput, gather
from summit.matching.marks import marks_of
from summit.matching.models import Match, MatchRun, RunState
from summit.matching.weighing import weights_of
from summit.summits.models import Summit

LEASE = timedelta(minutes=10)
"""Far longer than a run takes; after it, another worker takes over from one that died."""


def perform_run(session: Session, run: MatchRun, *, now: datetime, compare: Compare = likeness) -> MatchRun:
    """Perform a run here and now, in the caller's transaction: for a database that nobody else uses yet."""
    summit = session.get_one(Summit, run.summit_id)
    given = gather(session, summit, compare=compare)
    outcome = compute(given, seed=run.seed, weights=weights_of(session, summit))
    _store_matches(session, run.id, outcome)
    for name, value in _result(given, outcome, now).items():
        setattr(run, name, value)
    session.flush()
    return run


def perform_at_once(session: Session, run: MatchRun, *, now: datetime, compare: Compare = likeness) -> MatchRun:
    """Perform this run here, without waiting for a worker: for the command line. It commits as `perform_queued` does.

    Raises:
        Conflict: when a worker is at it already, or somebody cancelled it meanwhile.
    """
    lease = _claim_next(session, MatchRun.id == run.id)
    if lease is None:
        raise Conflict(_("A worker is computing a run of this summit already. Wait for its result, then run it again."))
    _perform_claimed(session, *lease, now=now, compare=compare)
    session.refresh(run)
    if run.state is RunState.CANCELLED:
        raise Conflict(_("Somebody cancelled this run. Run it again if that was a slip."))
    return run


def perform_queued(session: Session, *, now: datetime, compare: Compare = likeness) -> int:
    """Perform the runs that wait, and return how many; `compare` says how alike texts are.

    It commits by itself, since nobody may hold the database while the engine computes: claim, commit, read, compute,
    write under the lease, commit. A worker that dies in between leaves a lease behind; after it, another takes over.
    """
    performed = 0
    while lease := _claim_next(session):
        _perform_claimed(session, *lease, now=now, compare=compare)
        performed += 1
    return performed


class _Lost(Exception):
    """The run is ours no longer: it was cancelled, or another worker took over."""


def _perform_claimed(session: Session, run_id: int, token: str, *, now: datetime, compare: Compare) -> None:
    session.commit()
    try:
        given, outcome = _compute(session, run_id, compare, _teller(session, run_id, token))
    except _Lost:
        session.rollback()
        return
    except Exception as error:
        session.rollback()
        write_claimed(session, MatchRun, run_id, token, _failure(error, now))
        session.commit()
        raise
    if write_claimed(session, MatchRun, run_id, token, _result(given, outcome, now)):
        _store_matches(session, run_id, outcome)
    session.commit()


def _claim_next(session: Session, *which: ColumnElement[bool]) -> tuple[int, str] | None:
    """Claim a run that waits (out of these, if given); return its id and the token of the lease."""
    moment = database_now(session)
    due = or_(
        MatchRun.state == RunState.QUEUED,
        and_(MatchRun.state == RunState.RUNNING, MatchRun.lease_until < moment),
    )
    won = claim(
        session,
        MatchRun,
        and_(due, *which),
        order_by=[MatchRun.id],
        limit=1,
        lease=LEASE,
        values={"state": RunState.RUNNING},
    )
    return (won.ids[0], won.token) if won.ids else None


def _teller(session: Session, run_id: int, token: str) -> Progress:
    """Return what the engine tells of its progress; the bar never goes back, though the engine may try once more."""
    furthest = 0.0

    def tell(stage: str, share: float) -> None:
        nonlocal furthest
        furthest = max(furthest, share)
        if not report_progress(session, run_id, token, stage, furthest):
            raise _Lost

    return tell


def _compute(session: Session, run_id: int, compare: Compare, tell: Progress) -> tuple[MatchInput, Outcome]:
    tell("gathering", 0.0)
    with reading():
        run = session.get_one(MatchRun, run_id, populate_existing=True)
        summit = session.get_one(Summit, run.summit_id, populate_existing=True)
        seed, weights, given = run.seed, weights_of(session, summit), gather(session, summit, compare=compare)
        session.rollback()
    return given, compute(given, seed=seed, weights=weights, on_progress=tell)


def _result(given: MatchInput, outcome: Outcome, now: datetime) -> dict[str, object]:
    return {
        "state": RunState.DONE,
        "finished_at": now,
        "revision": given.revision,
        "certified_revision": given.revision,
        "drift": 0.0,
        "repaired_at": None,
        "marks": marks_of(given),
        "input_hash": given.digest,
        "settings": outcome.settings,
        "people": len(given.person_ids),
        "matches": len(outcome.rows),
        "value": outcome.value,
        "bound": outcome.bound,
        "gap": outcome.gap,
        "seconds": outcome.seconds,
        "few": {str(person_id): reason for person_id, reason in outcome.few.items()},
        "report": outcome.report,
        "progress": 1.0,
        "lease_token": None,
        "lease_until": None,
    }


def _failure(error: Exception, now: datetime) -> dict[str, object]:
    return {
        "state": RunState.FAILED,
        "finished_at": now,
        "failure": f"{type(error).__name__}: {error}"[:500],
        "lease_token": None,
        "lease_until": None,
    }


def _store_matches(session: Session, run_id: int, outcome: Outcome) -> None:
    session.execute(delete(Match).where(Match.run_id == run_id))
    if outcome.rows:
        session.execute(insert(Match), [{"run_id": run_id, **vars(row)} for row in outcome.rows])


def report_progress(session: Session, run_id: int, token: str, stage: str, share: float) -> bool:
    """Note how far a claimed run is, and keep it; return False when it is ours no longer: then stop.

    share: 0 to 1, of all there is to do. It commits, since others shall see it while the engine computes.
    """
    still_ours = write_claimed(
        session,
        MatchRun,
        run_id,
        token,
        {"stage": stage, "progress": min(1.0, max(0.0, share)), "lease_until": database_now(session) + LEASE},
    )
    session.commit()
    return still_ours
