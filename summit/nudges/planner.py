"""The planner: makes the outbox agree with the cadence, on every tick and as often as one likes.

It adds the nudges that should exist, cancels those whose reason is gone, and writes to each person whose turn it is
one digest of what is due. Delivery asks `still_wanted` just before a message leaves.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Settings
from summit.database import database_now
from summit.mail.outbox import Message
from summit.matching.telling import MUTUAL_INTEREST, is_still_mutual
from summit.nudges import cadence
from summit.nudges.digest import DIGEST, mail_digest
from summit.nudges.models import Nudge, NudgeState
from summit.nudges.pacing import MOST_A_RUN, MOST_IN_A_DIGEST, recently_mailed, why_wait
from summit.nudges.reach import suppressed_emails, why_unreachable
from summit.nudges.reconciling import (
    Ledger,
    add_missing,
    drop,
    follow_messages,
    nudges_in,
    open_ledger,
    unqueue,
    withdraw_pointless,
)
from summit.nudges.sending import CAMPAIGN, follow_campaigns, is_still_wanted
from summit.nudges.wall_time import day_of, is_working_hour, zone_of
from summit.people.models import Person

# Any number will do, as long as nobody else takes the same lock.
PLANNING = 7_305_201
log = logging.getLogger(__name__)


class Deed(StrEnum):
    """What the planner does with a nudge."""

    PLAN = "plan"
    CANCEL = "cancel"
    MAIL = "mail"
    WAIT = "wait"


@dataclass(frozen=True)
class Decision:
    """What the planner decided on one nudge, and why."""

    deed: Deed
    rule: str
    key: str
    email: str
    due_at: datetime
    because: str = ""


def plan(session: Session, *, settings: Settings, now: datetime, dry_run: bool = False) -> list[Decision]:
    """Reconcile all nudges with the cadence and queue the mails that are due; return what was decided.

    Running it again, or in several workers at once, changes nothing more. A dry run decides the same and keeps
    nothing.
    """
    _one_at_a_time(session)
    trial = session.begin_nested()
    decisions = _decide(session, settings, now)
    if dry_run:
        trial.rollback()
    else:
        trial.commit()
    return decisions


def still_wanted(session: Session, message: Message) -> bool:
    """Say whether a message that is about to leave is still wanted; delivery cancels it when it is not.

    The reason of every nudge in it is asked for once more. When one is gone, the others are planned anew, so that
    nobody reads a reminder of what they settled a minute ago; likewise on another day than it was written for, since
    it says "tomorrow" and would be one too many that day. A sign-in link, or a test of a campaign, is always wanted.
    """
    now = database_now(session)
    if message.purpose == DIGEST:
        return _is_digest_wanted(session, message, now)
    if message.purpose == CAMPAIGN:
        return is_still_wanted(session, message, now)
    if message.purpose == MUTUAL_INTEREST:
        return is_still_mutual(session, message, now=now)
    return True


def _is_digest_wanted(session: Session, message: Message, now: datetime) -> bool:
    nudges = nudges_in(session, message.id)
    if not nudges:
        return False
    person = session.get_one(Person, nudges[0].person_id, populate_existing=True)
    because = why_unreachable(person, suppressed_emails(session, [person]), now)
    wanted: set[str] = set()
    if not because:
        about = {rule: {nudge.subject_id for nudge in nudges if nudge.rule == rule} for rule in cadence.BY_NAME}
        asked_about = {rule: subjects for rule, subjects in about.items() if subjects}
        wanted = {wish.key for wish in cadence.wanted(session, now=now, person_id=person.id, about=asked_about)}
    zone = zone_of(person.time_zone)
    is_of_today = day_of(message.created_at, zone) == day_of(now, zone)
    if is_of_today and is_working_hour(now, zone) and all(nudge.key in wanted for nudge in nudges):
        return True
    for nudge in nudges:
        if nudge.key in wanted:
            unqueue(nudge)
        else:
            drop(nudge, because)
    session.flush()
    return False


def _decide(session: Session, settings: Settings, now: datetime) -> list[Decision]:
    ledger = open_ledger(session, cadence.wanted(session, now=now), now)
    follow_messages(session, ledger)
    withdraw_pointless(session, ledger)
    add_missing(session, ledger)
    decisions = [_decision(Deed.CANCEL, nudge, ledger, nudge.cancelled_because) for nudge in ledger.cancelled]
    decisions += [_decision(Deed.PLAN, nudge, ledger) for nudge in ledger.added]
    decisions += _mail_what_is_due(session, ledger, settings)
    follow_campaigns(session)
    session.flush()
    return decisions


def _mail_what_is_due(session: Session, ledger: Ledger, settings: Settings) -> Iterator[Decision]:
    """Write to everybody whose turn it is; the most urgent comes first, and what is left over waits."""
    mailed, written = recently_mailed(session, ledger.now), 0
    for person_id, group in groupby(ledger.due(), key=lambda nudge: nudge.person_id):
        person = ledger.persons[person_id]
        nudges = sorted(group, key=lambda nudge: (cadence.URGENCY[nudge.rule], nudge.due_at, nudge.key))
        because = why_wait(zone_of(person.time_zone), mailed.get(person_id, ()), ledger.now)
        if not because and written >= MOST_A_RUN:
            because = _("the next run goes on")
        chosen = [] if because else nudges[:MOST_IN_A_DIGEST]
        if chosen:
            written += 1
            because = _write_to(session, person, chosen, ledger, settings)
        for nudge in nudges:
            deed = Deed.MAIL if nudge.state is NudgeState.QUEUED else Deed.WAIT
            yield _decision(deed, nudge, ledger, because)


def _write_to(session: Session, person: Person, chosen: Sequence[Nudge], ledger: Ledger, settings: Settings) -> str:
    """Write one person's digest; return why it could not be. A fault in one is logged, and nobody else waits for it."""
    person_id, until = person.id, min(ledger.wanted[nudge.key].useful_until for nudge in chosen)
    try:
        with session.begin_nested():
            mail_digest(session, person, chosen, settings=settings, now=ledger.now, useful_until=until)
    except Exception:
        log.exception("the digest of person %s could not be written", person_id)
        return _("the mail could not be written, see the worker's log")
    return ""


def _decision(deed: Deed, nudge: Nudge, ledger: Ledger, because: str = "") -> Decision:
    return Decision(deed, nudge.rule, nudge.key, ledger.persons[nudge.person_id].email, nudge.due_at, because)


def _one_at_a_time(session: Session) -> None:
    """Wait until no other planner runs. On SQLite every transaction that writes is alone already."""
    if session.connection().dialect.name == "postgresql":
        session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": PLANNING})
