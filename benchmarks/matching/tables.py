"""Results as Markdown."""

import platform
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from statistics import median

from benchmarks.matching.aims import aims, growth, of, time_in_sweeps
from benchmarks.matching.children import Result

Cell = str | int | float | None
NAMES = {
    "long_tailed": "long-tailed",
    "clustered": "clustered",
    "same_ten": "everybody wants the same ten",
    "real": "real",
}


def page(results: list[Result]) -> str:
    """Return everything that was measured as one Markdown page."""
    sections: Iterable[Callable[[list[Result]], str]] = (
        _aims,
        _table,
        _growth,
        _variants,
        _cold,
        _peers,
        _edits,
        _rounds,
        _real,
        _broken,
    )
    measured = [result for result in results if "failed" not in result and "unfinished" not in result]
    parts = [section(results if section in (_broken, _peers) else measured) for section in sections]
    return "\n\n".join([_head(results), *filter(None, parts)])


def _head(results: list[Result]) -> str:
    packages = ", ".join(
        f"{name} {version(name)}" for name in ("numpy", "scipy", "numba", "highspy", "ortools", "networkx")
    )
    challenges = sorted({result["challenges"] for result in results if result["network"] != "real"})
    return (
        f"Python {platform.python_version()}, {packages}. Made-up networks of "
        f"{' and '.join(map(str, challenges)) or 'no'} challenges. Times of one thread are processor time, "
        "with compiled code loaded; of all threads, wall time."
    )


def _table(results: list[Result]) -> str:
    rows = []
    for people, network, own in _groups(of(results, "own", variant="usual", way="")):
        one = [row for row in own if row["threads"] == 1]
        every = [row for row in own if row["threads"] == 0]
        exact = of(results, "exact", variant="usual", network=network, people=people)
        rows.append(
            [
                NAMES[network],
                f"{people:,}",
                len(one),
                _percent(_largest(one, "gap"), 4),
                _percent(_largest(exact, "below_relaxed"), 4),
                _percent(_largest(exact, "below_whole"), 4),
                sum(row["floors_missed"] for row in own),
                _figure(_middle(one, "seconds"), 3),
                _figure(time_in_sweeps(one), 2) + _extrapolated(one),
                _figure(time_in_sweeps(every), 2),
                _figure(_largest(own, "megabytes"), 0),
            ]
        )
    heads = [
        "network", "people", "seeds", "certified gap, worst", "below exact LP, worst", "below exact integer, worst",
        "floors missed", "seconds, one thread", "÷ limit sweep, one thread", "÷ limit sweep, all threads", "MB, most",
    ]  # fmt: skip
    return _section("Value and time", heads, rows, _note_on_extrapolation(results))


def _aims(results: list[Result]) -> str:
    rows = [[each.aim, each.measured, "yes" if each.is_met else "**no**"] for each in aims(results)]
    return _section("What was aimed at", ["aim", "measured", "met"], rows)


def _growth(results: list[Result]) -> str:
    rows = [
        [NAMES[network], *(_figure(exponent, 2) for exponent in found)]
        for network in NAMES
        if (found := growth(results, network))
    ]
    return _section("Growth exponents from 5,000 people on", ["network", "time", "memory added"], rows)


def _variants(results: list[Result]) -> str:
    rows = []
    for variant in ("tight", "infeasible"):
        for people, network, own in _groups(of(results, "own", variant=variant)):
            exact = of(results, "exact", variant=variant, network=network, people=people)
            rows.append(
                [
                    variant,
                    NAMES[network],
                    f"{people:,}",
                    _percent(_largest(own, "gap"), 4),
                    _percent(_largest(exact, "below_relaxed"), 4),
                    _percent(_largest(exact, "below_whole"), 4),
                    own[0]["out_of_reach"],
                    own[0]["below_floor"],
                    own[0]["floors_missed"],
                    _figure(time_in_sweeps(own), 2),
                ]
            )
    heads = [
        "variant", "network", "people", "certified gap", "below exact LP", "below exact integer",
        "floors out of reach", "named below", "floors missed", "÷ limit sweep",
    ]  # fmt: skip
    return _section("Tight ceilings and floors out of reach", heads, rows)


def _cold(results: list[Result]) -> str:
    rows = [
        [name, *(_figure(row[key], 2) for key in ("seconds_loading", "seconds_first", "seconds"))]
        for name, row in zip(
            ("nothing compiled yet", "compiled before"), [row for row in of(results, "own") if row["way"]], strict=False
        )
    ]
    return _section("A fresh process, 150 people", ["", "s to load", "s for the first run", "s for the second"], rows)


def _peers(results: list[Result]) -> str:
    rows = []
    for row in of(results, "peers"):
        start: list[Cell] = [NAMES[row["network"]], f"{row['people']:,}", row["way"]]
        if "value" not in row:
            rows.append([*start, *[_unfinished(row)] + [""] * 6])
            continue
        rows.append(
            [
                *start,
                _percent(row["value_to_own"], 2),
                _percent(row["relaxed_to_own"], 3),
                row["unmatched"],
                row["below_floor"],
                row["flooded"],
                _figure(row["seconds_to_own"], 2),
                _figure(row["solving_to_own"], 2),
            ]
        )
    heads = [
        "network", "people", "instead", "value ÷ ours", "its relaxation ÷ ours", "without any", "below floor",
        "most-flooded person", "time ÷ ours", "without scoring ÷ ours",
    ]  # fmt: skip
    return _section("What people use instead", heads, rows, NOTE_ON_PEERS if rows else "")


NOTE_ON_PEERS = (
    "All get the same scores; times are of the wall, one thread, scoring included on both sides, and once "
    "more without the peer's scoring, as if its scores had been there, against all of ours. Shares of a relaxation "
    "are rounded to whole pairs, the largest first. *One partner each* is held against ours with one "
    "introduction a person. *Each for themselves*: a match is where both are on the other's list; flooded is on how "
    "many lists the most wanted person is. Elsewhere nobody has more than they want."
)


def _edits(results: list[Result]) -> str:
    rows = [
        [
            NAMES[row["network"]],
            f"{row['people']:,}",
            row["edits"],
            *(_figure(row[key], 1) for key in ("milliseconds", "milliseconds_p99", "milliseconds_longest")),
            _percent(row["value_to_fresh"], 3),
            row["fresh_runs"],
            row["kept_lost"],
            row["rules_broken"],
            f"{row['below_floor']} / {row['below_floor_fresh']}",
        ]
        for row in of(results, "edits")
    ]
    heads = [
        "network", "people", "edits", "ms, median", "ms, 99 %", "ms, longest", "value ÷ a fresh run's, lowest",
        "fresh runs meanwhile",
        "wanted matches lost", "rules broken", "below floor / fresh",
    ]  # fmt: skip
    return _section("Edits", heads, rows)


def _rounds(results: list[Result]) -> str:
    rows = [
        [
            NAMES[row["network"]],
            f"{row['people']:,}",
            row["way"],
            *(row[key] for key in ("slots", "wished", "placed", "most")),
            _percent(row["placed_to_bound"], 2),
            row["conflicts"],
            _figure(row["seconds"], 2),
        ]
        for row in of(results, "rounds")
    ]
    heads = [
        "network",
        "people",
        "who",
        "slots",
        "meetings",
        "placed",
        "bound",
        "placed ÷ bound",
        "conflicts",
        "seconds",
    ]
    return _section("Rounds", heads, rows)


def _real(results: list[Result]) -> str:
    lines = [
        f"## Real challenges, organizations and meetings\n\n{row['people']} made-up people of {row['organizations']} "
        f"organizations on {row['challenges']} challenges; {row['ties']:,} pairs met before, {row['acquainted']:,} "
        f"know each other well. {row['matches']:,} matches, gap {_percent(row['gap'], 4)}, {row['below_floor']} below "
        f"their floor, {_figure(row['seconds'], 2)} s. Without knowing who knows whom, "
        f"{row['acquainted_matched_unknowing']} of {row['matches_unknowing']:,} matches would join two who know each "
        f"other well; knowing it, {row['acquainted_matched']}, at {_percent(row['value_to_unknowing'], 2)} of the "
        "value."
        for row in of(results, "real")
    ]
    return "\n\n".join(lines)


def _broken(results: list[Result]) -> str:
    rows = [
        [
            row["measured"],
            NAMES[row["network"]],
            row["people"],
            row["variant"],
            row["seed"],
            row["way"],
            _unfinished(row),
        ]
        for row in results
        if "failed" in row or "unfinished" in row
    ]
    heads = ["part", "network", "people", "variant", "seed", "way", "why"]
    return _section("Not measured", heads, rows)


def _groups(rows: list[Result]) -> list[tuple[int, str, list[Result]]]:
    keys = sorted({(row["people"], list(NAMES).index(row["network"])) for row in rows})
    names = list(NAMES)
    return [
        (people, names[at], [row for row in rows if (row["people"], row["network"]) == (people, names[at])])
        for people, at in keys
    ]


def _section(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], note: str = "") -> str:
    if not rows:
        return ""
    lines = [heads, ["---"] * len(heads), *rows]
    table = "\n".join("| " + " | ".join("" if cell is None else str(cell) for cell in line) + " |" for line in lines)
    return "\n\n".join(filter(None, [f"## {title}", table, note]))


def _unfinished(row: Result) -> str:
    return f"failed: {row['failed']}" if "failed" in row else f"not finished in {row['unfinished']:.0f} s"


def _note_on_extrapolation(results: list[Result]) -> str:
    shares = {
        row["limit_rows"]: row["people"]
        for row in of(results, "own")
        if row.get("limit_rows", row["people"]) < row["people"]
    }
    return "\n".join(f"\\* Extrapolated from {rows:,} of {people:,} rows." for rows, people in shares.items())


def _extrapolated(rows: list[Result]) -> str:
    return " \\*" if any(row["limit_rows"] < row["people"] for row in rows) else ""


def _middle(rows: list[Result], key: str) -> float | None:
    return median(row[key] for row in rows) if rows else None


def _largest(rows: list[Result], key: str) -> float | None:
    return max((row[key] for row in rows if key in row), default=None)


def _percent(share: float | None, digits: int) -> str:
    return "" if share is None else f"{100 * max(share, 0.0):.{digits}f} %"


def _figure(number: float | None, digits: int) -> str:
    return "" if number is None else f"{number:,.{digits}f}"
