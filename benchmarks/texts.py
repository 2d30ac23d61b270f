"""Measure how well texts are compared, with and without the sentence encoder, on texts nothing was tuned on.

python -m benchmarks.texts --data FOLDER [--ratings FILE] [--encoder minilm]

FOLDER holds challenges.tsv and organizations.tsv. Of all pairs of challenges: are two of one theme more alike than two
of different themes? Of commitments: the same for category and for kind of organization. The figure is the probability
that a pair of one group is more alike than a pair of two (ties half; 0.5 is chance), with a 95 % interval from drawing
the texts, not the pairs, anew.

FILE holds ratings of fit by experts as JSON: {"texts": {name: [text, ...]}, "ratings": [[rater, item, rating], ...]},
both names being names of texts. The figure is the loss of Stelmakh et al. (arXiv 2303.16750): over all pairs of items
that one rater rated differently, the difference of the ratings where the order is wrong, half of it where there is a
tie, divided by the sum of all differences. 0 is perfect, 0.5 is chance.
"""

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from time import perf_counter

import numpy as np
from scipy.stats import rankdata

from summit.engine.matching.encoder import ENCODERS, Encoder, EncoderMissing, encoder_named
from summit.engine.matching.texts import likeness

DRAWS = 400
GROUPED = (
    ("challenges.tsv", "challenge", "theme"),
    ("organizations.tsv", "commitment_text", "category"),
    ("organizations.tsv", "commitment_text", "kind"),
)


def rows_of(path: Path, text: str, group: str) -> tuple[list[str], list[frozenset[str]]]:
    """Read the texts that have a group; what is in brackets is a description, not a commitment."""
    texts, groups = [], []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            names = frozenset(name.strip() for name in row[group].split(";")) - {"", "unknown"}
            if row[text] and not row[text].startswith("[") and names:
                texts.append(row[text])
                groups.append(names)
    return texts, groups


def probability(alike: np.ndarray, same: np.ndarray) -> float:
    """Return how often a pair of one group is more alike than a pair of two groups, ties half."""
    ranks = rankdata(alike)
    count = int(same.sum())
    return float((ranks[same].sum() - count * (count + 1) / 2) / (count * (same.size - count)))


def grouped(texts: list[str], groups: list[frozenset[str]], encoder: Encoder | None) -> dict[str, object]:
    """Measure one grouping; texts drawn twice make no pair with themselves."""
    alike = likeness([[text] for text in texts], encoder=encoder).toarray()
    same = np.array([[bool(one & other) for other in groups] for one in groups])
    draw = np.random.default_rng(4)

    def of(chosen: np.ndarray) -> float:
        low, high = np.triu_indices(chosen.size, 1)
        low, high = chosen[low], chosen[high]
        apart = low != high
        return probability(alike[low, high][apart], same[low, high][apart])

    every = np.arange(len(texts))
    drawn = [of(draw.choice(every, every.size)) for _ in range(DRAWS)]
    low, high = np.triu_indices(every.size, 1)
    return {
        "probability": round(of(every), 3),
        "interval": [round(float(each), 3) for each in np.percentile(drawn, [2.5, 97.5])],
        "texts": len(texts),
        "pairs": int(low.size),
        "pairs_of_one_group": int(same[low, high].sum()),
    }


def loss(fit: Sequence[float], ratings: Sequence[float]) -> tuple[float, float]:
    """Return the wrong and the whole difference of one rater's pairs of items."""
    wrong = whole = 0.0
    for (one, one_rated), (other, other_rated) in combinations(zip(fit, ratings, strict=True), 2):
        difference = one_rated - other_rated
        whole += abs(difference)
        order = (one - other) * difference
        wrong += abs(difference) * (1.0 if order < 0 else 0.5 if one == other else 0.0)
    return wrong, whole


def rated(path: Path, encoder: Encoder | None) -> dict[str, object]:
    """Measure the loss on a file of ratings, with a 95 % interval from drawing the raters anew."""
    given = json.loads(path.read_text(encoding="utf-8"))
    names = sorted(given["texts"])
    number = {name: index for index, name in enumerate(names)}
    alike = likeness([given["texts"][name] for name in names], encoder=encoder)
    by_rater: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for rater, item, rating in given["ratings"]:
        by_rater[rater].append((float(alike[number[rater], number[item]]), float(rating)))
    losses = np.array([loss(*zip(*found, strict=True)) for found in by_rater.values()])
    draw = np.random.default_rng(4)
    drawn = [losses[draw.choice(len(losses), len(losses))].sum(axis=0) for _ in range(DRAWS)]
    return {
        "loss": round(float(losses[:, 0].sum() / losses[:, 1].sum()), 3),
        "interval": [round(float(x), 3) for x in np.percentile([wrong / whole for wrong, whole in drawn], [2.5, 97.5])],
        "raters": len(losses),
        "ratings": len(given["ratings"]),
    }


def made_up(people: int, words: int, seed: int = 4) -> list[list[str]]:
    """Draw one text a person, of words of Zipf-like frequency."""
    draw = np.random.default_rng(seed)
    frequency = 1 / np.arange(1, 5001)
    drawn = draw.choice(5000, size=(people, words), p=frequency / frequency.sum())
    return [[" ".join(f"w{word}" for word in row)] for row in drawn.tolist()]


def timed(people: int, words: int) -> dict[str, object]:
    """Time the comparison of made-up texts by their words."""
    texts = made_up(people, words)
    began = perf_counter()
    found = likeness(texts)
    return {"people": people, "words": words, "seconds": round(perf_counter() - began, 2), "kept": found.nnz}


def main() -> None:
    """Print one line of JSON a measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with challenges.tsv and organizations.tsv")
    parser.add_argument("--ratings", type=Path, help="file with ratings by experts")
    parser.add_argument("--encoder", choices=ENCODERS, default="none", help="also measure with this encoder")
    chosen = parser.parse_args()
    encoders: dict[str, Encoder | None] = {"words": None}
    if chosen.encoder != "none":
        try:
            encoders[f"words and {chosen.encoder}"] = encoder_named(chosen.encoder)
        except EncoderMissing as error:
            parser.error(str(error))
    for name, encoder in encoders.items():
        for file, text, group in GROUPED if chosen.data else ():
            result = grouped(*rows_of(chosen.data / file, text, group), encoder)
            print(json.dumps({"compared_by": name, "texts_of": file, "group": group, **result}))
        if chosen.ratings:
            print(json.dumps({"compared_by": name, **rated(chosen.ratings, encoder)}))
    for people, words in ((150, 12), (1000, 12), (5000, 12), (20000, 12)):
        print(json.dumps(timed(people, words)))


if __name__ == "__main__":
    main()
