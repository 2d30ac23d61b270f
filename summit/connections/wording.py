"""The words for how people met, what came of it and when, for pages of this room and of those above."""

from datetime import datetime

from flask_babel import gettext as _

from summit import moments
from summit.access import Audience
from summit.connections.models import FollowUpKind, Meeting, StepState
from summit.people.models import Person


def name_of(person: Person) -> str:
    """Return a person's name, or what is left of somebody who is gone."""
    return person.name or _("Someone who left")


def first_name(person: Person) -> str:
    """Return the first word of a person's name."""
    return name_of(person).split()[0] if person.name else name_of(person)


def how_words(how: Meeting) -> str:
    """Say how two people met."""
    words = {
        Meeting.MATCH: _("Met as a match"),
        Meeting.MEETING: _("Met at an arranged meeting"),
        Meeting.SCAN: _("Met and scanned a code"),
        Meeting.TABLE: _("Met at a table"),
        Meeting.HALLWAY: _("Met in the hallway"),
        Meeting.ELSEWHERE: _("Met elsewhere"),
    }
    return words[how]


def kind_words(kind: FollowUpKind) -> str:
    """Say what came of it, in the words of whoever logs it."""
    words = {
        FollowUpKind.LEARNED: _("I learned something"),
        FollowUpKind.ADAPTED: _("We adapted something"),
        FollowUpKind.SHARED_DATA: _("We shared data"),
        FollowUpKind.GAVE_HELP: _("I gave help"),
        FollowUpKind.MET_AGAIN: _("We met again"),
        FollowUpKind.NO_RESULT: _("Nothing, and that’s fine"),
    }
    return words[kind]


def kind_told(kind: FollowUpKind, who: str) -> str:
    """Say what came of it about somebody: `who` is "You" or a name."""
    words = {
        FollowUpKind.LEARNED: _("%(who)s learned something", who=who),
        FollowUpKind.ADAPTED: _("%(who)s adapted something", who=who),
        FollowUpKind.SHARED_DATA: _("%(who)s shared data", who=who),
        FollowUpKind.GAVE_HELP: _("%(who)s gave help", who=who),
        FollowUpKind.MET_AGAIN: _("You met again"),
        FollowUpKind.NO_RESULT: _("Nothing came of it, and that’s fine"),
    }
    return words[kind]


def settled_words(state: StepState, what: str) -> str:
    """Say how a next step ended."""
    words = {
        StepState.DONE: _("Done: %(what)s", what=what),
        StepState.CHANGED: _("Moved: %(what)s", what=what),
        StepState.DROPPED: _("Let go: %(what)s", what=what),
        StepState.OPEN: what,
    }
    return words[state]


def audience_words(audience: Audience, other: str) -> str:
    """Say who may read a note or a follow-up; `other` is the other side's name."""
    words = {
        Audience.ONLY_ME: _("Only me"),
        Audience.PAIR: _("%(name)s and me", name=other),
        Audience.ORGANIZERS: _("Organizers too"),
        Audience.MATCHES: _("My matches"),
        Audience.SUMMIT: _("Everyone at the summit"),
        Audience.NETWORK: _("The whole network"),
        Audience.PUBLIC: _("Anyone"),
    }
    return words[audience]


def day_words(moment: datetime, now: datetime, zone: str | None = None) -> str:
    """Return a day, with its year when that is not this one; in the reader's zone unless another is given."""
    return moments.day(moment, zone) if moment.year == now.year else moments.day_and_year(moment, zone)


def hour_words(moment: datetime, now: datetime) -> str:
    """Return a day and hour in the reader's zone, with the year when that is not this one."""
    return f"{day_words(moment, now)}, {moments.time_of_day(moment)}"
