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
from summit.engine.matching.learning import Proposal
from summit.errors import Conflict
from summit.matching.acceptance import reception
from summit.matching.comparing import comparisons, own_lists
from summit.matching.forms import MOST_STEPS, BalanceForm
from summit.matching.models import MatchRun, RunState
from summit.matching.previewing import Preview, preview
from summit.matching.runs import cancel_run, find_run, is_working, latest_run, publish_run, published_run, request_run
from summit.matching.weighing import adopt_weights, reset_weights, set_balance, settings_of
from summit.matching.wording import balance_words, family_words, group_label, reason_words, stage_words
from summit.summits.finding import summit_by_slug
from summit.summits.models import Summit

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
    return _runs_page(summit_by_slug(session(), slug))


@blueprint.get("/organize/summits/<slug>/matching/progress")
@allow(Rule.ORGANIZERS)
def progress(slug: str) -> ResponseReturnValue:
    """Return the part of the page that changes while a run is being computed."""
    summit = summit_by_slug(session(), slug)
    run = latest_run(session(), summit)
    return render_template("matching/progress.html", summit=summit, **_progress(run))


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


@blueprint.post("/organize/summits/<slug>/matching/<int:run_id>/cancellation")
@allow(Rule.ORGANIZERS)
def cancel(slug: str, run_id: int) -> ResponseReturnValue:
    """Stop a run that waits or is being computed."""
    summit = summit_by_slug(session(), slug)
    run = find_run(session(), summit, run_id)
    cancel_run(session(), run, by=viewer().person_id, now=clock.now())
    flash(_("Cancelled. What attendees see has not changed."), "info")
    return redirect(url_for("matching_desk.runs", slug=slug), 303)


@blueprint.post("/organize/summits/<slug>/matching/balance")
@allow(Rule.ORGANIZERS)
def weigh(slug: str) -> ResponseReturnValue:
    """Lean the matching towards one's own challenges, or towards new people from elsewhere."""
    summit = summit_by_slug(session(), slug)
    form = BalanceForm()
    if not form.validate_on_submit():
        return _runs_page(summit), 422
    set_balance(session(), summit, form.chosen, by=viewer().person_id, now=clock.now())
    flash(_("The next run is weighed like this. Run the matching to see what changes."))
    return redirect(url_for("matching_desk.runs", slug=slug), 303)


@blueprint.get("/organize/summits/<slug>/matching/answers")
@allow(Rule.ORGANIZERS)
def answers(slug: str) -> ResponseReturnValue:
    """Show what people said to their matches, and what that says about the weights."""
    summit = summit_by_slug(session(), slug)
    received = reception(session(), summit)
    chosen = settings_of(session(), summit)
    return render_template(
        "matching/answers.html",
        summit=summit,
        received=received,
        is_proposal=isinstance(received.proposal, Proposal),
        learned=chosen.learned if chosen else None,
        family_words=family_words(),
    )


@blueprint.post("/organize/summits/<slug>/matching/learned-weights")
@allow(Rule.ORGANIZERS)
def adopt(slug: str) -> ResponseReturnValue:
    """Use the weights that the answers propose."""
    summit = summit_by_slug(session(), slug)
    proposal = reception(session(), summit).proposal
    if not isinstance(proposal, Proposal):
        raise Conflict(_("The answers no longer propose other weights. Reload the page."))
    adopt_weights(session(), summit, proposal.multipliers, by=viewer().person_id, now=clock.now())
    flash(_("Learned weights are in use. Run the matching to see what changes."))
    return redirect(url_for("matching_desk.answers", slug=slug), 303)


@blueprint.post("/organize/summits/<slug>/matching/learned-weights/removal")
@allow(Rule.ORGANIZERS)
def unlearn(slug: str) -> ResponseReturnValue:
    """Go back to the weights without anything learned."""
    summit = summit_by_slug(session(), slug)
    reset_weights(session(), summit, by=viewer().person_id, now=clock.now())
    flash(_("Back to the weights as they were. Run the matching to see what changes."))
    return redirect(url_for("matching_desk.answers", slug=slug), 303)


def _runs_page(summit: Summit) -> str:
    run = latest_run(session(), summit)
    shown = preview(session(), summit, run) if run and run.state is RunState.DONE else None
    chosen = settings_of(session(), summit)
    return render_template(
        "matching/runs.html",
        summit=summit,
        published=published_run(session(), summit),
        preview=shown,
        bars=_bars(shown) if shown else [],
        own_lists=own_lists(run) if shown and run else None,
        comparisons=comparisons(run, group_label) if shown and run else [],
        reason_words=reason_words(),
        balance_words=balance_words(),
        balance=round(MOST_STEPS * chosen.balance) if chosen else 0,
        is_learned=bool(chosen and chosen.learned),
        **_progress(run),
    )


def _progress(run: MatchRun | None) -> dict[str, object]:
    return {"run": run, "is_working": is_working(run), "stage": stage_words(run.stage) if run else ""}


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
