"""The worker: APScheduler is the clock, and this table says what it ticks. Truth is in our tables only.

Any number of workers may run, on any number of hosts: each tick claims what it takes on.
"""

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.orm import Session

from config import Settings
from summit import claims, clock
from summit.database import db
from summit.engine.matching.texts import comparison
from summit.mail.outbox import forget_texts
from summit.matching.following import follow_changes
from summit.matching.performing import perform_queued
from summit.matching.planning import perform_plans
from summit.matching.repairing import repair_dropped
from summit.nudges.delivering import deliver_now
from summit.nudges.planner import plan
from summit.organizing.drafts import drop_old_drafts
from summit.people.sign_in import answer_requests, forget_old

log = logging.getLogger(__name__)
# It would warn whenever a tick takes longer than its own interval, which is what `max_instances` is for.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
MISFIRE_GRACE_SECONDS = 300
ending = threading.Event()


@dataclass(frozen=True)
class Tick:
    """Something the worker does again and again, in a transaction of its own."""

    name: str
    every_seconds: float
    run: Callable[[Session, Settings], object]


def beat(session: Session, _settings: Settings) -> None:
    """Say that this worker lives; the organizer's desk warns when none does."""
    claims.beat(session, "worker")


def answer_sign_ins(session: Session, settings: Settings) -> None:
    """Send links to those who asked."""
    answer_requests(session, settings=settings, now=clock.now())


def send_mails(_session: Session, settings: Settings) -> None:
    """Deliver what is due; in transactions of its own, since it must be durable before it speaks to the provider."""
    deliver_now(settings, should_stop=ending.is_set)


def plan_nudges(session: Session, settings: Settings) -> None:
    """Make the outbox agree with the cadence."""
    plan(session, settings=settings, now=clock.now())


def match(session: Session, settings: Settings) -> None:
    """Perform the match runs that organizers asked for, and let published lists follow what has changed."""
    perform_queued(session, now=clock.now(), compare=comparison(settings.text_encoder))
    follow_changes(session, now=clock.now(), encoder=settings.text_encoder)


def arrange_meetings(session: Session, _settings: Settings) -> None:
    """Make the meeting plans that organizers asked for, and care for those whose meeting somebody dropped out of."""
    perform_plans(session, now=clock.now())
    repair_dropped(session, now=clock.now())


def keep_house(session: Session, _settings: Settings) -> None:
    """Forget what is of no more use: old sign-in links and requests, old uploads, and what old mails said."""
    forget_old(session, now=clock.now())
    drop_old_drafts(session, now=clock.now())
    forget_texts(session, now=clock.now())


TICKS = (
    Tick("heartbeat", 20, beat),
    Tick("sign_in", 1, answer_sign_ins),
    Tick("deliver", 2, send_mails),
    Tick("nudges", 60, plan_nudges),
    Tick("matching", 2, match),
    Tick("meetings", 2, arrange_meetings),
    Tick("housekeeping", 3600, keep_house),
)


def run_tick(app: Flask, tick: Tick) -> None:
    """Run a tick once; whatever goes wrong is logged and tried again next time."""
    with app.app_context():
        try:
            tick.run(db.session(), app.config["SETTINGS"])
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("the tick %s failed", tick.name)


def make_scheduler(app: Flask, ticks: tuple[Tick, ...] = TICKS) -> BackgroundScheduler:
    """Return a scheduler with these ticks: late ones are made up for once, and none overtakes itself.

    APScheduler's own grace of one second would drop ticks silently on a busy machine.
    """
    scheduler = BackgroundScheduler(
        timezone="UTC",
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE_SECONDS},
    )
    for tick in ticks:
        scheduler.add_job(
            run_tick,
            "interval",
            (app, tick),
            seconds=tick.every_seconds,
            id=tick.name,
            next_run_time=clock.now(),
        )
    return scheduler


def work(app: Flask) -> None:
    """Tick until SIGTERM or SIGINT, then finish what is being done and end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ending.set())
    scheduler = make_scheduler(app)
    scheduler.start()
    log.info("the worker ticks: %s", ", ".join(tick.name for tick in TICKS))
    ending.wait()
    scheduler.shutdown(wait=True)
    log.info("the worker has ended")
