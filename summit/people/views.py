"""Pages of the room `people`: signing in and out, a person's own page and their profile."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from summit import clock
from summit.access import Rule, allow, viewer
from summit.connections.promises import follow_ups_to_answer, open_steps
from summit.database import session
from summit.errors import Invalid, NotFound, WrongTime
from summit.matching.interest import unanswered_interest
from summit.people import sign_in as signing_in
from summit.people.forms import ProfileForm, SignInForm, time_zones
from summit.people.local_paths import local_path
from summit.people.models import Person
from summit.people.profile import Profile, change_profile, organization_names
from summit.people.sessions import signed_in
from summit.people.standing import sign_out_everywhere as end_everything
from summit.summits.attendance import bump_revisions_of, set_wishes
from summit.summits.browsing import stances_of
from summit.summits.finding import attendance_of, current_summit
from summit.summits.models import SummitState
from summit.web import settings

blueprint = Blueprint("people", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@allow(Rule.ANYONE)
def sign_in() -> ResponseReturnValue:
    """Ask for a sign-in link."""
    next_url = local_path(request.values.get("next"))
    if viewer().person_id is not None:
        return redirect(next_url or url_for("pages.home"), 303)
    form = SignInForm(next=next_url)
    if request.method == "GET":
        return render_template("people/sign_in.html", form=form)
    if not form.validate_on_submit():
        return render_template("people/sign_in.html", form=form), 422
    signing_in.request_link(
        session(),
        email=form.email.data or "",
        client=request.remote_addr or "",
        next_url=next_url,
        now=clock.now(),
        secret_key=settings().secret_key,
    )
    return redirect(url_for("people.link_asked"), 303)


@blueprint.get("/sign-in/asked")
@allow(Rule.ANYONE)
def link_asked() -> ResponseReturnValue:
    """Say that a link is on its way; the same whether or not it is."""
    chosen = settings()
    local = chosen.mail_provider == "local" and chosen.is_on_loopback and not chosen.is_production
    return render_template("people/link_asked.html", mailbox_url=url_for("mail.mailbox") if local else None)


@blueprint.route("/sign-in/<token>", methods=["GET", "POST"])
@allow(Rule.BEARER)
def use_link(token: str) -> ResponseReturnValue:
    """Show a link's button; only pressing it signs in, since mail scanners open links too."""
    try:
        if request.method == "GET":
            entry = signing_in.look_at_link(session(), token, now=clock.now())
            return render_template("people/use_link.html", person=entry.person, token=token)
        entry = signing_in.use_link(session(), token, now=clock.now())
    except (NotFound, WrongTime) as error:
        is_signed_in = viewer().person_id is not None
        page = render_template("people/link_unusable.html", message=error.message, is_signed_in=is_signed_in)
        return page, error.status
    # Nothing of an earlier session, whoever's it was, goes into the new one.
    cookie.clear()
    login_user(signed_in(entry.person))
    cookie.permanent = True
    return redirect(entry.next_url or url_for("pages.home"), 303)


@blueprint.post("/sign-out")
@allow(Rule.SIGNED_IN)
def sign_out() -> ResponseReturnValue:
    """Sign out here."""
    cookie.clear()
    flash(_("You are signed out."))
    return redirect(url_for("people.sign_in"), 303)


@blueprint.post("/me/sign-out-everywhere")
@allow(Rule.SIGNED_IN)
def sign_out_everywhere() -> ResponseReturnValue:
    """Sign out on every device."""
    end_everything(session(), _myself(session()))
    cookie.clear()
    flash(_("You are signed out on every device."))
    return redirect(url_for("people.sign_in"), 303)


@blueprint.get("/me")
@allow(Rule.SIGNED_IN)
def me() -> ResponseReturnValue:
    """Show what waits for me, and what I promised."""
    who, current = viewer(), session()
    person, summit = _myself(current), current_summit(current)
    attends = summit is not None and attendance_of(current, summit, person.id) is not None
    return render_template(
        "people/me.html",
        person=person,
        summit=summit if attends else None,
        stances=stances_of(current, summit, who, [person.id])[person.id] if summit and attends else [],
        interested=unanswered_interest(current, summit, person.id) if summit and attends else [],
        follow_ups=follow_ups_to_answer(current, who),
        steps=open_steps(current, who),
        now=clock.now(),
        soon=clock.now() + timedelta(days=1),
    )


@blueprint.route("/me/profile", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def profile() -> ResponseReturnValue:
    """Show and change my profile."""
    person = _myself(session())
    form = ProfileForm(data=_form_data(person))
    form.time_zone.choices = time_zones(person.time_zone)
    if form.validate_on_submit():
        try:
            _save_profile(session(), person, form)
        except Invalid as error:
            _tie(error, form)
        else:
            flash(_("Your profile is saved."))
            return redirect(url_for("people.me"), 303)
    names = organization_names(session())
    page = render_template("people/profile.html", form=form, person=person, organizations=names)
    return (page, 422) if form.errors else page


def _form_data(person: Person) -> dict[str, str | int]:
    return {
        "name": person.name,
        "title": person.title,
        "organization": person.organization.name if person.organization else "",
        "time_zone": person.time_zone,
        "talk_about": person.talk_about,
        "introductions": person.introductions,
    }


def _save_profile(current: Session, person: Person, form: ProfileForm) -> None:
    """Change the profile, and with it the wishes at the summit that is under way."""
    now = clock.now()
    wished = (person.introductions, person.talk_about)
    given = Profile(
        name=form.name.data or "",
        title=form.title.data or "",
        organization=form.organization.data or "",
        time_zone=form.time_zone.data or "",
        talk_about=form.talk_about.data or "",
        introductions=form.introductions.data or 0,
    )
    belonged = person.organization_id
    change_profile(current, person, given, by=person.id, now=now)
    if person.organization_id != belonged:
        bump_revisions_of(current, person.id)
    summit = current_summit(current)
    if summit is None or summit.state is SummitState.CLOSED or wished == (given.introductions, given.talk_about):
        return
    if attendance_of(current, summit, person.id) is not None:
        set_wishes(current, summit, person.id, introductions=given.introductions, talk_about=given.talk_about)


def _tie(error: Invalid, form: ProfileForm) -> None:
    """Show what a verb refused beside the fields it is about."""
    for name, problem in error.fields.items():
        form[name].errors = [*form[name].errors, problem]


def _myself(current: Session) -> Person:
    mine = select(Person).where(Person.id == viewer().person_id).options(joinedload(Person.organization))
    return current.scalars(mine).one()
