"""Summits: create one, change it, take an earlier one as the model."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.errors import Invalid
from summit.organizing.forms import NewSummitForm, SummitForm
from summit.summits.arranging import SummitDetails, change_summit, create_summit, invite_attendees_of, next_after
from summit.summits.finding import summit_by_slug
from summit.summits.models import Summit
from summit.web import settings

blueprint = Blueprint("arranging", __name__)


@blueprint.route("/organize/summits/new", methods=["GET", "POST"])
@allow(Rule.ORGANIZERS)
def create() -> ResponseReturnValue:
    """Create a summit, from nothing or with `?like=` an earlier one."""
    like = request.args.get("like", "")
    earlier = summit_by_slug(session(), like) if like else None
    proposed = next_after(session(), earlier) if earlier else None
    form = NewSummitForm(obj=proposed)
    _prepare(form, proposed.time_zone if proposed else settings().network_timezone)
    if form.validate_on_submit():
        try:
            summit = create_summit(
                session(), form.details(form.slug.data or ""), by=viewer().person_id, now=clock.now()
            )
        except Invalid as refusal:
            return _again(form, refusal, earlier=earlier)
        _welcome(summit, earlier if form.invite.data else None)
        return redirect(url_for("organizing.attendees", slug=summit.slug), 303)
    return _page(form, 422 if form.is_submitted() else 200, earlier=earlier)


@blueprint.route("/organize/summits/<slug>/edit", methods=["GET", "POST"])
@allow(Rule.ORGANIZERS)
def edit(slug: str) -> ResponseReturnValue:
    """Change a summit, open it or close it."""
    summit = summit_by_slug(session(), slug)
    form = SummitForm(obj=_details(summit))
    _prepare(form, summit.time_zone)
    if form.validate_on_submit():
        try:
            change_summit(session(), summit, form.details(summit.slug), by=viewer().person_id, now=clock.now())
        except Invalid as refusal:
            return _again(form, refusal, edited=summit)
        flash(_("%(summit)s is saved.", summit=summit.name))
        return redirect(url_for("organizing.summits"), 303)
    return _page(form, 422 if form.is_submitted() else 200, edited=summit)


def _prepare(form: SummitForm, zone: str) -> None:
    form.offer_zones(zone)
    if not form.is_submitted() and not form.time_zone.data:
        form.time_zone.data = zone


def _details(summit: Summit) -> SummitDetails:
    return SummitDetails(
        name=summit.name,
        slug=summit.slug,
        place=summit.place,
        time_zone=summit.time_zone,
        starts_on=summit.starts_on,
        ends_on=summit.ends_on,
        state=summit.state,
    )


def _welcome(summit: Summit, earlier: Summit | None) -> None:
    flash(_("%(summit)s is created.", summit=summit.name))
    if earlier is not None:
        invited = invite_attendees_of(session(), earlier, summit, by=viewer().person_id, now=clock.now())
        flash(
            ngettext(
                "%(num)d person who attended %(earlier)s is registered.",
                "%(num)d people who attended %(earlier)s are registered.",
                invited,
                earlier=earlier.name,
            )
        )


def _again(
    form: SummitForm, refusal: Invalid, *, earlier: Summit | None = None, edited: Summit | None = None
) -> ResponseReturnValue:
    for name, problem in refusal.fields.items():
        form[name].errors = [*form[name].errors, problem]
    return _page(form, 422, earlier=earlier, edited=edited)


def _page(
    form: SummitForm, status: int, *, earlier: Summit | None = None, edited: Summit | None = None
) -> ResponseReturnValue:
    return render_template("organizing/summit_form.html", form=form, earlier=earlier, edited=edited), status
