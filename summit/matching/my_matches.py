"""One attendee's published matches, in their order, with what either side has said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session, joinedload

from summit.access import Viewer
from summit.matching.answers import answers_between
from summit.matching.common_ground import Party, common_ground
from summit.matching.models import Answer, Match, MatchRun
from summit.matching.reasons import Reasons, reasons_for
from summit.people.models import Person
from summit.summits.models import Attendance, Introduction, Summit


@dataclass(frozen=True)
class MyMatch:
    """A match as one of the two sees it. The other's "not now" is never shown, so it isn't here."""

    other: Person
    attendance: Attendance | None
    rank: int
    reasons: Reasons
    is_bridging: bool
    my_answer: Answer | None
    is_other_interested: bool

    @property
    def is_mutual(self) -> bool:
        """Say whether both want to meet."""
        return self.my_answer is Answer.INTERESTED and self.is_other_interested

    @property
    def talk_about(self) -> str:
        """Return the line to start from: this summit's, else the profile's."""
        return Party(self.other, self.attendance).talk_about

    @property
    def arrived_at(self) -> datetime | None:
        """Return when the other checked in, or None."""
        return self.attendance.checked_in_at if self.attendance else None


def my_matches(
    session: Session, summit: Summit, run: MatchRun, viewer: Viewer, attendance: Attendance
) -> list[MyMatch]:
    """Return the viewer's matches of a published run by rank; at most six queries, whatever their number.

    A pair that asked to be kept apart after the publication is introduced no longer, and so left out.
    """
    me = attendance.person_id
    found = _published(session, summit, run, me)
    others = {other.person.id: other for _match, other in found}
    reasons = reasons_for(session, summit, viewer, list(others))
    thin = [others[other_id] for other_id, each in reasons.items() if each.is_thin]
    if thin:
        match, _other = found[0]
        mine = Party(match.low if match.low_id == me else match.high, attendance)
        for other_id, more in common_ground(session, summit, mine, thin).items():
            reasons[other_id] = reasons[other_id].and_also(more)
    answers = answers_between(session, summit, me)
    return [
        MyMatch(
            other=other.person,
            attendance=other.attendance,
            rank=match.rank_for_low if match.low_id == me else match.rank_for_high,
            reasons=reasons[other.person.id],
            is_bridging=match.is_bridging,
            my_answer=answers.get(other.person.id, (None, None))[0],
            is_other_interested=answers.get(other.person.id, (None, None))[1] is Answer.INTERESTED,
        )
        for match, other in found
    ]


def _published(session: Session, summit: Summit, run: MatchRun, me: int) -> list[tuple[Match, Party]]:
    """Return the viewer's matches by rank, each with the other side, as long as they attend."""
    other_id = case((Match.low_id == me, Match.high_id), else_=Match.low_id)
    rank = case((Match.low_id == me, Match.rank_for_low), else_=Match.rank_for_high)
    rows = session.execute(
        select(Match, Attendance)
        .join(Introduction, and_(Introduction.low_id == Match.low_id, Introduction.high_id == Match.high_id))
        .join(Attendance, and_(Attendance.person_id == other_id, Attendance.summit_id == summit.id))
        .where(Match.run_id == run.id, or_(Match.low_id == me, Match.high_id == me))
        .where(Introduction.summit_id == summit.id, Attendance.withdrawn_at.is_(None))
        .order_by(rank)
        .options(
            joinedload(Match.low).joinedload(Person.organization),
            joinedload(Match.high).joinedload(Person.organization),
        )
    )
    found = [(match, Party(match.high if match.low_id == me else match.low, attendance)) for match, attendance in rows]
    return [(match, other) for match, other in found if not other.person.is_disabled]
