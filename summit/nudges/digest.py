"""A digest: everything a person is asked on one day in one mail, led by the most urgent."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from config import Settings
from summit.connections.wording import first_name
from summit.mail.headers import thread_headers, unsubscribe_headers
from summit.mail.links import unsubscribe_url
from summit.mail.outbox import Message, enqueue, find_message
from summit.mail.rendering import RenderedMail, render_mail
from summit.nudges.asks import Ask, asks_of
from summit.nudges.cadence import BY_NAME
from summit.nudges.links import preferences_url
from summit.nudges.models import Nudge, NudgeState
from summit.nudges.wall_time import day_of, zone_of
from summit.people.models import Person

DIGEST = "digest"


def mail_digest(
    session: Session,
    person: Person,
    nudges: Sequence[Nudge],
    *,
    settings: Settings,
    now: datetime,
    useful_until: datetime,
) -> Message | None:
    """Write one mail about these nudges, the first of them as the ask, and mark them as queued.

    None, and nothing marked, when the address must not be written to or nothing is left to ask.
    """
    asks = asks_of(session, person, nudges, settings=settings, now=now)
    if not asks:
        return None
    lead, *others = asks.values()
    mail = render_digest(person, lead, others, settings=settings)
    message = enqueue(
        session,
        key=_next_key(session, person, now),
        purpose=DIGEST,
        purpose_id=person.id,
        to_address=person.email,
        to_name=person.name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        due_at=now,
        now=now,
        useful_until=useful_until,
        headers=headers_for(person, lead.thread, settings),
    )
    if message is None:
        return None
    for nudge in nudges:
        if nudge.key in asks:
            nudge.state, nudge.message_id, nudge.queued_at = NudgeState.QUEUED, message.id, now
    return message


def render_digest(person: Person, lead: Ask, others: Sequence[Ask], *, settings: Settings) -> RenderedMail:
    """Render a digest in the words of its most urgent ask, the others listed below."""
    why = _("You get this because you took part in %(summit)s. We write at most once a day.", summit=lead.summit)
    context = foot_of(person, settings) | {
        "first_name": first_name(person),
        "ask": lead,
        "others": others,
        "why": why,
    }
    return render_mail(BY_NAME[lead.rule].words, settings=settings, context=context)


def foot_of(person: Person, settings: Settings) -> dict[str, object]:
    """Return what the foot of every reminder says: how to stop, and how to choose."""
    return {
        "stop_url": unsubscribe_url(settings, person.email),
        "preferences_url": preferences_url(settings, person.id),
    }


def headers_for(person: Person, thread: str, settings: Settings) -> dict[str, str]:
    """Return the headers of a reminder: one thread for each subject, and unsubscribing with one click."""
    return unsubscribe_headers(unsubscribe_url(settings, person.email)) | thread_headers(thread, settings.mail_from)


def _next_key(session: Session, person: Person, now: datetime) -> str:
    """Return the key of the day's digest; with a number when one of the same day was called back before it left."""
    key = f"digest:{person.id}:{day_of(now, zone_of(person.time_zone))}"
    revision = 1
    candidate = key
    while find_message(session, candidate) is not None:
        revision += 1
        candidate = f"{key}:{revision}"
    return candidate
