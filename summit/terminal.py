"""The edge of a command: one transaction, our errors on stderr and a non-zero exit."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click

from summit.database import db
from summit.errors import SummitError

P = ParamSpec("P")
R = TypeVar("R")


def edge(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command in one transaction: committed when it returns, rolled back when it raises.

    A `SummitError` is printed to stderr, field by field, and ends the process with exit code 1.
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
        except BaseException:
            db.session.rollback()
            raise

    return run
