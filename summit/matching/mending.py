"""Mending the lists of a run with the engine, without touching the database.

What the engine needs to mend quickly stands in this process's memory, run by run. It is no truth: whenever it does not
agree with the stored pairs, it is made anew from them.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from summit.engine.matching.explain import explain_pairs
from summit.engine.matching.few import reasons_for_few
from summit.engine.matching.pairs import score_pairs
from summit.engine.matching.placing import placed
from summit.engine.matching.profiles import IntArray, Profiles
from summit.engine.matching.scoring import Prepared, prepare
from summit.engine.matching.standing import Standing
from summit.engine.matching.weights import Weights
from summit.matching.computing import MatchRow, Paired, match_rows, ranks
from summit.matching.gathering import MatchInput, Pair

MOST_STANDING = 4
"""Of so many runs the lists stand in memory."""

SAME = 1e-9
"""Two ways of adding a score up agree at least so far."""


@dataclass(frozen=True)
class Mended:
    """A run's lists as they are now, scored from the present profiles.

    `rows` are the pairs that are new, or score otherwise than is stored; `others` are all others, with their ranks for
    the lower and the higher id. `drift`: what this mending added to it.
    """

    rows: list[MatchRow]
    others: dict[Pair, tuple[int, int]]
    value: float
    few: dict[int, str]
    drift: float


@dataclass(eq=False)
class _Stood:
    """Lists in memory: position i of `standing` is `person_ids[i]`, whether or not that person is still there."""

    person_ids: tuple[int, ...]
    standing: Standing
    drift: float = 0.0

    def pairs(self) -> frozenset[Pair]:
        ids = np.array(self.person_ids, dtype=np.int64)
        return _ordered(ids[self.standing.pairs])


class _Scored(NamedTuple):
    a: int
    b: int
    score: float


_stood: OrderedDict[int, _Stood] = OrderedDict()


def mend(
    run_id: int, stored: Mapping[Pair, float], given: MatchInput, changed: Collection[int], weights: Weights
) -> Mended:
    """Mend the lists of the changed people and of whoever lost a match; pairs with interest shown stay together.

    stored: the run's pairs of person ids, the lower first, and their scores. changed: ids of people whose mark is new
    or another one.
    """
    stood = _stood.pop(run_id, None)
    if stood is None or stood.standing.prepared.weights != weights or stood.pairs() != frozenset(stored):
        stood = _stand(given, stored, weights)
    known = set(stood.person_ids)
    stood.person_ids += tuple(person_id for person_id in given.person_ids if person_id not in known)
    position = {person_id: index for index, person_id in enumerate(stood.person_ids)}
    here = np.array([position[person_id] for person_id in given.person_ids], dtype=np.int64)
    gone = {person_id for pair in stored for person_id in pair} - set(given.person_ids)
    profiles = _with_room_for_kept(given)
    repair = stood.standing.repair(
        _as_they_stand(profiles, here, len(position)),
        np.array(sorted(position[person_id] for person_id in {*changed, *gone}), dtype=np.int64),
        here[np.array(given.kept, dtype=np.int64).reshape(-1, 2)],
    )
    added, stood.drift = repair.drift - stood.drift, repair.drift
    _keep(run_id, stood)
    prepared = stood.standing.prepared if _is_in_order(here, len(position)) else prepare(given.profiles, weights)
    back = np.full(len(position), -1, dtype=np.int64)
    back[here] = np.arange(here.size)
    return _mended(given, prepared, np.sort(back[repair.pairs], axis=1), stored, changed, max(0.0, added))


def forget(run_id: int) -> None:
    """Let go of what stands in memory of a run."""
    _stood.pop(run_id, None)


def _stand(given: MatchInput, stored: Collection[Pair], weights: Weights) -> _Stood:
    """Make the lists stand from the stored pairs; those who are gone stand at the end."""
    gone = sorted({person_id for pair in stored for person_id in pair} - set(given.person_ids))
    person_ids = (*given.person_ids, *gone)
    position = {person_id: index for index, person_id in enumerate(person_ids)}
    profiles = _as_they_stand(given.profiles, np.arange(len(given.person_ids)), len(person_ids))
    pairs = np.array([(position[low], position[high]) for low, high in sorted(stored)], dtype=np.int64).reshape(-1, 2)
    return _Stood(person_ids, Standing.from_pairs(prepare(profiles, weights), pairs))


def _keep(run_id: int, stood: _Stood) -> None:
    _stood[run_id] = stood
    while len(_stood) > MOST_STANDING:
        _stood.popitem(last=False)


def _with_room_for_kept(given: MatchInput) -> Profiles:
    """Return the profiles with room for every pair to be kept: who wants fewer now keeps those all the same."""
    used = np.bincount(np.array(given.kept, dtype=np.int64).ravel(), minlength=given.profiles.people)
    return replace(given.profiles, ceiling=np.maximum(given.profiles.ceiling, used))


def _as_they_stand(profiles: Profiles, here: IntArray, people: int) -> Profiles:
    return profiles if _is_in_order(here, people) else placed(profiles, here, people)


def _is_in_order(here: IntArray, people: int) -> bool:
    return here.size == people and bool(np.all(here == np.arange(people)))


def _mended(
    given: MatchInput,
    prepared: Prepared,
    pairs: IntArray,
    stored: Mapping[Pair, float],
    changed: Collection[int],
    drift: float,
) -> Mended:
    """Explain the pairs that are not as they are stored, and rank all."""
    ids = np.array(given.person_ids, dtype=np.int64)
    keys = [(low, high) for low, high in ids[pairs].tolist()]
    scores = np.array([stored.get(key, np.nan) for key in keys])
    # Not "is further off": that would not hold for pairs that are not stored at all.
    moved = ~(np.abs(scores - score_pairs(prepared, pairs[:, 0], pairs[:, 1])) <= SAME)
    moved |= np.isin(ids[pairs], list(changed)).any(axis=1)
    explanations = explain_pairs(prepared, pairs[moved])
    scores[moved] = [each.score for each in explanations]
    rank = ranks(_Scored(a, b, score) for (a, b), score in zip(pairs.tolist(), scores.tolist(), strict=True))
    lists = Paired(pairs, scores <= 0)
    bridging = set(map(tuple, pairs[lists.bridging].tolist()))
    places = [(rank[a, b], rank[b, a]) for a, b in pairs.tolist()]
    return Mended(
        rows=match_rows(given, explanations, bridging, rank),
        others={key: place for key, place, has_moved in zip(keys, places, moved, strict=True) if not has_moved},
        value=float(scores.sum()),
        few={given.person_ids[at]: reason.value for at, reason in reasons_for_few(prepared, lists).items()},
        drift=drift,
    )


def _ordered(pairs: IntArray) -> frozenset[Pair]:
    return frozenset((low, high) for low, high in np.sort(pairs, axis=1).tolist())
