"""Commands of the room `challenges`: `flask challenges ...`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from summit import clock
from summit.challenges.importing import import_challenges, plan_challenges
from summit.database import session
from summit.terminal import edge, show_dry_run, show_import


@click.group("challenges")
def challenges() -> None:
    """The map of challenges and themes."""


@challenges.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only list what would be created, changed and refused.")
@with_appcontext
@edge
def import_file(file: Path, dry_run: bool) -> None:
    """Import the challenges of FILE (comma, semicolon or tab).

    Columns: title (or challenge), theme (several separated by ";", or "unknown"), slug, description, version. When any
    row has a problem, nothing is written.
    """
    if dry_run:
        show_dry_run(plan_challenges(session(), file.read_bytes()).report)
        return
    show_import(import_challenges(session(), file.read_bytes(), by=None, now=clock.now()))
