"""Pages of the room `connections`: meeting somebody, my connections, and one connection."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from summit import clock
from summit.access import Audience, Rule, allow, viewer
from summit.challenges.browsing import current_challenges
from summit.connections.capture import attendee_by_code, attendee_by_id, record_connection
from summit.connections.correcting import correct_connection, disown, own_again
from summit.connections.finding import (
    connection_between,
    disowned_connections,
    find_connection,
    met_today,
    page_of_connections,
)
from summit.connections.forms import CaptureForm, CorrectionForm, FollowUpForm, StepForm, tie
from summit.connections.history import history
from summit.connections.models import Connection, FollowUp, Meeting, NextStep, StepState
from summit.connections.next_steps import promise_step
from summit.connections.notes import write_note
from summit.connections.pairs import require_counted
from summit.connections.promises import follow_ups_to_answer, open_steps, steps_promised_to
from summit.connections.sharing import shared_challenges, suggestions
from summit.connections.telling import Teller
from summit.connections.wording import first_name, hour_words, kind_told
from summit.database import session
from summit.errors import Invalid, NotFound
from summit.listing import page_number
from summit.summits.attendance import require_open
from summit.summits.finding import attendance_of, attended_summit
from summit.summits.models import Attendance, Summit
from summit.web import settings

blueprint = Blueprint("connections", __name__)
LONGEST_CODE = 40
MOST_DUE_SHOWN = 5


@dataclass(frozen=True)
class StepAsked:
    """An open next step, and when it is due in words."""

    step: NextStep
    due: str


@dataclass(frozen=True)
class FollowUpAsked:
    """A follow-up that waits for an answer, told as a sentence."""

    follow_up: FollowUp
    title: str


def _me() -> int:
    """Return who is looking; the views that ask are for signed-in people only."""
    return int(current_user.id)


@blueprint.get("/summits/<slug>/connect")
@allow(Rule.SIGNED_IN)
def connect(slug: str) -> ResponseReturnValue:
    """Show my code, ask for somebody else's, and list whom I met today."""
    summit = attended_summit(session(), slug, viewer())
    typed = request.args.get("code", "").strip()[:LONGEST_CODE]
    problem = ""
    if typed:
        try:
            attendance = attendee_by_code(session(), summit, typed)
        except NotFound as error:
            problem = error.message
        else:
            if attendance.person_id != _me():
                return redirect(url_for("connections.capture", slug=slug, code=attendance.code), 303)
            problem = _("This is your own code. Type the other person’s.")
    return _meet_page(summit, typed, problem)


def _meet_page(summit: Summit, typed: str, problem: str) -> ResponseReturnValue:
    mine = attendance_of(session(), summit, _me())
    page = render_template(
        "connections/connect.html",
        summit=summit,
        mine=mine,
        link=_link_of(summit, mine) if mine else "",
        code=_code_of(_link_of(summit, mine)) if mine else "",
        typed=typed,
        problem=problem,
        today=met_today(session(), summit, viewer(), clock.now()),
        me=_me(),
    )
    return (page, 422) if problem else page


def _link_of(summit: Summit, attendance: Attendance) -> str:
    path = url_for("connections.capture", slug=summit.slug, code=attendance.code)
    return settings().base_url + path


def _code_of(link: str) -> Markup:
    """Draw a link as a QR code; medium correction, since phones scan from other phones."""
    drawn = segno.make(link, error="m", micro=False).svg_inline(border=4, omitsize=True)
    return Markup(drawn)  # noqa: S704 - drawn by segno from modules only; the link's text is not in it


@blueprint.route("/summits/<slug>/connect/<code>", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def capture(slug: str, code: str) -> ResponseReturnValue:
    """Record whom a scanned code belongs to."""
    summit = attended_summit(session(), slug, viewer())
    return _capture(summit, attendee_by_code(session(), summit, code), Meeting.SCAN)


@blueprint.route("/summits/<slug>/people/<int:person_id>/connect", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def capture_person(slug: str, person_id: int) -> ResponseReturnValue:
    """Record somebody from their page or from a match."""
    summit = attended_summit(session(), slug, viewer())
    said = request.values.get("how", "")
    how = Meeting(said) if said in set(Meeting) else Meeting.HALLWAY
    return _capture(summit, attendee_by_id(session(), summit, person_id), how)


def _capture(summit: Summit, attendance: Attendance, how: Meeting) -> ResponseReturnValue:
    """Show the one screen of a capture, or save it."""
    other, me = attendance.person, _me()
    if other.id == me:
        flash(_("This is your own code. Let the other person scan it, or type theirs."), "error")
        return redirect(url_for("connections.connect", slug=summit.slug), 303)
    if attendance_of(session(), summit, me) is None:
        raise NotFound(_("You do not attend %(summit)s yourself, so you can’t connect there.", summit=summit.name))
    there = connection_between(session(), summit, me, other.id)
    if there is not None and request.method == "GET" and there.disowned_at is None:
        return _to_existing(there, first_name(other))
    require_open(summit)
    shared = shared_challenges(session(), summit, me, other.id)
    form = CaptureForm(
        suggestions=suggestions(shared), other=first_name(other), zone=current_user.time_zone, now=clock.now()
    )
    form.how.data = how.value
    form.challenges.offer(list(current_challenges(session())))
    if request.method == "GET":
        form.challenges.data = [challenge.challenge_id for challenge in shared[:1] if challenge.is_open]
    if form.validate_on_submit():
        saved = _save_capture(summit, other.id, how, form)
        if saved is not None:
            if there is not None:
                return _to_existing(saved, first_name(other))
            flash(_("Saved. %(name)s sees it too.", name=first_name(other)))
            return redirect(url_for("connections.page", connection_id=saved.id), 303)
    shared_ids = [challenge.challenge_id for challenge in shared]
    page = render_template(
        "connections/capture.html",
        summit=summit,
        form=form,
        person=other,
        other=first_name(other),
        shared_ids=shared_ids,
        zone=current_user.time_zone,
    )
    return (page, 422) if request.method == "POST" else page


def _to_existing(connection: Connection, other: str) -> Response:
    flash(_("You and %(name)s are connected here already. This is where it goes on.", name=other), "info")
    return redirect(url_for("connections.page", connection_id=connection.id), 303)


def _save_capture(summit: Summit, other_id: int, how: Meeting, form: CaptureForm) -> Connection | None:
    """Save connection, next step and note together; None when something was refused, which the form then says."""
    me, now = _me(), clock.now()
    due_at = form.due_at() if form.promised else None
    if form.promised and due_at is None:
        return None
    try:
        connection = record_connection(
            session(),
            summit=summit,
            by=me,
            other_id=other_id,
            how=how,
            challenge_ids=form.challenges.data or [],
            now=now,
        )
        if due_at is not None:
            owner_id = form.owner_id(me, other_id)
            promise_step(session(), connection, what=form.promised, owner_id=owner_id, due_at=due_at, by=me, now=now)
        if (form.note.data or "").strip():
            audience = Audience(form.note_audience.data)
            write_note(session(), connection, author_id=me, text=form.note.data or "", audience=audience, now=now)
    except Invalid as error:
        tie(form, error)
        return None
    return connection


@blueprint.get("/connections")
@allow(Rule.SIGNED_IN)
def index() -> ResponseReturnValue:
    """Show what waits for me, and all my connections."""
    name = request.args.get("q", "").strip()
    found = page_of_connections(
        session(),
        viewer(),
        name=name,
        number=page_number(request.args.get("page")),
        url_for=lambda number: url_for("connections.index", q=name or None, page=number),
    )
    return render_template(
        "connections/index.html",
        page=found,
        groups=[(summit, list(rows)) for summit, rows in groupby(found.items, key=lambda row: row.summit)],
        name=name,
        me=_me(),
        now=clock.now(),
        mine=open_steps(session(), viewer()),
        theirs=steps_promised_to(session(), viewer()),
        to_answer=follow_ups_to_answer(session(), viewer()),
        disowned=disowned_connections(session(), viewer()),
        most_shown=MOST_DUE_SHOWN,
    )


@blueprint.get("/connections/<int:connection_id>")
@allow(Rule.SIGNED_IN)
def page(connection_id: int) -> ResponseReturnValue:
    """Show a connection to one of the two."""
    connection = find_connection(session(), connection_id, viewer())
    events = history(session(), connection, viewer())
    teller = Teller(
        connection,
        _me(),
        clock.now(),
        lambda note_id: url_for("notes.change", connection_id=connection_id, note_id=note_id),
    )
    common = {"connection": connection, "me": _me(), "other": first_name(connection.other_than(_me()))}
    told = [teller.tell(event) for event in reversed(events)]
    if connection.disowned_at is not None:
        return render_template("connections/disowned.html", timeline_items=told, **common)
    return render_template("connections/page.html", timeline_items=told, **common, **_what_next(connection))


def _due_words(step: NextStep) -> str:
    when = hour_words(step.due_at, clock.now())
    return _("Due %(when)s", when=when) if step.due_at > clock.now() else _("Was due %(when)s", when=when)


def _what_next(connection: Connection) -> dict[str, Any]:
    """Return what the page asks: steps to settle, follow-ups to answer, and forms for what comes next."""
    other = connection.other_than(_me())
    to_answer = [row for row in follow_ups_to_answer(session(), viewer()) if row.connection_id == connection.id]
    shared = shared_challenges(session(), connection.summit, _me(), other.id)
    open_now = [step for step in connection.next_steps if step.state is StepState.OPEN]
    open_now.sort(key=lambda step: step.owner_id == other.id)  # mine and ours before theirs, each by due date
    after = request.args.get("after", "")
    settled = [step for step in connection.next_steps if str(step.id) == after and step.state is not StepState.OPEN]
    follow_up_form = FollowUpForm(other=first_name(other))
    follow_up_form.step.data = after if settled else ""
    return {
        "steps": [StepAsked(step, _due_words(step)) for step in open_now],
        "to_answer": [FollowUpAsked(row, kind_told(row.kind, first_name(other))) for row in to_answer],
        "after": settled[0] if settled else None,
        "follow_up_form": follow_up_form,
        "step_form": StepForm(
            suggestions=suggestions(shared),
            other=first_name(other),
            can_wait=False,
            zone=current_user.time_zone,
            now=clock.now(),
        ),
        "zone": current_user.time_zone,
    }


@blueprint.route("/connections/<int:connection_id>/correction", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def correct(connection_id: int) -> ResponseReturnValue:
    """Correct how we met and what we talked about."""
    connection = find_connection(session(), connection_id, viewer())
    require_counted(connection)
    there = [challenge.id for challenge in connection.challenges]
    form = CorrectionForm(how=connection.how.value, challenges=there)
    current = list(current_challenges(session()))
    retired = [challenge for challenge in connection.challenges if challenge not in current]
    form.challenges.offer(retired + current)
    if form.validate_on_submit():
        correct_connection(
            session(),
            connection,
            by=_me(),
            how=Meeting(form.how.data),
            challenge_ids=form.challenges.data or [],
            now=clock.now(),
        )
        flash(_("Corrected."))
        return redirect(url_for("connections.page", connection_id=connection_id), 303)
    shown = {"connection": connection, "me": _me(), "form": form, "shared_ids": there}
    answer = render_template("connections/correction.html", **shown)
    return (answer, 422) if request.method == "POST" else answer


@blueprint.post("/connections/<int:connection_id>/disowning")
@allow(Rule.SIGNED_IN)
def disown_it(connection_id: int) -> ResponseReturnValue:
    """Say "not me"."""
    connection = find_connection(session(), connection_id, viewer())
    disown(session(), connection, by=_me(), now=clock.now())
    flash(_("This connection counts no longer. You can take that back here."))
    return redirect(url_for("connections.page", connection_id=connection_id), 303)


@blueprint.post("/connections/<int:connection_id>/owning")
@allow(Rule.SIGNED_IN)
def own_it_again(connection_id: int) -> ResponseReturnValue:
    """Take back one's "not me"."""
    connection = find_connection(session(), connection_id, viewer())
    own_again(session(), connection, by=_me(), now=clock.now())
    flash(_("The connection counts again."))
    return redirect(url_for("connections.page", connection_id=connection_id), 303)
