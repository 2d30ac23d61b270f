"""Made-up networks for the matching engine's tests."""

import highspy
import numpy as np
from hypothesis import strategies as st
from scipy.sparse import csr_array

from summit.engine.matching.profiles import PAIRS, Profiles, stance_matrix
from summit.engine.matching.scoring import Prepared, score_block


def network(
    people,
    *,
    challenges=5,
    seed=0,
    organizations=None,
    ceilings=(1, 4),
    floor=2,
    density=0.4,
    pairs=0.1,
    arrows=True,
    more=False,
):
    """Draw a network; `pairs` is the share of all pairs that each list of pairs names.

    more: also draw places, slots, what became of promises, proven offers, and how alike what people wrote is.
    """
    draw = np.random.default_rng(seed)
    shape = (people, challenges)
    popularity = 1 / np.arange(1, challenges + 1) ** 0.7

    def stances():
        chosen = draw.random(shape) < density * popularity
        return stance_matrix(
            shape, ((i, j, int(draw.integers(1, 4))) for i, j in zip(*np.nonzero(chosen), strict=True))
        )

    def some_pairs():
        return np.argwhere(np.triu(draw.random((people, people)) < pairs, 1))

    organization = draw.integers(-1, organizations or max(1, people), people)
    ceiling = draw.integers(*ceilings, people)
    strengths = (
        (i, j, float(draw.random())) for i in range(challenges) for j in range(challenges) if draw.random() < 0.3
    )
    return Profiles(
        asks=stances(),
        offers=stances(),
        working_on=stances(),
        organization=organization,
        kind=organization % 3 if people else organization,
        floor=np.minimum(floor, ceiling),
        ceiling=ceiling,
        excluded=some_pairs(),
        acquainted=some_pairs(),
        promised=some_pairs(),
        ties=some_pairs(),
        influence=stance_matrix((challenges, challenges), strengths) if arrows else None,
        **(_more(draw, people, challenges, some_pairs) if more else {}),
    )


def _more(draw, people, challenges, some_pairs):
    alike = np.triu(draw.random((people, people)) * (draw.random((people, people)) < 0.3), 1)
    return {
        "place": draw.integers(-1, 3, people),
        "free": draw.random((people, 3)) < 0.7,
        "kept": some_pairs(),
        "lapsed": some_pairs(),
        "proven": csr_array((draw.random((people, challenges)) < 0.3).astype(float)),
        "likeness": csr_array(alike + alike.T),
    }


def networks(most_people=9):
    """Draw small networks of every kind: dense, empty, few organizations, tight seats."""
    return st.builds(
        network,
        st.integers(0, most_people),
        challenges=st.integers(1, 5),
        seed=st.integers(0, 2**32 - 1),
        organizations=st.sampled_from([None, 1, 2, 4]),
        ceilings=st.sampled_from([(0, 4), (1, 2), (1, 5), (3, 6)]),
        floor=st.integers(0, 3),
        density=st.sampled_from([0.0, 0.15, 0.4, 0.9]),
        pairs=st.sampled_from([0.0, 0.1, 0.4]),
        arrows=st.booleans(),
        more=st.booleans(),
    )


def reordered(profiles, order):
    """Return the same people in another order: position i of the new list is position order[i] of the old one."""
    place = np.argsort(order)
    return Profiles(
        **{name: getattr(profiles, name)[order] for name in ("asks", "offers", "working_on")},
        **{
            name: getattr(profiles, name)[order]
            for name in ("organization", "kind", "floor", "ceiling", "place", "free")
        },
        **{name: place[getattr(profiles, name)] for name in PAIRS},
        influence=profiles.influence,
        proven=None if profiles.proven is None else profiles.proven[order],
        likeness=None if profiles.likeness is None else profiles.likeness[order][:, order],
    )


def all_scores(prepared: Prepared):
    """Return the whole matrix of scores."""
    return score_block(prepared, 0, prepared.people)


def best_possible(prepared: Prepared, *, floor=None, whole=True):
    """Return the best value that ceilings and floors allow, from another solver, or None when nothing meets them."""
    scores = all_scores(prepared)
    floor = prepared.profiles.floor if floor is None else floor
    pairs = np.argwhere(np.triu(np.isfinite(scores), 1))
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    for low, high in pairs:
        solver.addCol(-scores[low, high], 0.0, 1.0, 0, [], [])
    if whole:
        for column in range(len(pairs)):
            solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
    for person in range(prepared.people):
        own = np.flatnonzero((pairs == person).any(axis=1))
        if own.size == 0 and floor[person] > 0:
            return None
        if own.size:
            ceiling = float(prepared.profiles.ceiling[person])
            solver.addRow(float(floor[person]), ceiling, own.size, own.astype(np.int32), np.ones(own.size))
    if len(pairs) == 0:
        return 0.0
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return -solver.getInfo().objective_function_value
