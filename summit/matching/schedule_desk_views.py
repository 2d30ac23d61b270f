"""The organizer's schedule: slots and tables, the plan of meetings, who has none, and what is printed."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.errors import Invalid
from summit.matching.forms import SlotsForm, TablesForm
from summit.matching.meetings import (
    WhyUnplaced,
    accepted_pairs,
    count_planned,
    is_planning,
    latest_plan,
    request_plan,
    unplaced_pairs,
)
from summit.matching.printing import lines_by_person, lines_by_table
from summit.moments import moment
from summit.summits.finding import summit_by_slug
from summit.summits.models import Summit, SummitState
from summit.summits.slots import add_slots, remove_slot, set_tables, slots_of, tables_of

blueprint = Blueprint("schedule_desk", __name__)
SHOWN_UNPLACED = 20


@blueprint.get("/organize/summits/<slug>/schedule")
@allow(Rule.ORGANIZERS)
def page(slug: str) -> ResponseReturnValue:
    """Show slots and tables, how the plan stands, and who has no meeting."""
    summit = summit_by_slug(session(), slug)
    return _page(summit, SlotsForm(day=summit.starts_on))


@blueprint.get("/organize/summits/<slug>/schedule/progress")
@allow(Rule.ORGANIZERS)
def progress(slug: str) -> ResponseReturnValue:
    """Return the part of the page that changes while a plan is being made."""
    summit = summit_by_slug(session(), slug)
    plan = latest_plan(session(), summit)
    return render_template("matching/schedule_progress.html", summit=summit, plan=plan, is_planning=is_planning(plan))


@blueprint.post("/organize/summits/<slug>/schedule/plans")
@allow(Rule.ORGANIZERS)
def plan(slug: str) -> ResponseReturnValue:
    """Ask the worker for a plan."""
    summit = summit_by_slug(session(), slug)
    request_plan(session(), summit, by=viewer().person_id, now=clock.now())
    flash(_("The meetings are being planned. This page shows the result in a few seconds."), "info")
    return _back(slug)


@blueprint.post("/organize/summits/<slug>/schedule/slots")
@allow(Rule.ORGANIZERS)
def lay_out(slug: str) -> ResponseReturnValue:
    """Add slots one after another."""
    summit = summit_by_slug(session(), slug)
    form = SlotsForm()
    if form.validate_on_submit():
        try:
            added = add_slots(session(), summit, form.series, by=viewer().person_id, now=clock.now())
        except Invalid as refused:
            _tell(form, refused)
        else:
            flash(ngettext("%(num)d slot added.", "%(num)d slots added.", len(added)))
            return _back(slug)
    return _page(summit, form), 422


@blueprint.post("/organize/summits/<slug>/schedule/slots/<int:slot_id>/removal")
@allow(Rule.ORGANIZERS)
def remove(slug: str, slot_id: int) -> ResponseReturnValue:
    """Remove a slot and what is planned in it."""
    summit = summit_by_slug(session(), slug)
    remove_slot(session(), summit, slot_id, by=viewer().person_id, now=clock.now())
    flash(_("The slot is removed."))
    return _back(slug)


@blueprint.post("/organize/summits/<slug>/schedule/tables")
@allow(Rule.ORGANIZERS)
def furnish(slug: str) -> ResponseReturnValue:
    """Say how many tables there are."""
    summit = summit_by_slug(session(), slug)
    form = TablesForm()
    if form.validate_on_submit():
        try:
            set_tables(session(), summit, form.tables.data or 0, by=viewer().person_id, now=clock.now())
        except Invalid as refused:
            _tell(form, refused)
        else:
            flash(ngettext("%(num)d table.", "%(num)d tables.", form.tables.data or 0))
            return _back(slug)
    return _page(summit, SlotsForm(None, day=summit.starts_on), form), 422


@blueprint.get("/organize/summits/<slug>/schedule/people")
@allow(Rule.ORGANIZERS)
def people(slug: str) -> ResponseReturnValue:
    """Show everybody's schedule, for printing."""
    summit = summit_by_slug(session(), slug)
    sheets = lines_by_person(session(), summit)
    return render_template("matching/schedule_people.html", summit=summit, sheets=sheets, when=_when(summit))


@blueprint.get("/organize/summits/<slug>/schedule/tables")
@allow(Rule.ORGANIZERS)
def tables(slug: str) -> ResponseReturnValue:
    """Show every table's schedule, for printing."""
    summit = summit_by_slug(session(), slug)
    sheets = lines_by_table(session(), summit)
    return render_template("matching/schedule_tables.html", summit=summit, sheets=sheets, when=_when(summit))


def _when(summit: Summit) -> dict[int, str]:
    """Say when each slot begins: once, since it stands on many sheets."""
    return {slot.id: moment(slot.starts_at, summit.time_zone) for slot in slots_of(session(), summit)}


def _page(summit: Summit, slots_form: SlotsForm, tables_form: TablesForm | None = None) -> str:
    latest = latest_plan(session(), summit)
    slots, tables = slots_of(session(), summit), tables_of(session(), summit)
    accepted = accepted_pairs(session(), summit)
    unplaced = unplaced_pairs(session(), summit, latest, accepted, slots)
    return render_template(
        "matching/schedule_desk.html",
        summit=summit,
        plan=latest,
        is_planning=is_planning(latest),
        is_open=summit.state is not SummitState.CLOSED,
        slots=slots,
        planned=count_planned(session(), summit),
        tables=len(tables),
        accepted=len(accepted),
        unplaced=unplaced[:SHOWN_UNPLACED],
        more=max(0, len(unplaced) - SHOWN_UNPLACED),
        reasons=Counter(each.why for each in unplaced),
        reason_words=_reason_words(),
        slots_form=slots_form,
        tables_form=tables_form or TablesForm(None, tables=len(tables)),
    )


def _tell(form: SlotsForm | TablesForm, refused: Invalid) -> None:
    """Put what was refused under its fields."""
    for name, problem in refused.fields.items():
        form[name].errors = [problem]


def _reason_words() -> dict[WhyUnplaced, str]:
    return {
        WhyUnplaced.NOT_PLANNED: _("accepted or changed since the last plan"),
        WhyUnplaced.NEVER_BOTH_FREE: _("never free in the same slot"),
        WhyUnplaced.NO_ROOM: _("every slot in which both are free is taken"),
    }


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("schedule_desk.page", slug=slug), 303)
