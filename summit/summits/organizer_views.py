"""The organizer at the door: check in, undo, withdraw somebody and register them again."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.errors import Invalid
from summit.listing import page_number, page_of
from summit.summits import attendance as attending
from summit.summits.browsing import count_attendees, find_registered
from summit.summits.door import Door, find_at_door
from summit.summits.finding import summit_by_slug
from summit.summits.forms import AttendeeForm
from summit.summits.models import Summit, SummitState

blueprint = Blueprint("summits_desk", __name__)


@blueprint.get("/organize/summits/<slug>/check-in")
@allow(Rule.ORGANIZERS)
def door(slug: str) -> ResponseReturnValue:
    """Show who is expected, with a search and one large button each."""
    summit = summit_by_slug(session(), slug)
    words = request.args.get("q", "").strip()
    show = _shown(request.args.get("show"))
    registered, arrived = count_attendees(session(), summit)
    page = page_of(
        session(),
        find_at_door(summit, words, show),
        number=page_number(request.args.get("page")),
        url_for=lambda number: url_for("summits_desk.door", slug=slug, q=words or None, show=show.value, page=number),
    )
    return render_template(
        "summits/door.html",
        summit=summit,
        page=page,
        words=words,
        show=show,
        registered=registered,
        arrived=arrived,
        is_open=summit.state is not SummitState.CLOSED,
    )


@blueprint.post("/organize/summits/<slug>/check-ins")
@allow(Rule.ORGANIZERS)
def check_in(slug: str) -> ResponseReturnValue:
    """Check an attendee in."""
    summit, (person_id, form) = summit_by_slug(session(), slug), _named()
    attending.check_in(session(), summit, person_id, by=_me(), now=clock.now())
    return _answer(summit, person_id, form)


@blueprint.post("/organize/summits/<slug>/check-ins/undone")
@allow(Rule.ORGANIZERS)
def undo_check_in(slug: str) -> ResponseReturnValue:
    """Take a check-in back."""
    summit, (person_id, form) = summit_by_slug(session(), slug), _named()
    attending.undo_check_in(session(), summit, person_id, by=_me(), now=clock.now())
    return _answer(summit, person_id, form)


@blueprint.post("/organize/summits/<slug>/withdrawals")
@allow(Rule.ORGANIZERS)
def withdraw(slug: str) -> ResponseReturnValue:
    """Take an attendee off the summit."""
    summit, (person_id, form) = summit_by_slug(session(), slug), _named()
    attending.withdraw(session(), summit, person_id, by=_me(), now=clock.now())
    return _answer(summit, person_id, form)


@blueprint.post("/organize/summits/<slug>/registrations")
@allow(Rule.ORGANIZERS)
def register(slug: str) -> ResponseReturnValue:
    """Register a person, or bring somebody back who withdrew."""
    summit, (person_id, form) = summit_by_slug(session(), slug), _named()
    attending.register(session(), summit, person_id, by=_me(), now=clock.now())
    return _answer(summit, person_id, form)


def _named() -> tuple[int, AttendeeForm]:
    form = AttendeeForm()
    if not form.validate_on_submit() or form.person.data is None:
        raise Invalid(_("Say which person is meant: go back and choose one from the list."), {"person": _("missing")})
    return form.person.data, form


def _me() -> int:
    me = viewer().person_id
    assert me is not None, "the rule beside each view lets organizers in only"
    return me


def _shown(text: str | None) -> Door:
    return Door(text) if text in set(Door) else Door.EXPECTED


def _answer(summit: Summit, person_id: int, form: AttendeeForm) -> ResponseReturnValue:
    """Answer with the person's line as it is now, or lead back to where the button was."""
    if request.headers.get("HX-Request") == "true":
        registered, arrived = count_attendees(session(), summit)
        return render_template(
            "summits/door_line.html",
            summit=summit,
            attendance=find_registered(session(), summit, person_id),
            registered=registered,
            arrived=arrived,
            is_open=True,
        )
    if form.back.data == "person":
        return redirect(url_for("summits.person", slug=summit.slug, person_id=person_id), 303)
    kept: dict[str, Any] = {"q": form.q.data or None, "show": form.show.data or None}
    return redirect(url_for("summits_desk.door", slug=summit.slug, **kept), 303)
