"""What a run reports to the organizers beside its matches, as plain values that are stored with it.

Figures about groups of people and about everyone's own lists need the engine's arrays, so they are worked out when the
run is, and only read by the page.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from summit.engine.matching.assignment import Assignment
from summit.engine.matching.bridging import Bridge, bridges_for
from summit.engine.matching.explain import explain_pairs
from summit.engine.matching.fairness import Group, compare_groups, person_values
from summit.engine.matching.few import FEW
from summit.engine.matching.lanes import lanes_of
from summit.engine.matching.own_lists import compare_with_own_lists, ordered_best, own_best
from summit.engine.matching.profiles import NONE, BoolArray, FloatArray, IntArray
from summit.engine.matching.scoring import Prepared
from summit.engine.matching.sweep import sweep
from summit.matching.common_ground import FEWEST_IN_COMMON
from summit.matching.gathering import KINDS, MatchInput

MOST_HELPED = 100
"""For how many people with too few matches bridges are looked up."""

NO_KIND = "none"

EXACT_UP_TO = 1000
"""Up to so many people chance decides among all equals of a list, beyond among those of them that a sweep finds."""

SPARE = 4


def report_of(given: MatchInput, prepared: Prepared, assignment: Assignment) -> dict[str, Any]:
    """Return what the page shows of a run: `groups`, `own_lists` and, by person id, `bridges`.

    prepared: everybody of the input, kept pairs included. assignment: what was assigned around the kept pairs.
    """
    pairs, scores = _together(given, prepared, assignment)
    degrees = np.bincount(pairs.ravel(), minlength=prepared.people)
    return {
        "groups": _groups(given, prepared, person_values(prepared.people, pairs, scores), degrees),
        "own_lists": _own_lists(prepared, degrees),
        "bridges": _bridges(given, prepared, pairs, degrees),
    }


def _together(given: MatchInput, prepared: Prepared, assignment: Assignment) -> tuple[IntArray, FloatArray]:
    if not given.kept:
        return assignment.pairs, assignment.scores
    kept = np.array(given.kept, dtype=np.int64)
    worth = np.array([explanation.score for explanation in explain_pairs(prepared, kept)])
    return np.concatenate([kept, assignment.pairs]), np.concatenate([worth, assignment.scores])


def _groups(
    given: MatchInput, prepared: Prepared, value: FloatArray, degrees: IntArray
) -> dict[str, list[dict[str, Any]]]:
    kind, wanted = prepared.profiles.kind, prepared.profiles.ceiling
    kinds: dict[str, BoolArray] = {each.value: kind == position for position, each in enumerate(KINDS)}
    kinds[NO_KIND] = kind == NONE
    standing = {"newcomers": given.is_newcomer, "returners": ~given.is_newcomer}
    return {
        name: [_stored(group) for group in compare_groups(value, degrees, wanted, members) if group.people]
        for name, members in (("kinds", kinds), ("standing", standing))
    }


def _stored(group: Group) -> dict[str, Any]:
    return asdict(group)


def _best(prepared: Prepared) -> IntArray:
    """Return everybody's own best: exactly, or from one compiled sweep that finds more of them than are used."""
    if prepared.people <= EXACT_UP_TO:
        return own_best(prepared)
    width = SPARE * int(prepared.profiles.ceiling.max(initial=1))
    nothing = np.zeros(prepared.people)
    swept = sweep(lanes_of(prepared), nothing, nothing, width)
    return ordered_best(swept.partners, swept.scores)


def _own_lists(prepared: Prepared, degrees: IntArray) -> dict[str, Any]:
    lists = compare_with_own_lists(_best(prepared), prepared.profiles.ceiling, degrees)
    return {
        "left_out": int(lists.left_out.size),
        "left_out_together": int(lists.left_out_together.size),
        "swamped": lists.swamped,
        "swamped_together": lists.swamped_together,
        "most_wanted_on": lists.most_wanted_on,
        "most_wanted_ceiling": lists.most_wanted_ceiling,
        "people": int(np.count_nonzero(prepared.profiles.ceiling > 0)),
    }


def _bridges(
    given: MatchInput, prepared: Prepared, pairs: IntArray, degrees: IntArray
) -> dict[str, list[dict[str, Any]]]:
    """Look up bridges for those with too few matches, the fewest first."""
    short = np.flatnonzero(degrees < np.minimum(FEW, prepared.profiles.ceiling))
    helped = short[np.lexsort((short, degrees[short]))][:MOST_HELPED]
    return {
        str(given.person_ids[person]): [_suggested(given, bridge) for bridge in bridges_for(prepared, pairs, person)]
        for person in helped.tolist()
    }


def _suggested(given: MatchInput, bridge: Bridge) -> dict[str, Any]:
    return {
        "person_id": given.person_ids[bridge.partner],
        # How many whom both know is nobody's business; that it is several may be said.
        "knows_same_people": bridge.common_ties >= FEWEST_IN_COMMON,
        "is_same_place": bridge.is_same_place,
        "is_other_kind": bridge.is_other_kind,
        "free_places": bridge.free_places,
    }
