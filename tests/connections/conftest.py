"""Fixtures of the tests of connections."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from summit.database import db


@pytest.fixture
def queries(app: Flask) -> Callable[[Callable[[], object]], int]:
    """Return a function that says how many statements something sends to the database."""

    def count(action: Callable[[], object]) -> int:
        statements: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            action()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return sum(not statement.startswith(("SAVEPOINT", "RELEASE", "BEGIN")) for statement in statements)

    return count
