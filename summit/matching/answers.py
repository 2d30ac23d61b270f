"""What a person says to a match: interested, not now, we know each other; and taking it back."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from summit.errors import NotFound
from summit.matching.acceptance import answered
from summit.matching.models import Answer, Match, MatchAnswer
from summit.matching.runs import published_run
from summit.summits.attendance import bump_revision, require_open
from summit.summits.browsing import attendees, is_introduced
from summit.summits.models import Acquaintance, Attendance, Summit


def answer_match(
    session: Session, summit: Summit, *, person_id: int, other_id: int, answer: Answer, now: datetime
) -> bool:
    """Record what a person says about one of their published matches; return whether both are now interested.

    Saying it twice changes nothing; saying something else replaces it.

    Raises:
        NotFound: when these two are not a published match of this summit, or one of them is not there any more.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    rank, points = _required_match(session, summit, person_id, other_id)
    given = _answer(session, summit, person_id, other_id)
    if given is None:
        given = MatchAnswer(summit_id=summit.id, person_id=person_id, other_id=other_id, answer=answer, answered_at=now)
        session.add(given)
    elif given.answer is not answer:
        _forget_acquaintance(session, given)
        given.answer, given.answered_at = answer, now
    given.rank, given.points = rank, points
    if answer is Answer.KNOW_EACH_OTHER:
        _remember_acquaintance(session, person_id, other_id, now)
    session.flush()
    if answer is not Answer.INTERESTED:
        # Interest keeps a pair that is matched already; the other answers free a place.
        bump_revision(session, summit)
    theirs = _answer(session, summit, other_id, person_id)
    return answer is Answer.INTERESTED and theirs is not None and theirs.answer is Answer.INTERESTED


def withdraw_answer(session: Session, summit: Summit, *, person_id: int, other_id: int) -> None:
    """Take an answer back, as if it had never been given.

    Raises:
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    given = _answer(session, summit, person_id, other_id)
    if given is None:
        return
    _forget_acquaintance(session, given)
    session.delete(given)
    session.flush()
    bump_revision(session, summit)


def _answer(session: Session, summit: Summit, person_id: int, other_id: int) -> MatchAnswer | None:
    return session.scalar(
        select(MatchAnswer).where(
            MatchAnswer.summit_id == summit.id,
            MatchAnswer.person_id == person_id,
            MatchAnswer.other_id == other_id,
        )
    )


def _required_match(session: Session, summit: Summit, person_id: int, other_id: int) -> tuple[int, dict[str, float]]:
    """Return what is answered; refuse what the list of matches doesn't show.

    The match is held: of two who answer at once, one is second, and only so does that one see the other's interest.
    """
    low, high = sorted((person_id, other_id))
    run = published_run(session, summit)
    found = run and session.scalar(
        select(Match).where(Match.run_id == run.id, Match.low_id == low, Match.high_id == high).with_for_update()
    )
    if not (run and found and is_introduced(session, summit, low, high) and _both_attend(session, summit, low, high)):
        raise NotFound(_("This is not one of your matches."))
    return answered(found, run, person_id)


def _both_attend(session: Session, summit: Summit, *pair: int) -> bool:
    there = attendees(summit).where(Attendance.person_id.in_(pair)).with_only_columns(func.count())
    return session.scalar(there) == 2


def _remember_acquaintance(session: Session, person_id: int, other_id: int, now: datetime) -> None:
    low, high = sorted((person_id, other_id))
    known = session.scalar(select(Acquaintance.id).where(Acquaintance.low_id == low, Acquaintance.high_id == high))
    if known is None:
        session.add(Acquaintance(low_id=low, high_id=high, said_by_id=person_id, created_at=now))


def _forget_acquaintance(session: Session, given: MatchAnswer) -> None:
    """Take back the acquaintance that this person stated, unless the other says the same."""
    if given.answer is not Answer.KNOW_EACH_OTHER:
        return
    theirs = session.scalar(
        select(MatchAnswer.id).where(
            MatchAnswer.person_id == given.other_id,
            MatchAnswer.other_id == given.person_id,
            MatchAnswer.answer == Answer.KNOW_EACH_OTHER,
        )
    )
    if theirs is None:
        low, high = sorted((given.person_id, given.other_id))
        session.execute(
            delete(Acquaintance).where(
                Acquaintance.low_id == low,
                Acquaintance.high_id == high,
                Acquaintance.said_by_id == given.person_id,
            )
        )


def answers_between(session: Session, summit: Summit, person_id: int) -> dict[int, tuple[Answer | None, Answer | None]]:
    """Return, by the other's id, what this person said and what the other said."""
    rows = session.scalars(
        select(MatchAnswer).where(
            MatchAnswer.summit_id == summit.id,
            or_(MatchAnswer.person_id == person_id, MatchAnswer.other_id == person_id),
        )
    )
    mine: dict[int, Answer] = {}
    theirs: dict[int, Answer] = {}
    for row in rows:
        if row.person_id == person_id:
            mine[row.other_id] = row.answer
        else:
            theirs[row.person_id] = row.answer
    return {other: (mine.get(other), theirs.get(other)) for other in mine.keys() | theirs.keys()}
