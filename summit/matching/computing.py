"""Computing a run: the engine on a gathered summit, without touching the database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

import numpy as np

from summit.engine.matching.assignment import Progress, assign
from summit.engine.matching.certificate import verify
from summit.engine.matching.explain import Contribution, Explanation, explain_pairs
from summit.engine.matching.few import reasons_for_few
from summit.engine.matching.profiles import BoolArray, IntArray
from summit.engine.matching.scoring import WEAK_TERMS, Prepared, allowed, prepare
from summit.engine.matching.weights import Weights
from summit.matching.gathering import MatchInput, without_kept
from summit.matching.reporting import report_of

ASSIGNING, REPORTING = 0.8, 0.9
"""The shares of a computation at which the assignment is done, and at which the reasons are."""


class Scored(Protocol):
    """A pair of positions, the lower first, and its score; an explanation is one."""

    @property
    def a(self) -> int:
        """Return the lower position."""

    @property
    def b(self) -> int:
        """Return the higher position."""

    @property
    def score(self) -> float:
        """Return the score."""


@dataclass(frozen=True)
class MatchRow:
    """One match as it will be stored: ids of persons, the lower first."""

    low_id: int
    high_id: int
    score: float
    rank_for_low: int
    rank_for_high: int
    is_bridging: bool
    is_weak: bool
    contributions: list[list[Any]]


@dataclass(frozen=True, eq=False)
class Paired:
    """Who is matched with whom, kept pairs and all others, and which of the pairs are bridging."""

    pairs: IntArray
    bridging: BoolArray


@dataclass(frozen=True)
class Outcome:
    """What a run computed. `few` says of each person id with few matches why, `report` compares (see `reporting`)."""

    rows: list[MatchRow]
    value: float
    bound: float
    gap: float
    few: dict[int, str]
    report: dict[str, Any]
    seconds: float
    settings: dict[str, Any]


def compute(
    given: MatchInput, *, seed: int = 0, weights: Weights | None = None, on_progress: Progress | None = None
) -> Outcome:
    """Match everybody of the input; pairs to be kept are kept and the rest is assigned around them.

    The bound holds for every assignment within the ceilings that keeps those pairs. `on_progress` is told the stage and
    the share that is done, and may raise to end the work.
    """
    tell = on_progress or _silently
    weights = weights or Weights()
    everything = prepare(given.profiles, weights)
    given = _with_allowed_kept(given, everything)
    rest = prepare(without_kept(given), weights) if given.kept else everything
    assignment = assign(rest, seed=seed, on_progress=lambda stage, share: tell(stage, ASSIGNING * share))
    verify(rest, assignment)
    tell("explaining", ASSIGNING)
    kept = explain_pairs(everything, given.kept) if given.kept else []
    chosen = explain_pairs(everything, assignment.pairs)
    bridging = set(map(tuple, assignment.pairs[assignment.bridging].tolist()))
    kept_value = sum(explanation.score for explanation in kept)
    tell("reporting", REPORTING)
    value, bound = assignment.value + kept_value, assignment.loose_bound + kept_value
    return Outcome(
        rows=match_rows(given, [*kept, *chosen], bridging),
        value=value,
        bound=bound,
        gap=max(0.0, 1 - value / bound) if bound > 0 else 0.0,
        few=_few(given, everything, [*kept, *chosen], bridging),
        report=report_of(given, everything, assignment),
        seconds=assignment.seconds,
        settings=asdict(weights),
    )


def _with_allowed_kept(given: MatchInput, prepared: Prepared) -> MatchInput:
    """Let go of the kept pairs that a hard rule has come to forbid: of one organization now, or never free at once."""
    low, high = np.array(given.kept, dtype=np.int64).reshape(-1, 2).T
    stays = allowed(prepared, low, high).tolist()
    return replace(given, kept=tuple(pair for pair, is_allowed in zip(given.kept, stays, strict=True) if is_allowed))


def _silently(_stage: str, _share: float) -> None:
    pass


def _few(
    given: MatchInput, prepared: Prepared, matched: list[Explanation], bridging: set[tuple[int, ...]]
) -> dict[int, str]:
    pairs = [(each.a, each.b) for each in matched]
    lists = Paired(
        pairs=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        bridging=np.array([pair in bridging for pair in pairs], dtype=bool),
    )
    return {given.person_ids[at]: reason.value for at, reason in reasons_for_few(prepared, lists).items()}


def match_rows(
    given: MatchInput,
    explanations: list[Explanation],
    bridging: set[tuple[int, ...]],
    rank: dict[tuple[int, int], int] | None = None,
) -> list[MatchRow]:
    """Return explained pairs as they will be stored; `rank` (see `ranks`), if they are not all pairs there are."""
    rank = ranks(explanations) if rank is None else rank
    return [
        MatchRow(
            low_id=given.person_ids[each.a],
            high_id=given.person_ids[each.b],
            score=each.score,
            rank_for_low=rank[each.a, each.b],
            rank_for_high=rank[each.b, each.a],
            is_bridging=(each.a, each.b) in bridging,
            is_weak=_is_weak(each),
            contributions=[_stored(given, contribution) for contribution in each.contributions],
        )
        for each in explanations
    ]


def _is_weak(each: Explanation) -> bool:
    """Say whether there is something to a match, but nothing else than weak reasons."""
    return bool(each.contributions) and all(part.term in WEAK_TERMS for part in each.contributions)


def ranks(pairs: Iterable[Scored]) -> dict[tuple[int, int], int]:
    """Rank each pair in either side's list, by score, then by position; keys are (whose list, the other)."""
    lists: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for each in pairs:
        lists[each.a].append((-each.score, each.b))
        lists[each.b].append((-each.score, each.a))
    return {
        (person, other): rank
        for person, entries in lists.items()
        for rank, (_score, other) in enumerate(sorted(entries), start=1)
    }


def _stored(given: MatchInput, contribution: Contribution) -> list[Any]:
    def challenge_id(position: int | None) -> int | None:
        return None if position is None else given.challenge_ids[position]

    return [
        contribution.term.value,
        contribution.points,
        challenge_id(contribution.challenge),
        challenge_id(contribution.via),
    ]
