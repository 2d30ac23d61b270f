"""How matches were received: what an answer was about, and what all answers of a summit tell about the weights."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.engine.matching.families import FAMILIES, by_family, converted
from summit.engine.matching.feedback import (
    Acceptance,
    Answers,
    ByFamily,
    ByRank,
    acceptance,
    acceptance_by_family,
    acceptance_by_rank,
)
from summit.engine.matching.learning import Proposal, Refusal, propose_weights
from summit.engine.matching.weights import Weights
from summit.engine.matching.withholding import FEWEST
from summit.matching.models import Answer, Match, MatchAnswer, MatchRun
from summit.matching.weighing import weights_in, weights_of
from summit.summits.models import Summit

MOST_ANSWERS = 3000
"""So many of the latest answers are looked at: enough for any interval, and quick enough for a page."""


@dataclass(frozen=True)
class Reception:
    """What people said to their matches: in all (None with fewer than five answers), by rank, by family of terms.

    `proposal` is what the answers would have the weights be, or why they say nothing.
    """

    answers: int
    overall: Acceptance | None
    by_rank: list[ByRank]
    by_family: list[ByFamily]
    proposal: Proposal | Refusal


def answered(match: Match, run: MatchRun, person_id: int) -> tuple[int, dict[str, float]]:
    """Return what an answer is about: the match's rank for this person, and its points by family in default weights."""
    points = by_family((term, amount) for term, amount, _challenge, _via in match.contributions)
    rank = match.rank_for_low if match.low_id == person_id else match.rank_for_high
    return rank, converted(points, weights_in(run), Weights())


def answers_of(session: Session, summit: Summit) -> Answers:
    """Return the latest answers to matches, their points in the weights that hold now (two queries).

    "We know each other" is no word about the match, and what was answered before points were kept is left out.
    """
    rows = session.execute(
        select(MatchAnswer.person_id, MatchAnswer.answer, MatchAnswer.rank, MatchAnswer.points)
        .where(
            MatchAnswer.summit_id == summit.id,
            MatchAnswer.answer.in_((Answer.INTERESTED, Answer.NOT_NOW)),
            MatchAnswer.points.is_not(None),
            MatchAnswer.rank.is_not(None),
        )
        .order_by(MatchAnswer.answered_at.desc(), MatchAnswer.id.desc())
        .limit(MOST_ANSWERS)
    ).all()
    scale = converted(dict.fromkeys(FAMILIES, 1.0), Weights(), weights_of(session, summit))
    points = [[row.points.get(name, 0.0) * scale[name] for name in FAMILIES] for row in rows]
    return Answers(
        person=np.array([row.person_id for row in rows], dtype=np.int64),
        interested=np.array([row.answer is Answer.INTERESTED for row in rows], dtype=bool),
        rank=np.array([row.rank for row in rows], dtype=np.int64),
        points=np.array(points, dtype=np.float64).reshape(len(rows), len(FAMILIES)),
    )


def reception(session: Session, summit: Summit) -> Reception:
    """Return how the matches of a summit were received, and what that would teach."""
    answers = answers_of(session, summit)
    return Reception(
        answers=answers.size,
        overall=acceptance(answers.interested) if answers.size >= FEWEST else None,
        by_rank=acceptance_by_rank(answers),
        by_family=acceptance_by_family(answers),
        proposal=propose_weights(answers),
    )
