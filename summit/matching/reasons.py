"""Why these two: reasons in words, made only of what the viewer may read anyway.

Nothing here is taken from the score. What a viewer sees of a match follows from their own stances, from the other's
stances that they may read, and from what the two promised each other, kept and let go: so a sealed ask cannot be worked
out from a reason, a bar or a figure, only (as the privacy page says) guessed at from the order.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from summit.access import Viewer
from summit.challenges.models import Challenge
from summit.connections.models import Connection, FollowUp, FollowUpKind, NextStep, StepState
from summit.summits.models import Stance, StanceKind, Summit
from summit.summits.visibility import visible_stances


class ReasonKind(StrEnum):
    """What sort of reason it is, from the viewer's side."""

    GAIN = "gain"
    GIVE = "give"
    PROMISE = "promise"
    BOTH_ASK = "both_ask"
    BOTH_WORK = "both_work"
    KEPT = "kept"
    COMMITMENTS = "commitments"
    TEXT = "text"
    PLACE = "place"
    TIES = "ties"
    LAPSED = "lapsed"


WEAK_KINDS = frozenset({ReasonKind.COMMITMENTS, ReasonKind.TEXT, ReasonKind.PLACE, ReasonKind.TIES, ReasonKind.LAPSED})
"""Reasons that are a place to start, not a shared challenge."""


@dataclass(frozen=True)
class Reason:
    """One reason to meet: about a challenge, a promise (`text` is what was promised, `is_mine` who owes it), or what
    else the two share (`text` is the other's line, or the place).
    """

    kind: ReasonKind
    weight: int
    challenge: Challenge | None = None
    text: str = ""
    is_mine: bool = False


@dataclass(frozen=True)
class Reasons:
    """All reasons of a match that the viewer may read, the strongest first, and the two bars (0 to 10)."""

    reasons: tuple[Reason, ...]
    for_me: int
    for_them: int

    @property
    def is_weak(self) -> bool:
        """Say whether these are a place to start only. Taken from what is shown, so that it tells no more than that."""
        return bool(self.reasons) and all(reason.kind in WEAK_KINDS for reason in self.reasons)

    @property
    def is_thin(self) -> bool:
        """Say whether there is nothing, or nothing but a place to start."""
        return not self.reasons or self.is_weak

    def and_also(self, more: list[Reason]) -> "Reasons":
        """Return these with more behind them, in the order of their kinds."""
        return replace(self, reasons=tuple(sorted([*self.reasons, *more], key=_place_in_list)))


FULL_BAR = 18
"""What fills a bar: two meetings of an ask and an offer, all four at the highest priority."""

_MEETINGS = (
    (ReasonKind.GAIN, StanceKind.ASK, StanceKind.OFFER),
    (ReasonKind.GIVE, StanceKind.OFFER, StanceKind.ASK),
    (ReasonKind.BOTH_ASK, StanceKind.ASK, StanceKind.ASK),
    (ReasonKind.BOTH_WORK, StanceKind.WORKING_ON, StanceKind.WORKING_ON),
)
_ORDER = tuple(ReasonKind)
_REASON_OF = {
    StepState.OPEN: ReasonKind.PROMISE,
    StepState.DONE: ReasonKind.KEPT,
    StepState.DROPPED: ReasonKind.LAPSED,
}


def reasons_for(session: Session, summit: Summit, viewer: Viewer, other_ids: list[int]) -> dict[int, Reasons]:
    """Return, by the other's id, the reasons for the viewer to meet each of these people (two queries)."""
    stances = _stances(session, summit, viewer, other_ids)
    promises = _promises(session, viewer, other_ids)
    mine = stances.get(viewer.person_id or 0, {})
    return {other: _reasons(mine, stances.get(other, {}), promises.get(other, [])) for other in other_ids}


_Stances = dict[tuple[StanceKind, int], Stance]


def _stances(session: Session, summit: Summit, viewer: Viewer, other_ids: list[int]) -> dict[int, _Stances]:
    rows = session.scalars(
        select(Stance)
        .where(
            Stance.summit_id == summit.id,
            Stance.person_id.in_([viewer.person_id, *other_ids]),
            visible_stances(viewer),
        )
        .options(joinedload(Stance.challenge))
    )
    by_person: defaultdict[int, _Stances] = defaultdict(dict)
    for stance in rows:
        by_person[stance.person_id][stance.kind, stance.challenge_id] = stance
    return by_person


def _promises(session: Session, viewer: Viewer, other_ids: list[int]) -> dict[int, list[Reason]]:
    me = viewer.person_id
    rows = session.execute(
        select(Connection.low_id, Connection.high_id, NextStep.state, NextStep.what, NextStep.owner_id)
        .join(NextStep, NextStep.connection_id == Connection.id)
        .where(
            or_(NextStep.state == StepState.OPEN, and_(NextStep.state.in_(_REASON_OF), ~_came_to_nothing())),
            Connection.disowned_at.is_(None),
            or_(
                and_(Connection.low_id == me, Connection.high_id.in_(other_ids)),
                and_(Connection.high_id == me, Connection.low_id.in_(other_ids)),
            ),
        )
        .order_by(NextStep.due_at)
    )
    promises: defaultdict[int, dict[ReasonKind, list[Reason]]] = defaultdict(lambda: defaultdict(list))
    for low, high, state, what, owner in rows:
        other = high if low == me else low
        reason = Reason(_REASON_OF[state], 9, text=what, is_mine=owner != other)
        promises[other][reason.kind].append(reason)
    return {other: _told(by_kind) for other, by_kind in promises.items()}


def _came_to_nothing() -> ColumnElement[bool]:
    """Keep connections of which one of the two said that nothing came of it: they end quietly."""
    said = select(FollowUp.id).where(FollowUp.connection_id == Connection.id, FollowUp.kind == FollowUpKind.NO_RESULT)
    return said.correlate(Connection).exists()


def _told(by_kind: dict[ReasonKind, list[Reason]]) -> list[Reason]:
    """Return every open promise, the last that was kept, and the last that lapsed if there is nothing better."""
    still_open, kept = by_kind.get(ReasonKind.PROMISE, []), by_kind.get(ReasonKind.KEPT, [])[-1:]
    return [*still_open, *kept] or by_kind.get(ReasonKind.LAPSED, [])[-1:]


def _reasons(mine: _Stances, theirs: _Stances, promises: list[Reason]) -> Reasons:
    found = [
        Reason(kind, ours.priority * theirs[their_kind, challenge_id].priority, ours.challenge)
        for kind, my_kind, their_kind in _MEETINGS
        for (stance_kind, challenge_id), ours in mine.items()
        if stance_kind is my_kind and (their_kind, challenge_id) in theirs
    ]
    ordered = sorted([*promises, *found], key=_place_in_list)
    return Reasons(
        tuple(ordered),
        _bar(found, ReasonKind.GAIN),
        _bar(found, ReasonKind.GIVE),
    )


def _place_in_list(reason: Reason) -> tuple[int, int]:
    return _ORDER.index(reason.kind), -reason.weight


def _bar(reasons: list[Reason], side: ReasonKind) -> int:
    """Fill a bar with one side's gains, and half of what both share."""
    gains = sum(reason.weight for reason in reasons if reason.kind is side)
    shared = sum(reason.weight for reason in reasons if reason.kind in (ReasonKind.BOTH_ASK, ReasonKind.BOTH_WORK))
    return min(10, round(10 * (gains + shared / 2) / FULL_BAR))
