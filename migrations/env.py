"""How Alembic reaches the database. Migrations import no models: they must still run when the models have moved on."""

from contextlib import contextmanager

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the migrations in one transaction on the application's database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with database.engine.connect() as connection, _rows_kept_while_tables_are_rebuilt(connection):
        _migrate(connection)
        connection.commit()


@contextmanager
def _rows_kept_while_tables_are_rebuilt(connection):
    """Let go of SQLite's foreign keys: a table is changed by building it anew, and dropping the old one would cascade.

    It works outside of a transaction only, hence on the driver's own connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("pragma foreign_keys=off")
    try:
        yield
        broken = driver.execute("pragma foreign_key_check").fetchall()
        if broken:
            raise SystemExit(
                f"After the migration rows of {broken[0][0]} refer to rows of {broken[0][2]} that are gone."
            )
    finally:
        driver.execute("pragma foreign_keys=on")


def _render(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as the plain types below them."""
    if kind == "type" and type(item).__name__ == "AwareDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def _migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        compare_type=True,
        render_item=_render,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("Run the migrations against a database; SQL without one is not supported.")
run()
