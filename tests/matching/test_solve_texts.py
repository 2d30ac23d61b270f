"""A spreadsheet of people who only wrote something: abstracts are compared, and the order follows the likeness."""

import csv
import io
import json
from pathlib import Path

import pytest
from flask import Flask

from summit.app import create_app
from summit.engine.matching.encoder import EncoderMissing, encoder_named
from summit.engine.matching.texts import likeness
from summit.errors import Invalid
from summit.matching.solve import Solution, matches_sheet, scores_sheet, solve
from summit.summits.attendee_sheet import parse_attendees
from tests.conftest import settings_for

TEXTS = {
    "ana": ["How mentoring keeps new science teachers in rural schools", "Learning to read graphs in grade five"],
    "ben": ["Mentoring new teachers in their first year"],
    "cleo": ["Robots in the after-school club"],
    "dana": ["Building robots with what is in the house", "Reading graphs of robots"],
    "emil": ["Bread, and why it rises"],
}


@pytest.fixture
def bare_app() -> Flask:
    """An application whose database was never made."""
    return create_app(settings_for("sqlite:////nonexistent-folder/none.db"))


def _sheet(texts: dict[str, list[str]], places: dict[str, str] | None = None) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("email", "name", "organization", "place", "talk_about"))
    for name, lines in texts.items():
        place = (places or {}).get(name, "")
        writer.writerow((f"{name}@example.org", name, f"House of {name}", place, "\r\n".join(lines)))
    return written.getvalue().encode()


def _scores(solution: Solution) -> dict[tuple[str, str], float]:
    rows = csv.DictReader(io.StringIO(scores_sheet(solution)))
    return {(row["email_a"][:-12], row["email_b"][:-12]): float(row["score"]) for row in rows}


def test_the_order_of_scores_is_the_order_of_likeness_where_nothing_else_is_said(bare_app: Flask) -> None:
    names = sorted(TEXTS)
    alike = likeness([TEXTS[name] for name in names]).toarray()

    with bare_app.app_context():
        scores = _scores(solve(_sheet(TEXTS)))

    expected = {(names[a], names[b]): alike[a, b] for a in range(5) for b in range(a + 1, 5) if alike[a, b] > 0}
    assert sorted(scores, key=lambda pair: scores[pair]) == sorted(expected, key=lambda pair: expected[pair])


def test_people_who_only_wrote_something_are_matched_by_it(bare_app: Flask) -> None:
    with bare_app.app_context():
        matches = list(csv.DictReader(io.StringIO(matches_sheet(solve(_sheet(TEXTS))))))

    by_words = {row["email_a"][0] + row["email_b"][0]: json.loads(row["reasons"]) for row in matches}
    assert {"ab", "cd"} <= set(by_words)
    assert set(by_words["ab"]) == {"shared_text"}


def test_the_same_place_counts_for_those_who_stated_nothing(bare_app: Flask) -> None:
    places = {"ana": "Toledo,  Ohio", "emil": "toledo, ohio", "ben": "Lima, Ohio"}

    with bare_app.app_context():
        scores = _scores(solve(_sheet({name: [] for name in TEXTS}, places)))

    assert set(scores) == {("ana", "emil")}


def test_a_whole_abstract_is_read_line_by_line_and_a_longer_text_is_refused_by_row_and_column(bare_app: Flask) -> None:
    long = {**TEXTS, "ana": ["word " * 1999, "another text"]}
    longer = {**TEXTS, "ana": ["word " * 4001]}

    with bare_app.app_context():
        assert solve(_sheet(long)).summary()["people"] == 5
        with pytest.raises(Invalid) as refused:
            solve(_sheet(longer))

    assert refused.value.fields == {"row 2, column talk_about": "It has 20004 characters. Shorten it to 20000."}


def test_an_import_still_takes_one_line_of_200_characters_only(bare_app: Flask) -> None:
    with bare_app.test_request_context():
        refused = parse_attendees(_sheet({"ana": ["x" * 201]}))
        taken = parse_attendees(_sheet({"ana": ["One", "", "Two"]}))

    assert [problem.column for problem in refused.problems] == ["talk_about"]
    assert (taken.rows[0].talk_about, taken.rows[0].texts) == ("One Two", ("One", "Two"))


def test_an_encoder_that_is_asked_for_but_not_installed_stops_the_command(bare_app: Flask, tmp_path: Path) -> None:
    try:
        encoder_named("minilm")
    except EncoderMissing:
        pass
    else:
        pytest.skip("the sentence encoder is installed here")
    sheet, out = tmp_path / "people.csv", tmp_path / "matches.csv"
    sheet.write_bytes(_sheet(TEXTS))

    asked = bare_app.test_cli_runner().invoke(
        args=["matching", "solve", str(sheet), "--out", str(out), "--encoder", "minilm"]
    )

    assert asked.exit_code == 1
    assert "script/setup encoder" in asked.stderr
    assert not out.exists()
