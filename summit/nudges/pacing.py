"""Pacing: at most one mail a day and three a week, none at night or in a weekend."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from summit.nudges.cadence import BY_NAME
from summit.nudges.models import Nudge, NudgeState
from summit.nudges.wall_time import day_of, is_working_hour

MOST_A_DAY = 1
MOST_A_WEEK = 3
MOST_IN_A_DIGEST = 8
"""What is left over keeps its turn for the next day; a longer mail is not read."""
MOST_A_RUN = 200
"""Mails that one run of the planner writes, a few seconds' work, in which SQLite lets nobody else write; the next
run, a minute later, goes on."""
WEEK = timedelta(days=7)


def why_wait(zone: ZoneInfo, mailed: Iterable[datetime], now: datetime) -> str:
    """Return why somebody who was mailed at these moments is not mailed now; empty when they may be."""
    if not is_working_hour(now, zone):
        return _("it is night or a weekend there")
    today = day_of(now, zone)
    days = [day_of(moment, zone) for moment in mailed]
    if days.count(today) >= MOST_A_DAY:
        return _("had a mail today")
    if sum(day > today - WEEK for day in days) >= MOST_A_WEEK:
        return _("had %(n)s mails this week", n=MOST_A_WEEK)
    return ""


def recently_mailed(session: Session, now: datetime) -> dict[int, list[datetime]]:
    """Return by person when their reminders of the last week were mailed; campaigns are not counted."""
    rows = session.execute(
        select(Nudge.person_id, func.max(Nudge.queued_at))
        .where(
            Nudge.rule.in_(BY_NAME),
            Nudge.state.in_((NudgeState.QUEUED, NudgeState.SENT)),
            Nudge.message_id.is_not(None),
            Nudge.queued_at > now - WEEK - timedelta(days=2),
        )
        .group_by(Nudge.person_id, Nudge.message_id)
    )
    mailed: dict[int, list[datetime]] = {}
    for person_id, moment in rows:
        assert moment is not None
        mailed.setdefault(person_id, []).append(moment)
    return mailed
