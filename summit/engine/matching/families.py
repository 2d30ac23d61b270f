"""Families of terms: what one weight, or two that move together, makes of a score."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from summit.engine.matching.scoring import Term
from summit.engine.matching.weights import Weights

FAMILY_OF = {
    Term.HELP_FOR_A: "help",
    Term.HELP_FOR_B: "help",
    Term.INFLUENCE_FOR_A: "influence",
    Term.INFLUENCE_FOR_B: "influence",
    Term.SHARED_STRUGGLE: "shared_struggle",
    Term.SHARED_WORK: "shared_work",
    Term.REACH: "reach",
    Term.PROMISE: "promise",
    Term.KEPT_PROMISE: "kept",
    Term.LAPSED_PROMISE: "lapsed",
    Term.SHARED_TEXT: "text",
    Term.SAME_PLACE: "place",
    Term.COMMON_TIES: "common_ties",
}
FAMILIES = tuple(dict.fromkeys(FAMILY_OF.values()))
"""The names of all families; except for `reach` each is the name of a weight."""

_PLAIN = tuple(name for name in FAMILIES if name not in ("influence", "reach"))


def by_family(contributions: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Add up contributions, each a term and its points, by family; families without points are left out."""
    points: dict[str, float] = {}
    for term, amount in contributions:
        family = FAMILY_OF[Term(term)]
        points[family] = points.get(family, 0.0) + amount
    return points


def reweighted(weights: Weights, multipliers: Mapping[str, float]) -> Weights:
    """Return the weights with each family's multiplied; a family that isn't named stays as it is.

    `influence` is a share of `help`, so its multiplier is taken relative to that of help, and ends at 1.

    Raises:
        ValueError: when a family is unknown, or a multiplier is negative or no number.
    """
    unknown = sorted(set(multipliers) - set(FAMILIES))
    if unknown:
        raise ValueError(f"There is no family of terms {unknown[0]}; there are {', '.join(FAMILIES)}.")
    chosen = {name: multipliers.get(name, 1.0) for name in FAMILIES}
    # Without help there is nothing that influence could be a share of.
    along = chosen["influence"] / chosen["help"] if chosen["help"] > 0 else 1.0
    return replace(
        weights,
        influence=min(1.0, weights.influence * along),
        reach_kind=weights.reach_kind * chosen["reach"],
        reach_far=weights.reach_far * chosen["reach"],
        **{name: getattr(weights, name) * chosen[name] for name in _PLAIN},
    )


def strengths(weights: Weights) -> dict[str, float]:
    """Return how strongly each family counts in these weights, as points that one measure of it is worth."""
    plain = {name: getattr(weights, name) for name in _PLAIN}
    mixed = {"influence": weights.help * weights.influence, "reach": (weights.reach_kind + weights.reach_far) / 2}
    return {name: {**plain, **mixed}[name] for name in FAMILIES}


def converted(points: Mapping[str, float], old: Weights, new: Weights) -> dict[str, float]:
    """Return points by family as they would be in other weights; what had no weight had no points, and keeps none."""
    before, after = strengths(old), strengths(new)
    return {name: amount * after[name] / before[name] if before[name] > 0 else 0.0 for name, amount in points.items()}
