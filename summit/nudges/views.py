"""Pages of the room `nudges`: answering a link from a mail, choosing how often we write, and what is planned.

A GET changes nothing, since mail scanners follow links; the page's button does. Whoever holds a link needs no sign-in.
"""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from summit import clock
from summit.access import Audience, Rule, allow
from summit.connections.follow_up import answer_follow_up, log_follow_up
from summit.connections.forms import tie
from summit.connections.models import Confirmation, FollowUpKind, StepState
from summit.connections.next_steps import Replacement, promise_step, settle_step
from summit.connections.no_step import need_no_step
from summit.connections.sharing import suggestions
from summit.connections.wording import first_name, kind_told
from summit.database import session
from summit.errors import Conflict, Invalid, NotFound, SummitError, WrongTime
from summit.mail.suppressions import is_suppressed
from summit.matching.answers import answer_match
from summit.matching.models import Answer as MatchSaid
from summit.matching.telling import tell_mutual
from summit.nudges.campaigns import campaigns_of
from summit.nudges.forms import (
    ButtonForm,
    ConfirmForm,
    DayForm,
    FollowUpForm,
    PauseForm,
    StepForm,
    segment_words,
)
from summit.nudges.links import Answer, preferences_url, read_preferences_token
from summit.nudges.preferences import pause_nudges, person_of_preferences, start_nudges, stop_nudges
from summit.nudges.questions import Question, Stage, open_question
from summit.nudges.upcoming import upcoming_nudges
from summit.nudges.wall_time import day_of, zone_of
from summit.people.models import Person
from summit.summits.finding import summit_by_slug
from summit.web import settings

blueprint = Blueprint("nudges", __name__)
Form = Any


@blueprint.route("/act/<token>", methods=["GET", "POST"])
@allow(Rule.BEARER)
def act(token: str) -> ResponseReturnValue:
    """Show what a link from a reminder asks, and take the answer."""
    turned_to = request.args.get("turned_to", "")
    try:
        question = open_question(session(), settings().secret_key, token, turned_to=turned_to)
    except (NotFound, WrongTime) as error:
        return _unusable(error)
    here = url_for("nudges.act", token=token, turned_to=turned_to or None)
    form = _form_for(question)
    if request.method == "POST":
        # A button of an older page, or pressed twice: show how things stand instead.
        if question.stage is Stage.SETTLED or form.stage.data != question.stage.value:
            return redirect(here, 303)
        try:
            if form.validate() and _take(question, form):
                return redirect(here, 303)
        except (NotFound, WrongTime, Conflict) as error:
            return _unusable(error)
    else:
        form.stage.data = question.stage.value
    page = _page(question, form, token)
    return (page, 422) if request.method == "POST" else page


def _unusable(error: SummitError) -> ResponseReturnValue:
    return render_template("nudges/unusable.html", message=error.message), error.status


def _page(question: Question, form: Form, token: str) -> str:
    follow_up = question.follow_up
    return render_template(
        f"nudges/{question.stage.value}.html",
        question=question,
        form=form,
        token=token,
        other=first_name(question.other),
        told=kind_told(follow_up.kind, first_name(question.other)) if follow_up else "",
        zone=question.person.time_zone,
    )


def _form_for(question: Question) -> Form:
    """Return the form of a question; the answer that the link stands for is chosen already."""
    zone, now, other = zone_of(question.person.time_zone), clock.now(), first_name(question.other)
    match question.stage:
        case Stage.MOVE_STEP:
            return DayForm(zone=zone, now=now)
        case Stage.ADD_STEP:
            return StepForm(ideas=[idea.what for idea in suggestions([])], other=other, zone=zone, now=now)
        case Stage.CAME_OF_IT:
            return FollowUpForm(other=other)
        case Stage.FOLLOW_UP:
            form = ConfirmForm()
            if not form.is_submitted():
                form.confirmation.data = {
                    Answer.CONFIRM: Confirmation.CONFIRMED.value,
                    Answer.NOT_QUITE: Confirmation.AMENDED.value,
                    Answer.DENY: Confirmation.DENIED.value,
                }[question.answer]
            return form
        case _:
            return ButtonForm()


def _take(question: Question, form: Form) -> bool:
    """Do what a button says; False, and sentences in the form, when the input can't be taken."""
    takers: dict[Stage, Callable[[Question, Form], bool]] = {
        Stage.SETTLE_STEP: _settle,
        Stage.MOVE_STEP: _move,
        Stage.CAME_OF_IT: _log,
        Stage.ADD_STEP: _promise,
        Stage.NO_STEP: _need_none,
        Stage.FOLLOW_UP: _confirm,
        Stage.MATCH: _answer_match,
    }
    try:
        return takers[question.stage](question, form)
    except Invalid as error:
        tie(form, error)
        return False


def _settle(question: Question, _form: Form) -> bool:
    assert question.step is not None
    outcome = StepState.DROPPED if question.answer is Answer.DROPPED else StepState.DONE
    settle_step(session(), question.step, by=question.person.id, outcome=outcome, now=clock.now())
    return True


def _move(question: Question, form: DayForm) -> bool:
    due_at = form.due_at()
    if due_at is None or question.step is None:
        return False
    later = Replacement(question.step.what, due_at)
    settle_step(
        session(),
        question.step,
        by=question.person.id,
        outcome=StepState.CHANGED,
        now=clock.now(),
        replacement=later,
    )
    return True


def _log(question: Question, form: FollowUpForm) -> bool:
    assert question.connection is not None
    assert question.step is not None
    log_follow_up(
        session(),
        question.connection,
        author_id=question.person.id,
        kind=FollowUpKind(form.kind.data),
        text=form.text.data or "",
        audience=Audience(form.audience.data),
        now=clock.now(),
        next_step_id=question.step.id,
    )
    return True


def _promise(question: Question, form: StepForm) -> bool:
    due_at = form.due_at()
    if due_at is None or question.connection is None:
        return False
    owner_id = form.owner_id(question.person.id, question.other.id)
    promise_step(
        session(),
        question.connection,
        what=form.promised,
        owner_id=owner_id,
        due_at=due_at,
        by=question.person.id,
        now=clock.now(),
    )
    return True


def _need_none(question: Question, _form: Form) -> bool:
    assert question.connection is not None
    need_no_step(session(), question.connection, by=question.person.id, now=clock.now())
    return True


def _confirm(question: Question, form: ConfirmForm) -> bool:
    assert question.follow_up is not None
    answer_follow_up(
        session(),
        question.follow_up,
        by=question.person.id,
        confirmation=Confirmation(form.confirmation.data),
        text=form.text.data or "",
        now=clock.now(),
    )
    return True


def _answer_match(question: Question, _form: Form) -> bool:
    me, other, summit = question.person, question.other, question.summit
    said = MatchSaid.NOT_NOW if question.answer is Answer.NOT_NOW else MatchSaid.INTERESTED
    if answer_match(session(), summit, person_id=me.id, other_id=other.id, answer=said, now=clock.now()):
        tell_mutual(session(), summit, to=other, other=me, settings=settings(), now=clock.now())
    return True


@blueprint.get("/me/reminders")
@allow(Rule.SIGNED_IN)
def my_preferences() -> ResponseReturnValue:
    """Lead somebody who is signed in to their own preferences."""
    return redirect(preferences_url(settings(), current_user.id).removeprefix(settings().base_url))


@blueprint.get("/preferences/<token>")
@allow(Rule.BEARER)
def preferences(token: str) -> ResponseReturnValue:
    """Show how often we may write to the link's person."""
    try:
        person = person_of_preferences(session(), read_preferences_token(settings().secret_key, token))
    except (NotFound, WrongTime) as error:
        return _unusable(error)
    return _preferences_page(person, token, PauseForm())


@blueprint.post("/preferences/<token>/pause")
@allow(Rule.BEARER)
def pause(token: str) -> ResponseReturnValue:
    """Send no reminders for a while."""

    def pause_until_chosen(person: Person, form: PauseForm) -> str:
        until = form.day(day_of(clock.now(), zone_of(person.time_zone)))
        if until is None:
            return ""
        pause_nudges(session(), person, until=until, now=clock.now())
        return _("Paused.")

    return _change_preferences(token, PauseForm(), pause_until_chosen)


@blueprint.post("/preferences/<token>/stop")
@allow(Rule.BEARER)
def stop(token: str) -> ResponseReturnValue:
    """Send no reminders any more."""

    def stop_for_good(person: Person, _form: FlaskForm) -> str:
        stop_nudges(session(), person, now=clock.now())
        return _("Stopped.")

    return _change_preferences(token, FlaskForm(), stop_for_good)


@blueprint.post("/preferences/<token>/start")
@allow(Rule.BEARER)
def start(token: str) -> ResponseReturnValue:
    """Send reminders again."""

    def start_again(person: Person, _form: FlaskForm) -> str:
        start_nudges(session(), person, now=clock.now())
        return _("Welcome back. We write at most once a day.")

    return _change_preferences(token, FlaskForm(), start_again)


def _change_preferences(token: str, form: Form, change: Callable[[Person, Any], str]) -> ResponseReturnValue:
    """Let `change` have its way and say so; show the page again when the form can't be taken."""
    try:
        person = person_of_preferences(session(), read_preferences_token(settings().secret_key, token))
    except (NotFound, WrongTime) as error:
        return _unusable(error)
    try:
        said = change(person, form) if form.validate() else ""
    except Invalid as error:
        tie(form, error)
        said = ""
    if not said:
        return _preferences_page(person, token, form), 422
    flash(said)
    return redirect(url_for("nudges.preferences", token=token), 303)


def _preferences_page(person: Person, token: str, form: Form) -> str:
    is_paused = person.nudges_paused_until is not None and person.nudges_paused_until > clock.now()
    return render_template(
        "nudges/preferences.html",
        person=person,
        token=token,
        form=form,
        is_paused=is_paused,
        is_unsubscribed=is_suppressed(session(), person.email),
    )


@blueprint.get("/organize/summits/<slug>/nudges")
@allow(Rule.ORGANIZERS)
def campaigns(slug: str) -> ResponseReturnValue:
    """Show organizers a summit's campaigns, and the reminders that are planned next."""
    summit = summit_by_slug(session(), slug)
    return render_template(
        "nudges/campaigns.html",
        summit=summit,
        campaigns=campaigns_of(session(), summit),
        segment_words=segment_words,
        upcoming=upcoming_nudges(session(), summit, now=clock.now()),
    )
