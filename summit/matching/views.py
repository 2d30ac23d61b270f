"""The attendee's matches."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.matching.answers import answer_match, withdraw_answer
from summit.matching.forms import UNDO, AnswerForm, SkipForm
from summit.matching.models import Answer
from summit.matching.my_matches import my_matches
from summit.matching.question import MOST_SKIPPED, Question, best_question
from summit.matching.runs import published_run
from summit.matching.telling import tell_mutual
from summit.people.models import Person
from summit.summits.finding import attended_summit, own_attendance
from summit.summits.models import Attendance, Stance, Summit
from summit.web import settings

blueprint = Blueprint("matching", __name__)

SKIPPED = "skipped_questions"


@blueprint.get("/summits/<slug>/matches")
@allow(Rule.SIGNED_IN)
def matches(slug: str) -> ResponseReturnValue:
    """Show whom the viewer should meet, and why."""
    who = viewer()
    summit, attendance = own_attendance(session(), slug, who)
    run = published_run(session(), summit)
    found = my_matches(session(), summit, run, who, attendance) if run and attendance else []
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
        has_stances=bool(run) or _has_stances(summit, who.person_id),
        question=_question(summit, attendance),
        is_start=all(match.reasons.is_thin for match in found),
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


@blueprint.post("/summits/<slug>/matches/skipped-questions")
@allow(Rule.SIGNED_IN)
def skip_question(slug: str) -> ResponseReturnValue:
    """Do not ask about this challenge again on this device; nothing of it is kept on the server."""
    summit = attended_summit(session(), slug, viewer())
    form = SkipForm()
    if form.validate_on_submit():
        skipped = [*_skipped(), form.challenge.data]
        cookie[SKIPPED] = list(dict.fromkeys(skipped))[-MOST_SKIPPED:]
    return redirect(url_for("matching.matches", slug=summit.slug, _anchor="question"), 303)


def _question(summit: Summit, attendance: Attendance | None) -> Question | None:
    if attendance is None:
        return None
    return best_question(
        session(), summit, attendance.person_id, introductions=attendance.introductions, skipped=_skipped()
    )


def _skipped() -> list[int]:
    return list(cookie.get(SKIPPED, []))


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
