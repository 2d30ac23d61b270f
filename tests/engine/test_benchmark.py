"""The benchmark measures what it says: its networks, its exact optima, its checker, its page."""

import numpy as np
import pytest

from benchmarks.matching import exact, real, rounds, tables
from benchmarks.matching.children import Case, ask
from benchmarks.matching.networks import NETWORKS, drawn, impossible
from benchmarks.matching.peer_names import PEERS
from benchmarks.matching.peers import measure as measure_peer
from summit.engine.matching.assignment import assign
from summit.engine.matching.rounds import Schedule
from summit.engine.matching.scoring import prepare
from tests.engine.networks import best_possible

PROGRAMMES = [name for name in PEERS if "programme" in name or "flow" in name]


def test_the_benchmark_measures_150_people_in_a_process_of_their_own():
    result = ask("own", Case("clustered", 150))

    page = tables.page([result])

    assert result["gap"] <= 0.0015
    assert result["floors_missed"] == 0
    assert min(result["seconds"], result["limit_seconds"], result["megabytes"]) > 0
    assert "| clustered | 150 | 1 |" in page


def test_what_breaks_off_is_on_the_page_with_the_reason():
    result = ask("own", Case("nowhere", 10))

    page = tables.page([{**result, "network": "clustered"}])

    assert "'nowhere' is not in list" in result["failed"]
    assert "failed: ValueError: 'nowhere' is not in list" in page


@pytest.mark.parametrize("network", NETWORKS)
def test_a_seed_draws_the_same_network_and_another_seed_another(network):
    first, again, other = (drawn(network, 200, seed=seed) for seed in (1, 1, 2))

    assert (first.asks != again.asks).nnz == 0
    assert np.array_equal(first.ties, again.ties)
    assert (first.asks != other.asks).nnz > 0
    assert np.all(np.diff(first.asks.indptr) >= 1)


def test_everybody_wants_what_ten_people_offer():
    profiles = drawn("same_ten", 500)

    busiest = np.argsort(-np.diff(profiles.offers.indptr))[:10]
    wanted = np.flatnonzero(np.diff(profiles.offers[busiest].tocsc().indptr) == 10)
    offering = np.diff(profiles.offers[:, wanted].tocsr().indptr)

    assert len(wanted) == 10
    assert set(np.flatnonzero(offering)) == set(busiest)
    assert np.isin(profiles.asks.indices, wanted).mean() > 0.5


def test_the_infeasible_variant_puts_exactly_six_floors_out_of_reach():
    profiles = drawn("long_tailed", 150, variant="infeasible")

    assignment = assign(prepare(profiles))

    assert np.array_equal(np.sort(assignment.below_floor), impossible(profiles))
    assert set(impossible(profiles)) == {0, 29, 59, 89, 119, 149}


def test_the_exact_optimum_is_that_of_another_solver_over_all_pairs():
    case = Case("clustered", 36, seed=3, challenges=20, way="whole")

    result = exact.measure(case)

    best = best_possible(prepare(drawn("clustered", 36, seed=3, challenges=20)))
    assert result["whole"] == pytest.approx(best, rel=1e-6)
    assert result["value"] <= result["whole"] * (1 + 1e-9) <= result["relaxed"] * (1 + 2e-9)


@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_peer_that_solves_the_relaxation_finds_its_optimum(name):
    case = Case("clustered", 36, seed=3, challenges=20)
    relaxed = exact.measure(case)

    found = measure_peer(Case(**{**case.__dict__, "way": name}))

    assert found["relaxed_to_own"] == pytest.approx(relaxed["relaxed"] / relaxed["value"], rel=1e-6)
    assert found["below_floor"] == 0


def test_the_checker_of_rounds_finds_somebody_in_two_places():
    pairs, nobody = np.array([[0, 1], [1, 2]]), np.full(2, -1)
    schedule = Schedule(pairs, np.ones(2), np.array([0, 1]), np.array([0, 0]), nobody, 2, 2)
    free = np.ones((3, 2), dtype=bool)
    right = rounds.conflicts(schedule, free, [2, 2])

    schedule.slot[:] = 0
    schedule.table[:] = [0, 1]
    wrong = rounds.conflicts(schedule, free, [2, 2])

    assert (right, wrong) == (0, 1)


def test_real_meetings_become_ties_and_long_ones_acquaintances(shared_data, monkeypatch):
    monkeypatch.setenv("SHARED_DATA", str(shared_data))

    profiles = real.real_network(403, seed=0)

    assert profiles.challenges == 52
    assert len(profiles.ties) == 9565
    assert 0 < len(profiles.acquainted) < len(profiles.ties) / 5
