"""The edge of a command: one transaction, our errors on stderr and a non-zero exit."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import SQLAlchemyError

from summit.database import db
from summit.errors import SummitError
from summit.import_report import ImportReport
from summit.schema import database_problem

P = ParamSpec("P")
R = TypeVar("R")


def edge(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command in one transaction: committed when it returns, rolled back when it raises.

    A `SummitError` is printed to stderr, field by field, and ends the process with exit code 1; so does a database
    that can't be reached or has another schema.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = command(*args, **kwargs)
            db.session.commit()
            return result
        except SummitError as error:
            db.session.rollback()
            click.echo(error.message, err=True)
            for name, problem in getattr(error, "fields", {}).items():
                click.echo(f"  {name}: {problem}", err=True)
            sys.exit(1)
        except SQLAlchemyError:
            db.session.rollback()
            problem = database_problem(db.engine)
            if not problem:
                raise
            click.echo(problem, err=True)
            sys.exit(1)
        except BaseException:
            db.session.rollback()
            raise

    return run


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how many of how many are done.

    It draws a bar on stderr once the work has taken a second, and only on a terminal.
    """
    started = time.monotonic()
    drawn = False

    def draw(done: int, total: int) -> None:
        nonlocal drawn
        if not sys.stderr.isatty() or (not drawn and time.monotonic() - started < 1):
            return
        drawn = True
        filled = 30 * done // max(total, 1)
        click.echo(f"\r{label} [{'#' * filled:<30}] {done} / {total}", nl=False, err=True)

    yield draw
    if drawn:
        click.echo(err=True)


def show_dry_run(report: ImportReport) -> None:
    """List what an import would do.

    Raises:
        Invalid: with the problems, when there are any, so that they go to stderr and the exit code says so.
    """
    for line in report.lines():
        click.echo(line)
    report.require_clean()


def show_import(report: ImportReport) -> None:
    """Say what an import did."""
    for sentence in (*report.notices, *report.also, report.summary):
        click.echo(sentence)
