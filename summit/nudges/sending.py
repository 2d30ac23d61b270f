"""Sending a campaign: to whom, how it looks for them, a test to oneself, once to everybody, and what became of it.

A campaign is sent at once, also in the evening or in a weekend, and whatever else somebody got that day: an organizer
decided on the moment. Who stopped, paused or unsubscribed is not written to, and is listed with the reason.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from config import Settings
from summit import audit
from summit.access import Viewer
from summit.mail.outbox import Message, MessageState, enqueue, states_of
from summit.mail.rendering import RenderedMail, render_mail
from summit.nudges.campaigns import hold_campaign, paragraphs
from summit.nudges.digest import foot_of, headers_for
from summit.nudges.merging import merge, values_of
from summit.nudges.models import Campaign, CampaignState, Nudge, NudgeState, Segment
from summit.nudges.reach import suppressed_emails, why_unreachable
from summit.nudges.reconciling import LEFT, drop, nudges_in
from summit.nudges.segments import people_in
from summit.people.models import Person
from summit.summits.models import Attendance, Summit

CAMPAIGN = "campaign"
CAMPAIGN_TEST = "campaign_test"
USEFUL_FOR = timedelta(days=3)


@dataclass(frozen=True)
class Recipient:
    """A person of the segment, and why they can't be reached (empty when they can)."""

    person: Person
    why_not: str


@dataclass(frozen=True)
class Report:
    """What became of a campaign: messages by state, and whom it did not reach and why."""

    states: dict[MessageState, int]
    not_reached: list[tuple[str, str]]

    @property
    def total(self) -> int:
        """Return how many messages were written."""
        return sum(self.states.values())


def recipients(session: Session, summit: Summit, segment: Segment, viewer: Viewer, now: datetime) -> list[Recipient]:
    """Return the people of a segment, each with the reason when they can't be reached."""
    people = people_in(session, summit, segment, viewer)
    suppressed = suppressed_emails(session, people)
    return [Recipient(person, why_unreachable(person, suppressed, now)) for person in people]


def preview_campaign(campaign: Campaign, summit: Summit, person: Person, *, settings: Settings) -> RenderedMail:
    """Render a campaign as this person would get it, without the links that are theirs alone.

    `person` needs its organization loaded.
    """
    home = f"{settings.base_url}/"
    return _render(campaign, summit, person, {"stop_url": home, "preferences_url": home}, settings)


def send_test(
    session: Session, campaign: Campaign, summit: Summit, person: Person, *, settings: Settings, now: datetime
) -> Message | None:
    """Send a campaign to the organizer who writes it, as often as they like; None when their address is suppressed."""
    mail = _render(campaign, summit, person, foot_of(person, settings), settings)
    key = f"campaign-test:{campaign.id}:{person.id}:{now.timestamp():.3f}"
    return _enqueue(session, campaign, person, mail, key=key, purpose=CAMPAIGN_TEST, settings=settings, now=now)


def send_campaign(
    session: Session, campaign: Campaign, summit: Summit, viewer: Viewer, *, settings: Settings, now: datetime
) -> int:
    """Write to everybody in the segment who can be reached, once; return how many that are.

    Sending again, or twice at the same moment, writes nothing more and returns the same number.
    """
    held = hold_campaign(session, campaign)
    if held.state is CampaignState.SENT:
        return sum(nudge.message_id is not None for nudge in _nudges(session, campaign))
    everybody = recipients(session, summit, campaign.segment, viewer, now)
    sent = sum(_send_to(session, campaign, summit, each, settings, now) for each in everybody)
    held.state, held.sent_at = CampaignState.SENT, now
    audit.record(
        session,
        "send campaign",
        actor_id=viewer.person_id,
        subject_kind="campaign",
        subject_id=campaign.id,
        at=now,
        detail={"segment": campaign.segment.value, "people": len(everybody), "sent": sent},
    )
    session.flush()
    return sent


def report_of(session: Session, campaign: Campaign) -> Report:
    """Return what became of a campaign so far."""
    nudges = _nudges(session, campaign)
    states = states_of(session, {nudge.message_id for nudge in nudges if nudge.message_id is not None})
    not_reached = [(nudge.person.name, nudge.cancelled_because) for nudge in nudges if nudge.message_id is None]
    return Report(dict(Counter(states.values())), sorted(not_reached))


def is_still_wanted(session: Session, message: Message, now: datetime) -> bool:
    """Say whether a campaign's message may leave: not when its reader stopped, paused or withdrew meanwhile."""
    nudges = nudges_in(session, message.id)
    for nudge in nudges:
        person = session.get_one(Person, nudge.person_id, populate_existing=True)
        because = why_unreachable(person, suppressed_emails(session, [person]), now)
        if not because and not _attends(session, nudge):
            because = _("does not attend any more")
        if because:
            drop(nudge, because)
            session.flush()
            return False
    return bool(nudges)


def _attends(session: Session, nudge: Nudge) -> bool:
    query = (
        select(Attendance.id)
        .join(Campaign, Campaign.summit_id == Attendance.summit_id)
        .where(
            Campaign.id == nudge.subject_id,
            Attendance.person_id == nudge.person_id,
            Attendance.withdrawn_at.is_(None),
        )
    )
    return session.scalar(query) is not None


def follow_campaigns(session: Session) -> None:
    """Take over what became of the campaigns' messages. They are not planned anew."""
    query = select(Nudge).where(Nudge.rule == CAMPAIGN, Nudge.state == NudgeState.QUEUED).order_by(Nudge.id)
    nudges = list(session.scalars(query.with_for_update()))
    states = states_of(session, {nudge.message_id for nudge in nudges if nudge.message_id is not None})
    for nudge in nudges:
        state = states.get(nudge.message_id or 0)
        if state in LEFT:
            nudge.state = NudgeState.SENT
        elif state in (MessageState.FAILED, MessageState.CANCELLED):
            nudge.state, nudge.cancelled_because = NudgeState.CANCELLED, _("the mail was not sent")


def _render(
    campaign: Campaign, summit: Summit, person: Person, foot: dict[str, object], settings: Settings
) -> RenderedMail:
    values = values_of(person, summit)
    context = foot | {
        "subject": merge(campaign.subject, values),
        "paragraphs": [merge(paragraph, values) for paragraph in paragraphs(campaign.body)],
        "why": _("You get this because you attend %(summit)s. An organizer wrote it.", summit=summit.name),
    }
    return render_mail("campaign", settings=settings, context=context)


def _send_to(
    session: Session, campaign: Campaign, summit: Summit, to: Recipient, settings: Settings, now: datetime
) -> bool:
    """Write to one person, or note why not; return whether a message was written."""
    person, message, why_not = to.person, None, to.why_not
    key = f"{CAMPAIGN}:{campaign.id}:{person.id}"
    if not why_not:
        mail = _render(campaign, summit, person, foot_of(person, settings), settings)
        message = _enqueue(session, campaign, person, mail, key=key, purpose=CAMPAIGN, settings=settings, now=now)
        why_not = "" if message else _("address unsubscribed or not working")
    nudge = Nudge(
        key=key,
        rule=CAMPAIGN,
        person_id=person.id,
        subject_id=campaign.id,
        due_at=now,
        planned_at=now,
        state=NudgeState.QUEUED if message else NudgeState.CANCELLED,
        message_id=message.id if message else None,
        queued_at=now if message else None,
        cancelled_because=why_not,
    )
    session.add(nudge)
    return message is not None


def _enqueue(
    session: Session,
    campaign: Campaign,
    person: Person,
    mail: RenderedMail,
    *,
    key: str,
    purpose: str,
    settings: Settings,
    now: datetime,
) -> Message | None:
    return enqueue(
        session,
        key=key,
        purpose=purpose,
        purpose_id=campaign.id,
        to_address=person.email,
        to_name=person.name,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        due_at=now,
        now=now,
        useful_until=now + USEFUL_FOR,
        headers=headers_for(person, f"campaign-{campaign.id}", settings),
    )


def _nudges(session: Session, campaign: Campaign) -> Sequence[Nudge]:
    query = select(Nudge).where(Nudge.rule == CAMPAIGN, Nudge.subject_id == campaign.id)
    return session.scalars(query.options(joinedload(Nudge.person))).all()
