"""Campaigns: one nudge that an organizer writes for a segment; here the words, `sending` sends them."""

import re
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.errors import Conflict, Invalid, NotFound
from summit.nudges.merging import check_fields
from summit.nudges.models import Campaign, CampaignState, Segment
from summit.summits.models import Summit

LONGEST_SUBJECT = 150
LONGEST_BODY = 10_000


def find_campaign(session: Session, summit: Summit, campaign_id: int) -> Campaign:
    """Return a campaign of this summit.

    Raises:
        NotFound: when there is none.
    """
    campaign = session.scalar(select(Campaign).where(Campaign.id == campaign_id, Campaign.summit_id == summit.id))
    if campaign is None:
        raise NotFound(_("There is no such campaign at %(summit)s.", summit=summit.name))
    return campaign


def campaigns_of(session: Session, summit: Summit) -> list[Campaign]:
    """Return a summit's campaigns, the newest first."""
    query = select(Campaign).where(Campaign.summit_id == summit.id)
    return list(session.scalars(query.order_by(Campaign.created_at.desc(), Campaign.id.desc())))


def write_campaign(
    session: Session, summit: Summit, *, segment: Segment, subject: str, body: str, by: int, now: datetime
) -> Campaign:
    """Keep a draft.

    Raises:
        Invalid: when words are missing, too many, or hold a field that can't be filled in.
    """
    subject, body = _checked(subject, body)
    campaign = Campaign(
        summit_id=summit.id,
        segment=segment,
        subject=subject,
        body=body,
        state=CampaignState.DRAFT,
        written_by_id=by,
        created_at=now,
    )
    session.add(campaign)
    session.flush()
    return campaign


def rewrite_campaign(session: Session, campaign: Campaign, *, segment: Segment, subject: str, body: str) -> None:
    """Change a draft.

    Raises:
        Invalid: when words are missing, too many, or hold a field that can't be filled in.
        Conflict: when it was sent already.
    """
    subject, body = _checked(subject, body)
    if hold_campaign(session, campaign).state is CampaignState.SENT:
        raise Conflict(_("This campaign was sent already. Write a new one."))
    campaign.segment, campaign.subject, campaign.body = segment, subject, body
    session.flush()


def hold_campaign(session: Session, campaign: Campaign) -> Campaign:
    """Return the campaign as it is now, held until the transaction ends."""
    query = select(Campaign).where(Campaign.id == campaign.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def paragraphs(body: str) -> list[str]:
    """Cut plain text at its empty lines; a line break inside a paragraph stays."""
    lines = "\n".join(line.rstrip() for line in body.strip().splitlines())
    return [paragraph.strip("\n") for paragraph in re.split(r"\n\s*\n", lines) if paragraph.strip()]


def _checked(subject: str, body: str) -> tuple[str, str]:
    subject, body = " ".join(subject.split()), "\n\n".join(paragraphs(body))
    problems = {}
    if not 0 < len(subject) <= LONGEST_SUBJECT:
        problems["subject"] = _("Write a subject of 1 to %(most)s characters.", most=LONGEST_SUBJECT)
    if not 0 < len(body) <= LONGEST_BODY:
        problems["body"] = _("Write 1 to %(most)s characters.", most=LONGEST_BODY)
    if problems:
        raise Invalid(_("The words can't be taken as they are."), problems)
    check_fields(subject=subject, body=body)
    return subject, body
