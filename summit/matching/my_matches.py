"""One attendee's published matches, in their order, with what either side has said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from summit.access import Viewer
from summit.matching.answers import answers_between
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
        return (self.attendance.talk_about if self.attendance else "") or self.other.talk_about

    @property
    def arrived_at(self) -> datetime | None:
        """Return when the other checked in, or None."""
        return self.attendance.checked_in_at if self.attendance else None


def my_matches(session: Session, summit: Summit, run: MatchRun, viewer: Viewer) -> list[MyMatch]:
    """Return the viewer's matches of a published run by rank; six queries, whatever their number.

    A pair that asked to be kept apart after the publication is introduced no longer, and so left out.
    """
    me = viewer.person_id
    assert me is not None, "only somebody signed in has matches"
    matches = session.scalars(
        select(Match)
        .join(Introduction, and_(Introduction.low_id == Match.low_id, Introduction.high_id == Match.high_id))
        .where(Match.run_id == run.id, or_(Match.low_id == me, Match.high_id == me))
        .where(Introduction.summit_id == summit.id)
        .options(
            joinedload(Match.low).joinedload(Person.organization),
            joinedload(Match.high).joinedload(Person.organization),
        )
    ).all()
    others = {match: (match.high if match.low_id == me else match.low) for match in matches}
    other_ids = [other.id for other in others.values()]
    attendances = _attendances(session, summit, other_ids)
    reasons = reasons_for(session, summit, viewer, other_ids)
    answers = answers_between(session, summit, me)
    mine = []
    for match, other in others.items():
        attendance = attendances.get(other.id)
        if attendance is None or other.is_disabled:
            continue
        my_answer, their_answer = answers.get(other.id, (None, None))
        mine.append(
            MyMatch(
                other=other,
                attendance=attendance,
                rank=match.rank_for_low if match.low_id == me else match.rank_for_high,
                reasons=reasons[other.id],
                is_bridging=match.is_bridging,
                my_answer=my_answer,
                is_other_interested=their_answer is Answer.INTERESTED,
            )
        )
    return sorted(mine, key=lambda each: each.rank)


def _attendances(session: Session, summit: Summit, person_ids: list[int]) -> dict[int, Attendance]:
    rows = session.scalars(
        select(Attendance).where(
            Attendance.summit_id == summit.id,
            Attendance.person_id.in_(person_ids),
            Attendance.withdrawn_at.is_(None),
        )
    )
    return {row.person_id: row for row in rows}
