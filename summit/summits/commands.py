"""Commands of the room `summits`; `flask people import` is put into the group `people` by `summit.cli`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from summit import clock
from summit.database import session
from summit.summits.attendance import require_open
from summit.summits.attendee_import import import_attendees
from summit.summits.attendee_plan import plan_attendees
from summit.summits.finding import summit_by_slug
from summit.terminal import edge, progress_bar, show_dry_run, show_import


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--summit", "slug", required=True, help="The slug of the summit they attend.")
@click.option("--dry-run", is_flag=True, help="Only list what would be created, changed and refused.")
@with_appcontext
@edge
def import_people(file: Path, slug: str, dry_run: bool) -> None:
    """Import the attendees of FILE, an attendee spreadsheet (CSV).

    It adds and updates, and never removes. When any row has a problem, nothing is written.
    """
    summit = summit_by_slug(session(), slug)
    require_open(summit)
    if dry_run:
        show_dry_run(plan_attendees(session(), summit, file.read_bytes()).report)
        return
    with progress_bar("import") as progress:
        report = import_attendees(session(), summit, file.read_bytes(), by=None, now=clock.now(), progress=progress)
    show_import(report)
