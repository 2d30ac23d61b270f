"""Why somebody has few matches."""

from enum import StrEnum
from typing import Protocol

import numpy as np

from summit.engine.matching.profiles import EVER, NONE, BoolArray, IntArray
from summit.engine.matching.scoring import Prepared, score_rows

FEW = 3


class Lists(Protocol):
    """Who is matched with whom: pairs (m, 2) of positions, and which of them are bridging.

    An assignment is one. Named here by its shape, since pages know the reasons by this module and must not load the
    solver for it.
    """

    @property
    def pairs(self) -> IntArray:
        """Return the pairs, (m, 2)."""

    @property
    def bridging(self) -> BoolArray:
        """Say which pairs only serve to reach a floor, (m,)."""


class ReasonForFew(StrEnum):
    """The reasons for few matches, in the order in which they are looked for."""

    ASKED_FOR_FEWER = "asked_for_fewer"
    NO_STANCES = "no_stances"
    NOBODY_ALLOWED = "nobody_allowed"
    NO_COMMON_SLOT = "no_common_slot"
    SHARES_NOTHING = "shares_nothing"
    OTHERS_ARE_FULL = "others_are_full"


def reasons_for_few(prepared: Prepared, lists: Lists, *, few: int = FEW) -> dict[int, ReasonForFew]:
    """Give the reason for everybody who is below their floor, has fewer than `few` matches, or is only bridged to them.

    Nobody allowed: everyone the rules allow (not excluded, of another organization) is matched with them already. No
    common slot: there would be others, but none of them is free when they are.
    Shares nothing: nobody else allowed has anything in common with them. Otherwise the others are full.
    """
    people = prepared.people
    degree = np.bincount(lists.pairs.ravel(), minlength=people)
    shared = np.bincount(lists.pairs[~lists.bridging].ravel(), minlength=people)
    concerned = np.flatnonzero((degree < prepared.profiles.floor) | (shared < few))
    return {person: _reason(prepared, person, int(degree[person]), shared) for person in concerned.tolist()}


def _reason(prepared: Prepared, person: int, degree: int, shared: IntArray) -> ReasonForFew:
    profiles = prepared.profiles
    if degree >= profiles.ceiling[person] and shared[person] == degree:
        return ReasonForFew.ASKED_FOR_FEWER
    stances = (profiles.asks, profiles.offers, profiles.working_on)
    if not any(matrix.indptr[person + 1] > matrix.indptr[person] for matrix in stances):
        return ReasonForFew.NO_STANCES
    scores = score_rows(prepared, np.array([person]))[0]
    if np.count_nonzero(scores >= 0) <= degree:
        return ReasonForFew.NO_COMMON_SLOT if _apart_in_time(prepared, person) else ReasonForFew.NOBODY_ALLOWED
    if np.count_nonzero(scores > 0) <= shared[person]:
        return ReasonForFew.SHARES_NOTHING
    return ReasonForFew.OTHERS_ARE_FULL


def _apart_in_time(prepared: Prepared, person: int) -> bool:
    """Say whether there is anybody whom every other hard rule allows, but who is never free at the same time."""
    profiles = prepared.profiles
    if np.all(profiles.free == EVER):
        return False
    apart = (profiles.free & profiles.free[person]) == 0
    apart &= (profiles.organization != profiles.organization[person]) | (profiles.organization == NONE)
    apart[prepared.barred[[person]].indices] = False
    apart[person] = False
    return bool(np.any(apart))
