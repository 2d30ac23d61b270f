"""Saying what one asks, offers and works on at a summit."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.access import Audience
from summit.challenges.models import Challenge
from summit.errors import Invalid, NotFound
from summit.summits.attendance import bump_revision, require_open
from summit.summits.finding import attendance_of
from summit.summits.models import Stance, StanceKind, Summit

AUDIENCES = (Audience.ONLY_ME, Audience.ORGANIZERS, Audience.MATCHES, Audience.SUMMIT, Audience.NETWORK)
"""What a stance may be shown to, from narrow to wide."""

LONGEST_TEXT = 280
DEFAULT_PRIORITY = 2


def default_audience(kind: StanceKind) -> Audience:
    """Return who sees a stance unless its author says otherwise: asks are shyer than offers."""
    return Audience.MATCHES if kind is StanceKind.ASK else Audience.SUMMIT


def state_stance(
    session: Session,
    *,
    summit: Summit,
    person_id: int,
    challenge_id: int,
    kind: StanceKind,
    priority: int = DEFAULT_PRIORITY,
    text: str = "",
    audience: Audience | None = None,
    now: datetime,
) -> Stance:
    """State a stance, or change the one that is there. Stating the same twice changes nothing.

    Raises:
        Invalid: when priority, text or audience is out of range, or the challenge has been retired.
        NotFound: when the person does not attend the summit, or there is no such challenge.
        WrongTime: when the summit is closed.
    """
    audience = audience or default_audience(kind)
    text = " ".join(text.split())
    require_open(summit)
    _require_attending(session, summit, person_id)
    _check(priority, text, audience)
    stance = find_stance(session, summit, person_id, challenge_id, kind)
    if stance is None:
        _require_current(session, challenge_id)
        stance = Stance(summit_id=summit.id, person_id=person_id, challenge_id=challenge_id, kind=kind)
        session.add(stance)
    elif (stance.priority, stance.text, stance.audience) == (priority, text, audience):
        return stance
    stance.priority, stance.text, stance.audience, stance.changed_at = priority, text, audience, now
    session.flush()
    bump_revision(session, summit)
    return stance


def withdraw_stance(session: Session, *, summit: Summit, person_id: int, challenge_id: int, kind: StanceKind) -> bool:
    """Take a stance back; returns whether there was one. Works for a retired challenge too.

    Raises:
        NotFound: when the person does not attend the summit.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    _require_attending(session, summit, person_id)
    stance = find_stance(session, summit, person_id, challenge_id, kind)
    if stance is None:
        return False
    session.delete(stance)
    session.flush()
    bump_revision(session, summit)
    return True


def find_stance(session: Session, summit: Summit, person_id: int, challenge_id: int, kind: StanceKind) -> Stance | None:
    """Return a person's own stance, or None. For its owner only: no audience is asked."""
    return session.scalar(
        select(Stance).where(
            Stance.summit_id == summit.id,
            Stance.person_id == person_id,
            Stance.challenge_id == challenge_id,
            Stance.kind == kind,
        )
    )


def _require_attending(session: Session, summit: Summit, person_id: int) -> None:
    if attendance_of(session, summit, person_id) is None:
        raise NotFound(_("Only people who attend %(summit)s can say this here.", summit=summit.name))


def _require_current(session: Session, challenge_id: int) -> None:
    challenge = session.get(Challenge, challenge_id)
    if challenge is None:
        raise NotFound(_("There is no such challenge."))
    if challenge.retired_at is not None:
        message = _("“%(title)s” is no longer on the map. Choose another challenge.", title=challenge.title)
        raise Invalid(message, {"challenge": message})


def _check(priority: int, text: str, audience: Audience) -> None:
    problems = {}
    if priority not in (1, 2, 3):
        problems["priority"] = _("Choose 1, 2 or 3; 3 is the highest.")
    if len(text) > LONGEST_TEXT:
        problems["text"] = _("Keep this to %(most)s characters.", most=LONGEST_TEXT)
    if audience not in AUDIENCES:
        problems["audience"] = _("A stance can't have this audience. Choose one of the list.")
    if problems:
        raise Invalid(" ".join(problems.values()), problems)
