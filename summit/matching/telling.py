"""Telling somebody that the interest is mutual, so that the two find each other."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import exists, not_, select
from sqlalchemy.orm import Session, aliased

from config import Settings
from summit.mail.headers import unsubscribe_headers
from summit.mail.links import unsubscribe_url
from summit.mail.outbox import Message, enqueue
from summit.mail.rendering import render_mail
from summit.matching.models import Answer, MatchAnswer
from summit.people.models import Person
from summit.summits.models import Attendance, Exclusion, Summit, SummitState

MUTUAL_INTEREST = "mutual_interest"
USEFUL_FOR = timedelta(days=2)


def tell_mutual(
    session: Session, summit: Summit, *, to: Person, other: Person, settings: Settings, now: datetime
) -> None:
    """Write to a person that somebody they are interested in is interested too; at most once for a pair.

    Whoever stopped or paused nudges is not written to; they see it on their page.
    """
    if not _is_willing(to, now):
        return
    said = select(MatchAnswer.id).where(
        MatchAnswer.summit_id == summit.id, MatchAnswer.person_id == to.id, MatchAnswer.other_id == other.id
    )
    stop_url = unsubscribe_url(settings, to.email)
    context = {
        "to": to,
        "other": other,
        "summit": summit,
        "matches_url": f"{settings.base_url}/summits/{summit.slug}/matches#person-{other.id}",
        "connect_url": f"{settings.base_url}/summits/{summit.slug}/people/{other.id}/connect",
        "stop_url": stop_url,
        "why": _("You get this because you said that you are interested."),
    }
    mail = render_mail("mutual_interest", settings=settings, context=context)
    enqueue(
        session,
        key=f"mutual:{summit.id}:{to.id}:{other.id}",
        purpose=MUTUAL_INTEREST,
        purpose_id=session.scalar(said),
        to_address=to.email,
        to_name=to.name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        due_at=now,
        now=now,
        useful_until=now + USEFUL_FOR,
        headers=unsubscribe_headers(stop_url),
    )


def is_still_mutual(session: Session, message: Message, *, now: datetime) -> bool:
    """Say whether such a message may leave: both still say so and take part, and its reader still wants mails."""
    mine, theirs, reader, other = MatchAnswer, aliased(MatchAnswer), Person, aliased(Person)
    pair = (mine.person_id, mine.other_id)
    withdrew = exists().where(
        Attendance.summit_id == mine.summit_id, Attendance.person_id.in_(pair), Attendance.withdrawn_at.is_not(None)
    )
    kept_apart = exists().where(Exclusion.person_id.in_(pair), Exclusion.other_id.in_(pair))
    query = (
        select(reader)
        .join(mine, mine.person_id == reader.id)
        .join(
            theirs,
            (theirs.summit_id == mine.summit_id)
            & (theirs.person_id == mine.other_id)
            & (theirs.other_id == mine.person_id),
        )
        .join(other, other.id == mine.other_id)
        .join(Summit, Summit.id == mine.summit_id)
        .where(
            mine.id == message.purpose_id,
            reader.email == message.to_address,
            mine.answer == Answer.INTERESTED,
            theirs.answer == Answer.INTERESTED,
            other.disabled_at.is_(None),
            Summit.state == SummitState.OPEN,
            not_(withdrew.correlate(mine)),
            not_(kept_apart.correlate(mine)),
        )
        .execution_options(populate_existing=True)
    )
    person = session.scalar(query)
    return person is not None and _is_willing(person, now)


def _is_willing(person: Person, now: datetime) -> bool:
    is_paused = person.nudges_paused_until is not None and person.nudges_paused_until > now
    return not (person.is_disabled or person.nudges_stopped_at is not None or is_paused)
