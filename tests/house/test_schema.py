"""The migrations: one head, both ways, on both databases, and equal to the models."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from config import ROOT
from summit.database import Base, db


def test_there_is_one_head() -> None:
    heads = ScriptDirectory(str(ROOT / "migrations")).get_heads()

    assert len(heads) == 1


def test_the_models_equal_the_migrated_schema(session: Session) -> None:
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})

    assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_go_down_and_up_again(app: Flask) -> None:
    db.session.remove()

    downgrade(revision="base")
    empty = set(inspect(db.engine).get_table_names())
    upgrade()
    full = set(inspect(db.engine).get_table_names())

    assert empty == {"alembic_version"}
    assert full == {"alembic_version", *Base.metadata.tables}
