"""Made-up networks of any size and seed, drawn whole arrays at a time."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, diags_array

from summit.engine.matching.profiles import FloatArray, IntArray, Profiles

CHALLENGES = 300
THEMES = 15
WANTED_PEOPLE = 10
FLOOR = 3
ARROWS_PER_CHALLENGE = 3
TIES_PER_PERSON = 5
PEOPLE_PER_ORGANIZATION = 12
KINDS = 6


class _Extent(NamedTuple):
    """How many stances of a kind a person has: their mean, fewest and most."""

    mean: float
    fewest: int
    most: int


ASKS, OFFERS, WORKS = _Extent(3.5, 1, 8), _Extent(3.0, 0, 8), _Extent(2.0, 0, 5)
Stances = tuple[csr_array, csr_array, csr_array]


def drawn(name: str, people: int, *, seed: int = 0, challenges: int = CHALLENGES, variant: str = "usual") -> Profiles:
    """Draw the network of that name; the variant changes its seats or rules."""
    draw = np.random.default_rng([seed, list(NETWORKS).index(name), people])
    profiles = _profiles(draw, people, challenges, *NETWORKS[name](draw, people, challenges))
    return VARIANTS[variant](profiles)


def long_tailed(draw: np.random.Generator, people: int, challenges: int) -> Stances:
    """Let everybody draw from one Zipf-like popularity of challenges."""
    chances = _zipf(challenges, 1.0)
    asks, offers, works = (
        _matrix(draw, rows, draw.choice(challenges, size=rows.size, p=chances), (people, challenges))
        for rows in (_rows(draw, people, extent) for extent in (ASKS, OFFERS, WORKS))
    )
    return asks, offers, works


def clustered(draw: np.random.Generator, people: int, challenges: int) -> Stances:
    """Give everybody a theme and a second one, and let them hardly ever draw from others."""
    theme = draw.integers(0, THEMES, challenges)
    popularity = draw.permutation(_zipf(challenges, 0.7))
    chances = np.where(theme[None, :] == np.arange(THEMES)[:, None], popularity, 0.02 * popularity)
    heaped = np.cumsum(chances / chances.sum(axis=1, keepdims=True), axis=1)
    first, second = draw.integers(0, THEMES, (2, people))

    def stances(extent: _Extent, elsewhere: float) -> csr_array:
        rows = _rows(draw, people, extent)
        themes = np.where(draw.random(rows.size) < elsewhere, second[rows], first[rows])
        return _matrix(draw, rows, _from_heaps(draw, heaped, themes), (people, challenges))

    return stances(ASKS, 0.25), stances(OFFERS, 0.45), stances(WORKS, 0.2)


def same_ten(draw: np.random.Generator, people: int, challenges: int) -> Stances:
    """Let everybody ask mostly for what ten people offer, and nobody else."""
    asks, offers, works = long_tailed(draw, people, challenges)
    hot = draw.choice(challenges, size=min(WANTED_PEOPLE, challenges), replace=False)
    rows, columns = (at.astype(np.int64) for at in asks.nonzero())
    concentrated = np.where(draw.random(rows.size) < 0.6, draw.choice(hot, size=rows.size), columns)
    wanted = draw.choice(people, size=min(WANTED_PEOPLE, people), replace=False)
    others = csr_array(offers @ diags_array(~np.isin(np.arange(challenges), hot) * 1.0))
    everything = np.repeat(wanted, hot.size), np.tile(hot, wanted.size)
    theirs = csr_array((np.full(everything[0].size, 3.0), everything), shape=(people, challenges))
    return _matrix(draw, rows, concentrated, (people, challenges)), csr_array(others + theirs), works


NETWORKS: dict[str, Callable[[np.random.Generator, int, int], Stances]] = {
    "long_tailed": long_tailed,
    "clustered": clustered,
    "same_ten": same_ten,
}


def tight(profiles: Profiles) -> Profiles:
    """Let everybody want exactly as many introductions as their floor."""
    return replace(profiles, ceiling=profiles.floor)


def infeasible(profiles: Profiles) -> Profiles:
    """Let three people have excluded everybody, and three more everybody but two: their floors can't be met."""
    everybody = np.arange(profiles.people)
    lonely = impossible(profiles)
    excluded = [np.column_stack([np.full(everybody.size, person), everybody]) for person in lonely]
    for at, person in enumerate(lonely[3:]):
        excluded[3 + at] = excluded[3 + at][~np.isin(everybody, _outsiders(profiles, int(person), lonely))]
    pairs = np.concatenate(excluded)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    return replace(profiles, excluded=np.concatenate([profiles.excluded, pairs]))


def impossible(profiles: Profiles) -> IntArray:
    """Return whose floors `infeasible` puts out of reach."""
    return np.linspace(0, profiles.people - 1, 6).astype(np.int64)


VARIANTS: dict[str, Callable[[Profiles], Profiles]] = {
    "usual": lambda profiles: profiles,
    "tight": tight,
    "infeasible": infeasible,
}


def _outsiders(profiles: Profiles, person: int, lonely: IntArray) -> IntArray:
    """Return two people of other organizations whom the person may still meet."""
    others = np.flatnonzero(profiles.organization != profiles.organization[person])
    return others[~np.isin(others, lonely)][:2]


def _profiles(
    draw: np.random.Generator, people: int, challenges: int, asks: csr_array, offers: csr_array, works: csr_array
) -> Profiles:
    organizations = max(10, people // PEOPLE_PER_ORGANIZATION)
    organization = draw.choice(organizations, size=people, p=_zipf(organizations, 0.8))
    ceiling = draw.integers(3, 11, people)
    return Profiles(
        asks=asks,
        offers=offers,
        working_on=works,
        organization=organization,
        kind=draw.integers(0, KINDS, organizations)[organization],
        floor=np.minimum(FLOOR, ceiling),
        ceiling=ceiling,
        excluded=_pairs(draw, people, people // 20),
        acquainted=_pairs(draw, people, people // 5),
        promised=_pairs(draw, people, people // 10),
        ties=_pairs(draw, people, people * TIES_PER_PERSON // 2),
        influence=_influence(draw, challenges),
    )


def _zipf(count: int, steepness: float) -> FloatArray:
    chances: FloatArray = 1 / np.arange(1, count + 1) ** steepness
    return np.asarray(chances / chances.sum())


def _rows(draw: np.random.Generator, people: int, extent: _Extent) -> IntArray:
    """Return each person as often as they have stances."""
    return np.repeat(np.arange(people), np.clip(draw.poisson(extent.mean, people), extent.fewest, extent.most))


def _from_heaps(draw: np.random.Generator, heaped: FloatArray, heap: IntArray) -> IntArray:
    """Draw a column for each entry from the cumulated chances of its heap."""
    columns = np.empty(heap.size, dtype=np.int64)
    level = draw.random(heap.size)
    for which in range(heaped.shape[0]):
        mine = heap == which
        columns[mine] = np.searchsorted(heaped[which], level[mine] * heaped[which, -1])
    return np.asarray(np.minimum(columns, heaped.shape[1] - 1))


def _matrix(draw: np.random.Generator, rows: IntArray, columns: IntArray, shape: tuple[int, int]) -> csr_array:
    """Give every (row, column) a priority of 1 to 3; of those drawn twice, one stands."""
    cells = np.unique(rows * shape[1] + columns)
    priorities = draw.integers(1, 4, cells.size).astype(np.float64)
    return csr_array((priorities, (cells // shape[1], cells % shape[1])), shape=shape)


def _pairs(draw: np.random.Generator, people: int, count: int) -> IntArray:
    pairs = draw.integers(0, people, (count, 2))
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]])


def _influence(draw: np.random.Generator, challenges: int) -> csr_array:
    rows, columns = draw.integers(0, challenges, (2, ARROWS_PER_CHALLENGE * challenges))
    cells = np.unique(rows * challenges + columns)
    strengths = draw.uniform(0.2, 0.6, cells.size)
    return csr_array((strengths, (cells // challenges, cells % challenges)), shape=(challenges, challenges))
