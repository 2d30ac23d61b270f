"""Counts the queries of a page, so that a page which loads row by row fails."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event
from sqlalchemy.engine import Engine


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """Collect the statements that are sent to the database meanwhile (the transaction's own words are left out)."""
    statements: list[str] = []

    def collect(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.upper().startswith(("BEGIN", "SAVEPOINT", "ROLLBACK", "COMMIT", "PRAGMA")):
            statements.append(statement)

    event.listen(Engine, "before_cursor_execute", collect)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", collect)
