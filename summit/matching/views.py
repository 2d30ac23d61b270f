"""The attendee's matches."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.matching.answers import answer_match, withdraw_answer
from summit.matching.forms import UNDO, AnswerForm
from summit.matching.models import Answer
from summit.matching.my_matches import my_matches
from summit.matching.runs import published_run
from summit.matching.telling import tell_mutual
from summit.people.models import Person
from summit.summits.finding import attendance_of, attended_summit
from summit.summits.models import Stance, Summit
from summit.web import settings

blueprint = Blueprint("matching", __name__)


@blueprint.get("/summits/<slug>/matches")
@allow(Rule.SIGNED_IN)
def matches(slug: str) -> ResponseReturnValue:
    """Show whom the viewer should meet, and why."""
    who = viewer()
    summit = attended_summit(session(), slug, who)
    attendance = attendance_of(session(), summit, who.person_id)
    run = published_run(session(), summit)
    found = my_matches(session(), summit, run, who) if run and attendance else []
    to_answer = [match for match in found if match.my_answer is None]
    answered = next((match for match in found if match.other.id == request.args.get("answered", type=int)), None)
    return render_template(
        "matching/matches.html",
        summit=summit,
        attendance=attendance,
        run=run,
        to_answer=to_answer,
        answered=answered,
        # what was said to a match is confirmed where its card was: above the one that follows it
        after_answered=next((match for match in to_answer if answered and match.rank >= answered.rank), None),
        mutual=[match for match in found if match.is_mutual],
        waiting=[match for match in found if match.my_answer is Answer.INTERESTED and not match.is_mutual],
        set_aside=[match for match in found if match.my_answer in (Answer.NOT_NOW, Answer.KNOW_EACH_OTHER)],
        total=len(found),
        has_stances=_has_stances(summit, who.person_id),
    )


@blueprint.post("/summits/<slug>/matches/<int:other_id>/answer")
@allow(Rule.SIGNED_IN)
def answer(slug: str, other_id: int) -> ResponseReturnValue:
    """Take what the viewer says to a match, or take it back."""
    who = viewer()
    summit = attended_summit(session(), slug, who)
    form, is_mutual = AnswerForm(), False
    assert who.person_id is not None
    if not form.validate_on_submit():
        flash(_("Choose one of the answers."), "error")
    elif form.answer.data == UNDO:
        withdraw_answer(session(), summit, person_id=who.person_id, other_id=other_id)
        flash(_("Taken back."), "info")
    else:
        said = Answer(form.answer.data or "")
        is_mutual = answer_match(
            session(), summit, person_id=who.person_id, other_id=other_id, answer=said, now=clock.now()
        )
        _say(summit, who.person_id, other_id, said, is_mutual)
    if is_mutual:
        return redirect(url_for("matching.matches", slug=slug), 303)  # they now come first
    return redirect(url_for("matching.matches", slug=slug, answered=other_id, _anchor="answered"), 303)


def _has_stances(summit: Summit, person_id: int | None) -> bool:
    stated = select(Stance.id).where(Stance.summit_id == summit.id, Stance.person_id == person_id)
    return session().scalar(stated.limit(1)) is not None


def _say(summit: Summit, person_id: int, other_id: int, said: Answer, is_mutual: bool) -> None:
    """Confirm the answer in words, and tell the other side when the interest is mutual."""
    other = session().get_one(Person, other_id)
    if is_mutual:
        me = session().get_one(Person, person_id)
        tell_mutual(session(), summit, to=other, other=me, settings=settings(), now=clock.now())
        flash(_("You both want to meet. %(name)s has been told.", name=other.name))
        return
    sentences = {
        Answer.INTERESTED: _("Noted. If %(name)s is interested too, you both hear of it."),
        Answer.NOT_NOW: _("Set aside. %(name)s is not told."),
        Answer.KNOW_EACH_OTHER: _("Good. You and %(name)s will not be introduced again."),
    }
    flash(sentences[said] % {"name": other.name})
