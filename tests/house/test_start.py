"""What a process loads when it starts: web processes and short commands pay for no solver."""

import subprocess
import sys

import pytest
from click import Group

from config import ROOT
from summit.cli import matching, sample
from summit.matching import commands as matching_commands
from summit.sample import commands as sample_commands

LOADED = "import sys; print([name for name in ('numba', 'summit.engine.matching.assignment') if name in sys.modules])"


def _loaded_after(program: str) -> str:
    run = subprocess.run(
        [sys.executable, "-c", f"{program}\n{LOADED}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return run.stdout.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "program",
    [
        "import wsgi",
        "import wsgi; wsgi.app.test_cli_runner().invoke(args=['--help'])",
        "import wsgi; wsgi.app.test_cli_runner().invoke(args=['mail', 'deliver', '--help'])",
        "import summit.engine",
        "import sys; sys.path.insert(0, 'script'); import serve",
    ],
)
def test_the_solver_is_not_loaded_where_nothing_is_matched(program: str) -> None:
    assert _loaded_after(program) == "[]"


def test_the_worker_loads_the_solver() -> None:
    assert "summit.engine.matching.assignment" in _loaded_after("import summit.worker")


@pytest.mark.parametrize(("late", "group"), [(matching, matching_commands.matching), (sample, sample_commands.sample)])
def test_a_group_that_is_loaded_late_says_what_it_is_for_and_has_its_commands(late: Group, group: Group) -> None:
    with late.make_context(late.name, [], resilient_parsing=True) as context:
        names = late.list_commands(context)

        assert late.help == group.help
        assert names == sorted(group.commands)
        assert all(late.get_command(context, name) is group.commands[name] for name in names)
