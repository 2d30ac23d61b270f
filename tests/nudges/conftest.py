"""What the tests of nudges share: a summit with Ana and Ben, and the planner run at a moment."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.mail.outbox import Message
from summit.nudges.models import Nudge
from summit.nudges.planner import Decision, plan
from summit.people.models import Person
from summit.summits.models import Summit
from tests.factories import Factory

Plan = Callable[[datetime], list[Decision]]


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["SETTINGS"]
    return found


@pytest.fixture
def summit(make: Factory) -> Summit:
    return make.summit("Summit 2026")


@pytest.fixture
def ana(make: Factory, summit: Summit) -> Person:
    return make.attendee(summit, "Ana Ruiz")


@pytest.fixture
def ben(make: Factory, summit: Summit) -> Person:
    return make.attendee(summit, "Ben Okoro")


@pytest.fixture
def plan_at(session: Session, settings: Settings) -> Plan:
    """Turn the clock to a moment and run the planner, as the worker does."""

    def run(moment: datetime) -> list[Decision]:
        clock.turn_to(moment)
        decisions = plan(session, settings=settings, now=moment)
        session.commit()
        return decisions

    return run


@pytest.fixture
def mails(session: Session) -> Callable[[], list[Message]]:
    """Return what is in the outbox, oldest first."""
    return lambda: list(session.scalars(select(Message).order_by(Message.id).execution_options(populate_existing=True)))


@pytest.fixture
def nudges(session: Session) -> Callable[[], dict[str, str]]:
    """Return the state of each nudge by rule and person: `no_next_step Ana` -> `planned`."""

    def look() -> dict[str, str]:
        rows = session.execute(select(Nudge.rule, Person.name, Nudge.state).join(Person).order_by(Nudge.id))
        return {f"{rule} {name.split()[0]}": state.value for rule, name, state in rows}

    return look
