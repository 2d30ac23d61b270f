"""Whether the matching treats groups of people alike: who gets how much of the value and of the introductions."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray
from summit.engine.matching.withholding import withheld

NOTICEABLE = 0.10
"""By which share a group must be below the others before it is called worse off."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A mean per person with its interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Figures:
    """What one group gets, beside what everybody else gets.

    Shares are from 0 to 1. `wanted` is how many introductions a member asked for on average, `value_of_others` the
    value per person of everybody outside the group. `is_worse`: the members' value is more than a tenth below that,
    and the interval of the difference lies below zero.
    """

    introductions: int
    share_of_introductions: float
    share_of_value: float
    value_per_person: Estimate
    introductions_per_person: Estimate
    wanted: float
    value_of_others: float | None
    is_worse: bool


@dataclass(frozen=True)
class Group:
    """A group of people. `figures` is None where they are withheld, or where nobody is in it."""

    name: str
    people: int
    share_of_people: float
    figures: Figures | None


def person_values(people: int, pairs: IntArray, scores: FloatArray) -> FloatArray:
    """Return the value of everyone's matches, (n,): half of each score goes to either side."""
    return np.bincount(pairs.ravel(), weights=np.repeat(scores, 2) / 2, minlength=people).astype(np.float64)


def compare_groups(
    value: FloatArray, introductions: IntArray, wanted: IntArray, members: Mapping[str, BoolArray]
) -> list[Group]:
    """Compare groups that divide up a whole, in their order.

    value, introductions, wanted: (n,) one number a person. members: (n,) by the group's name; people of no group are
    left out, and nobody may be in two. Those who want no introduction have no part in it.
    """
    taking_part = wanted > 0
    kept = {name: mask & taking_part for name, mask in members.items()}
    whole = np.logical_or.reduce([*kept.values(), np.zeros(value.size, dtype=bool)])
    if sum(int(mask.sum()) for mask in kept.values()) != int(whole.sum()):
        raise ValueError("Somebody is in two of the groups; groups must divide the people up.")
    hidden = withheld([int(mask.sum()) for mask in kept.values()])
    return [
        Group(
            name=name,
            people=int(mask.sum()),
            share_of_people=_share(mask.sum(), whole.sum()),
            figures=None if is_hidden or not mask.any() else _figures(value, introductions, wanted, mask, whole),
        )
        for (name, mask), is_hidden in zip(kept.items(), hidden, strict=True)
    ]


def _figures(
    value: FloatArray, introductions: IntArray, wanted: IntArray, mask: BoolArray, whole: BoolArray
) -> Figures:
    own, others = value[mask], value[whole & ~mask]
    return Figures(
        introductions=int(introductions[mask].sum()),
        share_of_introductions=_share(introductions[mask].sum(), introductions[whole].sum()),
        share_of_value=_share(own.sum(), value[whole].sum()),
        value_per_person=_estimate(own),
        introductions_per_person=_estimate(introductions[mask].astype(np.float64)),
        wanted=float(wanted[mask].mean()),
        value_of_others=float(others.mean()) if others.size else None,
        is_worse=_is_worse(own, others),
    )


def _estimate(values: FloatArray) -> Estimate:
    """Return the mean with Student's interval, which nothing below zero can be part of."""
    mean, error = float(values.mean()), sqrt(values.var(ddof=1) / values.size)
    half = float(stdtrit(values.size - 1, (1 + CONFIDENCE) / 2)) * error
    return Estimate(mean, max(0.0, mean - half), mean + half)


def _is_worse(own: FloatArray, others: FloatArray) -> bool:
    """Compare two means by Welch's interval of their difference (B. L. Welch, Biometrika 34 (1947) 28-35)."""
    if others.size < 2 or own.mean() >= (1 - NOTICEABLE) * others.mean():
        return False
    errors = own.var(ddof=1) / own.size, others.var(ddof=1) / others.size
    if sum(errors) == 0:
        return True
    freedom = sum(errors) ** 2 / (errors[0] ** 2 / (own.size - 1) + errors[1] ** 2 / (others.size - 1))
    half = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * sqrt(sum(errors))
    return bool(own.mean() - others.mean() + half < 0)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0
