"""Commands about organizations and what they promised: `flask organizations ...`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from summit import clock
from summit.commitments.importing import import_organizations, plan_organizations
from summit.database import session
from summit.terminal import edge, show_dry_run, show_import


@click.group("organizations")
def organizations() -> None:
    """Organizations and their commitments."""


@organizations.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only list what would be created, changed and refused.")
@with_appcontext
@edge
def import_file(file: Path, dry_run: bool) -> None:
    """Import the organizations of FILE (comma, semicolon or tab).

    Columns: organization, kind, place (or city_state), commitment_text, amount, unit, category, year_joined. A text
    that begins with a [tag] is kept as a description, not as a commitment. When any row has a problem, nothing is
    written.
    """
    if dry_run:
        show_dry_run(plan_organizations(session(), file.read_bytes()).report)
        return
    show_import(import_organizations(session(), file.read_bytes(), by=None, now=clock.now()))
