"""The migrations: one head, both ways, on both databases, and equal to the models."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from config import ROOT
from summit import clock
from summit.database import Base, db
from summit.matching.models import Answer, Match, MatchAnswer, MatchRun, RunState
from tests.factories import Factory


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


@pytest.fixture
def up_again(app: Flask) -> Iterator[None]:
    yield
    db.session.remove()
    upgrade()


@pytest.mark.usefixtures("up_again")
def test_a_table_that_is_rebuilt_takes_no_rows_with_it(make: Factory, session: Session) -> None:
    summit = make.summit()
    low, high = make.attendee(summit, "Ana"), make.attendee(summit, "Ben")
    run = MatchRun(summit_id=summit.id, state=RunState.CANCELLED, requested_at=clock.now())
    session.add(run)
    session.flush()
    pair = {"low_id": low.id, "high_id": high.id}
    session.add(Match(run_id=run.id, **pair, score=1.0, rank_for_low=1, rank_for_high=1))
    said = {"person_id": low.id, "other_id": high.id, "answer": Answer.NOT_NOW}
    session.add(MatchAnswer(summit_id=summit.id, **said, answered_at=clock.now()))
    session.commit()
    run_id = run.id
    db.session.remove()

    downgrade(revision="0002")
    upgrade()

    assert db.session.scalar(select(func.count()).select_from(Match)) == 1
    assert db.session.scalar(select(func.count()).select_from(MatchAnswer)) == 1
    assert db.session.get_one(MatchRun, run_id).state is RunState.FAILED
