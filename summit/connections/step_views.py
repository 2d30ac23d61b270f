"""Pages about next steps: promise one, settle it, move it, correct its words."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from summit import clock
from summit.access import Rule, allow, viewer
from summit.connections.correcting import correct_step
from summit.connections.finding import find_connection, find_step
from summit.connections.forms import MoveForm, SettleForm, StepForm, StepTextForm, tie
from summit.connections.models import Connection, StepState
from summit.connections.next_steps import Replacement, promise_step, settle_step
from summit.connections.sharing import shared_challenges, suggestions
from summit.connections.wording import first_name
from summit.database import session
from summit.errors import Invalid

blueprint = Blueprint("next_steps", __name__)


def _me() -> int:
    return int(current_user.id)


def _back(connection: Connection) -> Response:
    return redirect(url_for("connections.page", connection_id=connection.id), 303)


@blueprint.route("/connections/<int:connection_id>/steps", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def add(connection_id: int) -> ResponseReturnValue:
    """Promise a next step."""
    connection = find_connection(session(), connection_id, viewer())
    other = connection.other_than(_me())
    form = StepForm(
        suggestions=suggestions(shared_challenges(session(), connection.summit, _me(), other.id)),
        other=first_name(other),
        can_wait=False,
        zone=current_user.time_zone,
        now=clock.now(),
    )
    if form.validate_on_submit() and _promise(connection, form):
        flash(_("Promised. You are both reminded when it is due."))
        return _back(connection)
    shown = {"connection": connection, "form": form, "me": _me(), "zone": current_user.time_zone}
    page = render_template("connections/step.html", **shown)
    return (page, 422) if request.method == "POST" else page


def _promise(connection: Connection, form: StepForm) -> bool:
    """Save the promise; False when something was refused, which the form then says."""
    due_at = form.due_at()
    if due_at is None:
        return False
    owner_id = form.owner_id(_me(), connection.other_than(_me()).id)
    try:
        promise_step(
            session(), connection, what=form.promised, owner_id=owner_id, due_at=due_at, by=_me(), now=clock.now()
        )
    except Invalid as error:
        tie(form, error)
        return False
    return True


@blueprint.post("/connections/<int:connection_id>/steps/<int:step_id>/settlement")
@allow(Rule.SIGNED_IN)
def settle(connection_id: int, step_id: int) -> ResponseReturnValue:
    """Settle a next step as done or dropped; a done one leads to what came of it."""
    connection = find_connection(session(), connection_id, viewer())
    step = find_step(session(), connection, step_id)
    form = SettleForm()
    if not form.validate_on_submit():
        raise Invalid(_("Say whether it is done or dropped."), {"outcome": _("Choose one of these.")})
    outcome = StepState(form.outcome.data)
    settle_step(session(), step, by=_me(), outcome=outcome, now=clock.now())
    if outcome is StepState.DROPPED:
        flash(_("Let go. That is fine too."))
        return _back(connection)
    flash(_("Well done. What came of it?"))
    return redirect(url_for("connections.page", connection_id=connection_id, after=step_id), 303)


@blueprint.route("/connections/<int:connection_id>/steps/<int:step_id>/move", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def move(connection_id: int, step_id: int) -> ResponseReturnValue:
    """Move a next step to another time."""
    connection = find_connection(session(), connection_id, viewer())
    step = find_step(session(), connection, step_id)
    form = MoveForm(zone=current_user.time_zone, now=clock.now(), data={"what": step.what})
    if form.validate_on_submit():
        due_at = form.due_at()
        try:
            if due_at is not None:
                later = Replacement(form.what.data or "", due_at)
                settle_step(session(), step, by=_me(), outcome=StepState.CHANGED, replacement=later, now=clock.now())
                flash(_("Moved."))
                return _back(connection)
        except Invalid as error:
            tie(form, error)
    shown = {"connection": connection, "step": step, "form": form, "me": _me(), "zone": current_user.time_zone}
    page = render_template("connections/move.html", now=clock.now(), **shown)
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/connections/<int:connection_id>/steps/<int:step_id>/correction", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def correct(connection_id: int, step_id: int) -> ResponseReturnValue:
    """Correct the words of an open next step."""
    connection = find_connection(session(), connection_id, viewer())
    step = find_step(session(), connection, step_id)
    form = StepTextForm(data={"what": step.what})
    if form.validate_on_submit():
        try:
            correct_step(session(), step, by=_me(), what=form.what.data or "", now=clock.now())
        except Invalid as error:
            tie(form, error)
        else:
            flash(_("Corrected."))
            return _back(connection)
    page = render_template("connections/step_text.html", connection=connection, form=form, me=_me())
    return (page, 422) if request.method == "POST" else page
