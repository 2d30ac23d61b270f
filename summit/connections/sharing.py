"""What two attendees share: the challenges that both state something about, and next steps that suggest themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from summit.access import Audience, Role, Viewer
from summit.summits.browsing import stances_of
from summit.summits.models import Stance, StanceKind, Summit

MOST_SUGGESTIONS = 3
OPEN_AUDIENCES = frozenset({Audience.SUMMIT, Audience.NETWORK, Audience.PUBLIC})


class Doer(StrEnum):
    """Who does a next step, seen by whoever records it."""

    ME = "me"
    OTHER = "other"
    BOTH = "both"


@dataclass(frozen=True)
class SharedChallenge:
    """A challenge that both state something about, as far as the viewer may see.

    `is_open` says that the viewer's own stance is no secret to the other: only then may the page bring it up by itself.
    """

    challenge_id: int
    title: str
    mine: frozenset[StanceKind]
    theirs: frozenset[StanceKind]
    is_open: bool

    @property
    def weight(self) -> int:
        """Say how much these two have to talk about: help in both directions first, then a shared struggle."""
        gives = StanceKind.OFFER in self.mine and StanceKind.ASK in self.theirs
        gains = StanceKind.ASK in self.mine and StanceKind.OFFER in self.theirs
        return 4 * (gives + gains) + 2 * bool(self.mine & self.theirs) + self.is_open


@dataclass(frozen=True)
class Suggestion:
    """A next step in one tap: what, and who would do it."""

    what: str
    doer: Doer


def shared_challenges(session: Session, summit: Summit, person_id: int, other_id: int) -> list[SharedChallenge]:
    """Return the challenges that both state something about, the weightiest first.

    An organizer meets people as an attendee: what only organizers may read does not come up here.
    """
    stances = stances_of(session, summit, Viewer(person_id, Role.PARTNER), [person_id, other_id])
    mine, theirs = _by_challenge(stances[person_id]), _by_challenge(stances[other_id])
    shared = [
        SharedChallenge(
            challenge_id,
            mine[challenge_id][0].challenge.title,
            frozenset(stance.kind for stance in mine[challenge_id]),
            frozenset(stance.kind for stance in theirs[challenge_id]),
            all(stance.audience in OPEN_AUDIENCES for stance in mine[challenge_id]),
        )
        for challenge_id in mine.keys() & theirs.keys()
    ]
    return sorted(shared, key=lambda challenge: (-challenge.weight, challenge.title))


def suggestions(shared: Iterable[SharedChallenge]) -> list[Suggestion]:
    """Return next steps that these challenges suggest, then some that always fit; nothing the viewer keeps sealed."""
    found = [_suggestion(challenge) for challenge in shared if challenge.is_open]
    always = [
        Suggestion(_("Send what we talked about"), Doer.ME),
        Suggestion(_("Have a call"), Doer.BOTH),
        Suggestion(_("Introduce somebody who can help"), Doer.ME),
    ]
    # With two that fit the pair, one that always fits keeps the choice short and open.
    return (found[: MOST_SUGGESTIONS - 1] + always)[:MOST_SUGGESTIONS]


def _suggestion(challenge: SharedChallenge) -> Suggestion:
    if StanceKind.OFFER in challenge.mine and StanceKind.ASK in challenge.theirs:
        return Suggestion(_("Send what helps with “%(challenge)s”", challenge=challenge.title), Doer.ME)
    if StanceKind.ASK in challenge.mine and StanceKind.OFFER in challenge.theirs:
        return Suggestion(_("Send what helps with “%(challenge)s”", challenge=challenge.title), Doer.OTHER)
    return Suggestion(_("Compare notes on “%(challenge)s”", challenge=challenge.title), Doer.BOTH)


def _by_challenge(stances: Iterable[Stance]) -> dict[int, list[Stance]]:
    found: dict[int, list[Stance]] = {}
    for stance in stances:
        found.setdefault(stance.challenge_id, []).append(stance)
    return found
