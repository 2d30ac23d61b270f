"""The organizer's matching: run, look, publish."""

from collections import Counter
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.engine.matching.few import ReasonForFew
from summit.matching.models import RunState
from summit.matching.previewing import Preview, preview
from summit.matching.runs import find_run, is_working, latest_run, publish_run, published_run, request_run
from summit.summits.finding import summit_by_slug

blueprint = Blueprint("matching_desk", __name__)


@dataclass(frozen=True)
class Bar:
    """How many people have this many matches; shaped for the funnel."""

    label: str
    n: int
    whole: int
    href: str | None = None


@blueprint.get("/organize/summits/<slug>/matching")
@allow(Rule.ORGANIZERS)
def runs(slug: str) -> ResponseReturnValue:
    """Show the latest run, what it found, and which one the attendees see."""
    summit = summit_by_slug(session(), slug)
    run = latest_run(session(), summit)
    shown = preview(session(), summit, run) if run and run.state is RunState.DONE else None
    return render_template(
        "matching/runs.html",
        summit=summit,
        run=run,
        published=published_run(session(), summit),
        is_working=is_working(run),
        preview=shown,
        bars=_bars(shown) if shown else [],
        reason_words=_reason_words(),
    )


@blueprint.get("/organize/summits/<slug>/matching/progress")
@allow(Rule.ORGANIZERS)
def progress(slug: str) -> ResponseReturnValue:
    """Return the part of the page that changes while a run is being computed."""
    summit = summit_by_slug(session(), slug)
    run = latest_run(session(), summit)
    return render_template("matching/progress.html", summit=summit, run=run, is_working=is_working(run))


@blueprint.post("/organize/summits/<slug>/matching")
@allow(Rule.ORGANIZERS)
def start_run(slug: str) -> ResponseReturnValue:
    """Ask the worker for a run."""
    summit = summit_by_slug(session(), slug)
    request_run(session(), summit, by=viewer().person_id, now=clock.now())
    flash(_("The matching runs. This page shows the result in a few seconds."), "info")
    return redirect(url_for("matching_desk.runs", slug=slug), 303)


@blueprint.post("/organize/summits/<slug>/matching/<int:run_id>/publication")
@allow(Rule.ORGANIZERS)
def publish(slug: str, run_id: int) -> ResponseReturnValue:
    """Show a run's matches to the attendees."""
    summit = summit_by_slug(session(), slug)
    run = find_run(session(), summit, run_id)
    publish_run(session(), run, by=viewer().person_id, now=clock.now())
    flash(
        ngettext(
            "Published: %(num)d person sees their matches now.",
            "Published: %(num)d people see their matches now.",
            run.people,
        )
    )
    return redirect(url_for("matching_desk.runs", slug=slug), 303)


def _bars(shown: Preview) -> list[Bar]:
    """Return how many people have none, one, two … ten or more matches."""
    counts: Counter[int] = Counter()
    for matches, people in shown.people.items():
        counts[min(matches, 10)] += people
    top = max(counts, default=0)
    return [
        Bar(
            label=_("10 or more matches") if n == 10 else ngettext("%(num)d match", "%(num)d matches", n),
            n=counts[n],
            whole=shown.attendees,
        )
        for n in range(top + 1)
        if counts[n] or n < 3
    ]


def _reason_words() -> dict[str, str]:
    """Say each reason for few matches in words, with what helps."""
    return {
        ReasonForFew.ASKED_FOR_FEWER: _("asked for fewer than three"),
        ReasonForFew.NO_STANCES: _("has not said what they ask, offer or work on. Write to them."),
        ReasonForFew.NOBODY_ALLOWED: _("the exclusions leave nobody else"),
        ReasonForFew.SHARES_NOTHING: _("shares no challenge with anybody else here"),
        ReasonForFew.OTHERS_ARE_FULL: _("those who fit have as many introductions as they want"),
    }
