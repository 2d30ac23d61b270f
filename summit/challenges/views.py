"""Pages of the room `challenges`: the map, and one challenge with whoever is concerned with it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from summit.access import Rule, allow, viewer
from summit.challenges.browsing import by_theme, challenge_by_slug, current_challenges
from summit.database import session
from summit.summits.browsing import stances_of, stances_on, tally_stances
from summit.summits.finding import attendance_of, current_summit
from summit.summits.models import StanceKind, SummitState

blueprint = Blueprint("challenges", __name__)
PEOPLE_A_KIND = 6


@blueprint.get("/challenges")
@allow(Rule.SIGNED_IN)
def index() -> ResponseReturnValue:
    """Browse the challenges by theme, with how many ask, offer and work on each at the current summit."""
    words = request.args.get("q", "").strip()
    challenges = current_challenges(session(), words)
    summit = current_summit(session())
    return render_template(
        "challenges/index.html",
        groups=by_theme(challenges),
        total=len(challenges),
        words=words,
        current=summit,
        tallies=tally_stances(session(), summit, viewer()) if summit else {},
        kinds=list(StanceKind),
    )


@blueprint.get("/challenges/<slug>")
@allow(Rule.SIGNED_IN)
def page(slug: str) -> ResponseReturnValue:
    """Show a challenge, and who asks, offers and works on it as far as the viewer may know."""
    challenge = challenge_by_slug(session(), slug)
    summit, me = current_summit(session()), viewer().person_id or 0
    attends = summit is not None and attendance_of(session(), summit, me) is not None
    tally = tally_stances(session(), summit, viewer()).get(challenge.id, {}) if summit else {}
    own = stances_of(session(), summit, viewer(), [me])[me] if summit and attends else []
    return render_template(
        "challenges/page.html",
        challenge=challenge,
        current=summit,
        tally=tally,
        people={
            kind: stances_on(session(), summit, viewer(), challenge, kind, most=PEOPLE_A_KIND)
            for kind in StanceKind
            if summit and tally.get(kind)
        },
        may_open_people=attends or viewer().is_organizer,
        may_state=attends and summit is not None and summit.state is not SummitState.CLOSED,
        my_kinds=[stance.kind for stance in own if stance.challenge_id == challenge.id],
        me=me,
    )
