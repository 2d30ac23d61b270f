"""The lists that attendees see follow what changes: within seconds an edit mends the lists it touches.

A worker claims a published run that the summit has left behind, reads, mends, and writes the difference under its
lease, all at once: matches, who sees whose asks, and up to which revision the lists are good. Before mended lists can
be one percent behind a fresh run, they are computed afresh, and there is a certificate of the present again. A pair in
which somebody has shown interest stays, unless one of the two said otherwise, withdrew or must be kept apart.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session, aliased, undefer

from summit.claims import claim, write_claimed
from summit.database import database_now, reading
from summit.engine.matching.texts import comparison
from summit.engine.matching.weights import Weights
from summit.matching.computing import MatchRow, Outcome, compute
from summit.matching.gathering import MatchInput, Pair, Texts, gather
from summit.matching.marks import changed_since, marks_of
from summit.matching.mending import forget, mend
from summit.matching.models import Answer, Match, MatchAnswer, MatchRun, RunState
from summit.matching.runs import published_run
from summit.matching.weighing import weights_in
from summit.summits.models import Exclusion, Introduction, Summit, SummitState

LEASE = timedelta(minutes=2)
"""Far longer than mending takes; after it, another worker takes over from one that died."""

MOST_DRIFT = 0.005
"""By which share mended lists may have fallen behind before they are computed afresh."""

WORTH_A_CHANGE = 0.005
"""By which share fresh lists must be better for people to see others than they did a moment ago."""

PASSES = 2
"""How often a run is looked at in one tick: mended, and computed afresh."""

CHUNK = 500


@dataclass(frozen=True, eq=False)
class _Before:
    """A run as it was read, and the present input. `matches`: pair -> (id, score, ranks)."""

    run_id: int
    summit_id: int
    revision: int
    seed: int
    value: float
    drift: float
    few: int
    marks: dict[str, str]
    weights: Weights
    matches: dict[Pair, tuple[int, float, int, int]]
    interested: set[Pair]
    given: MatchInput


@dataclass(frozen=True, eq=False)
class _After:
    """What is to be written: the run's values, and its lists if they are others.

    `rows` are written whole; of the pairs in `others` only the ranks may have changed.
    """

    values: dict[str, object]
    rows: list[MatchRow] | None
    others: dict[Pair, tuple[int, int]] = field(default_factory=dict)

    @property
    def pairs(self) -> set[Pair]:
        return {(row.low_id, row.high_id) for row in self.rows or ()} | self.others.keys()


def follow_changes(session: Session, *, now: datetime, encoder: str = "none") -> int:
    """Bring the published lists of every summit that is not closed up to date; return how often one was written.

    encoder: what compares texts beside their words, as a setting names it. It commits by itself, as `perform_queued`
    does, since nobody may hold the database while the engine works.
    """
    passes: Counter[int] = Counter()
    written = 0
    while lease := _claim_due(session, [run_id for run_id, times in passes.items() if times >= PASSES]):
        run_id, token = lease
        session.commit()
        if _follow(session, run_id, token, now, encoder):
            written += 1
            passes[run_id] += 1
        else:
            passes[run_id] = PASSES
    return written


def _claim_due(session: Session, but: Collection[int]) -> tuple[int, str] | None:
    """Claim a published run that the summit has left behind, or that has drifted; return its id and the token."""
    other = aliased(MatchRun)
    seen = (
        select(other.id)
        .where(other.summit_id == MatchRun.summit_id, other.published_at.is_not(None))
        .order_by(other.published_at.desc(), other.id.desc())
        .limit(1)
        .correlate(MatchRun)
        .scalar_subquery()
    )
    revision = (
        select(Summit.revision)
        .where(Summit.id == MatchRun.summit_id, Summit.state != SummitState.CLOSED)
        .correlate(MatchRun)
        .scalar_subquery()
    )
    due: ColumnElement[bool] = and_(
        MatchRun.state == RunState.DONE,
        MatchRun.id == seen,
        or_(MatchRun.revision < revision, and_(MatchRun.drift > MOST_DRIFT, revision.is_not(None))),
        or_(MatchRun.lease_until.is_(None), MatchRun.lease_until < database_now(session)),
        MatchRun.id.not_in(but),
    )
    won = claim(session, MatchRun, due, order_by=[MatchRun.id], limit=1, lease=LEASE, values={})
    return (won.ids[0], won.token) if won.ids else None


def _follow(session: Session, run_id: int, token: str, now: datetime, encoder: str) -> bool:
    """Bring one run up to date; return whether that was written."""
    with reading():
        before = _read(session, run_id, encoder)
        session.rollback()
    after = _mended(before) if before.given.revision > before.revision else _fresh(before)
    released = {"lease_token": None, "lease_until": None}
    written = False
    if _may_write(session, before, after):
        values = {"repaired_at": now, **after.values, **released}
        written = write_claimed(session, MatchRun, run_id, token, values)
        if written and after.rows is not None:
            _write_lists(session, before, after)
    else:
        write_claimed(session, MatchRun, run_id, token, released)
    session.commit()
    return written


@lru_cache(maxsize=2)
def _alike(encoder: str, texts: Texts) -> Any:
    """Compare texts, unless they are those that were compared last."""
    return comparison(encoder)(texts)


def _read(session: Session, run_id: int, encoder: str) -> _Before:
    run = session.get_one(MatchRun, run_id, options=[undefer(MatchRun.marks)], populate_existing=True)
    summit = session.get_one(Summit, run.summit_id, populate_existing=True)
    rows = session.execute(
        select(Match.low_id, Match.high_id, Match.id, Match.score, Match.rank_for_low, Match.rank_for_high).where(
            Match.run_id == run_id
        )
    )
    return _Before(
        run_id=run.id,
        summit_id=summit.id,
        revision=run.revision,
        seed=run.seed,
        value=run.value or 0.0,
        drift=run.drift,
        few=len(run.few),
        marks=run.marks,
        weights=weights_in(run),
        matches={(low, high): (number, score, one, other) for low, high, number, score, one, other in rows},
        interested=_interested(session, summit.id),
        given=gather(session, summit, compare=partial(_alike, encoder)),
    )


def _interested(session: Session, summit_id: int) -> set[Pair]:
    rows = session.execute(
        select(MatchAnswer.person_id, MatchAnswer.other_id).where(
            MatchAnswer.summit_id == summit_id, MatchAnswer.answer == Answer.INTERESTED
        )
    )
    return {(min(pair), max(pair)) for pair in rows}


def _mended(before: _Before) -> _After:
    given, marks = before.given, marks_of(before.given)
    changed = changed_since(before.marks, marks)
    mended = mend(
        before.run_id, {pair: about[1] for pair, about in before.matches.items()}, given, changed, before.weights
    )
    values = {
        **_of_input(given, marks),
        "matches": len(mended.rows) + len(mended.others),
        "value": mended.value,
        "few": _as_stored(mended.few),
        "drift": before.drift + mended.drift,
    }
    return _After(values, mended.rows, mended.others)


def _fresh(before: _Before) -> _After:
    """Compute afresh. Lists that are hardly worse stay as they are, and only the certificate is new."""
    given = before.given
    outcome = compute(given, seed=before.seed, weights=before.weights)
    values: dict[str, object] = {
        "bound": outcome.bound,
        "certified_revision": given.revision,
        "drift": 0.0,
        "seconds": outcome.seconds,
    }
    if outcome.value <= (1 + WORTH_A_CHANGE) * before.value and len(outcome.few) >= before.few:
        return _After({**values, "gap": _gap(before.value, outcome.bound)}, None)
    forget(before.run_id)
    return _After({**_of_input(given, marks_of(given)), **values, **_of_outcome(outcome)}, outcome.rows)


def _of_input(given: MatchInput, marks: dict[str, str]) -> dict[str, object]:
    return {
        "revision": given.revision,
        "input_hash": given.digest,
        "people": len(given.person_ids),
        "marks": marks,
    }


def _of_outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "matches": len(outcome.rows),
        "value": outcome.value,
        "gap": outcome.gap,
        "few": _as_stored(outcome.few),
        "report": outcome.report,
    }


def _as_stored(few: dict[int, str]) -> dict[str, str]:
    return {str(person_id): reason for person_id, reason in few.items()}


def _gap(value: float, bound: float) -> float:
    return max(0.0, 1 - value / bound) if bound > 0 else 0.0


def _may_write(session: Session, before: _Before, after: _After) -> bool:
    """Hold what is to be changed, and say whether the attendees still see this run and nobody took up a lost match.

    Whoever answers a match holds it first. So once the matches to be lost are held, each answer is either there, or
    will find its match gone.
    """
    summit = session.scalars(select(Summit).where(Summit.id == before.summit_id).with_for_update()).one()
    current = published_run(session, summit)
    if current is None or current.id != before.run_id:
        return False
    if after.rows is None:
        return True
    lost = before.matches.keys() - after.pairs
    numbers = sorted(before.matches[pair][0] for pair in lost)
    for start in range(0, len(numbers), CHUNK):
        session.execute(select(Match.id).where(Match.id.in_(numbers[start : start + CHUNK])).with_for_update())
    return not lost & (_interested(session, before.summit_id) - before.interested)


def _write_lists(session: Session, before: _Before, after: _After) -> None:
    """Write the difference between the lists as they were read and as they are now."""
    apart = {(min(pair), max(pair)) for pair in session.execute(select(Exclusion.person_id, Exclusion.other_id))}
    now = after.pairs - apart
    _delete(session, Match, [before.matches[pair][0] for pair in before.matches.keys() - now])
    rows = {pair: row for row in after.rows or () if (pair := (row.low_id, row.high_id)) in now}
    added = sorted(rows.keys() - before.matches.keys())
    if added:
        session.execute(insert(Match), [{"run_id": before.run_id, **vars(rows[pair])} for pair in added])
    written = [{"id": before.matches[pair][0], **vars(row)} for pair, row in rows.items() if pair in before.matches]
    ranked = [
        {"id": before.matches[pair][0], "rank_for_low": low, "rank_for_high": high}
        for pair, (low, high) in after.others.items()
        if pair in now and before.matches[pair][2:] != (low, high)
    ]
    for changes in (written, ranked):
        if changes:
            session.execute(update(Match), changes)
    _introduce(session, before.summit_id, now)


def _introduce(session: Session, summit_id: int, pairs: Collection[Pair]) -> None:
    """Let exactly these pairs see what each of the two keeps for matches."""
    rows = session.execute(
        select(Introduction.low_id, Introduction.high_id, Introduction.id).where(Introduction.summit_id == summit_id)
    )
    introduced = {(low, high): number for low, high, number in rows}
    _delete(session, Introduction, [number for pair, number in introduced.items() if pair not in pairs])
    added = sorted(set(pairs) - introduced.keys())
    if added:
        session.execute(
            insert(Introduction), [{"summit_id": summit_id, "low_id": low, "high_id": high} for low, high in added]
        )


def _delete(session: Session, table: type[Match | Introduction], numbers: list[int]) -> None:
    for start in range(0, len(numbers), CHUNK):
        session.execute(delete(table).where(table.id.in_(numbers[start : start + CHUNK])))
