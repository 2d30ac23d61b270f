"""Telling somebody that the interest is mutual, so that the two find each other."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from config import Settings
from summit.mail.outbox import enqueue
from summit.mail.rendering import render_mail
from summit.people.models import Person
from summit.summits.models import Summit


def tell_mutual(
    session: Session, summit: Summit, *, to: Person, other: Person, settings: Settings, now: datetime
) -> None:
    """Write to a person that somebody they are interested in is interested too; at most once for a pair.

    Whoever stopped or paused nudges is not written to; they see it on their page.
    """
    is_paused = to.nudges_paused_until is not None and to.nudges_paused_until > now
    if to.nudges_stopped_at is not None or is_paused or to.is_disabled:
        return
    context = {
        "to": to,
        "other": other,
        "summit": summit,
        "matches_url": f"{settings.base_url}/summits/{summit.slug}/matches#person-{other.id}",
        "connect_url": f"{settings.base_url}/summits/{summit.slug}/people/{other.id}/connect",
    }
    mail = render_mail("mutual_interest", settings=settings, context=context)
    enqueue(
        session,
        key=f"mutual:{summit.id}:{to.id}:{other.id}",
        purpose="mutual_interest",
        purpose_id=None,
        to_address=to.email,
        to_name=to.name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        due_at=now,
        now=now,
        useful_until=now + timedelta(days=2),
    )
