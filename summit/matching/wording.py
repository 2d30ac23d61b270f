"""The matching's words for organizers: reasons, groups, families of terms, steps of the balance, stages of a run."""

from flask_babel import gettext as _

from summit.engine.matching.few import ReasonForFew
from summit.organizations.browsing import kind_label
from summit.organizations.models import OrganizationKind


def reason_words() -> dict[str, str]:
    """Say each reason for few matches in words, with what helps."""
    return {
        ReasonForFew.ASKED_FOR_FEWER: _("asked for fewer than three"),
        ReasonForFew.NO_STANCES: _("has not said what they ask, offer or work on. Write to them."),
        ReasonForFew.NOBODY_ALLOWED: _("the exclusions leave nobody else"),
        ReasonForFew.NO_COMMON_SLOT: _("is free when nobody else is. Ask them for another time."),
        ReasonForFew.SHARES_NOTHING: _("shares no challenge with anybody else here"),
        ReasonForFew.OTHERS_ARE_FULL: _("those who fit have as many introductions as they want"),
    }


def group_label(name: str) -> str:
    """Return what a group of people is called: a kind of organization, newcomers, returners."""
    words = {
        "none": _("No organization"),
        "newcomers": _("Here for the first time"),
        "returners": _("Were at an earlier summit"),
    }
    return words.get(name) or kind_label(OrganizationKind(name))


def family_words() -> dict[str, str]:
    """Return what each family of terms is called (`summit.engine.matching.families`)."""
    return {
        "help": _("One asks, the other offers help"),
        "influence": _("An offer that helps along an arrow of influence"),
        "shared_struggle": _("Both ask for the same"),
        "shared_work": _("Both work on the same"),
        "reach": _("Reaching across: another kind of organization, or far apart"),
        "promise": _("An open promise between the two"),
        "kept": _("A promise that was kept"),
        "lapsed": _("A promise that lapsed"),
        "text": _("Alike in what they wrote"),
        "place": _("From the same place"),
        "common_ties": _("Know the same people"),
    }


def balance_words() -> dict[int, str]:
    """Return the five steps from one's own challenges to new people from elsewhere."""
    return {
        -2: _("only my own challenges"),
        -1: _("closer to my challenges"),
        0: _("a bit of both"),
        1: _("more people from elsewhere"),
        2: _("new people from elsewhere"),
    }


def stage_words(stage: str) -> str:
    """Say what the worker does; a stage without a word of its own is simply computing."""
    words = {
        "": _("Waiting for the worker"),
        "gathering": _("Reading who attends and what they said"),
        "scoring": _("Scoring all pairs"),
        "prices": _("Weighing who is in demand"),
        "choosing": _("Choosing all lists together"),
        "certificate": _("Computing the bound"),
        "explaining": _("Writing down the reasons"),
        "reporting": _("Comparing groups"),
    }
    return words.get(stage) or _("Matching")
