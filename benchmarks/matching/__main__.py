"""Measure the matching: script/bench matching [PEOPLE …], with --help for what else."""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.matching import drawing, tables
from benchmarks.matching.children import ROOT, Case, Result, ask
from benchmarks.matching.networks import CHALLENGES, NETWORKS, VARIANTS
from benchmarks.matching.peer_names import PEERS

SIZES = (150, 1000, 5000, 20_000)
FULL, SMALL = 50_000, 60
PEER_SIZES = (150, 240, 1000, 5000, 20_000)
WHOLE_UP_TO, RELAXED_UP_TO = 1000, 5000
EDITED, ROUNDED = 5000, 1000
PEERS_PATIENCE = 300.0
PARTS = ("table", "variants", "cold", "peers", "edits", "rounds", "real")


def main() -> None:
    """Measure the parts asked for and print them as tables, or as lines of JSON."""
    chosen = _arguments()
    results = []
    for result in _measured(chosen):
        results.append(result)
        if chosen.json:
            print(json.dumps(result), flush=True)
    if not chosen.json:
        print(tables.page(results))
    if chosen.draw:
        drawing.draw(results, ROOT / "docs")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench matching", description=__doc__)
    parser.add_argument("people", nargs="*", type=int, help=f"sizes of the table (otherwise {SIZES})")
    parser.add_argument("--full", action="store_true", help=f"{FULL:,} people too, and no extrapolated limit")
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds of each network (5)")
    parser.add_argument("--networks", default=",".join(NETWORKS), help="which networks, separated by commas")
    parser.add_argument("--challenges", type=int, default=CHALLENGES, help=f"how many challenges ({CHALLENGES})")
    parser.add_argument("--json", action="store_true", help="print lines of JSON as they come")
    parser.add_argument("--draw", action="store_true", help="draw the results into docs/")
    parser.add_argument("--from", dest="source", type=Path, help="read results, written with --json, from this file")
    for part in PARTS:
        parser.add_argument(f"--{part}", dest="parts", action="append_const", const=part, help=f"only the {part}")
    return parser.parse_args()


def _measured(chosen: argparse.Namespace) -> Iterator[Result]:
    if chosen.source:
        yield from map(json.loads, chosen.source.read_text().splitlines())
        return
    everything = {
        "table": _table,
        "variants": _variants,
        "cold": _cold,
        "peers": _peers,
        "edits": _edits,
        "rounds": _rounds,
        "real": _real,
    }
    # The first process compiles what the others load: their memory and time are without it.
    ask("own", Case("clustered", SMALL))
    for part in chosen.parts or PARTS:
        yield from everything[part](chosen)


def _cases(chosen: argparse.Namespace, sizes: list[int], **more: object) -> Iterator[Case]:
    for people in sizes:
        for network in chosen.networks.split(","):
            yield Case(network, people, challenges=chosen.challenges, full=chosen.full, **more)  # type: ignore[arg-type]


def _table(chosen: argparse.Namespace) -> Iterator[Result]:
    sizes = chosen.people or [*SIZES, *([FULL] if chosen.full else [])]
    for seed in range(chosen.seeds):
        for case in _cases(chosen, sizes, seed=seed):
            yield ask("own", case)
            if case.people <= WHOLE_UP_TO:
                yield ask("exact", Case(**{**case.__dict__, "way": "whole"}))
            elif seed == 0 and case.people <= RELAXED_UP_TO:
                yield ask("exact", case)
    if (os.cpu_count() or 1) > 1:
        yield from (ask("own", case) for case in _cases(chosen, sizes, threads=0))


def _variants(chosen: argparse.Namespace) -> Iterator[Result]:
    sizes = [people for people in chosen.people or SIZES if people <= RELAXED_UP_TO]
    for variant in VARIANTS:
        for case in _cases(chosen, sizes if variant != "usual" else [], variant=variant):
            yield ask("own", case)
            if case.people <= WHOLE_UP_TO:
                yield ask("exact", Case(**{**case.__dict__, "way": "whole"}))


def _cold(chosen: argparse.Namespace) -> Iterator[Result]:
    """Start fresh processes: the first with nothing compiled, the next with what it compiled."""
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            case = Case("clustered", 150, challenges=chosen.challenges, way=str(time.time()))
            yield ask("own", case, settings={"NUMBA_CACHE_DIR": folder})


def _peers(chosen: argparse.Namespace) -> Iterator[Result]:
    for case in _cases(chosen, chosen.people or list(PEER_SIZES)):
        for name, most in PEERS.items():
            if case.people <= most or (chosen.full and case.people <= WHOLE_UP_TO):
                yield ask("peers", Case(**{**case.__dict__, "way": name}), patience=PEERS_PATIENCE)


def _edits(chosen: argparse.Namespace) -> Iterator[Result]:
    return (ask("edits", case) for case in _cases(chosen, chosen.people or [EDITED]))


def _rounds(chosen: argparse.Namespace) -> Iterator[Result]:
    for case in _cases(chosen, chosen.people or [150, ROUNDED]):
        for way in ("everyone is free", "85 % are free"):
            yield ask("rounds", Case(**{**case.__dict__, "way": way}))


def _real(_chosen: argparse.Namespace) -> Iterator[Result]:
    yield ask("real", Case("real", 400))


if __name__ == "__main__":
    main()
