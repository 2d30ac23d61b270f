"""Links in reminders: what a click may lead to without a sign-in. Each is a path of the application, checked by a test.

A link names a person, what they are asked about, and the answer that its button stands for. It leads to a page; only
the page's button does anything.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from config import Settings
from summit.errors import NotFound
from summit.mail.links import read_token, signed_token
from summit.nudges.cadence import About

ACT = "act"
PREFERENCES = "preferences"
ACT_FOR = timedelta(days=60)
PREFERENCES_FOR = timedelta(days=400)


class Answer(StrEnum):
    """What somebody can answer to a reminder."""

    ADD_STEP = "add_step"
    NO_STEP = "no_step"
    DONE = "done"
    MOVED = "moved"
    DROPPED = "dropped"
    CONFIRM = "confirm"
    NOT_QUITE = "not_quite"
    DENY = "deny"
    INTERESTED = "interested"
    NOT_NOW = "not_now"


ANSWERS: dict[About, tuple[Answer, ...]] = {
    About.CONNECTION: (Answer.ADD_STEP, Answer.NO_STEP),
    About.NEXT_STEP: (Answer.DONE, Answer.MOVED, Answer.DROPPED),
    About.FOLLOW_UP: (Answer.CONFIRM, Answer.NOT_QUITE, Answer.DENY),
    About.MATCH: (Answer.INTERESTED, Answer.NOT_NOW),
}
"""What can be answered about what; a link about one of these may be turned to another answer of the same row."""


def answer_token(secret_key: str, person_id: int, about: About, subject_id: int, answer: Answer) -> str:
    """Return the token of a link with which this person may answer about this subject."""
    payload = {"person": person_id, "about": about.value, "subject": subject_id, "answer": answer.value}
    return signed_token(secret_key, ACT, payload)


def answer_url(settings: Settings, person_id: int, about: About, subject_id: int, answer: Answer) -> str:
    """Return the address of a page with a button for this answer."""
    return f"{settings.base_url}/act/{answer_token(settings.secret_key, person_id, about, subject_id, answer)}"


def read_answer_token(secret_key: str, token: str) -> tuple[int, About, int, Answer]:
    """Return person, kind of subject, subject and answer of a link.

    Raises:
        WrongTime: when the link is too old.
        NotFound: when we did not make it.
    """
    payload = read_token(secret_key, ACT, token, max_age=ACT_FOR)
    try:
        about, answer = About(payload["about"]), Answer(payload["answer"])
        person_id, subject_id = int(payload["person"]), int(payload["subject"])
    except (KeyError, ValueError, TypeError) as error:
        raise _not_ours() from error
    if answer not in ANSWERS[about]:
        raise _not_ours()
    return person_id, about, subject_id, answer


def preferences_url(settings: Settings, person_id: int) -> str:
    """Return the address of the page on which a person says how often they want to hear from us."""
    token = signed_token(settings.secret_key, PREFERENCES, {"person": person_id})
    return f"{settings.base_url}/preferences/{token}"


def read_preferences_token(secret_key: str, token: str) -> int:
    """Return the person whose preferences a link opens.

    Raises:
        WrongTime: when the link is too old.
        NotFound: when we did not make it.
    """
    payload: dict[str, Any] = read_token(secret_key, PREFERENCES, token, max_age=PREFERENCES_FOR)
    try:
        return int(payload["person"])
    except (KeyError, ValueError, TypeError) as error:
        raise _not_ours() from error


def connection_url(settings: Settings, connection_id: int) -> str:
    """Return the address of a connection, for somebody who signs in."""
    return f"{settings.base_url}/connections/{connection_id}"


def matches_url(settings: Settings, slug: str, other_id: int) -> str:
    """Return the address of a match in the list of matches, for somebody who signs in."""
    return f"{settings.base_url}/summits/{slug}/matches#person-{other_id}"


def _not_ours() -> NotFound:
    return NotFound(_("We did not make this link. Copy the whole address from the mail."))
