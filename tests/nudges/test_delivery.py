"""From the planner through delivery to the mailbox, and back into the nudges' states."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from summit.connections.models import NextStep, StepState
from summit.connections.next_steps import settle_step
from summit.database import db
from summit.mail.delivery import DeliveryReport, deliver_due
from summit.mail.models import LocalMail
from summit.mail.outbox import Message, MessageState
from summit.nudges.planner import still_wanted
from summit.people.models import Person
from summit.summits.models import Summit
from tests.factories import Factory
from tests.nudges.conftest import Plan
from tests.nudges.test_cadence import at


def deliver(session: Session, settings: Settings) -> DeliveryReport:
    session.commit()
    return deliver_due(sessionmaker(db.engine), settings, still_wanted=still_wanted)


def test_a_reminder_reaches_the_mailbox_and_counts_as_sent(
    app: Flask,
    session: Session,
    settings: Settings,
    make: Factory,
    summit: Summit,
    ana: Person,
    ben: Person,
    plan_at: Plan,
    nudges: Callable[[], dict[str, str]],
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 20, 9))

    report = deliver(session, settings)
    plan_at(at(10, 20, 9, 1))

    (mail,) = session.scalars(select(LocalMail))
    assert report.sent == 1
    assert (mail.to_address, mail.subject) == (ana.email, "Due tomorrow: Send the guide")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert nudges()["step_is_due Ana"] == "sent"


def test_what_is_settled_between_planning_and_delivery_does_not_leave_and_the_rest_does(
    app: Flask,
    session: Session,
    settings: Settings,
    make: Factory,
    summit: Summit,
    ana: Person,
    ben: Person,
    plan_at: Plan,
    nudges: Callable[[], dict[str, str]],
) -> None:
    connection = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14)
    )
    cai = make.attendee(summit, "Cai Lund")
    make.connection(summit, ana, cai, recorded_at=at(9, 1, 16), step="Call the museum", step_due=at(10, 21, 15))
    plan_at(at(10, 20, 9))
    step = session.scalars(select(NextStep).where(NextStep.connection_id == connection.id)).one()
    settle_step(session, step, by=ana.id, outcome=StepState.DONE, now=at(10, 20, 9))

    first = deliver(session, settings)
    session.expire_all()
    plan_at(at(10, 20, 9, 1))
    second = deliver(session, settings)

    session.expire_all()
    assert (first.cancelled, first.sent, second.sent) == (1, 0, 1)
    assert [mail.subject for mail in session.scalars(select(LocalMail))] == ["Due tomorrow: Call the museum"]
    assert session.scalars(select(Message.state).order_by(Message.id)).all() == [
        MessageState.CANCELLED,
        MessageState.SENT,
    ]
