"""What became of earlier summits, for the matching: promises open, kept and lapsed, and what came of meeting.

A gradient rather than a yes or no. Of two people the matching learns that a promise is open, that one was kept, or that
one lapsed; and when the last word of either is that nothing came of it, they are not matched again. Nobody is told so.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.connections.models import (
    Confirmation,
    Connection,
    ConnectionChallenge,
    FollowUp,
    FollowUpKind,
    NextStep,
    StepState,
)
from summit.summits.models import Summit

Pair = tuple[int, int]

LONG_OVERDUE = timedelta(days=60)
"""A promise that is still open, but was due so long before a summit begins, has lapsed there."""


@dataclass(frozen=True)
class History:
    """Pairs of person ids, the lower first, by what became of them.

    `adapted` are pairs of a person and a challenge: a colleague adapted that person's approach to it. Two people are in
    one of `ended`, `kept` and `lapsed` at most, and in `lapsed` only without an open promise.
    """

    promised: frozenset[Pair]
    kept: frozenset[Pair]
    lapsed: frozenset[Pair]
    ended: frozenset[Pair]
    adapted: frozenset[Pair]


_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass
class _Between:
    """What is known of two people; the moments are those of the last word of that kind."""

    is_promised: bool = False
    is_kept: bool = False
    is_lapsed: bool = False
    last_good: datetime = _NEVER
    last_bad: datetime = _NEVER

    @property
    def has_ended(self) -> bool:
        return self.last_bad > self.last_good


def history_of(session: Session, summit: Summit) -> History:
    """Return what became of the connections of other summits; those that somebody disowned count nowhere."""
    between: defaultdict[Pair, _Between] = defaultdict(_Between)
    _read_steps(session, summit, between)
    _read_follow_ups(session, summit, between)
    known = between.items()
    return History(
        promised=_pairs(pair for pair, each in known if each.is_promised and not each.has_ended),
        kept=_pairs(pair for pair, each in known if each.is_kept and not each.has_ended),
        lapsed=_pairs(
            pair for pair, each in known if each.is_lapsed and not (each.is_kept or each.is_promised or each.has_ended)
        ),
        ended=_pairs(pair for pair, each in known if each.has_ended),
        adapted=_adapted(session, summit),
    )


def _pairs(pairs: Iterable[Pair]) -> frozenset[Pair]:
    return frozenset(pairs)


def _read_steps(session: Session, summit: Summit, between: dict[Pair, _Between]) -> None:
    rows = session.execute(
        select(
            Connection.low_id,
            Connection.high_id,
            NextStep.state,
            NextStep.due_at,
            NextStep.made_at,
            NextStep.settled_at,
        )
        .join(NextStep, NextStep.connection_id == Connection.id)
        .where(NextStep.state != StepState.CHANGED, Connection.disowned_at.is_(None), Connection.summit_id != summit.id)
    )
    lapses = _start_of(summit.starts_on) - LONG_OVERDUE
    for low, high, state, due_at, made_at, settled_at in rows:
        each = between[low, high]
        if state is StepState.OPEN and due_at >= lapses:
            each.is_promised = True
            each.last_good = max(each.last_good, made_at)
        elif state is StepState.DONE:
            each.is_kept = True
            each.last_good = max(each.last_good, settled_at or made_at)
        else:
            each.is_lapsed = True


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _read_follow_ups(session: Session, summit: Summit, between: dict[Pair, _Between]) -> None:
    rows = session.execute(
        select(Connection.low_id, Connection.high_id, FollowUp.kind, FollowUp.confirmation, FollowUp.logged_at)
        .join(FollowUp, FollowUp.connection_id == Connection.id)
        .where(Connection.disowned_at.is_(None), Connection.summit_id != summit.id)
    )
    for low, high, kind, confirmation, logged_at in rows:
        each = between[low, high]
        if kind is FollowUpKind.NO_RESULT:
            # Whether the other side agrees or not: one of the two found it of no use.
            each.last_bad = max(each.last_bad, logged_at)
        elif confirmation is Confirmation.CONFIRMED:
            each.is_kept = True
            each.last_good = max(each.last_good, logged_at)


def _adapted(session: Session, summit: Summit) -> frozenset[Pair]:
    """Return whose approach to which challenge a colleague adapted, as they both say."""
    rows = session.execute(
        select(Connection.low_id, Connection.high_id, FollowUp.author_id, ConnectionChallenge.challenge_id)
        .join(FollowUp, FollowUp.connection_id == Connection.id)
        .join(ConnectionChallenge, ConnectionChallenge.connection_id == Connection.id)
        .where(
            FollowUp.kind == FollowUpKind.ADAPTED,
            FollowUp.confirmation == Confirmation.CONFIRMED,
            Connection.disowned_at.is_(None),
            Connection.summit_id != summit.id,
        )
    )
    return frozenset((high if author == low else low, challenge) for low, high, author, challenge in rows)
