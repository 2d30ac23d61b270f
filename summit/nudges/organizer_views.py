"""The organizer's nudges: what is planned, and campaigns to write, look at, try and send."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from summit import clock
from summit.access import Rule, allow, viewer
from summit.connections.forms import tie
from summit.database import session
from summit.errors import Conflict, Invalid, NotFound
from summit.nudges.campaigns import find_campaign, rewrite_campaign, write_campaign
from summit.nudges.forms import CampaignForm, segment_words
from summit.nudges.models import Campaign, CampaignState, Segment
from summit.nudges.sending import Recipient, preview_campaign, recipients, report_of, send_campaign, send_test
from summit.people.models import Person
from summit.summits.finding import summit_by_slug
from summit.summits.models import Summit
from summit.web import settings

blueprint = Blueprint("campaigns", __name__)
# A mail brings its own styles; the page that shows it allows these and nothing else.
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@dataclass(frozen=True)
class Audience:
    """Whom a campaign would reach, and whom not."""

    reached: list[Recipient]
    not_reached: list[Recipient]


def _summit_and_campaign(slug: str, campaign_id: int) -> tuple[Summit, Campaign]:
    summit = summit_by_slug(session(), slug)
    return summit, find_campaign(session(), summit, campaign_id)


def _audience(summit: Summit, segment: Segment) -> Audience:
    everybody = recipients(session(), summit, segment, viewer(), clock.now())
    return Audience([each for each in everybody if not each.why_not], [each for each in everybody if each.why_not])


def _address(name: str, summit: Summit, campaign: Campaign) -> str:
    return url_for(f"campaigns.{name}", slug=summit.slug, campaign_id=campaign.id)


@blueprint.route("/organize/summits/<slug>/nudges/new", methods=["GET", "POST"])
@allow(Rule.ORGANIZERS)
def write(slug: str) -> ResponseReturnValue:
    """Write a campaign, and keep it as a draft."""
    summit = summit_by_slug(session(), slug)
    form = CampaignForm()
    asked_for = request.args.get("segment", "")
    if request.method == "GET" and asked_for in set(Segment):
        form.segment.data = asked_for
    if form.validate_on_submit():
        try:
            campaign = write_campaign(
                session(),
                summit,
                segment=Segment(form.segment.data),
                subject=form.subject.data or "",
                body=form.body.data or "",
                by=current_user.id,
                now=clock.now(),
            )
        except Invalid as error:
            tie(form, error)
        else:
            return redirect(_address("page", summit, campaign), 303)
    page = render_template("nudges/campaign_form.html", summit=summit, form=form, campaign=None)
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/organize/summits/<slug>/nudges/<int:campaign_id>/words", methods=["GET", "POST"])
@allow(Rule.ORGANIZERS)
def rewrite(slug: str, campaign_id: int) -> ResponseReturnValue:
    """Change a draft."""
    summit, campaign = _summit_and_campaign(slug, campaign_id)
    if campaign.state is CampaignState.SENT:
        raise Conflict(_("This campaign was sent already. Write a new one."))
    form = CampaignForm(obj=campaign)
    if request.method == "GET":
        form.segment.data = campaign.segment.value
    if form.validate_on_submit():
        try:
            segment = Segment(form.segment.data)
            rewrite_campaign(
                session(), campaign, segment=segment, subject=form.subject.data or "", body=form.body.data or ""
            )
        except Invalid as error:
            tie(form, error)
        else:
            return redirect(_address("page", summit, campaign), 303)
    page = render_template("nudges/campaign_form.html", summit=summit, form=form, campaign=campaign)
    return (page, 422) if request.method == "POST" else page


@blueprint.get("/organize/summits/<slug>/nudges/<int:campaign_id>")
@allow(Rule.ORGANIZERS)
def page(slug: str, campaign_id: int) -> ResponseReturnValue:
    """Show a draft as a chosen recipient would get it, with everybody it would reach; or what became of it."""
    summit, campaign = _summit_and_campaign(slug, campaign_id)
    if campaign.state is CampaignState.SENT:
        return render_template(
            "nudges/report.html",
            summit=summit,
            campaign=campaign,
            segment=segment_words(campaign.segment),
            report=report_of(session(), campaign),
        )
    audience = _audience(summit, campaign.segment)
    chosen = _chosen(audience)
    return render_template(
        "nudges/campaign.html",
        summit=summit,
        campaign=campaign,
        segment=segment_words(campaign.segment),
        audience=audience,
        chosen=chosen,
        mail=preview_campaign(campaign, summit, chosen, settings=settings()) if chosen else None,
    )


@blueprint.get("/organize/summits/<slug>/nudges/<int:campaign_id>/mail")
@allow(Rule.ORGANIZERS)
def mail(slug: str, campaign_id: int) -> Response:
    """Return a campaign's mail as a chosen recipient would see it, for the frame on its page."""
    summit, campaign = _summit_and_campaign(slug, campaign_id)
    chosen = _chosen(_audience(summit, campaign.segment))
    if chosen is None:
        raise NotFound(_("Nobody would get this campaign."))
    answer = make_response(preview_campaign(campaign, summit, chosen, settings=settings()).html)
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


@blueprint.post("/organize/summits/<slug>/nudges/<int:campaign_id>/test")
@allow(Rule.ORGANIZERS)
def test(slug: str, campaign_id: int) -> ResponseReturnValue:
    """Send a campaign to the organizer alone."""
    summit, campaign = _summit_and_campaign(slug, campaign_id)
    me = (
        session()
        .scalars(select(Person).where(Person.id == current_user.id).options(joinedload(Person.organization)))
        .one()
    )
    message = send_test(session(), campaign, summit, me, settings=settings(), now=clock.now())
    if message is None:
        flash(_("Your own address is unsubscribed or not working, so no test could be sent."), "error")
    else:
        flash(_("A test is on its way to %(email)s.", email=me.email))
    return redirect(_address("page", summit, campaign), 303)


@blueprint.route("/organize/summits/<slug>/nudges/<int:campaign_id>/send", methods=["GET", "POST"])
@allow(Rule.ORGANIZERS)
def send(slug: str, campaign_id: int) -> ResponseReturnValue:
    """Ask once more, with the number, and send."""
    summit, campaign = _summit_and_campaign(slug, campaign_id)
    if request.method == "POST":
        sent = send_campaign(session(), campaign, summit, viewer(), settings=settings(), now=clock.now())
        flash(ngettext("Sent to %(num)d person.", "Sent to %(num)d people.", sent))
        return redirect(_address("page", summit, campaign), 303)
    if campaign.state is CampaignState.SENT:
        return redirect(_address("page", summit, campaign), 303)
    return render_template(
        "nudges/send.html",
        summit=summit,
        campaign=campaign,
        segment=segment_words(campaign.segment),
        audience=_audience(summit, campaign.segment),
    )


def _chosen(audience: Audience) -> Person | None:
    """Return the recipient that the preview is for: the one asked for, else the first."""
    wanted = request.args.get("for", "")
    people = [each.person for each in audience.reached] or [each.person for each in audience.not_reached]
    return next((person for person in people if str(person.id) == wanted), people[0] if people else None)
