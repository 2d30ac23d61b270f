"""Real challenges, organizations and past meetings; the people who carry them are made up.

The folder with challenges.tsv, organizations.tsv and contacts/ is named by SHARED_DATA, otherwise ../shared/data.
"""

import csv
import gzip
import os
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from scipy.sparse import csr_array

from benchmarks.matching.children import ROOT, Case, Result, answer, peak_megabytes
from benchmarks.matching.own import judged, warm_up
from summit.engine.matching.assignment import Assignment, assign
from summit.engine.matching.certificate import verify
from summit.engine.matching.profiles import IntArray, Profiles
from summit.engine.matching.scoring import prepare
from summit.engine.matching.texts import likeness

STEP_SECONDS = 20
WELL_ACQUAINTED = 300
"""Seconds face to face over the days of a conference from which two know each other well."""
FOREIGN = 0.05
"""What a challenge of another theme is worth to somebody beside one of their own."""
Rows = list[dict[str, str]]


def measure(case: Case) -> Result:
    """Match with and without knowing who knows whom well, and say what that knowledge keeps apart."""
    warm_up()
    profiles = real_network(case.people, case.seed)
    prepared = prepare(profiles)
    began = perf_counter()
    prepared = prepare(profiles)
    assignment = assign(prepared)
    seconds = perf_counter() - began
    verify(prepared, assignment)
    unknowing = assign(prepare(replace(profiles, acquainted=np.empty((0, 2), dtype=np.int64))))
    return {
        **judged(profiles, assignment, case.variant),
        "challenges": profiles.challenges,
        "organizations": int(np.unique(profiles.organization).size),
        "ties": len(profiles.ties),
        "acquainted": len(profiles.acquainted),
        "acquainted_matched": _acquainted(profiles, assignment),
        "acquainted_matched_unknowing": _acquainted(profiles, unknowing),
        "matches_unknowing": len(unknowing.scores),
        "value_to_unknowing": assignment.value / unknowing.value,
        "met_before": _among(assignment.pairs, profiles.ties, case.people),
        "seconds": seconds,
        "megabytes": peak_megabytes(),
    }


def real_network(people: int, seed: int) -> Profiles:
    """Let made-up people of the real organizations state real challenges; who met whom are real meetings."""
    draw = np.random.default_rng(seed)
    challenges, organizations = _rows("challenges.tsv"), _rows("organizations.tsv")
    organization = draw.integers(0, len(organizations), people)
    theme = _numbered([row["theme"].split(";")[0] for row in challenges])
    own = draw.integers(0, theme.max() + 1, people)
    chances = np.where(theme[None, :] == own[:, None], 1.0, FOREIGN)
    known, well = _meetings(people)
    ceiling = draw.integers(3, 11, people)
    return Profiles(
        asks=_stances(draw, chances, 3.5, (1, 8)),
        offers=_stances(draw, chances, 3.0, (0, 8)),
        working_on=_stances(draw, chances, 2.0, (0, 5)),
        organization=organization,
        kind=_numbered([row["kind"] for row in organizations])[organization],
        place=_numbered([row["city_state"] for row in organizations])[organization],
        floor=np.minimum(3, ceiling),
        ceiling=ceiling,
        acquainted=well,
        ties=known,
        likeness=likeness([(organizations[each]["commitment_text"],) for each in organization]),
    )


def _rows(name: str) -> Rows:
    with (_folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _folder() -> Path:
    return Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))


def _numbered(names: list[str]) -> IntArray:
    """Number what is named, from 0; -1 where nothing is."""
    known = {name: number for number, name in enumerate(sorted(set(filter(None, names))))}
    return np.array([known.get(name, -1) for name in names])


def _meetings(people: int) -> tuple[IntArray, IntArray]:
    """Return who stood face to face with whom at all, and who so long that they know each other well."""
    with gzip.open(_folder() / "contacts" / "SFHH_tij.dat.gz", "rt") as file:
        pairs = np.sort(np.loadtxt(file, dtype=np.int64)[:, 1:], axis=1)
    met, steps = np.unique(np.unique(pairs, return_inverse=True)[1].reshape(pairs.shape), axis=0, return_counts=True)
    here = met[:, 1] < people
    return met[here], met[here & (steps * STEP_SECONDS >= WELL_ACQUAINTED)]


def _stances(draw: np.random.Generator, chances: np.ndarray, mean: float, extent: tuple[int, int]) -> csr_array:
    """Draw each person's challenges without repetition, by their chances, with a priority each."""
    counts = np.clip(draw.poisson(mean, len(chances)), *extent)
    # The largest of random numbers raised to one over the chances: a weighted sample (Efraimidis and Spirakis, 2006).
    order = np.argsort(-(draw.random(chances.shape) ** (1 / chances)), axis=1)
    rows = np.repeat(np.arange(len(chances)), counts)
    columns = order[np.arange(order.shape[1]) < counts[:, None]]
    return csr_array((draw.integers(1, 4, rows.size).astype(float), (rows, columns)), shape=chances.shape)


def _acquainted(profiles: Profiles, assignment: Assignment) -> int:
    return _among(assignment.pairs, profiles.acquainted, profiles.people)


def _among(pairs: IntArray, others: IntArray, people: int) -> int:
    return int(np.count_nonzero(np.isin(pairs @ [people, 1], others @ [people, 1])))


if __name__ == "__main__":
    answer(measure)
