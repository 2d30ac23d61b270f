"""Rounds from a spreadsheet: a schedule beside the matches, nobody in two places, who is free when is kept to."""

import csv
import io
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from summit.app import create_app
from summit.engine.matching.rounds_check import check_rounds
from tests.conftest import settings_for
from tests.matching.test_solve import _network


@pytest.fixture(scope="module")
def bare_app() -> Flask:
    """An application whose database was never made."""
    return create_app(settings_for("sqlite:////nonexistent-folder/none.db"))


def _solve(app: Flask, folder: Path, people: str, *options: str) -> Result:
    source = folder / "people.csv"
    source.write_text(people, encoding="utf-8")
    arguments = ["matching", "solve", str(source), "--out", str(folder / "matches.csv"), *options]
    return app.test_cli_runner().invoke(args=arguments)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


def _couples(rows: list[dict[str, str]]) -> set[tuple[str, str]]:
    return {(row["email_a"], row["email_b"]) for row in rows}


def _seats(schedule: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(row["slot"], row[name]) for row in schedule for name in ("email_a", "email_b", "email_c") if row[name]]


def test_all_matches_are_placed_in_as_many_rounds_as_the_busiest_person_has(bare_app: Flask, tmp_path: Path) -> None:
    _solve(bare_app, tmp_path, _network(60, 1))
    matches = _rows(tmp_path / "matches.csv")
    busiest = max(Counter(row[name] for row in matches for name in ("email_a", "email_b")).values())

    result = _solve(bare_app, tmp_path, _network(60, 1), "--rounds", str(busiest), "--tables", "30")

    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    schedule = _rows(tmp_path / "matches.schedule.csv")
    assert summary["meetings"] == summary["meetings_bound"] == summary["matches"] == len(schedule) == len(matches)
    assert {(row["email_a"], row["email_b"]) for row in schedule} == {
        (row["email_a"], row["email_b"]) for row in matches
    }
    assert max(Counter(_seats(schedule)).values()) == 1
    assert max(Counter((row["slot"], row["table"]) for row in schedule).values()) == 1
    assert {int(row["slot"]) for row in schedule} == set(range(1, busiest + 1))


def test_a_sheet_of_slots_is_kept_to_and_known_to_the_matching(bare_app: Flask, tmp_path: Path) -> None:
    people = _network(40, 2)
    slots = tmp_path / "slots.csv"
    early, late = [f"p{n}@example.org" for n in range(20)], [f"p{n}@example.org" for n in range(20, 40)]
    lines = [*(f"{email},1;2;3" for email in early), *(f"{email},4;5;6" for email in late)]
    slots.write_text("\n".join(["email,slots", *lines]))

    result = _solve(bare_app, tmp_path, people, "--slots", str(slots), "--schedule", str(tmp_path / "when.csv"))

    assert result.exit_code == 0, result.output
    matches, schedule = _rows(tmp_path / "matches.csv"), _rows(tmp_path / "when.csv")
    assert [row for row in matches if (row["email_a"] in early) != (row["email_b"] in early)] == []
    assert len(schedule) > 20
    assert [(slot, email) for slot, email in _seats(schedule) if (email in early) != (slot in "123")] == []


def test_few_tables_are_filled_with_the_best_matches(bare_app: Flask, tmp_path: Path) -> None:
    result = _solve(bare_app, tmp_path, _network(40, 3), "--rounds", "2", "--tables", "3")

    summary, schedule = json.loads(result.stdout), _rows(tmp_path / "matches.schedule.csv")
    score = {(row["email_a"], row["email_b"]): float(row["score"]) for row in _rows(tmp_path / "matches.csv")}
    placed = [score[row["email_a"], row["email_b"]] for row in schedule]
    assert (summary["meetings"], summary["meetings_bound"], len(schedule)) == (6, 6, 6)
    assert sum(placed) / 6 > sum(score.values()) / len(score)
    assert {row["table"] for row in schedule} == {"1", "2", "3"}


def test_without_rounds_nothing_is_said_of_meetings(bare_app: Flask, tmp_path: Path) -> None:
    result = _solve(bare_app, tmp_path, _network(20, 1))

    assert "meetings" not in result.stdout
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["matches.csv", "people.csv"]


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("email,slots\np0@example.org,1;zero", "row 2, column slots: “zero” is no slot."),
        ("email,slots\np0@example.org,5", "row 2, column slots: “5” is no slot."),
        ("email,slots\nnobody@example.org,1", "row 2, column email: nobody@example.org is not in the list"),
        ("email,slots\np0@example.org,1\nP0@example.org,2", "row 3, column email: p0@example.org stands in row 2"),
        ("email\np0@example.org", "slots"),
    ],
)
def test_a_wrong_sheet_of_slots_is_refused_by_row_and_nothing_is_written(
    bare_app: Flask, tmp_path: Path, sheet: str, said: str
) -> None:
    slots = tmp_path / "slots.csv"
    slots.write_text(sheet)

    result = _solve(bare_app, tmp_path, _network(10, 1), "--rounds", "4", "--slots", str(slots))

    assert result.exit_code == 1
    assert said in result.stderr
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["people.csv", "slots.csv"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--tables", "4"], "say how many with --rounds"),
        (["--rounds", "0"], "--rounds"),
        (["--rounds", "2", "--schedule", "{out}"], "same file"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    bare_app: Flask, tmp_path: Path, options: list[str], said: str
) -> None:
    named = [option.format(out=tmp_path / "matches.csv") for option in options]

    result = _solve(bare_app, tmp_path, _network(10, 1), *named)

    assert result.exit_code == 2
    assert said in result.stderr


def test_the_schedule_holds_before_the_separate_checker(bare_app: Flask) -> None:
    from summit.engine.matching.rounds import Wishes
    from summit.matching.schedule_sheet import always_free
    from summit.matching.solve import plan_solution, solve

    with bare_app.app_context():
        solution = solve(_network(50, 4).encode(), availability=always_free(4))
    schedule = plan_solution(solution, always_free(4), tables=20)

    found = solution.assignment
    free = always_free(4).matrix(solution.emails)
    check_rounds(Wishes(found.pairs, found.scores, free, 20, solution.prepared.profiles.excluded), schedule)
    assert schedule.placed >= 0.985 * schedule.bound
