"""Commands of the matching room."""

import json
import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from config import Settings
from summit import clock
from summit.database import session
from summit.engine.matching.encoder import ENCODERS, Encoder, EncoderMissing, encoder_named
from summit.engine.matching.profiles import MOST_SLOTS
from summit.engine.matching.texts import likeness
from summit.matching.performing import perform_at_once
from summit.matching.runs import publish_run, request_run
from summit.matching.schedule_sheet import Availability, always_free, read_availability, schedule_sheet
from summit.matching.solve import matches_sheet, plan_solution, scores_sheet, solve
from summit.summits.finding import summit_by_slug
from summit.terminal import edge

_loaded_at = time.perf_counter()


@click.group("matching")
def matching() -> None:
    """Match the people of a summit, or of a spreadsheet."""


@matching.command("run")
@click.argument("summit")
@click.option("--publish", is_flag=True, help="Show the result to the attendees at once.")
@with_appcontext
@edge
def run(summit: str, publish: bool) -> None:
    """Match the attendees of SUMMIT (its slug) and print the certificate."""
    found = summit_by_slug(session(), summit)
    compare = partial(likeness, encoder=_encoder(_chosen_encoder()))
    requested = request_run(session(), found, by=None, now=clock.now())
    performed = perform_at_once(session(), requested, now=clock.now(), compare=compare)
    if publish:
        publish_run(session(), performed, by=None, now=clock.now())
    names = ("people", "matches", "value", "bound", "gap", "seconds")
    click.echo(json.dumps({name: getattr(performed, name) for name in names} | {"few": len(performed.few)}))


@matching.command("solve")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where the matches go.")
@click.option(
    "--scores",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write every allowed pair that is worth something, with its score.",
)
@click.option(
    "--encoder",
    type=click.Choice(ENCODERS),
    help="What compares texts beside their words; TEXT_ENCODER unless said.",
)
@click.option("--rounds", type=click.IntRange(1, MOST_SLOTS), help="How many rounds there are: write a schedule too.")
@click.option(
    "--slots",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A sheet of email and slots, the numbers of the rounds in which somebody is free, as 1;2;5.",
)
@click.option("--tables", type=click.IntRange(0), help="How many tables there are; enough for everybody unless said.")
@click.option(
    "--schedule",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the schedule goes; beside the matches unless said.",
)
@with_appcontext
@edge
def solve_file(
    file: Path,
    out: Path,
    scores: Path | None,
    encoder: str | None,
    rounds: int | None,
    slots: Path | None,
    tables: int | None,
    schedule: Path | None,
) -> None:
    """Match the attendees of FILE, an attendee spreadsheet; no database is needed.

    Prints a line of JSON with the value, the upper bound and the gap between them. With --rounds or --slots it plans
    the meetings as well, and says how many were placed and how many could be at most.
    """
    availability = _availability(rounds, slots)
    if availability is None and (tables is not None or schedule is not None):
        raise click.UsageError("--tables and --schedule need rounds: say how many with --rounds.")
    schedule = schedule or out.with_suffix(".schedule.csv")
    written = [path for path in (out, scores, schedule if availability else None) if path is not None]
    _require_different(written, read=[path for path in (file, slots) if path is not None])
    solution = solve(file.read_bytes(), encoder=_encoder(encoder or _chosen_encoder()), availability=availability)
    sheets, summary = {out: matches_sheet(solution)}, solution.summary()
    if scores is not None:
        sheets[scores] = scores_sheet(solution)
    if availability is not None:
        planned = plan_solution(solution, availability, tables=tables)
        sheets[schedule] = schedule_sheet(solution.emails, planned)
        summary |= {"meetings": planned.placed, "meetings_bound": planned.bound}
    _write(sheets)
    click.echo(json.dumps({**summary, "seconds_total": round(_seconds_since_start(), 4)}))


def _availability(rounds: int | None, slots: Path | None) -> Availability | None:
    if slots is None:
        return always_free(rounds) if rounds else None
    availability = read_availability(slots.read_bytes(), slots=rounds)
    if availability.slots == 0:
        raise click.UsageError("--slots names no slot at all: say how many there are with --rounds.")
    return availability


def _require_different(written: Sequence[Path], *, read: Sequence[Path]) -> None:
    named = [path.resolve() for path in written]
    if len(set(named)) < len(named):
        raise click.UsageError("--out, --scores and --schedule must not name the same file: give each its own.")
    for path in written:
        if path.resolve() in {each.resolve() for each in read}:
            raise click.UsageError(f"{path} is read and would be overwritten: write the result to another file.")


def _chosen_encoder() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.text_encoder


def _encoder(name: str) -> Encoder | None:
    try:
        return encoder_named(name)
    except EncoderMissing as error:
        raise click.ClickException(str(error)) from error


def _write(sheets: dict[Path, str]) -> None:
    """Write all files whole or none; what is no plain file (`/dev/stdout`, a pipe) is written to, not replaced."""
    ready: dict[Path, Path] = {}
    try:
        for path, text in sheets.items():
            target = path.resolve()
            if not target.exists() or target.is_file():
                ready[target] = target.with_name(f".{target.name}.{os.getpid()}")
                target = ready[target]
            target.write_text(text, encoding="utf-8")
        for target, beside in ready.items():
            beside.replace(target)
    except OSError as error:
        for beside in ready.values():
            beside.unlink(missing_ok=True)
        raise click.ClickException(f"{path} can't be written: {error.strerror}.") from error


def _seconds_since_start() -> float:
    """Return how long this process has run, its own start included where the system tells."""
    try:
        started = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        return float(Path("/proc/uptime").read_text().split()[0]) - started
    except (OSError, ValueError, IndexError):
        return time.perf_counter() - _loaded_at
