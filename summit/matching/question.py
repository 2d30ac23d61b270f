"""The one question whose answer would improve somebody's matches most, asked of who has said little so far.

Only stances that everybody at the summit may read count: a sealed ask changes neither the question nor its figures. Nor
does what others said of the viewer (that they want to be kept apart, or know each other), which a missing person in the
figures would tell.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from summit.access import Audience
from summit.challenges.models import Challenge
from summit.engine.matching.weights import Weights
from summit.people.models import Person
from summit.summits.models import Acquaintance, Exclusion, Introduction, Stance, StanceKind, Summit, SummitState
from summit.summits.visibility import of_attendees

ENOUGH_STANCES = 3
"""Who has stated so many is not asked any more."""
MOST_SKIPPED = 10
OPEN_TO_ALL = (Audience.SUMMIT, Audience.NETWORK, Audience.PUBLIC)


@dataclass(frozen=True)
class Question:
    """A challenge to say something about, and how many people who are not on the viewer's list offer and ask."""

    challenge_id: int
    title: str
    offers: int
    asks: int


_Counts = dict[StanceKind, dict[int, int]]


def best_question(
    session: Session, summit: Summit, person_id: int, *, introductions: int, skipped: Collection[int] = ()
) -> Question | None:
    """Return the challenge on which an ask or an offer of this person would meet most, or None (one query).

    What an answer would meet: of the people not on their list, as many as they want introductions, the highest
    priorities first; an ask meets offers and other asks, an offer meets asks, at the weights of the score.
    """
    if summit.state is SummitState.CLOSED or not introductions or len(skipped) >= MOST_SKIPPED:
        return None
    titles: dict[int, str] = {}
    counts: defaultdict[int, _Counts] = defaultdict(lambda: {StanceKind.ASK: {}, StanceKind.OFFER: {}})
    for challenge_id, title, kind, priority, people in session.execute(_counterparts(summit, person_id, skipped)):
        titles[challenge_id] = title
        counts[challenge_id][kind][priority] = people
    if not titles:
        return None
    best = min(titles, key=lambda each: (-_worth(counts[each], introductions), titles[each]))
    offers, asks = (sum(counts[best][kind].values()) for kind in (StanceKind.OFFER, StanceKind.ASK))
    return Question(best, titles[best], offers, asks)


def _worth(counts: _Counts, places: int) -> float:
    weights = Weights()
    offers, asks = _strongest(counts[StanceKind.OFFER], places), _strongest(counts[StanceKind.ASK], places)
    return max(weights.help * offers + weights.shared_struggle * asks, weights.help * asks)


def _strongest(people_by_priority: dict[int, int], places: int) -> int:
    """Add up the highest priorities of as many people as there are places."""
    total = 0
    for priority in sorted(people_by_priority, reverse=True):
        taken = min(people_by_priority[priority], places)
        total, places = total + priority * taken, places - taken
    return total


def _counterparts(summit: Summit, me: int, skipped: Collection[int]) -> Select[int, str, StanceKind, int, int]:
    """Count the counterparts by challenge, kind and priority."""
    own = aliased(Stance)
    mine = and_(own.summit_id == summit.id, own.person_id == me)
    stated_on = select(own.challenge_id).where(mine)
    return (
        select(Challenge.id, Challenge.title, Stance.kind, Stance.priority, func.count())
        .join(Challenge, Challenge.id == Stance.challenge_id)
        .join(Person, Person.id == Stance.person_id)
        .where(
            of_attendees(summit),
            Stance.kind.in_((StanceKind.ASK, StanceKind.OFFER)),
            Stance.audience.in_(OPEN_TO_ALL),
            Challenge.retired_at.is_(None),
            Challenge.id.not_in(skipped),
            Challenge.id.not_in(stated_on),
            select(func.count()).select_from(own).where(mine).scalar_subquery() < ENOUGH_STANCES,
            _may_still_be_met(summit, me),
        )
        .group_by(Challenge.id, Challenge.title, Stance.kind, Stance.priority)
    )


def _may_still_be_met(summit: Summit, me: int) -> ColumnElement[bool]:
    """Keep who is neither on the viewer's list nor of their organization, nor set aside by the viewer themselves."""
    other = Stance.person_id
    pair = or_(
        and_(Introduction.low_id == me, Introduction.high_id == other),
        and_(Introduction.high_id == me, Introduction.low_id == other),
    )
    introduced = select(Introduction.id).where(Introduction.summit_id == summit.id, pair).correlate(Stance)
    excluded = select(Exclusion.other_id).where(Exclusion.person_id == me)
    low_known = select(Acquaintance.low_id).where(Acquaintance.said_by_id == me)
    high_known = select(Acquaintance.high_id).where(Acquaintance.said_by_id == me)
    colleagues = aliased(Person)
    organization = select(colleagues.organization_id).where(colleagues.id == me).scalar_subquery()
    return and_(
        other != me,
        or_(Person.organization_id.is_(None), Person.organization_id.is_distinct_from(organization)),
        ~introduced.exists(),
        other.not_in(excluded),
        other.not_in(low_known),
        other.not_in(high_known),
    )
