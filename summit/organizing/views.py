"""The organizer's desk, the lists behind its figures, and importing attendees."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from summit import clock
from summit.access import Rule, allow, viewer
from summit.connections.wording import how_words
from summit.database import session
from summit.errors import Invalid
from summit.listing import page_number, page_of
from summit.organizing.drafts import find_draft, keep_draft
from summit.organizing.figures import summit_figures
from summit.organizing.forms import ImportForm
from summit.organizing.lists import (
    ConnectionList,
    FollowUpList,
    StepList,
    connection_list,
    follow_up_list,
    people_list,
    readable,
    step_list,
)
from summit.organizing.models import ImportDraft
from summit.organizing.needs import summit_needs
from summit.organizing.stages import Stage
from summit.organizing.wording import day_in_words, funnel_rows, left_out_words, list_words, stage_words
from summit.summits.arranging import all_summits
from summit.summits.attendance import require_open
from summit.summits.attendee_import import import_attendees as carry_out
from summit.summits.attendee_plan import plan_attendees
from summit.summits.finding import summit_by_slug
from summit.summits.models import Summit, SummitState

blueprint = Blueprint("organizing", __name__)
Choice = TypeVar("Choice", bound=StrEnum)
MOST_SHOWN = 200


@blueprint.get("/organize/summits/<slug>")
@allow(Rule.ORGANIZERS)
def desk(slug: str) -> ResponseReturnValue:
    """Show how a summit goes, and what needs a human."""
    summit, now = summit_by_slug(session(), slug), clock.now()
    figures = summit_figures(session(), summit, viewer(), now=now)
    needs = summit_needs(session(), summit, viewer(), now=now)
    return render_template(
        "organizing/desk.html",
        summit=summit,
        figures=figures,
        needs=needs,
        left_out=left_out_words(needs),
        funnel_rows=funnel_rows(figures, lambda stage: url_for("organizing.attendees", slug=slug, show=stage.value)),
        day=day_in_words(summit, now),
        is_open=_is_open(summit),
    )


@blueprint.get("/organize/summits/<slug>/attendees")
@allow(Rule.ORGANIZERS)
def attendees(slug: str) -> ResponseReturnValue:
    """List the attendees, all or those at a stage."""
    summit = summit_by_slug(session(), slug)
    show, words = _shown(Stage, Stage.REGISTERED), request.args.get("q", "").strip()
    page = page_of(
        session(), people_list(summit, viewer(), show, words), number=_number(), url_for=_pages("attendees", slug)
    )
    return render_template(
        "organizing/attendees.html",
        summit=summit,
        page=page,
        show=show,
        words=words,
        stages=stage_words(),
        is_open=_is_open(summit),
    )


@blueprint.get("/organize/summits/<slug>/connections")
@allow(Rule.ORGANIZERS)
def connections(slug: str) -> ResponseReturnValue:
    """List who met whom."""
    summit, show = summit_by_slug(session(), slug), _shown(ConnectionList, ConnectionList.ALL)
    page = page_of(session(), connection_list(summit, show), number=_number(), url_for=_pages("connections", slug))
    choices = list_words("connections")
    return render_template(
        "organizing/connections.html", summit=summit, page=page, show=show, choices=choices, how_words=how_words
    )


@blueprint.get("/organize/summits/<slug>/next-steps")
@allow(Rule.ORGANIZERS)
def next_steps(slug: str) -> ResponseReturnValue:
    """List whose next step is due when; what it says stays between the two."""
    summit, show = summit_by_slug(session(), slug), _shown(StepList, StepList.OPEN)
    statement = step_list(summit, show, now=clock.now())
    page = page_of(session(), statement, number=_number(), url_for=_pages("next_steps", slug))
    choices = list_words("next_steps")
    return render_template("organizing/next_steps.html", summit=summit, page=page, show=show, choices=choices)


@blueprint.get("/organize/summits/<slug>/follow-ups")
@allow(Rule.ORGANIZERS)
def follow_ups(slug: str) -> ResponseReturnValue:
    """List what came of connections, in words only where their audience includes organizers."""
    summit, show = summit_by_slug(session(), slug), _shown(FollowUpList, FollowUpList.ALL)
    page = page_of(session(), follow_up_list(summit, show), number=_number(), url_for=_pages("follow_ups", slug))
    open_ids = set(session().scalars(readable(viewer(), [follow_up.id for follow_up in page.items])))
    return render_template(
        "organizing/follow_ups.html",
        summit=summit,
        page=page,
        show=show,
        choices=list_words("follow_ups"),
        open_ids=open_ids,
    )


@blueprint.route("/organize/summits/<slug>/attendees/import", methods=["GET", "POST"])
@allow(Rule.ORGANIZERS)
def import_attendees(slug: str) -> ResponseReturnValue:
    """Take an attendee spreadsheet, and lead to what importing it would change."""
    summit = summit_by_slug(session(), slug)
    form = ImportForm()
    if form.validate_on_submit():
        upload = form.file.data
        draft = keep_draft(
            session(), summit, data=upload.read(), file_name=upload.filename or "", by=_me(), now=clock.now()
        )
        return redirect(url_for("organizing.import_draft", slug=slug, draft_id=draft.id), 303)
    is_open = _is_open(summit)
    page = render_template("organizing/import.html", summit=summit, form=form, is_open=is_open)
    return page, 422 if form.is_submitted() else 200


@blueprint.get("/organize/summits/<slug>/attendees/import/<int:draft_id>")
@allow(Rule.ORGANIZERS)
def import_draft(slug: str, draft_id: int) -> ResponseReturnValue:
    """Show what importing an uploaded spreadsheet would change; nothing is written."""
    summit = summit_by_slug(session(), slug)
    require_open(summit)
    return _dry_run(summit, find_draft(session(), summit, draft_id, by=_me(), now=clock.now()), 200)


@blueprint.post("/organize/summits/<slug>/attendees/import/<int:draft_id>")
@allow(Rule.ORGANIZERS)
def import_for_good(slug: str, draft_id: int) -> ResponseReturnValue:
    """Import an uploaded spreadsheet, or show why not."""
    summit, now = summit_by_slug(session(), slug), clock.now()
    require_open(summit)
    draft = find_draft(session(), summit, draft_id, by=_me(), now=now)
    try:
        report = carry_out(session(), summit, draft.data, by=_me(), now=now)
    except Invalid:
        return _dry_run(summit, draft, 422)
    session().delete(draft)
    flash(_("Imported: %(summary)s", summary=report.summary))
    return redirect(url_for("organizing.attendees", slug=slug), 303)


@blueprint.get("/organize/summits")
@allow(Rule.ORGANIZERS)
def summits() -> ResponseReturnValue:
    """List the summits."""
    return render_template("organizing/summits.html", summits=all_summits(session()))


def _dry_run(summit: Summit, draft: ImportDraft, status: int) -> ResponseReturnValue:
    report = plan_attendees(session(), summit, draft.data).report
    page = render_template("organizing/dry_run.html", summit=summit, draft=draft, report=report, most=MOST_SHOWN)
    return page, status


def _is_open(summit: Summit) -> bool:
    return summit.state is not SummitState.CLOSED


def _me() -> int:
    me = viewer().person_id
    assert me is not None, "the rule beside each view lets organizers in only"
    return me


def _number() -> int:
    return page_number(request.args.get("page"))


def _shown(choices: type[Choice], usual: Choice) -> Choice:
    text = request.args.get("show")
    return choices(text) if text in set(choices) else usual


def _pages(endpoint: str, slug: str) -> Callable[[int], str]:
    kept: dict[str, Any] = {name: request.args[name] for name in ("show", "q") if request.args.get(name)}
    return lambda number: url_for(f"organizing.{endpoint}", slug=slug, page=number, **kept)
