"""Weights learned from answers: a regularised logistic regression that has to prove itself on answers it never saw."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from scipy.special import expit, stdtrit

from summit.engine.matching.families import FAMILIES
from summit.engine.matching.feedback import Answers
from summit.engine.matching.profiles import BoolArray, FloatArray, IntArray

NEEDED = 200
"""Fewer answers than this teach nothing that can be trusted."""

NEEDED_OF_EITHER = 20
FOLDS = 5
PENALTIES = (3.0, 30.0, 300.0)
STEPS = 50


class WhyNot(StrEnum):
    """Why no other weights are proposed."""

    TOO_FEW = "too_few"
    ONE_SIDED = "one_sided"
    NOT_BETTER = "not_better"


@dataclass(frozen=True)
class HeldOut:
    """The mean loss (in nats) on answers of people whose answers were not learned from, in present and new weights.

    `gain` is how much the new ones save on average, `gain_low` the lower end of its interval (95 %, by person).
    """

    present: float
    new: float
    gain: float
    gain_low: float


@dataclass(frozen=True)
class Refusal:
    """No other weights are proposed. `held_out` is None where nothing was tried."""

    why: WhyNot
    answers: int
    needed: int = NEEDED
    held_out: HeldOut | None = None


@dataclass(frozen=True)
class Proposal:
    """Other weights, as a multiplier of each family's present ones; see `summit.engine.matching.families`."""

    multipliers: dict[str, float]
    answers: int
    people: int
    held_out: HeldOut


def propose_weights(answers: Answers, *, seed: int = 0) -> Proposal | Refusal:
    """Learn multipliers of the present weights from answers, or say why not.

    The chance of interest is modelled as logistic in the points, `b + sum of w_f x_f` with w_f >= 0, drawn by a penalty
    towards the present weights, which are `b + s sum of x_f`. Both are fitted to four fifths of the people and tried on
    the other fifth, five times over; how strong the penalty is, is chosen inside the four fifths. They are proposed if
    the loss is lower by more than chance explains. Scaled such that all points together stay what they are.
    """
    yes = int(np.count_nonzero(answers.interested))
    if answers.size < NEEDED:
        return Refusal(WhyNot.TOO_FEW, answers.size)
    if min(yes, answers.size - yes) < NEEDED_OF_EITHER:
        return Refusal(WhyNot.ONE_SIDED, answers.size)
    fold = _folds(answers.person, seed)
    held_out = _held_out(answers, fold)
    learned = _learn(answers.points, answers.interested, fold)
    if not held_out.gain_low > 0 or not np.any(learned[1:] @ answers.points.T):
        return Refusal(WhyNot.NOT_BETTER, answers.size, held_out=held_out)
    people = int(np.unique(answers.person).size)
    return Proposal(_multipliers(answers.points, learned[1:]), answers.size, people, held_out)


def _folds(person: IntArray, seed: int) -> IntArray:
    """Return a fold 0..4 for each answer, the same for all answers of a person: what they like is not new to them."""
    people, index = np.unique(person, return_inverse=True)
    order = np.random.default_rng(seed).permutation(people.size)
    return (order % FOLDS)[index].astype(np.int64)


def _held_out(answers: Answers, fold: IntArray) -> HeldOut:
    present, new = np.empty(answers.size), np.empty(answers.size)
    for number in range(FOLDS):
        out = fold == number
        seen, said = answers.points[~out], answers.interested[~out]
        bound = _present(seen, said)
        learned = _learn(seen, said, fold[~out])
        present[out] = _losses(answers.points[out], answers.interested[out], bound)
        new[out] = _losses(answers.points[out], answers.interested[out], learned)
    return HeldOut(float(present.mean()), float(new.mean()), *_gain(present - new, answers.person))


def _gain(saved: FloatArray, person: IntArray) -> tuple[float, float]:
    """Return the mean saved and the lower end of its interval; a person's answers are alike, so people are counted."""
    people, index = np.unique(person, return_inverse=True)
    mean = float(saved.mean())
    beyond = np.bincount(index, weights=saved - mean)
    error = sqrt(float(np.sum(beyond**2)) * people.size / max(1, people.size - 1)) / saved.size
    return mean, mean - float(stdtrit(max(1, people.size - 1), 0.975)) * error


def _learn(points: FloatArray, interested: BoolArray, fold: IntArray) -> FloatArray:
    """Fit with the penalty that does best across the folds at hand; (1 + families,) with the constant first."""
    return _fitted(points, interested, min(PENALTIES, key=lambda each: _loss_across(points, interested, fold, each)))


def _loss_across(points: FloatArray, interested: BoolArray, fold: IntArray, penalty: float) -> float:
    total = 0.0
    for number in np.unique(fold):
        out = fold == number
        fitted = _fitted(points[~out], interested[~out], penalty)
        total += float(_losses(points[out], interested[out], fitted).sum())
    return total


def _present(points: FloatArray, interested: BoolArray) -> FloatArray:
    """Fit the present weights: one slope for the whole score."""
    constant, slope = _newton(points.sum(axis=1, keepdims=True), interested, np.zeros(1), np.zeros(1))
    return np.concatenate([[constant], np.full(points.shape[1], slope)])


def _fitted(points: FloatArray, interested: BoolArray, penalty: float) -> FloatArray:
    bound = _present(points, interested)
    # In units of each family's own size, so that the penalty means the same for all.
    pull = penalty * np.mean(points**2, axis=0)
    return _newton(points, interested, bound[1:], pull)


def _newton(points: FloatArray, interested: BoolArray, centre: FloatArray, pull: FloatArray) -> FloatArray:
    """Minimise the loss plus `pull/2 (w - centre)²` over w >= 0 and a free constant, by projected Newton steps.

    D. P. Bertsekas, SIAM Journal on Control and Optimization 20 (1982) 221-246.
    """
    design = np.hstack([np.ones((points.shape[0], 1)), points])
    centres, pulls = np.concatenate([[0.0], centre]), np.concatenate([[0.0], pull])
    rate = interested.mean()
    current = np.concatenate([[np.log(rate / (1 - rate)) if 0 < rate < 1 else 0.0], centre])
    best = _objective(design, interested, current, centres, pulls)
    for _ in range(STEPS):
        chance = expit(design @ current)
        slope = design.T @ (chance - interested) + pulls * (current - centres)
        curve = (design.T * (chance * (1 - chance))) @ design + np.diag(pulls + 1e-8)
        free = (current > 0) | (slope < 0)
        free[0] = True
        step = np.zeros_like(current)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        current, reached = _walked(design, interested, current, step, centres, pulls)
        if best - reached < 1e-10 * (1 + abs(best)):
            break
        best = reached
    return current


def _walked(
    design: FloatArray,
    interested: BoolArray,
    current: FloatArray,
    step: FloatArray,
    centres: FloatArray,
    pulls: FloatArray,
) -> tuple[FloatArray, float]:
    """Go as far along a step as it leads down, never below zero; return where that is, and how low."""
    here = _objective(design, interested, current, centres, pulls)
    for halvings in range(30):
        there = current - step / 2**halvings
        there[1:] = np.maximum(there[1:], 0.0)
        reached = _objective(design, interested, there, centres, pulls)
        if reached <= here:
            return there, reached
    return current, here


def _objective(
    design: FloatArray, interested: BoolArray, at: FloatArray, centres: FloatArray, pulls: FloatArray
) -> float:
    logit = design @ at
    loss = np.logaddexp(0.0, logit).sum() - logit[interested].sum()
    return float(loss + 0.5 * np.sum(pulls * (at - centres) ** 2))


def _losses(points: FloatArray, interested: BoolArray, fitted: FloatArray) -> FloatArray:
    logit = fitted[0] + points @ fitted[1:]
    return np.asarray(np.logaddexp(0.0, np.where(interested, -logit, logit)))


def _multipliers(points: FloatArray, learned: FloatArray) -> dict[str, float]:
    seen = points.sum(axis=0)
    scale = float(seen.sum()) / float(learned @ seen)
    return {
        family: round(float(learned[column]) * scale, 3) if seen[column] > 0 else 1.0
        for column, family in enumerate(FAMILIES)
    }
