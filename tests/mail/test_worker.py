"""The worker: ticks what its table says, survives what goes wrong, and ends when told to."""

import os
import signal
import subprocess
import sys
import time

from sqlalchemy import select

from config import ROOT
from summit import claims, clock
from summit.database import db
from summit.mail.models import LocalMail, Message, MessageState
from summit.worker import TICKS, Tick, make_scheduler, run_tick
from tests.conftest import settings_for


def tick_named(name):
    return next(tick for tick in TICKS if tick.name == name)


def test_every_tick_runs_on_an_empty_database(app, session, caplog):
    for tick in TICKS:
        run_tick(app, tick)

    assert "failed" not in caplog.text
    assert claims.silent_since(session) is not None


def test_somebody_who_asks_for_a_link_finds_it_in_the_mailbox(app, session, make):
    make.person("Ana Ruiz", email="ana@example.org")
    app.test_client().post("/sign-in", data={"email": "ana@example.org"})

    run_tick(app, tick_named("sign_in"))
    run_tick(app, tick_named("deliver"))

    mail = session.scalars(select(LocalMail)).one()
    assert "http://summit.test/sign-in/" in mail.text
    kept = session.scalars(select(Message)).one()
    assert (kept.state, kept.sealed) == (MessageState.SENT, None)
    assert "/sign-in/" not in kept.text + kept.html


def test_a_tick_that_fails_is_logged_keeps_nothing_and_does_not_stop_the_others(app, session, caplog):
    def fail(current, _settings):
        claims.beat(current, "half done")
        current.flush()
        raise RuntimeError("broken")

    run_tick(app, Tick("broken", 1, fail))
    run_tick(app, tick_named("heartbeat"))

    assert "the tick broken failed" in caplog.text
    assert session.scalars(select(claims.Heartbeat.name)).all() == ["worker"]


def test_late_ticks_are_made_up_for_once_and_none_overtakes_itself(app):
    scheduler = make_scheduler(app)
    scheduler.start(paused=True)
    try:
        jobs = {job.id: job for job in scheduler.get_jobs()}
    finally:
        scheduler.shutdown(wait=False)

    assert set(jobs) == {"heartbeat", "sign_in", "deliver", "nudges", "matching", "meetings", "housekeeping"}
    assert {(job.coalesce, job.max_instances) for job in jobs.values()} == {(True, 1)}
    assert min(job.misfire_grace_time for job in jobs.values()) >= 60


def test_a_worker_delivers_and_ends_when_told_to(app, session, write, database_url):
    clock.turn_back()
    message = write()
    settings = settings_for(database_url)
    environment = {
        **os.environ,
        "DATABASE_URL": database_url,
        "SECRET_KEY": settings.secret_key,
        "SUMMIT_ENV": "development",
    }
    worker = subprocess.Popen([sys.executable, "script/work.py"], cwd=ROOT, env=environment)
    try:
        for _ in range(300):
            db.session.rollback()
            state = db.session.scalar(select(Message.state).where(Message.id == message.id))
            # Before anything else: on SQLite an open transaction of ours keeps the worker from writing.
            db.session.rollback()
            if state is MessageState.SENT:
                break
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        code = worker.wait(timeout=20)
    finally:
        worker.kill()

    session.rollback()
    session.refresh(message)
    assert code == 0
    assert message.state is MessageState.SENT
    assert claims.silent_since(session) is not None
