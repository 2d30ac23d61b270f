"""The sample is invented: none of its sentences stands in the real data."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from summit.sample.challenge_texts import CHALLENGES
from summit.sample.draw import draw_network
from summit.sample.stance_texts import STANCE_LINES


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def _sentences() -> Iterator[str]:
    for challenge in CHALLENGES:
        yield challenge.title
        yield from re.split(r"(?<=[.?!])\s", challenge.description)
    for lines in STANCE_LINES.values():
        yield from lines


def _cells(file: Path) -> list[str]:
    with file.open(encoding="utf-8", newline="") as sheet:
        return [_folded(cell) for row in csv.reader(sheet, delimiter="\t") for cell in row if cell]


def test_no_sentence_of_the_sample_stands_in_the_real_challenges(shared_data: Path) -> None:
    real = _cells(shared_data / "challenges.tsv")
    ours = [_folded(sentence) for sentence in _sentences()]

    assert len(real) > 200
    assert [text for text in ours if any(text in cell for cell in real)] == []


def test_no_organization_of_the_sample_is_a_real_one(shared_data: Path) -> None:
    real = set(_cells(shared_data / "organizations.tsv"))
    ours = draw_network(today=date(2026, 10, 14)).organizations
    statements = [c.statement for organization in ours for c in organization.commitments]

    assert len(real) > 300
    assert [name for name in (organization.name for organization in ours) if _folded(name) in real] == []
    assert [text for text in statements if _folded(text) in real] == []
