"""What needs a human: the desk's list, the most urgent first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from summit.access import Viewer
from summit.challenges.models import Challenge
from summit.claims import silent_since
from summit.engine.matching.few import ReasonForFew
from summit.mail.log import overview
from summit.matching.models import MatchRun, RunState
from summit.nudges.models import Nudge, NudgeState
from summit.summits.models import Stance, StanceKind, Summit
from summit.summits.visibility import of_attendees, visible_stances

SILENT_AFTER = timedelta(minutes=2)
LATE_AFTER = timedelta(minutes=10)
ASKS_WITHOUT_OFFER = 5
MOST_CHALLENGES = 3


@dataclass(frozen=True)
class NextNudges:
    """The next reminders: when they are due (None: already, they wait for a working hour) and for how many people."""

    due_at: datetime | None
    people: int


@dataclass(frozen=True)
class Unanswered:
    """A challenge that several ask about and nobody offers help with."""

    slug: str
    title: str
    asks: int


@dataclass(frozen=True)
class Needs:
    """What the organizer should look at."""

    # Since when no worker has reported; `never_ticked` when none ever did. Both empty while one is at work.
    silent_since: datetime | None
    never_ticked: bool
    run: MatchRun | None
    is_stale: bool
    # How many people have few matches of their own, by reason, though they want more.
    left_out: dict[ReasonForFew, int]
    unknown_mails: int
    failed_mails: int
    late_mail: datetime | None
    alarms: int
    unanswered: list[Unanswered]
    next_nudges: NextNudges | None

    @property
    def left_out_people(self) -> int:
        """Return how many people that is in all."""
        return sum(self.left_out.values())

    @property
    def worker_is_silent(self) -> bool:
        """Say whether mails, matching and reminders stand still."""
        return self.never_ticked or self.silent_since is not None


def summit_needs(session: Session, summit: Summit, viewer: Viewer, *, now: datetime) -> Needs:
    """Return what needs a human at this summit (seven queries)."""
    run = _latest_run(session, summit)
    outbox = overview(session, now=now)
    ticked = silent_since(session)
    return Needs(
        silent_since=ticked if ticked is not None and ticked < now - SILENT_AFTER else None,
        never_ticked=ticked is None,
        run=run,
        is_stale=run is not None and run.state is RunState.DONE and run.revision != summit.revision,
        left_out=_left_out(run),
        unknown_mails=outbox.unknown,
        failed_mails=outbox.failed,
        late_mail=outbox.oldest_due if outbox.oldest_due and outbox.oldest_due < now - LATE_AFTER else None,
        alarms=len(outbox.alarms),
        unanswered=_unanswered(session, summit, viewer),
        next_nudges=_next_nudges(session, now),
    )


def _latest_run(session: Session, summit: Summit) -> MatchRun | None:
    kept = MatchRun.summit_id == summit.id, MatchRun.state != RunState.CANCELLED
    return session.scalar(select(MatchRun).where(*kept).order_by(MatchRun.id.desc()).limit(1))


def _left_out(run: MatchRun | None) -> dict[ReasonForFew, int]:
    if run is None or run.state is not RunState.DONE:
        return {}
    counts = Counter(run.few.values())
    return {
        reason: counts[reason]
        for reason in ReasonForFew
        if counts[reason] and reason is not ReasonForFew.ASKED_FOR_FEWER
    }


def _unanswered(session: Session, summit: Summit, viewer: Viewer) -> list[Unanswered]:
    """Return the challenges that most ask about and nobody offers help with, as far as organizers may read that."""
    asks = func.count().filter(Stance.kind == StanceKind.ASK)
    offers = func.count().filter(Stance.kind == StanceKind.OFFER)
    statement = (
        select(Challenge.slug, Challenge.title, asks)
        .join(Stance, Stance.challenge_id == Challenge.id)
        .where(visible_stances(viewer), of_attendees(summit))
        .group_by(Challenge.id, Challenge.slug, Challenge.title)
        .having(offers == 0, asks >= ASKS_WITHOUT_OFFER)
        .order_by(asks.desc(), Challenge.title)
        .limit(MOST_CHALLENGES)
    )
    return [Unanswered(slug, title, number) for slug, title, number in session.execute(statement)]


def _next_nudges(session: Session, now: datetime) -> NextNudges | None:
    """Return the reminders that wait for the next working hour, else the ones that are due next."""
    is_planned = Nudge.state == NudgeState.PLANNED
    soonest = select(func.min(Nudge.due_at)).where(is_planned).scalar_subquery()
    people = Nudge.person_id.distinct()
    row = session.execute(
        select(
            func.min(Nudge.due_at),
            func.count(people).filter(Nudge.due_at <= now),
            func.count(people).filter(Nudge.due_at == soonest),
        ).where(is_planned)
    ).one()
    due_at: datetime | None = row[0]
    if due_at is None:
        return None
    return NextNudges(None, row[1]) if row[1] else NextNudges(due_at, row[2])
