"""The desk's words: stages, lists, and which day it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from summit.engine.matching.few import ReasonForFew
from summit.organizing.figures import FUNNEL, Figures
from summit.organizing.lists import ConnectionList, FollowUpList, StepList
from summit.organizing.needs import Needs
from summit.organizing.stages import Stage
from summit.summits.dates import Phase, phase, today_at
from summit.summits.models import Summit


@dataclass(frozen=True)
class FunnelRow:
    """One stage of the funnel, shaped for the macro."""

    label: str
    n: int
    href: str
    whole: int | None = None


def stage_words() -> dict[str, str]:
    """Return what each stage is called, in the order of the funnel, then the gaps."""
    return {
        Stage.REGISTERED: _("Registered"),
        Stage.STATED: _("Said what they ask, offer or work on"),
        Stage.MATCHED: _("Matched with at least three"),
        Stage.CHECKED_IN: _("Checked in"),
        Stage.CONNECTED: _("Left with a connection"),
        Stage.WITH_STEP: _("Have a next step"),
        Stage.SETTLED: _("Settled a next step"),
        Stage.LEARNED: _("Learning confirmed by both"),
        Stage.SILENT: _("Said nothing yet"),
        Stage.UNMATCHED: _("Matched with fewer than three"),
        Stage.ALONE: _("Without a connection"),
    }


def funnel_rows(figures: Figures, address: Callable[[Stage], str]) -> list[FunnelRow]:
    """Return the funnel's rows, each with the address of the list behind it."""
    words = stage_words()
    return [FunnelRow(words[stage], figures.people[stage], address(stage)) for stage in FUNNEL]


def left_out_words(needs: Needs) -> list[str]:
    """Say for how many people which reason holds why they have few matches of their own."""
    words = {
        ReasonForFew.NO_STANCES: _("%(n)s said nothing"),
        ReasonForFew.NOBODY_ALLOWED: _("%(n)s with exclusions that leave nobody else"),
        ReasonForFew.NO_COMMON_SLOT: _("%(n)s are free when nobody else is"),
        ReasonForFew.SHARES_NOTHING: _("%(n)s share no challenge with anybody else here"),
        ReasonForFew.OTHERS_ARE_FULL: _("%(n)s fit people who have enough introductions"),
    }
    return [words[reason] % {"n": number} for reason, number in needs.left_out.items()]


def list_words(which: str) -> dict[str, str]:
    """Return what the parts of a list are called."""
    words: dict[str, dict[str, str]] = {
        "connections": {
            ConnectionList.ALL: _("All"),
            ConnectionList.WITH_STEP: _("With a next step"),
            ConnectionList.WITHOUT_STEP: _("Without one"),
        },
        "next_steps": {
            StepList.OPEN: _("Open"),
            StepList.COLD: _("Gone cold"),
            StepList.SETTLED: _("Settled"),
        },
        "follow_ups": {
            FollowUpList.ALL: _("All"),
            FollowUpList.CONFIRMED: _("Confirmed"),
            FollowUpList.WAITING: _("Waiting for the other side"),
        },
    }
    return words[which]


def day_in_words(summit: Summit, now: datetime) -> str:
    """Say which day it is, seen from the summit."""
    today = today_at(summit, now)
    match phase(summit, now):
        case Phase.AHEAD:
            days = (summit.starts_on - today).days
            return ngettext("%(num)d day before the summit", "%(num)d days before the summit", days)
        case Phase.UNDER_WAY:
            whole = (summit.ends_on - summit.starts_on).days + 1
            return _("day %(day)s of %(days)s", day=(today - summit.starts_on).days + 1, days=whole)
        case Phase.OVER:
            return _("day %(day)s after the summit", day=(today - summit.ends_on).days)
