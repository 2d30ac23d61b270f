"""Who would like to meet somebody, and waits for their answer."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from summit.matching.models import Answer, MatchAnswer
from summit.people.models import Person
from summit.summits.models import Attendance, Introduction, Summit


def unanswered_interest(session: Session, summit: Summit, person_id: int) -> Sequence[Person]:
    """Return those of a person's published matches who said "interested" and have heard nothing, longest wait first."""
    theirs, mine = aliased(MatchAnswer), aliased(MatchAnswer)
    answered = select(mine.id).where(
        mine.summit_id == summit.id, mine.person_id == person_id, mine.other_id == theirs.person_id
    )
    pair = or_(
        and_(Introduction.low_id == person_id, Introduction.high_id == theirs.person_id),
        and_(Introduction.high_id == person_id, Introduction.low_id == theirs.person_id),
    )
    interested = (
        select(Person)
        .join(theirs, theirs.person_id == Person.id)
        .join(Attendance, and_(Attendance.person_id == Person.id, Attendance.summit_id == summit.id))
        .where(
            theirs.summit_id == summit.id,
            theirs.other_id == person_id,
            theirs.answer == Answer.INTERESTED,
            Attendance.withdrawn_at.is_(None),
            Person.disabled_at.is_(None),
            select(Introduction.id).where(Introduction.summit_id == summit.id, pair).exists(),
            ~answered.exists(),
        )
        .options(joinedload(Person.organization))
        .order_by(theirs.answered_at)
    )
    return session.scalars(interested).all()
