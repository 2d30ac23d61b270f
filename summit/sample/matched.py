"""Match the summits' attendees, publish the lists, and let some of those at the current one answer."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from summit.matching.acceptance import answered
from summit.matching.models import Answer, Match, MatchAnswer, MatchRun
from summit.matching.performing import perform_run
from summit.matching.runs import publish_run, request_run
from summit.sample.draw_summits import CURRENT
from summit.sample.protagonists import ATTENDEE, ORGANIZER, PARTNER
from summit.sample.write import Ids
from summit.summits.models import Summit, SummitState

PUBLISHED_BEFORE = timedelta(days=3)
# How many of those who have a match have answered it, and what they said.
ANSWERED = 0.3
ANSWERS = ((Answer.INTERESTED, Answer.NOT_NOW), (75, 25))
INTERESTED_IN_ATTENDEE = 2


def match_and_publish(session: Session, summit: Summit, ids: Ids, *, seed: int, now: datetime) -> int:
    """Match, publish and answer; return how many matches there are.

    The attendee and the partner of the story have answered none, and two of the attendee's matches would like to
    meet her, so that a visitor has something to do.
    """
    run = _published(session, summit, by=ids.persons[ORGANIZER], moment=now - PUBLISHED_BEFORE)
    matches = session.scalars(select(Match).where(Match.run_id == run.id).order_by(Match.low_id, Match.high_id)).all()
    rows = [
        {"summit_id": summit.id, **said, "answered_at": answered_at, **_about(match, run, said["person_id"])}
        for match, said, answered_at in _answers(matches, ids, seed=seed, now=now)
    ]
    if rows:
        session.execute(insert(MatchAnswer), rows)
    return len(matches)


def match_past_summits(session: Session, ids: Ids) -> None:
    """Match the past summits as they were a few days before they began: open, and nobody had met."""
    for number in ids.summits[:CURRENT]:
        summit = session.get_one(Summit, number)
        summit.state = SummitState.OPEN
        moment = datetime.combine(summit.starts_on, time(16), UTC) - PUBLISHED_BEFORE
        _published(session, summit, by=ids.persons[ORGANIZER], moment=moment)
        summit.state = SummitState.CLOSED
    session.flush()


def _published(session: Session, summit: Summit, *, by: int, moment: datetime) -> MatchRun:
    run = perform_run(session, request_run(session, summit, by=by, now=moment), now=moment)
    publish_run(session, run, by=by, now=moment)
    return run


def _about(match: Match, run: MatchRun, person: int) -> dict[str, Any]:
    rank, points = answered(match, run, person)
    return {"rank": rank, "points": points}


def _answers(
    matches: Sequence[Match], ids: Ids, *, seed: int, now: datetime
) -> Iterator[tuple[Match, dict[str, Any], datetime]]:
    """Yield who said what about whom, with the match and the moment."""
    rng = Random(f"{seed}:answers")
    attendee = ids.persons[ATTENDEE]
    silent = {attendee, ids.persons[PARTNER]}
    waiting = _best_for(attendee, matches, but=silent)
    for match in matches:
        for person, other in ((match.low_id, match.high_id), (match.high_id, match.low_id)):
            answered_at = now - timedelta(hours=rng.randint(3, 60))
            if other == attendee:
                if person in waiting:
                    yield match, {"person_id": person, "other_id": other, "answer": Answer.INTERESTED}, answered_at
            elif person not in silent and rng.random() < ANSWERED:
                said = rng.choices(*ANSWERS)[0]
                yield match, {"person_id": person, "other_id": other, "answer": said}, answered_at


def _best_for(attendee: int, matches: Sequence[Match], but: set[int]) -> set[int]:
    """Return those who rank highest on the attendee's list."""
    ranked = sorted(
        (match.rank_for_low, match.high_id) if match.low_id == attendee else (match.rank_for_high, match.low_id)
        for match in matches
        if attendee in (match.low_id, match.high_id)
    )
    others = [other for _rank, other in ranked if other not in but]
    return set(others[:INTERESTED_IN_ATTENDEE])
