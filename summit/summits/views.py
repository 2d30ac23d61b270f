"""A summit's page, its people, and what an attendee asks, offers and works on."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from summit import clock
from summit.access import Audience, Rule, allow, viewer
from summit.challenges.browsing import by_first_theme, challenge_by_id, current_challenges, titles_by_slug
from summit.challenges.models import Challenge
from summit.connections.finding import connection_between
from summit.database import session
from summit.errors import Invalid, NotFound
from summit.listing import page_number, page_of
from summit.matching.reasons import reasons_for
from summit.organizations.browsing import kind_label, read_kind
from summit.organizations.models import OrganizationKind
from summit.summits.browsing import (
    PeopleFilter,
    count_attendees,
    find_attendee,
    find_attendees,
    find_registered,
    is_introduced,
    places_of_attendees,
    stances_of,
)
from summit.summits.dates import days_in_words, phase
from summit.summits.finding import attendance_of, attended_summit
from summit.summits.forms import AUDIENCE_MEANINGS, PRIORITY_MEANINGS, StanceDetailsForm, StanceForm
from summit.summits.models import Stance, StanceKind, Summit, SummitState
from summit.summits.stances import LONGEST_TEXT, find_stance, state_stance, withdraw_stance

blueprint = Blueprint("summits", __name__)
STANCES_A_ROW = 3


@blueprint.get("/summits/<slug>")
@allow(Rule.SIGNED_IN)
def page(slug: str) -> ResponseReturnValue:
    """Show a summit: when and where, how the viewer stands, and where to go next."""
    summit = attended_summit(session(), slug, viewer())
    me = viewer().person_id or 0
    registered, arrived = count_attendees(session(), summit)
    return render_template(
        "summits/page.html",
        summit=summit,
        attendance=attendance_of(session(), summit, me),
        stated=stances_of(session(), summit, viewer(), [me])[me],
        registered=registered,
        arrived=arrived,
        days=days_in_words(summit),
        phase=phase(summit, clock.now()),
    )


@blueprint.get("/summits/<slug>/people")
@allow(Rule.SIGNED_IN)
def people(slug: str) -> ResponseReturnValue:
    """Browse who attends: by words, by what they state, by their organization's kind and place."""
    summit = attended_summit(session(), slug, viewer())
    wanted = _wanted_people()
    found = page_of(
        session(),
        find_attendees(summit, viewer(), wanted),
        number=page_number(request.args.get("page")),
        url_for=lambda number: url_for("summits.people", slug=slug, page=number, **_without_page()),
    )
    return render_template(
        "summits/people.html",
        summit=summit,
        page=found,
        wanted=wanted,
        stances=_asked_for_first(
            stances_of(session(), summit, viewer(), [each.person_id for each in found.items]), wanted
        ),
        stances_a_row=STANCES_A_ROW,
        challenges=titles_by_slug(session()),
        places=places_of_attendees(session(), summit),
        kinds=[(kind.value, kind_label(kind)) for kind in OrganizationKind],
        me=viewer().person_id,
    )


def _wanted_people() -> PeopleFilter:
    stance = request.args.get("stance", "")
    return PeopleFilter(
        words=request.args.get("q", "").strip(),
        challenge=request.args.get("challenge", "").strip(),
        stance=StanceKind(stance) if stance in set(StanceKind) else None,
        kind=read_kind(request.args.get("kind")),
        place=request.args.get("place", "").strip(),
    )


def _asked_for_first(found: dict[int, list[Stance]], wanted: PeopleFilter) -> dict[int, list[Stance]]:
    """Put the stances that the filter asks for first, so that a line shows why it is there."""

    def is_other(stance: Stance) -> bool:
        fits_challenge = wanted.challenge in ("", stance.challenge.slug)
        return not (fits_challenge and wanted.stance in (None, stance.kind))

    return {person_id: sorted(stances, key=is_other) for person_id, stances in found.items()}


def _without_page() -> dict[str, Any]:
    """Return what the address asks for, without the page and what is empty: so that addresses are stable."""
    asked = ("q", "challenge", "stance", "kind", "place")
    return {name: request.args[name] for name in asked if request.args.get(name, "").strip()}


@blueprint.get("/summits/<slug>/people/<int:person_id>")
@allow(Rule.SIGNED_IN)
def person(slug: str, person_id: int) -> ResponseReturnValue:
    """Show a person: who they are, what they state as far as the viewer may read it, and how to connect."""
    summit = attended_summit(session(), slug, viewer())
    find = find_registered if viewer().is_organizer else find_attendee
    attendance = find(session(), summit, person_id)
    me = viewer().person_id or 0
    introduced = person_id != me and is_introduced(session(), summit, me, person_id)
    return render_template(
        "summits/person.html",
        summit=summit,
        attendance=attendance,
        person=attendance.person,
        stances=stances_of(session(), summit, viewer(), [person_id])[person_id],
        kind_label=kind_label,
        is_me=person_id == me,
        may_connect=person_id != me and attendance_of(session(), summit, me) is not None,
        connection=connection_between(session(), summit, me, person_id) if person_id != me else None,
        reasons=reasons_for(session(), summit, viewer(), [person_id])[person_id] if introduced else None,
        is_organizer=viewer().is_organizer,
    )


@blueprint.get("/summits/<slug>/stances")
@allow(Rule.SIGNED_IN)
def stances(slug: str) -> ResponseReturnValue:
    """Show what the viewer has stated, and every challenge with one tap each for ask, offer and working on."""
    summit, me = _own_summit(slug)
    words = request.args.get("q", "").strip()
    return render_template(
        "summits/stances.html",
        groups=by_first_theme(current_challenges(session(), words)),
        words=words,
        **_stated(summit, me),
    )


@blueprint.post("/summits/<slug>/stances")
@allow(Rule.SIGNED_IN)
def state(slug: str) -> ResponseReturnValue:
    """State a stance with one tap. One that is there already stays as it is."""
    summit, me = _own_summit(slug)
    form = StanceForm()
    challenge, kind = _named(form)
    if find_stance(session(), summit, me, challenge.id, kind) is None:
        state_stance(session(), summit=summit, person_id=me, challenge_id=challenge.id, kind=kind, now=clock.now())
    return _saved(summit, me, challenge, _undo_stating(slug, challenge, kind), back=form.back.data)


@blueprint.post("/summits/<slug>/stances/withdrawals")
@allow(Rule.SIGNED_IN)
def withdraw(slug: str) -> ResponseReturnValue:
    """Take a stance back; "undo" brings it back whole."""
    summit, me = _own_summit(slug)
    form = StanceForm()
    challenge, kind = _named(form)
    before = find_stance(session(), summit, me, challenge.id, kind)
    undo = _undo_to(before, slug, _("Taken back.")) if before else {"message": _("Taken back.")}
    withdraw_stance(session(), summit=summit, person_id=me, challenge_id=challenge.id, kind=kind)
    return _saved(summit, me, challenge, undo, back=form.back.data)


@blueprint.post("/summits/<slug>/stances/details")
@allow(Rule.SIGNED_IN)
def describe(slug: str) -> ResponseReturnValue:
    """Say how important a stance is, in a line what it is about, and who may read it."""
    summit, me = _own_summit(slug)
    form = StanceDetailsForm()
    challenge, kind = _named(form)
    before = find_stance(session(), summit, me, challenge.id, kind)
    undo = _undo_to(before, slug, _("Saved.")) if before else _undo_stating(slug, challenge, kind)
    state_stance(
        session(),
        summit=summit,
        person_id=me,
        challenge_id=challenge.id,
        kind=kind,
        priority=form.priority.data,
        text=form.text.data or "",
        audience=Audience(form.audience.data),
        now=clock.now(),
    )
    return _saved(summit, me, challenge, undo, back=form.back.data)


def _own_summit(slug: str) -> tuple[Summit, int]:
    """Return the summit and the viewer's id, if they attend it; looking after it is not enough here."""
    summit = attended_summit(session(), slug, viewer())
    me = viewer().person_id
    if me is None or attendance_of(session(), summit, me) is None:
        raise NotFound(_("Only people who attend %(summit)s can say this here.", summit=summit.name))
    return summit, me


def _named(form: StanceForm) -> tuple[Challenge, StanceKind]:
    if not form.validate_on_submit():
        fields = {name: " ".join(problems) for name, problems in form.errors.items() if name}
        raise Invalid(_("This could not be saved. Go back and choose from what is offered there."), fields)
    return challenge_by_id(session(), form.challenge.data or 0), StanceKind(form.kind.data)


def _undo(message: str, action: str, *, challenge_id: int, kind: StanceKind, **more: str) -> dict[str, Any]:
    """Return what the notice says and what its button posts; plain values, since it may travel in the cookie."""
    return {"message": message, "action": action, "fields": {"challenge": challenge_id, "kind": kind.value, **more}}


def _undo_stating(slug: str, challenge: Challenge, kind: StanceKind) -> dict[str, Any]:
    return _undo(_("Saved."), url_for("summits.withdraw", slug=slug), challenge_id=challenge.id, kind=kind)


def _undo_to(before: Stance, slug: str, message: str) -> dict[str, Any]:
    return _undo(
        message,
        url_for("summits.describe", slug=slug),
        challenge_id=before.challenge_id,
        kind=before.kind,
        priority=str(before.priority),
        text=before.text,
        audience=before.audience.value,
    )


def _saved(
    summit: Summit, me: int, challenge: Challenge, undo: dict[str, Any], *, back: str | None
) -> ResponseReturnValue:
    """Answer with the parts of the page that changed, or lead back to where the tap was."""
    if request.headers.get("HX-Request") == "true":
        return render_template(
            "summits/stance_saved.html",
            undo=undo,
            challenge=challenge,
            is_details=back == "details",
            **_stated(summit, me),
        )
    cookie["stance_undo"] = undo
    if back == "matches":
        return redirect(url_for("matching.matches", slug=summit.slug, _anchor="question"), 303)
    if back == "challenge":
        return redirect(url_for("challenges.page", slug=challenge.slug), 303)
    return redirect(url_for("summits.stances", slug=summit.slug, _anchor=f"challenge-{challenge.id}"), 303)


def _stated(summit: Summit, me: int) -> dict[str, Any]:
    stated = stances_of(session(), summit, viewer(), [me])[me]
    return {
        "summit": summit,
        "stated": stated,
        "kinds_on": {
            each.challenge_id: [s.kind for s in stated if s.challenge_id == each.challenge_id] for each in stated
        },
        "is_open": summit.state is not SummitState.CLOSED,
        "audience_meanings": AUDIENCE_MEANINGS,
        "priority_meanings": PRIORITY_MEANINGS,
        "longest_text": LONGEST_TEXT,
    }
