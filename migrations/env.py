"""How Alembic reaches the database. Migrations import no models: they must still run when the models have moved on."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def run() -> None:
    """Run the migrations in one transaction on the application's database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with database.engine.connect() as connection:
        _migrate(connection)
        connection.commit()


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
