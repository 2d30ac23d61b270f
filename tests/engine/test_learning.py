"""Weights learned from answers: what is there is found, what is not there is not."""

import numpy as np
import pytest
from scipy.optimize import minimize

from summit.engine.matching import learning
from summit.engine.matching.families import FAMILIES
from summit.engine.matching.feedback import Answers
from summit.engine.matching.learning import NEEDED, Proposal, Refusal, WhyNot, propose_weights


def _answers(count, multipliers, *, seed, strength=0.6, people=None):
    """Draw answers of people whose interest follows the points times these multipliers, by family."""
    draw = np.random.default_rng(seed)
    used = ("help", "influence", "shared_struggle", "shared_work", "reach")
    points = np.zeros((count, len(FAMILIES)))
    for name in used:
        points[:, FAMILIES.index(name)] = draw.gamma(1.5, 1.0, count) * (draw.random(count) < 0.7)
    wanted = strength * points @ np.array([multipliers.get(name, 1.0) for name in FAMILIES])
    chance = 1 / (1 + np.exp(-(wanted - np.median(wanted))))
    return Answers(
        person=draw.integers(0, people or max(1, count // 4), count),
        interested=draw.random(count) < chance,
        rank=draw.integers(1, 6, count),
        points=points,
    )


def test_a_known_weighting_is_recovered_from_answers():
    true = {"help": 0.4, "shared_struggle": 3.0}

    proposal = propose_weights(_answers(6000, true, seed=1))

    assert isinstance(proposal, Proposal)
    found = {name: proposal.multipliers[name] / proposal.multipliers["shared_work"] for name in true}
    assert found == pytest.approx(true, rel=0.3)
    assert proposal.held_out.new < proposal.held_out.present
    assert proposal.held_out.gain_low > 0


def test_weights_that_fit_already_are_not_replaced():
    outcomes = [propose_weights(_answers(400, {}, seed=seed)) for seed in range(20)]

    proposed = [outcome for outcome in outcomes if isinstance(outcome, Proposal)]
    assert len(proposed) <= 2
    assert {outcome.why for outcome in outcomes if isinstance(outcome, Refusal)} == {WhyNot.NOT_BETTER}


def test_noise_teaches_nothing():
    outcomes = [propose_weights(_answers(400, {}, seed=seed, strength=0.0)) for seed in range(100, 130)]

    proposed = [outcome for outcome in outcomes if isinstance(outcome, Proposal)]
    assert len(proposed) <= 3


def test_a_person_who_answers_everything_alike_does_not_look_like_a_discovery():
    # Ten people with moods of their own, and matches of each that are all alike: many answers, little evidence.
    outcomes = []
    for seed in range(20):
        draw = np.random.default_rng(seed)
        person = np.repeat(np.arange(10), 40)
        points = np.zeros((400, len(FAMILIES)))
        for column in range(5):
            points[:, column] = draw.gamma(1.5, 1.0, 10)[person]
        answers = Answers(person, draw.random(400) < draw.uniform(0.1, 0.9, 10)[person], np.ones(400, int), points)
        outcomes.append(propose_weights(answers))

    proposed = [outcome for outcome in outcomes if isinstance(outcome, Proposal)]
    assert len(proposed) <= 2


def test_too_few_answers_are_refused_with_how_many_are_needed():
    refusal = propose_weights(_answers(NEEDED - 1, {"help": 5.0}, seed=3))

    assert refusal == Refusal(WhyNot.TOO_FEW, NEEDED - 1)
    assert refusal.needed == 200


def test_answers_that_all_say_the_same_are_refused():
    answers = _answers(300, {}, seed=4)
    nearly_all = Answers(answers.person, np.arange(300) >= 10, answers.rank, answers.points)

    refusal = propose_weights(nearly_all)

    assert isinstance(refusal, Refusal)
    assert refusal.why is WhyNot.ONE_SIDED


def test_the_same_answers_give_the_same_proposal():
    one, other = (propose_weights(_answers(800, {"help": 0.2}, seed=5)) for _time in range(2))

    assert one == other


def test_a_family_that_nobody_met_keeps_its_weight():
    proposal = propose_weights(_answers(3000, {"help": 0.2, "shared_struggle": 3.0}, seed=6))

    assert isinstance(proposal, Proposal)
    assert proposal.multipliers["promise"] == 1.0


def test_a_family_that_speaks_against_interest_ends_at_zero_and_not_below():
    proposal = propose_weights(_answers(6000, {"reach": -1.0}, seed=7))

    assert isinstance(proposal, Proposal)
    assert proposal.multipliers["reach"] == 0.0
    assert min(proposal.multipliers.values()) >= 0.0


def test_all_points_together_stay_what_they_are():
    answers = _answers(3000, {"help": 0.2, "shared_struggle": 3.0}, seed=8)

    proposal = propose_weights(answers)

    assert isinstance(proposal, Proposal)
    multipliers = np.array([proposal.multipliers[name] for name in FAMILIES])
    assert float((answers.points @ multipliers).sum()) == pytest.approx(float(answers.points.sum()), rel=2e-3)


def test_the_fit_equals_that_of_another_solver():
    answers = _answers(300, {"help": 0.1, "reach": -2.0}, seed=9)
    centre, pull = np.full(len(FAMILIES), 0.2), 5.0 * np.mean(answers.points**2, axis=0)
    design = np.hstack([np.ones((300, 1)), answers.points])
    centres, pulls = np.concatenate([[0.0], centre]), np.concatenate([[0.0], pull])

    fitted = learning._newton(answers.points, answers.interested, centre, pull)
    other = minimize(
        lambda at: learning._objective(design, answers.interested, at, centres, pulls),
        np.concatenate([[0.0], centre]),
        method="L-BFGS-B",
        bounds=[(None, None)] + [(0, None)] * len(FAMILIES),
        options={"ftol": 1e-14, "gtol": 1e-10, "maxfun": 100000},
    )

    reached = learning._objective(design, answers.interested, fitted, centres, pulls)
    assert reached <= other.fun + 1e-6
    assert fitted[1 + FAMILIES.index("reach")] == 0.0
