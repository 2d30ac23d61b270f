"""A spreadsheet in, a spreadsheet out: everybody matched, certified, explained; bad input writes nothing."""

import csv
import io
import json
import os
import random
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from summit.app import create_app
from summit.errors import Invalid
from summit.matching.solve import Solution, matches_sheet, scores_sheet, solve
from tests.conftest import settings_for

HEADER = "email,name,organization,organization_kind,working_on,asks,offers,introductions,do_not_match,met"


@pytest.fixture(scope="module")
def bare_app() -> Flask:
    """An application whose database was never made."""
    return create_app(settings_for("sqlite:////nonexistent-folder/none.db"))


def _network(people: int, seed: int, *, challenges: int = 60) -> str:
    """Made-up people: long-tailed challenges, one to four asks and offers, ceilings of three to eight."""
    generator = random.Random(seed)
    weights = [1 / (rank + 1) ** 0.8 for rank in range(challenges)]

    def some(least: int, most: int) -> str:
        chosen = generator.choices(range(challenges), weights, k=generator.randint(least, most))
        return ";".join(f"Challenge {c}:{generator.randint(1, 3)}" for c in dict.fromkeys(chosen))

    lines = [HEADER]
    kinds = ["university", "district", "museum", "nonprofit"]
    for n in range(people):
        other = generator.randrange(people)
        shunned = f"p{other}@example.org" if other != n and generator.random() < 0.05 else ""
        house = generator.randrange(max(people * 3 // 4, 2))
        lines.append(
            f"p{n}@example.org,Person {n},House {house},{kinds[house % 4]},{some(0, 3)},{some(1, 4)},{some(1, 4)},"
            f"{generator.randint(3, 8)},{shunned},"
        )
    return "\n".join(lines)


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _check(solution: Solution) -> None:
    """What must hold of every solution, read back from the written sheets alone."""
    matches = _rows(matches_sheet(solution))
    scores = {(row["email_a"], row["email_b"]): float(row["score"]) for row in _rows(scores_sheet(solution))}
    summary = solution.summary()
    assert summary["matches"] == len(matches)
    assert len({(row["email_a"], row["email_b"]) for row in matches}) == len(matches)
    assert abs(sum(float(row["score"]) for row in matches) - summary["value"]) < 1e-6
    assert summary["value"] <= summary["bound"] + 1e-9
    assert summary["pairs"] == len(scores)
    for row in matches:
        assert row["email_a"] < row["email_b"]
        assert abs(sum(json.loads(row["reasons"]).values()) - float(row["score"])) < 1e-6
        assert abs(scores.get((row["email_a"], row["email_b"]), 0.0) - float(row["score"])) < 1e-9


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.integers(1, 60), seed=st.integers(0, 10**6), challenges=st.integers(1, 80))
def test_reasons_add_up_and_the_bound_holds_over_random_networks(
    bare_app: Flask, people: int, seed: int, challenges: int
) -> None:
    with bare_app.app_context():
        _check(solve(_network(people, seed, challenges=challenges).encode()))


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_a_thousand_people_are_all_matched_three_times_within_two_percent(bare_app: Flask, seed: int) -> None:
    with bare_app.app_context():
        solution = solve(_network(1000, seed).encode())
    degree = solution.assignment.degrees(1000)

    assert solution.summary()["unmatched"] == 0
    assert degree.min() >= 3
    assert solution.gap <= 0.02


def test_the_order_of_the_rows_does_not_matter(bare_app: Flask) -> None:
    lines = _network(40, 7).splitlines()
    shuffled = [lines[0], *random.Random(1).sample(lines[1:], 40)]

    with bare_app.app_context():
        one, other = solve("\n".join(lines).encode()), solve("\n".join(shuffled).encode())

    assert matches_sheet(one) == matches_sheet(other)


def test_hard_rules_hold(bare_app: Flask) -> None:
    sheet = "\n".join(
        [
            HEADER,
            "a@example.org,Ana,One,,,Labs,,3,,",
            "b@example.org,Ben,One,,,,Labs,3,,",
            "c@example.org,Cai,Two,,,,Labs,3,a@example.org,",
            "d@example.org,Dee,Three,,,,Labs,3,,a@example.org",
            "e@example.org,Eve,Four,,,,labs,3,,",
        ]
    )

    with bare_app.app_context():
        rows = _rows(matches_sheet(solve(sheet.encode())))

    assert [row["email_b"] for row in rows if row["email_a"] == "a@example.org"] == ["e@example.org"]


def test_bad_rows_are_named_and_nothing_is_written(bare_app: Flask, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(f"{HEADER}\na@example.org,Ana,One,,,Labs:9,,3,,\nno-address,Ben,Two,,,,,99,,\n")

    result = bare_app.test_cli_runner().invoke(args=["matching", "solve", str(source), "--out", str(target)])

    assert result.exit_code == 1
    assert "row 2, column asks" in result.stderr
    assert "row 3, column email" in result.stderr
    assert "row 3, column introductions" in result.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_somebody_named_who_is_not_there_is_refused(bare_app: Flask) -> None:
    with bare_app.app_context(), pytest.raises(Invalid) as caught:
        solve(f"{HEADER}\na@example.org,Ana,One,,,,,3,ghost@example.org,\n".encode())

    assert list(caught.value.fields) == ["row 2, column do_not_match"]


def test_the_command_prints_the_certificate_and_writes_both_sheets(bare_app: Flask, tmp_path: Path) -> None:
    source, out, scores = tmp_path / "in.csv", tmp_path / "out.csv", tmp_path / "scores.csv"
    source.write_text(_network(50, 3))

    result = bare_app.test_cli_runner().invoke(
        args=["matching", "solve", str(source), "--out", str(out), "--scores", str(scores)]
    )
    printed = json.loads(result.stdout)

    assert result.exit_code == 0, result.stderr
    assert set(printed) == {
        "people", "pairs", "matches", "value", "bound", "gap", "unmatched", "seconds", "seconds_total",
    }  # fmt: skip
    assert out.read_text().splitlines()[0] == "email_a,email_b,score,rank_for_a,rank_for_b,reasons"
    assert scores.read_text().splitlines()[0] == "email_a,email_b,score,reasons"
    assert len(out.read_text().splitlines()) == printed["matches"] + 1
    assert len(scores.read_text().splitlines()) == printed["pairs"] + 1


def test_when_one_sheet_can_not_be_written_neither_is(bare_app: Flask, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(_network(20, 3))

    result = bare_app.test_cli_runner().invoke(
        args=["matching", "solve", str(source), "--out", str(out), "--scores", str(tmp_path / "no folder" / "s.csv")]
    )

    assert result.exit_code != 0
    assert "s.csv can't be written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_two_sheets_do_not_go_into_one_file(bare_app: Flask, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(_network(20, 3))

    result = bare_app.test_cli_runner().invoke(
        args=["matching", "solve", str(source), "--out", str(out), "--scores", str(out)]
    )

    assert result.exit_code != 0
    assert "--scores" in result.stderr
    assert not out.exists()


def test_a_sheet_that_is_read_is_never_written_over(bare_app: Flask, tmp_path: Path) -> None:
    source, slots = tmp_path / "in.csv", tmp_path / "slots.csv"
    source.write_text(_network(20, 3))
    slots.write_text("email,slots\np0@example.org,1;2\n")
    before = source.read_text(), slots.read_text()
    base = ["matching", "solve", str(source), "--slots", str(slots), "--out"]

    results = [
        bare_app.test_cli_runner().invoke(args=[*base, str(source)]),
        bare_app.test_cli_runner().invoke(args=[*base, str(tmp_path / "out.csv"), "--schedule", str(slots)]),
    ]

    assert [result.exit_code for result in results] == [2, 2]
    assert all("is read and would be overwritten" in result.stderr for result in results)
    assert (source.read_text(), slots.read_text()) == before


def test_a_pipe_or_a_link_given_as_out_stays_what_it_is(bare_app: Flask, tmp_path: Path) -> None:
    source, link, pipe = tmp_path / "in.csv", tmp_path / "link.csv", tmp_path / "pipe"
    source.write_text(_network(20, 3))
    link.symlink_to("target.csv")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    for out in (link, pipe):
        result = bare_app.test_cli_runner().invoke(args=["matching", "solve", str(source), "--out", str(out)])
        assert result.exit_code == 0, result.stderr

    assert link.is_symlink()
    assert pipe.is_fifo()
    assert os.read(reader, 65536).decode() == link.read_text()
    os.close(reader)


def test_the_reasons_of_a_row_add_up_to_its_score_to_the_last_digit():
    sheet = matches_sheet(solve(_many(60)))

    rows = list(csv.DictReader(io.StringIO(sheet)))
    assert len(rows) > 60
    assert [float(row["score"]) for row in rows] == [sum(json.loads(row["reasons"]).values()) for row in rows]


def _many(count):
    draw = random.Random(4)
    challenges = ["Mentors", "Retention", "Trips", "Budgets", "Reading"]

    def some():
        return "; ".join(f"{each}:{draw.randint(1, 3)}" for each in draw.sample(challenges, draw.randint(1, 4)))

    lines = ["email,name,organization,asks,offers,working_on,introductions,talk_about"]
    lines += [
        f"p{number}@example.org,P{number},O{number},{some()},{some()},{some()},5,{draw.choice(challenges)} and trees"
        for number in range(count)
    ]
    return "\n".join(lines).encode()
