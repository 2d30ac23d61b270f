"""The planner: adds, cancels and mails what the cadence says, as often as it runs and in whatever order things come."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.connections.models import Confirmation, Connection, NextStep, StepState
from summit.connections.next_steps import Replacement, settle_step
from summit.database import Base, db
from summit.mail.models import SuppressionReason
from summit.mail.outbox import Message, MessageState, cancel, enqueue
from summit.mail.suppressions import suppress
from summit.nudges import planner
from summit.nudges.models import Nudge, NudgeState
from summit.nudges.pacing import MOST_IN_A_DIGEST
from summit.nudges.planner import Deed, plan, still_wanted
from summit.people.models import Person
from summit.summits.models import Summit, SummitState
from tests.factories import Factory
from tests.nudges.conftest import Plan
from tests.nudges.test_cadence import at

Mails = Callable[[], list[Message]]
Look = Callable[[], dict[str, str]]


def settle(session: Session, step: NextStep, by: Person, now: datetime) -> None:
    settle_step(session, step, by=by.id, outcome=StepState.DONE, now=now)
    session.commit()


def send(session: Session, message: Message, state: MessageState = MessageState.SENT) -> None:
    """What delivery does to a message, in one go."""
    message.state = state
    session.commit()


def step_of(session: Session, connection: Connection) -> NextStep:
    return session.scalars(select(NextStep).where(NextStep.connection_id == connection.id)).one()


def test_a_nudge_is_planned_ahead_and_mailed_when_it_is_due(
    make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))

    plan_at(at(10, 19, 12))
    before = (nudges(), mails())
    plan_at(at(10, 20, 9))

    assert before == ({"step_is_due Ana": "planned", "step_was_due Ana": "planned", "step_is_cold Ana": "planned"}, [])
    assert nudges()["step_is_due Ana"] == "queued"
    assert [(mail.key, mail.to_address, mail.subject) for mail in mails()] == [
        (f"digest:{ana.id}:2026-10-20", ana.email, "Due tomorrow: Send the guide")
    ]


def test_a_sent_nudge_is_sent_and_not_planned_again(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 20, 9))
    send(session, mails()[0])

    decided = plan_at(at(10, 20, 10))

    assert nudges()["step_is_due Ana"] == "sent"
    assert decided == []
    assert len(mails()) == 1


def test_a_step_is_recalled_three_times_at_most(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))

    for hours in range(0, 24 * 60, 12):
        plan_at(at(10, 14, 9) + timedelta(hours=hours))
        for mail in mails():
            send(session, mail)

    assert [mail.subject for mail in mails()] == [
        "Due tomorrow: Send the guide",
        "Did it happen? Send the guide",
        "Still open: Send the guide",
    ]


def test_a_nudge_whose_reason_is_gone_is_cancelled_with_its_message(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    connection = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14)
    )
    plan_at(at(10, 20, 9))
    settle(session, step_of(session, connection), ana, at(10, 20, 9, 1))

    plan_at(at(10, 20, 9, 2))

    assert set(nudges().values()) == {"cancelled"}
    assert [mail.state for mail in mails()] == [MessageState.CANCELLED]
    assert set(session.scalars(select(Nudge.cancelled_because))) == {"settled, or too late to be of use"}


def test_when_one_part_of_a_digest_is_settled_the_rest_is_written_anew(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    settled = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14)
    )
    cai = make.attendee(summit, "Cai Lund")
    make.connection(summit, ana, cai, recorded_at=at(9, 1, 16), step="Call the museum", step_due=at(10, 21, 15))
    plan_at(at(10, 20, 9))
    assert "Call the museum" in mails()[0].text
    settle(session, step_of(session, settled), ana, at(10, 20, 9, 1))

    plan_at(at(10, 20, 9, 2))

    first, second = mails()
    assert (first.state, second.state) == (MessageState.CANCELLED, MessageState.QUEUED)
    assert (first.key, second.key) == (f"digest:{ana.id}:2026-10-20", f"digest:{ana.id}:2026-10-20:2")
    assert "Call the museum" in second.subject
    assert "Send the guide" not in second.text


def test_what_is_due_on_one_day_comes_in_one_mail_led_by_the_most_urgent(
    make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    cai, dee = make.attendee(summit, "Cai Lund"), make.attendee(summit, "Dee Osei")
    make.connection(summit, ana, dee, recorded_at=at(10, 12, 16))
    make.connection(summit, ana, cai, recorded_at=at(9, 1, 16), step="Call the museum", step_due=at(10, 13, 15))
    connection = make.connection(summit, ana, ben, recorded_at=at(9, 1, 16))
    make.follow_up(connection, ben, logged_at=at(10, 11, 16))

    plan_at(at(10, 14, 9))

    (mail,) = [mail for mail in mails() if mail.to_address == ana.email]
    assert mail.subject == "Did it happen? Call the museum"
    assert mail.text.index("Call the museum") < mail.text.index("Ben learned something. Is that so?")
    assert mail.text.index("Is that so?") < mail.text.index("You met Dee. What happens next?")


def test_a_long_digest_leaves_the_rest_for_the_next_day(
    session: Session, make: Factory, summit: Summit, ana: Person, plan_at: Plan, mails: Mails
) -> None:
    for _each in range(MOST_IN_A_DIGEST + 2):
        make.connection(summit, ana, make.attendee(summit), recorded_at=at(10, 12, 16))

    plan_at(at(10, 14, 9))
    plan_at(at(10, 14, 12))
    plan_at(at(10, 15, 9))

    queued = select(func.count()).where(Nudge.person_id == ana.id, Nudge.state == NudgeState.QUEUED)
    assert [mail.key for mail in mails() if mail.to_address == ana.email] == [
        f"digest:{ana.id}:2026-10-14",
        f"digest:{ana.id}:2026-10-15",
    ]
    assert session.scalar(queued) == MOST_IN_A_DIGEST + 2


def test_a_long_morning_is_written_in_several_runs(
    make: Factory, summit: Summit, plan_at: Plan, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner, "MOST_A_RUN", 3)
    for _pair in range(2):
        make.connection(summit, make.attendee(summit), make.attendee(summit), recorded_at=at(10, 12, 16))

    plan_at(at(10, 14, 9))
    first = len(mails())
    plan_at(at(10, 14, 9, 1))

    assert (first, len(mails())) == (3, 4)


def test_nobody_gets_more_than_one_mail_a_day_and_three_a_week(
    session: Session, make: Factory, summit: Summit, ana: Person, plan_at: Plan, mails: Mails
) -> None:
    # Something new is due every day for two weeks.
    for days in range(14):
        make.connection(summit, ana, make.attendee(summit), recorded_at=at(10, 10, 16) + timedelta(days=days))

    for hours in range(0, 24 * 16, 3):
        plan_at(at(10, 12, 9) + timedelta(hours=hours))
        for mail in mails():
            send(session, mail)

    days = [mail.created_at.astimezone(UTC).date() for mail in mails() if mail.to_address == ana.email]
    assert len(days) == len(set(days)) >= 5
    assert max(sum(timedelta(0) <= other - day < timedelta(7) for other in days) for day in days) == 3


@pytest.mark.parametrize("quiet", [at(10, 20, 20), at(10, 20, 23), at(10, 21, 7, 59), at(10, 24, 12), at(10, 25, 12)])
def test_no_mail_at_night_or_in_a_weekend(
    quiet: datetime, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 19, 14))

    decided = plan_at(quiet)

    assert mails() == []
    assert {decision.because for decision in decided if decision.deed is Deed.WAIT} == {
        "it is night or a weekend there"
    }


def test_a_week_without_a_server_does_not_send_last_weeks_reminders(
    make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 19, 12))

    plan_at(at(10, 28, 9))

    assert [mail.subject for mail in mails()] == ["Still open: Send the guide"]
    assert nudges() == {
        "step_is_due Ana": "cancelled",
        "step_was_due Ana": "cancelled",
        "step_is_cold Ana": "queued",
    }


def test_a_message_is_of_no_use_after_its_reminder_is(
    make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))

    plan_at(at(10, 20, 9))

    assert mails()[0].useful_until == at(10, 22, 0)


def test_a_suppressed_address_is_not_nudged_and_the_reason_is_kept(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 20, 9))
    suppress(session, ana.email, SuppressionReason.UNSUBSCRIBE, now=at(10, 20, 9, 1))
    session.commit()

    plan_at(at(10, 20, 9, 2))

    assert set(nudges().values()) == {"cancelled"}
    assert set(session.scalars(select(Nudge.cancelled_because))) == {"address unsubscribed or not working"}
    assert [mail.state for mail in mails()] == [MessageState.CANCELLED]


def test_a_pause_holds_what_is_queued_and_its_end_brings_back_what_is_still_useful(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 19, 14))
    plan_at(at(10, 20, 9))
    ana.nudges_paused_until = at(10, 21, 0)
    session.commit()

    plan_at(at(10, 20, 9, 5))
    during = [mail.state for mail in mails()]
    plan_at(at(10, 21, 9))

    assert during == [MessageState.CANCELLED]
    assert [mail.state for mail in mails()] == [MessageState.CANCELLED, MessageState.QUEUED]
    assert mails()[1].subject == "Did it happen? Send the guide"


def test_a_mail_that_failed_for_good_is_not_written_again(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 19, 14))
    plan_at(at(10, 20, 9))
    send(session, mails()[0], MessageState.FAILED)

    plan_at(at(10, 21, 9))

    assert nudges()["step_was_due Ana"] == "cancelled"
    assert len(mails()) == 1


def test_a_mail_without_a_clear_answer_is_never_written_again(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    connection = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 19, 14)
    )
    plan_at(at(10, 20, 9))
    send(session, mails()[0], MessageState.UNKNOWN)
    settle(session, step_of(session, connection), ana, at(10, 20, 12))

    plan_at(at(10, 21, 9))

    assert [mail.state for mail in mails()] == [MessageState.UNKNOWN]


def test_a_message_called_back_by_hand_is_written_again_while_its_reason_holds(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 19, 14))
    plan_at(at(10, 20, 9))
    cancel(session, mails()[0].id, because="a slip", now=at(10, 20, 9, 1))
    session.commit()

    plan_at(at(10, 20, 9, 2))

    assert [mail.state for mail in mails()] == [MessageState.CANCELLED, MessageState.QUEUED]


def test_a_dry_run_decides_the_same_and_writes_nothing(
    session: Session, settings: Settings, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    now = at(10, 20, 9)
    clock.turn_to(now)

    tried = plan(session, settings=settings, now=now, dry_run=True)
    session.commit()
    written = session.scalar(select(func.count(Nudge.id))), session.scalar(select(func.count(Message.id)))
    done = plan_at(now)

    assert written == (0, 0)
    assert tried == done
    assert {decision.deed for decision in done} == {Deed.PLAN, Deed.MAIL, Deed.WAIT} - {Deed.WAIT}


def test_the_command_prints_who_would_get_what_and_why(
    app: Flask, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 13, 14))
    clock.turn_to(at(10, 14, 9))

    tried = app.test_cli_runner().invoke(args=["nudges", "plan", "--dry-run"])
    written = session.scalar(select(func.count(Nudge.id)))
    done = app.test_cli_runner().invoke(args=["nudges", "plan"])

    line = "ana-ruiz@example.org  A next step, the day after it was due: 2026-10-14 14:00 UTC"
    assert f"plan    {line}" in tried.output
    assert f"mail    {line}" in tried.output
    assert "Nothing of this was written (3 in all)." in tried.output
    assert written == 0
    assert done.exit_code == 0
    assert session.scalar(select(func.count(Message.id))) == 1
    assert "Send the guide" not in tried.output


def test_two_workers_at_once_write_one_mail(
    app: Flask, session: Session, settings: Settings, make: Factory, summit: Summit, mails: Mails
) -> None:
    for _pair in range(5):
        make.connection(summit, make.attendee(summit), make.attendee(summit), recorded_at=at(10, 12, 16))
    now = at(10, 14, 9)
    clock.turn_to(now)
    together, failures = Barrier(4), []

    def work() -> None:
        with app.app_context():
            together.wait()
            try:
                for _round in range(3):
                    plan(db.session(), settings=settings, now=now)
                    db.session.commit()
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    workers = [Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert failures == []
    assert len(mails()) == 10
    assert len({mail.to_address for mail in mails()}) == 10
    assert session.scalar(select(func.count(Nudge.id))) == 10


def empty(session: Session) -> None:
    session.rollback()
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())
    session.commit()
    session.expunge_all()


EVENTS = ("record", "promise", "settle", "log", "confirm", "pause", "start")


@hypothesis(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(events=st.permutations(EVENTS), runs=st.lists(st.integers(1, 3), min_size=len(EVENTS), max_size=len(EVENTS)))
def test_how_often_the_planner_runs_between_events_does_not_matter(
    session: Session, settings: Settings, events: list[str], runs: list[int]
) -> None:
    def story(times: list[int]) -> list[tuple[str, str, str]]:
        """Play the events of one morning in this order, and plan after each so many times."""
        empty(session)
        make = Factory(session)
        summit = make.summit("Summit 2026")
        ana, ben, cai = (make.attendee(summit, name) for name in ("Ana", "Ben", "Cai"))
        known = make.connection(summit, ana, ben, recorded_at=at(9, 1, 16))
        step = make.next_step(known, "Send the guide", owner=ana, due_at=at(10, 21, 14))
        follow_up = make.follow_up(known, ben, logged_at=at(10, 16, 16))
        now = at(10, 20, 9)
        for event, often in zip(events, times, strict=True):
            now += timedelta(minutes=1)
            clock.turn_to(now)
            if event == "record":
                make.connection(summit, ana, cai, recorded_at=at(10, 18, 12))
            elif event == "promise":
                make.next_step(known, "Call the museum", owner=ana, due_at=at(10, 19, 12))
            elif event == "settle":
                settle_step(session, step, by=ana.id, outcome=StepState.DONE, now=now)
            elif event == "log":
                make.follow_up(known, ben, logged_at=at(10, 15, 16))
            elif event == "confirm":
                follow_up.confirmation, follow_up.answered_at = Confirmation.CONFIRMED, now
            elif event == "pause":
                ana.nudges_paused_until = at(10, 22, 0)
            else:
                ana.nudges_paused_until = None
            session.commit()
            for _run in range(often):
                plan(session, settings=settings, now=now)
                session.commit()
        rows = session.execute(select(Nudge.rule, Person.name, Nudge.state).join(Person))
        return sorted((rule, name, state.value) for rule, name, state in rows)

    once = story([1] * len(runs))
    often = story(runs)
    at_the_end = story([0] * (len(runs) - 1) + [1])

    assert often == once
    # Planning only at the end knows nothing of what was settled before, and has one digest for all; what is left to
    # ask is the same.
    active = [row[:2] for row in once if row[2] != "cancelled"]
    assert [row[:2] for row in at_the_end if row[2] != "cancelled"] == active


def test_a_message_is_wanted_while_all_of_its_reasons_hold(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    connection = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14)
    )
    plan_at(at(10, 20, 9))
    before = still_wanted(session, mails()[0])
    settle(session, step_of(session, connection), ben, at(10, 20, 9, 0))

    after = still_wanted(session, mails()[0])
    session.commit()

    assert (before, after) == (True, False)
    assert nudges()["step_is_due Ana"] == "cancelled"


def test_when_one_reason_of_a_digest_is_gone_before_it_leaves_the_rest_is_planned_anew(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    connection = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14)
    )
    make.connection(summit, ana, make.attendee(summit, "Cai"), recorded_at=at(10, 18, 12))
    plan_at(at(10, 20, 9))
    settle(session, step_of(session, connection), ben, at(10, 20, 9))

    wanted = still_wanted(session, mails()[0])
    session.commit()

    assert not wanted
    assert nudges()["step_is_due Ana"] == "cancelled"
    assert nudges()["no_next_step Ana"] == "planned"


@pytest.mark.parametrize("wish", ["stop", "pause", "unsubscribe", "night"])
def test_a_queued_message_does_not_leave_after(
    wish: str, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 20, 9))

    if wish == "stop":
        ana.nudges_stopped_at = at(10, 20, 9)
    elif wish == "pause":
        ana.nudges_paused_until = at(10, 25, 9)
    elif wish == "unsubscribe":
        suppress(session, ana.email, SuppressionReason.UNSUBSCRIBE, now=at(10, 20, 9))
    else:
        clock.turn_to(at(10, 20, 20, 1))
    session.commit()

    assert not still_wanted(session, mails()[0])


def test_messages_of_other_rooms_are_none_of_our_business(session: Session, ana: Person) -> None:
    now = at(10, 20, 9)
    message = enqueue(
        session,
        key="sign-in:1",
        purpose="sign_in",
        purpose_id=None,
        to_address=ana.email,
        to_name=ana.name,
        subject="Your link",
        text="Here",
        html="Here",
        due_at=now,
        now=now,
    )
    assert message is not None

    assert still_wanted(session, message)


def test_a_reminder_that_leaves_a_day_late_is_written_anew(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 20, 9))
    clock.turn_to(at(10, 21, 8, 5))

    wanted = still_wanted(session, mails()[0])
    cancel(session, mails()[0].id, because="as delivery does", now=clock.now())
    session.commit()
    plan_at(at(10, 21, 8, 6))

    assert not wanted
    assert [mail.subject for mail in mails()] == ["Due tomorrow: Send the guide", "Due today: Send the guide"]


def test_one_mail_that_can_not_be_written_does_not_hold_up_the_others(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails, nudges: Look
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 18, 12))
    ana.name = "Ana\x0bRuiz"  # past all forms: no mail can have this name in its header
    session.commit()

    decided = plan_at(at(10, 20, 9))

    assert [mail.to_address for mail in mails()] == [ben.email]
    assert (nudges()["no_next_step Ana"], nudges()["no_next_step Ben"]) == ("planned", "queued")
    assert {one.email: one.because for one in decided if one.deed is Deed.WAIT} == {
        ana.email: "the mail could not be written, see the worker's log"
    }


def test_promises_are_recalled_after_their_summit_is_closed(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    summit.state = SummitState.CLOSED
    session.commit()

    plan_at(at(10, 20, 9))

    assert [still_wanted(session, mail) for mail in mails()] == [True]


def test_a_moved_step_has_reminders_of_its_own_and_those_of_the_old_one_end(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    connection = make.connection(
        summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14)
    )
    plan_at(at(10, 20, 9))
    old, new = step_of(session, connection), Replacement("Send the guide", at(10, 28, 14))
    settle_step(session, old, by=ana.id, outcome=StepState.CHANGED, now=at(10, 20, 10), replacement=new)
    session.commit()

    plan_at(at(10, 20, 10))
    planned = session.scalars(select(Nudge.due_at).where(Nudge.state == NudgeState.PLANNED).order_by(Nudge.due_at))

    assert list(planned) == [at(10, 27, 9), at(10, 29, 9)]
    assert [mail.state for mail in mails()] == [MessageState.CANCELLED]


def test_somebody_who_moves_to_another_zone_gets_no_second_reminder(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, mails: Mails
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 21, 14))
    plan_at(at(10, 20, 9))
    send(session, mails()[0])
    ana.time_zone = "Asia/Kolkata"
    session.commit()

    for hours in range(1, 24):
        plan_at(at(10, 20, 9) + timedelta(hours=hours))

    assert len(mails()) == 1
