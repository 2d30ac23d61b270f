"""The documentation: every command, option and column is in it, its links lead somewhere, and its figures are ours."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from config import ROOT
from summit.challenges import importing as challenge_sheet
from summit.cli import GROUPS, describe_settings
from summit.commitments import organization_sheet
from summit.engine.trust.intervals import wilson
from summit.matching.solve import MATCH_COLUMNS, SCORE_COLUMNS
from summit.organizations.models import OrganizationKind
from summit.organizing.figures import COLD_AFTER, FOLLOWED_UP_WITHIN, FUNNEL
from summit.organizing.wording import stage_words
from summit.summits import attendee_sheet

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
SHEETS = {"Attendees": attendee_sheet, "Challenges": challenge_sheet, "Organizations": organization_sheet}


def _commands() -> Iterator[tuple[str, click.Command]]:
    yield describe_settings.name or "", describe_settings
    for group in GROUPS:
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield f"{group.name} {name}", command


def _section(page: str, title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", (ROOT / "docs" / page).read_text(), re.M | re.S)
    assert found is not None, f"docs/{page} has no section {title}"
    return found[1]


@pytest.mark.parametrize(("name", "command"), list(_commands()), ids=lambda value: value if type(value) is str else "")
def test_every_command_is_documented_with_its_options(name: str, command: click.Command) -> None:
    page = (ROOT / "docs" / "commands.md").read_text()

    lines = [line for line in page.splitlines() if line.startswith((f"| `flask {name} ", f"| `flask {name}`"))]
    options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]

    assert len(lines) == 1
    assert [option for option in options if option not in lines[0]] == []


@pytest.mark.parametrize("title", SHEETS)
def test_every_column_of_a_spreadsheet_is_documented(title: str) -> None:
    section, sheet = _section("spreadsheets.md", title), SHEETS[title]

    said = set(re.findall(r"`([\w']+)`", section))

    assert {*sheet.REQUIRED, *sheet.OPTIONAL, *sheet.ALIASES} - said == set()
    assert re.findall(r"^\| `(\w+)` \| required", section, re.M) == list(sheet.REQUIRED)


def test_every_column_the_solver_writes_is_documented() -> None:
    section = _section("spreadsheets.md", "What `flask matching solve` writes")

    missing = {*MATCH_COLUMNS, *SCORE_COLUMNS} - set(re.findall(r"`(\w+)`", section))

    assert missing == set()


def test_every_kind_of_organization_is_documented() -> None:
    words = set(re.findall(r"\w+", _section("spreadsheets.md", "Attendees")))

    assert {kind.value for kind in OrganizationKind} - words == set()


def test_the_desks_stages_and_terms_stand_in_the_statistics(app: object) -> None:
    page = (ROOT / "docs" / "statistics.md").read_text()
    words = stage_words()

    missing = [words[stage] for stage in FUNNEL if f"| {words[stage]} |" not in page]

    assert missing == []
    assert f"more than {COLD_AFTER.days} days" in page
    assert f"no later than {FOLLOWED_UP_WITHIN.days} days after" in page


def test_the_interval_given_as_an_example_is_what_the_desk_shows() -> None:
    page = (ROOT / "docs" / "statistics.md").read_text()

    part, n, low, high = map(int, re.search(r'(\d+) of (\d+) is "(\d+) to (\d+) %"', page).groups())  # type: ignore[union-attr]  # no example, no test

    assert [round(100 * end) for end in wilson(part, n)] == [low, high]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_and_module_named_in_a_page_is_there(page: Path) -> None:
    text = page.read_text()

    links = [link for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)#:]+)\)", text) if not (page.parent / link).exists()]
    paths = re.findall(r"`((?:summit|tests|docs|script|migrations)/[\w./]*)`", text)

    assert links == []
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_named_in_a_page_is_one(page: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    known = set(re.findall(r"[A-Z]+(?:_[A-Z]+)+", readme)) | {
        "TEST_DATABASE_URL",
        "OPENBLAS_NUM_THREADS",
        "NUMBA_CACHE_DIR",
    }

    assert set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", page.read_text())) - known == set()
