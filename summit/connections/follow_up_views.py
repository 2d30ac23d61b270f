"""Pages about what came of it: log it, and answer the other side."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from summit import clock
from summit.access import Audience, Rule, allow, viewer
from summit.connections.finding import find_connection, find_follow_up
from summit.connections.follow_up import answer_follow_up, log_follow_up
from summit.connections.forms import AnswerForm, FollowUpForm, tie
from summit.connections.models import Confirmation, FollowUpKind
from summit.connections.wording import first_name, kind_told
from summit.database import session
from summit.errors import Forbidden, Invalid

blueprint = Blueprint("follow_ups", __name__)


def _me() -> int:
    return int(current_user.id)


@blueprint.route("/connections/<int:connection_id>/follow-ups", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def log(connection_id: int) -> ResponseReturnValue:
    """Say what came of a connection."""
    connection = find_connection(session(), connection_id, viewer())
    other = first_name(connection.other_than(_me()))
    form = FollowUpForm(other=other)
    if form.validate_on_submit():
        try:
            log_follow_up(
                session(),
                connection,
                author_id=_me(),
                kind=FollowUpKind(form.kind.data),
                text=form.text.data or "",
                audience=Audience(form.audience.data),
                next_step_id=form.step_id(),
                now=clock.now(),
            )
        except Invalid as error:
            tie(form, error)
        else:
            flash(_("Thank you. %(name)s is asked whether that is so.", name=other))
            return redirect(url_for("connections.page", connection_id=connection_id), 303)
    page = render_template("connections/follow_up.html", connection=connection, form=form, me=_me(), other=other)
    return (page, 422) if request.method == "POST" else page


@blueprint.route("/connections/<int:connection_id>/follow-ups/<int:follow_up_id>/answer", methods=["GET", "POST"])
@allow(Rule.SIGNED_IN)
def answer(connection_id: int, follow_up_id: int) -> ResponseReturnValue:
    """Answer the other side's follow-up: yes, not quite, or no."""
    connection = find_connection(session(), connection_id, viewer())
    follow_up = find_follow_up(session(), connection, follow_up_id)
    if follow_up.author_id == _me():
        raise Forbidden(_("You wrote this yourself; the other side answers."))
    form = AnswerForm()
    if request.method == "GET":
        form.confirmation.data = Confirmation.AMENDED.value
    if form.validate_on_submit():
        said = Confirmation(form.confirmation.data)
        try:
            answer_follow_up(
                session(), follow_up, by=_me(), confirmation=said, text=form.text.data or "", now=clock.now()
            )
        except Invalid as error:
            tie(form, error)
        else:
            flash(_("Thank you. Both sides have spoken."))
            return redirect(url_for("connections.page", connection_id=connection_id), 303)
    other = first_name(connection.other_than(_me()))
    shown = {"connection": connection, "follow_up": follow_up, "form": form, "me": _me(), "other": other}
    page = render_template("connections/answer.html", title=kind_told(follow_up.kind, other), **shown)
    return (page, 422) if request.method == "POST" else page
