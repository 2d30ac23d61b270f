"""What was aimed at, held against what was measured; an aim without a measurement is left out."""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks.matching.children import Result

SWEEPS = {5000: 1.5, 20_000: 1.0, 50_000: 1.0}


class Aim(NamedTuple):
    """An aim in words, the figure it is judged by, and whether that is met."""

    aim: str
    measured: str
    is_met: bool


def aims(results: list[Result]) -> list[Aim]:
    """Judge everything that was measured."""
    return [*_of_value(results), *_of_time(results), *_of_peers(results), *_of_edits(results), *_of_rounds(results)]


def of(results: list[Result], measured: str, **wanted: object) -> list[Result]:
    """Return the results of one module whose keys have the wanted values."""
    return [
        result
        for result in results
        if result["measured"] == measured and all(result[name] == value for name, value in wanted.items())
    ]


def time_in_sweeps(rows: list[Result]) -> float | None:
    """Return the median over the rows of our time in limit sweeps, or None without rows."""
    return median(row["seconds"] / row["limit_seconds"] for row in rows) if rows else None


def growth(results: list[Result], network: str) -> tuple[float, float] | None:
    """Return the exponents with which time and added memory grow from 5,000 people on, or None for fewer sizes."""
    rows = [row for row in of(results, "own", network=network, variant="usual", threads=1) if row["people"] >= 5000]
    if len({row["people"] for row in rows}) < 2:
        return None
    people = np.log([row["people"] for row in rows])
    added = [max(1.0, row["megabytes"] - row["megabytes_before"]) for row in rows]
    exponents = [float(np.polyfit(people, np.log(values), 1)[0]) for values in ([r["seconds"] for r in rows], added)]
    return exponents[0], exponents[1]


def _of_value(results: list[Result]) -> Iterator[Aim]:
    own = of(results, "own", way="")
    if own:
        gap = max(row["gap"] for row in own)
        yield Aim("certified gap at most 0.15 %, every network, size, seed and variant", f"{gap:.4%}", gap <= 0.0015)
        missed = sum(row["floors_missed"] for row in own)
        yield Aim("every floor met that is not out of reach", f"{missed} missed", missed == 0)
    whole = [row["below_whole_bound"] for row in of(results, "exact", people=1000) if "below_whole_bound" in row]
    if whole:
        yield Aim("at most 0.1 % below the integer optimum at 1,000", f"{max(0.0, *whole):.4%}", max(whole) <= 0.001)


def _of_time(results: list[Result]) -> Iterator[Aim]:
    for people, most in SWEEPS.items():
        rows = of(results, "own", people=people, variant="usual", threads=1, way="")
        if rows:
            worst = max(
                time_in_sweeps([row for row in rows if row["network"] == network]) or 0.0
                for network in {row["network"] for row in rows}
            )
            aim = f"at most {most} limit sweeps at {people:,}, one thread (median of the seeds, worst network)"
            yield Aim(aim, f"{worst:.2f}", worst <= most)
    networks = sorted({row["network"] for row in of(results, "own")})
    exponents = [found for network in networks if (found := growth(results, network))]
    if exponents:
        time, memory = (max(found[at] for found in exponents) for at in (0, 1))
        yield Aim("growth exponent at most 1.8", f"{time:.2f} (memory {memory:.2f})", time <= 1.8)
    large = [row["megabytes"] for row in of(results, "own", people=50_000)]
    if large:
        yield Aim("50,000 within 2 GB", f"{max(large):,.0f} MB", max(large) <= 2000)


def _of_peers(results: list[Result]) -> Iterator[Aim]:
    solved = [row for row in of(results, "peers") if "value" in row]
    whole = [row for row in solved if row["way"].startswith("linear programme, all pairs") and row["people"] == 1000]
    if whole:
        faster = min(row["seconds_to_own"] for row in whole)
        share = min(1 / row["relaxed_to_own"] for row in whole)
        aim = "at 1,000 at least 20 times faster than the programme over all pairs, for 99.8 % of its value"
        yield Aim(aim, f"{faster:.1f} times, {share:.4%}", faster >= 20 and share >= 0.998)
    built = [row for row in solved if row["way"].startswith("linear programme, pair by") and row["people"] == 240]
    if built:
        faster = min(row["seconds_to_own"] for row in built)
        aim = "at 240 at least 100 times faster than the programme built pair by pair"
        yield Aim(aim, f"{faster:.1f} times", faster >= 100)


def _of_edits(results: list[Result]) -> Iterator[Aim]:
    rows = of(results, "edits", people=5000)
    if rows:
        slowest = max(row["milliseconds"] for row in rows)
        yield Aim("an edit at 5,000 repaired in under 50 ms (median)", f"{slowest:.1f} ms", slowest < 50)
        least = min(row["value_to_fresh"] for row in rows)
        yield Aim("its value within 1 % of a fresh run's at any time", f"{least:.3%}", least >= 0.99)
        broken = sum(row["rules_broken"] + row["kept_lost"] for row in rows)
        yield Aim("no rule broken and no wanted match lost by edits", f"{broken}", broken == 0)


def _of_rounds(results: list[Result]) -> Iterator[Aim]:
    everyone = of(results, "rounds", way="everyone is free")
    some = [row for row in of(results, "rounds") if row["way"] != "everyone is free"]
    if everyone:
        left = sum(row["wished"] - row["placed"] for row in everyone)
        yield Aim("all meetings placed when everyone is free", f"{left} left", left == 0)
    if some:
        least = min(row["placed_to_bound"] for row in some)
        yield Aim("98.5 % of the bound placed at 85 % availability", f"{least:.2%}", least >= 0.985)
    if everyone or some:
        wrong = sum(row["conflicts"] for row in everyone + some)
        yield Aim("no conflicts in any schedule", f"{wrong}", wrong == 0)
