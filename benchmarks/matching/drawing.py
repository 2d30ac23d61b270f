"""Results as pictures: the same results give the same files."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.matching.aims import of, time_in_sweeps
from benchmarks.matching.children import Result
from benchmarks.matching.peer_names import PEERS
from benchmarks.matching.tables import NAMES

COLOURS = {"long_tailed": "#1b6ca8", "clustered": "#c8553d", "same_ten": "#3a7d44"}
GAP_ALLOWED = 0.15
STYLE: Any = {
    "svg.hashsalt": "summit",
    "svg.fonttype": "path",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "legend.frameon": False,
}


def draw(results: list[Result], folder: Path) -> None:
    """Draw what there is into matching-value.svg, matching-time.svg and matching-peers.svg."""
    measured = [result for result in results if "value" in result]
    with mpl.rc_context(STYLE):
        if own := of(measured, "own", variant="usual", threads=1, way=""):
            _save(_gaps(own), folder / "matching-value.svg")
            _save(_times(own), folder / "matching-time.svg")
        if peers := of(measured, "peers"):
            _save(_peers(peers), folder / "matching-peers.svg")


def _gaps(own: list[Result]) -> Figure:
    figure, axes = plt.subplots(figsize=(7, 3.6))
    for network, colour in COLOURS.items():
        rows = [row for row in own if row["network"] == network]
        places, gaps = [row["people"] for row in rows], [max(100 * row["gap"], 1e-5) for row in rows]
        axes.scatter(places, gaps, color=colour, label=NAMES[network], s=22, alpha=0.8)
    axes.axhline(GAP_ALLOWED, color="#555555", linestyle="--", linewidth=1)
    axes.annotate(f"{GAP_ALLOWED} %: what was aimed at", (0.99, GAP_ALLOWED), xycoords=("axes fraction", "data"),
                  ha="right", va="bottom")  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="people", ylabel="% below the bound over all pairs")
    axes.set_title("How much better any lists could be, at most; one dot a network and seed", loc="left")
    _say_sizes(axes, own)
    axes.legend()
    return figure


def _times(own: list[Result]) -> Figure:
    figure, axes = plt.subplots(figsize=(7, 3.6))
    for network, colour in COLOURS.items():
        sizes = sorted({row["people"] for row in own if row["network"] == network})
        ratios = [
            time_in_sweeps([row for row in own if (row["network"], row["people"]) == (network, size)]) or 0.0
            for size in sizes
        ]
        axes.plot(sizes, ratios, marker="o", color=colour, label=NAMES[network])
    axes.axhline(1, color="#555555", linestyle="--", linewidth=1)
    axes.annotate(
        "one dense sweep over all pairs", (0.99, 1), xycoords=("axes fraction", "data"), ha="right", va="bottom"
    )
    axes.set(xscale="log", yscale="log", xlabel="people", ylabel="time ÷ one sweep, one thread")
    axes.set_title("Scoring, matching and certificate, in sweeps that look at every pair once", loc="left")
    _say_sizes(axes, own)
    axes.legend()
    return figure


def _peers(peers: list[Result]) -> Figure:
    """Draw value and time of each peer on the largest instance that it finished, over all networks."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.4), sharey=True)
    names = [name for name in PEERS if any(row["way"] == name for row in peers)]
    labels = []
    for at, name in enumerate(names):
        most = max(row["people"] for row in peers if row["way"] == name)
        rows = [row for row in peers if row["way"] == name and row["people"] == most]
        labels.append(f"{name}, {most:,}")
        for row in rows:
            left.scatter(100 * row["value_to_own"], at, color=COLOURS[row["network"]], s=26)
            right.scatter(row["seconds_to_own"], at, color=COLOURS[row["network"]], s=26)
    left.set_yticks(range(len(names)), labels)
    left.invert_yaxis()
    left.set(xlabel="value, % of ours", xlim=(0, 105))
    right.set(xlabel="time ÷ ours, one thread", xscale="log")
    for axes, same in ((left, 100), (right, 1)):
        axes.axvline(same, color="#555555", linestyle="--", linewidth=1)
    for network, colour in COLOURS.items():
        right.scatter([], [], color=colour, label=NAMES[network])
    figure.legend(loc="lower center", ncols=3, bbox_to_anchor=(0.5, -0.08))
    left.set_title("What people use instead, with how many people", loc="left")
    return figure


def _say_sizes(axes: Axes, own: list[Result]) -> None:
    sizes = sorted({row["people"] for row in own})
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.set_xticks([], minor=True)


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)
