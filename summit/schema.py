"""Whether the database can be used by this version of the program, and if not, what to do."""

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from config import ROOT

UPGRADE = "run script/server, or: .venv/bin/flask db upgrade"


@cache
def known_revisions() -> tuple[str, ...]:
    """Return the schema's revisions that this program knows, the newest first."""
    return tuple(script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions())


def schema_of(engine: Engine) -> str | None:
    """Return the revision of the database's schema; None when it has none yet."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def database_problem(engine: Engine) -> str:
    """Say in a sentence or two why this database can't be used as it is, and what to do; "" when it can."""
    return unusable(engine) or _behind(schema_of(engine))


def unusable(engine: Engine) -> str:
    """Say why not even a migration would help; "" when the database is well or only behind."""
    try:
        revision = schema_of(engine)
    except SQLAlchemyError as error:
        cause = " ".join(str(getattr(error, "orig", None) or error).split())
        where = engine.url.render_as_string(hide_password=True)
        return f"The database {where} can't be used: {cause}\nSee that DATABASE_URL is right and its server runs."
    if revision is not None and revision not in known_revisions():
        return (
            f"The database has the schema {revision}, which this version of Summit does not know.\n"
            "It was made by a newer one: update the program, or name another database in DATABASE_URL."
        )
    return ""


def _behind(revision: str | None) -> str:
    newest = known_revisions()[0]
    if revision is None:
        return f"The database has no tables yet: {UPGRADE}"
    if revision != newest:
        return f"The database has the schema {revision}, this version of Summit needs {newest}: {UPGRADE}"
    return ""
