"""The database goes away, or a process stops in the middle: others go on, and nothing of what was said is logged."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from summit import clock
from summit.claims import silent_since
from summit.database import db
from summit.mail.models import MessageState
from summit.worker import TICKS, run_tick
from tests.faults.test_kill import count, queue

SETTING = "idle_in_transaction_session_timeout"
BY_NAME = {tick.name: tick for tick in TICKS}


# SQLite has no server that could end a connection.
@pytest.mark.only_on("postgresql")
def test_a_process_that_stops_in_a_transaction_is_let_go(session):
    waits = session.execute(text("select setting::int from pg_settings where name = :name"), {"name": SETTING})

    assert waits.scalar_one() == 60_000


@pytest.mark.only_on("postgresql")
def test_ended_connections_cost_a_delivery_nothing_but_time(app, session):
    clock.turn_back()
    queue(20)
    end_others = text(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and "
        "datname = current_database()"
    )
    with db.engine.connect(), db.engine.connect() as other:
        other.execute(end_others)
        other.commit()

    for _ in range(3):
        run_tick(app, BY_NAME["deliver"])
    clock.turn_to(clock.now() + timedelta(minutes=2))
    run_tick(app, BY_NAME["deliver"])

    assert count(MessageState.SENT) == 20


def test_what_a_failing_statement_was_about_is_not_logged(app, session):
    with pytest.raises(DBAPIError) as failed:
        session.execute(text("select no_such_column from person where email = :email"), {"email": "ana@example.org"})
    session.rollback()

    assert "ana@example.org" not in str(failed.value)


def test_two_workers_that_start_together_both_tick(app, session, caplog):
    together = Barrier(2)

    def start() -> None:
        together.wait()
        run_tick(app, BY_NAME["heartbeat"])

    workers = [Thread(target=start) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert silent_since(session) is not None
    assert "failed" not in caplog.text
