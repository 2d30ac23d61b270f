"""Why these two: reasons in words, made only of what the viewer may read anyway.

Nothing here is taken from the score. What a viewer sees of a match follows from their own stances, from the other's
stances that they may read, and from what the two promised each other: so a sealed ask cannot be worked out from a
reason, a bar or a figure, only (as the privacy page says) guessed at from the order.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from summit.access import Viewer
from summit.challenges.models import Challenge
from summit.connections.models import Connection, NextStep, StepState
from summit.summits.models import Stance, StanceKind, Summit
from summit.summits.visibility import visible_stances


class ReasonKind(StrEnum):
    """What sort of reason it is, from the viewer's side."""

    GAIN = "gain"
    GIVE = "give"
    PROMISE = "promise"
    BOTH_ASK = "both_ask"
    BOTH_WORK = "both_work"


@dataclass(frozen=True)
class Reason:
    """One reason to meet: about a challenge, or a promise (`text` is what was promised, `is_mine` who owes it)."""

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


FULL_BAR = 18
"""What fills a bar: two meetings of an ask and an offer, all four at the highest priority."""

_MEETINGS = (
    (ReasonKind.GAIN, StanceKind.ASK, StanceKind.OFFER),
    (ReasonKind.GIVE, StanceKind.OFFER, StanceKind.ASK),
    (ReasonKind.BOTH_ASK, StanceKind.ASK, StanceKind.ASK),
    (ReasonKind.BOTH_WORK, StanceKind.WORKING_ON, StanceKind.WORKING_ON),
)
_ORDER = tuple(ReasonKind)


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
        select(Connection.low_id, Connection.high_id, NextStep.what, NextStep.owner_id)
        .join(NextStep, NextStep.connection_id == Connection.id)
        .where(
            NextStep.state == StepState.OPEN,
            Connection.disowned_at.is_(None),
            or_(
                and_(Connection.low_id == me, Connection.high_id.in_(other_ids)),
                and_(Connection.high_id == me, Connection.low_id.in_(other_ids)),
            ),
        )
        .order_by(NextStep.due_at)
    )
    promises: defaultdict[int, list[Reason]] = defaultdict(list)
    for low, high, what, owner in rows:
        other = high if low == me else low
        promises[other].append(Reason(ReasonKind.PROMISE, 9, text=what, is_mine=owner != other))
    return promises


def _reasons(mine: _Stances, theirs: _Stances, promises: list[Reason]) -> Reasons:
    found = [
        Reason(kind, ours.priority * theirs[their_kind, challenge_id].priority, ours.challenge)
        for kind, my_kind, their_kind in _MEETINGS
        for (stance_kind, challenge_id), ours in mine.items()
        if stance_kind is my_kind and (their_kind, challenge_id) in theirs
    ]
    ordered = sorted([*promises, *found], key=lambda reason: (_ORDER.index(reason.kind), -reason.weight))
    return Reasons(
        tuple(ordered),
        _bar(found, ReasonKind.GAIN),
        _bar(found, ReasonKind.GIVE),
    )


def _bar(reasons: list[Reason], side: ReasonKind) -> int:
    """Fill a bar with one side's gains, and half of what both share."""
    gains = sum(reason.weight for reason in reasons if reason.kind is side)
    shared = sum(reason.weight for reason in reasons if reason.kind in (ReasonKind.BOTH_ASK, ReasonKind.BOTH_WORK))
    return min(10, round(10 * (gains + shared / 2) / FULL_BAR))
