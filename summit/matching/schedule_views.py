"""The attendee's schedule: with whom, where and when; and when they are free."""

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.errors import Invalid, NotFound
from summit.matching.forms import FreeForm
from summit.matching.my_schedule import SlotOfMine, my_schedule
from summit.summits.availability import mark_free
from summit.summits.dates import local
from summit.summits.finding import attendance_of, attended_summit
from summit.summits.models import Summit, SummitState

blueprint = Blueprint("schedule", __name__)


@blueprint.get("/summits/<slug>/schedule")
@allow(Rule.SIGNED_IN)
def page(slug: str) -> ResponseReturnValue:
    """Show the viewer's meetings and tables, and let them say when they are free."""
    summit = attended_summit(session(), slug, viewer())
    me = viewer().person_id
    attendance = attendance_of(session(), summit, me)
    slots = my_schedule(session(), summit, me) if attendance and me else []
    now = clock.now()
    return render_template(
        "matching/schedule.html",
        summit=summit,
        attendance=attendance,
        slots=slots,
        seated=[each for each in slots if each.table is not None or each.is_called_off],
        days=_by_day(summit, [each for each in slots if each.slot.starts_at > now]),
        is_open=summit.state is not SummitState.CLOSED,
    )


@blueprint.post("/summits/<slug>/schedule/free")
@allow(Rule.SIGNED_IN)
def free(slug: str) -> ResponseReturnValue:
    """Say in which of the slots to come the viewer is free."""
    summit = attended_summit(session(), slug, viewer())
    me = viewer().person_id
    if me is None or attendance_of(session(), summit, me) is None:
        raise NotFound(_("Only people who attend %(summit)s can say this here.", summit=summit.name))
    form = FreeForm()
    if not form.validate_on_submit():
        raise Invalid(_("This could not be saved. Go back and choose from what is offered there."), {})
    if mark_free(session(), summit, me, form.free.data or [], now=clock.now()):
        flash(_("Saved. If a meeting of yours can’t be then, it is moved within seconds where that is possible."))
    else:
        flash(_("Nothing has changed."), "info")
    return redirect(url_for("schedule.page", slug=slug), 303)


def _by_day(summit: Summit, slots: list[SlotOfMine]) -> list[list[SlotOfMine]]:
    """Return the slots of each day at the summit together."""
    return [list(day) for _day, day in groupby(slots, lambda each: local(summit, each.slot.starts_at).date())]
