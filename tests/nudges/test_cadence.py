"""The cadence: each rule asks when it should, not before, not after, and not once its reason is gone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from config import ROOT
from summit.access import Audience
from summit.connections.correcting import disown
from summit.connections.follow_up import answer_follow_up
from summit.connections.models import Confirmation, FollowUpKind, StepState
from summit.connections.next_steps import Replacement, promise_step, settle_step
from summit.connections.no_step import need_no_step
from summit.matching.models import Answer, MatchAnswer
from summit.nudges.asks import rule_reason, rule_title
from summit.nudges.cadence import CADENCE, wanted
from summit.people.models import Person
from summit.summits.attendance import withdraw
from summit.summits.models import Exclusion, Summit, SummitState
from tests.factories import Factory
from tests.nudges.conftest import Plan

CHICAGO = ZoneInfo("America/Chicago")
Look = Callable[[], dict[str, str]]


def at(month: int, day: int, hour: int, minute: int = 0, *, year: int = 2026) -> datetime:
    """A moment on the clocks of Chicago, where Ana and Ben live."""
    return datetime(year, month, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


def keys(session: Session, now: datetime) -> dict[str, str]:
    """What is wanted now: rule and person's first name -> when, on the clocks of Chicago."""
    return {
        f"{wish.rule} {session.get_one(Person, wish.person_id).name.split()[0]}": wish.due_at.astimezone(
            CHICAGO
        ).strftime("%a %d %b %H:%M")
        for wish in wanted(session, now=now)
    }


def test_a_connection_without_a_next_step_is_asked_of_both_two_days_later_at_nine(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 14, 16))

    found = keys(session, at(10, 14, 17))

    assert found == {"no_next_step Ana": "Fri 16 Oct 09:00", "no_next_step Ben": "Fri 16 Oct 09:00"}


def test_two_days_later_in_a_weekend_waits_for_monday(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 15, 16))

    assert set(keys(session, at(10, 15, 17)).values()) == {"Mon 19 Oct 09:00"}


def test_nine_is_nine_on_the_clock_after_the_clocks_went_back(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 31, 16))

    found = wanted(session, now=at(10, 31, 17))

    assert {wish.due_at for wish in found} == {datetime(2026, 11, 2, 15, 0, tzinfo=UTC)}


def test_each_is_asked_at_nine_where_they_live(session: Session, make: Factory, summit: Summit, ana: Person) -> None:
    kiri = make.attendee(summit, "Kiri", time_zone="Pacific/Auckland")
    make.connection(summit, ana, kiri, recorded_at=at(10, 13, 9))

    found = {wish.person_id: wish.due_at for wish in wanted(session, now=at(10, 13, 10))}

    assert found == {ana.id: at(10, 15, 9), kiri.id: datetime(2026, 10, 15, 20, 0, tzinfo=UTC)}


@pytest.mark.parametrize("end", ["promised", "not needed", "disowned", "withdrawn", "disabled", "too late"])
def test_a_connection_is_not_asked_about_any_more_once_it(
    end: str, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(10, 14, 16))
    now = at(10, 16, 9)
    assert len(wanted(session, now=now)) == 2

    if end == "promised":
        promise_step(session, connection, what="Have a call", owner_id=ana.id, due_at=at(11, 30, 9), by=ana.id, now=now)
    elif end == "not needed":
        need_no_step(session, connection, by=ben.id, now=now)
    elif end == "disowned":
        disown(session, connection, by=ben.id, now=now)
    elif end == "withdrawn":
        withdraw(session, summit, ben.id, by=None, now=now)
    elif end == "disabled":
        ben.disabled_at = now
    else:
        now = at(10, 31, 9)
    session.flush()

    assert wanted(session, now=now) == []


def test_a_next_step_is_asked_about_the_day_before_the_day_after_and_a_week_after(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 12, 16), step="Send the guide", step_due=at(10, 21, 14))

    # Seen over time, since a reminder that is overtaken by the next is not wanted any more.
    found: dict[str, str] = {}
    for days in range(40):
        found |= keys(session, at(10, 14, 12) + timedelta(days=days))

    assert found == {
        "step_is_due Ana": "Tue 20 Oct 09:00",
        "step_was_due Ana": "Thu 22 Oct 09:00",
        "step_is_cold Ana": "Wed 28 Oct 09:00",
    }


def test_at_most_one_reminder_of_a_step_is_useful_at_any_time(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    due = at(10, 21, 14)
    make.connection(summit, ana, ben, recorded_at=at(10, 12, 16), step="Send the guide", step_due=due)

    moments = [at(10, 14, 12) + timedelta(hours=hours) for hours in range(0, 24 * 40, 6)]
    overlaps = [now for now in moments if sum(wish.due_at <= now for wish in wanted(session, now=now)) > 1]

    assert overlaps == []


def test_a_step_of_both_is_asked_of_both(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(10, 12, 16))
    make.next_step(connection, "Have a call", owner=None, due_at=at(10, 21, 14))

    found = keys(session, at(10, 19, 9))

    assert {name for name in found if name.startswith("step_is_due")} == {"step_is_due Ana", "step_is_due Ben"}


def test_a_step_promised_for_tomorrow_is_not_recalled_on_the_same_day(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 14, 10), step="Send the guide", step_due=at(10, 15, 14))

    assert "step_is_due Ana" not in keys(session, at(10, 14, 10, 5))


@pytest.mark.parametrize(
    ("due", "recalled"),
    [
        (at(10, 17, 14), "Fri 16 Oct 09:00"),  # a Saturday
        (at(10, 18, 14), "Fri 16 Oct 09:00"),  # a Sunday
        (at(10, 19, 14), "Mon 19 Oct 09:00"),
    ],
)
def test_a_step_due_around_a_weekend_is_recalled_on_a_working_morning_that_is_not_too_late(
    due: datetime, recalled: str, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 12, 16), step="Send the guide", step_due=due)

    assert keys(session, at(10, 16, 8))["step_is_due Ana"] == recalled


def test_a_step_promised_on_friday_for_sunday_is_not_recalled_on_the_same_day(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(10, 16, 12), step="Send the guide", step_due=at(10, 18, 14))

    assert "step_is_due Ana" not in keys(session, at(10, 16, 12, 5))


@pytest.mark.parametrize("outcome", [StepState.DONE, StepState.DROPPED, StepState.CHANGED])
def test_a_settled_step_is_not_nudged_again(
    outcome: StepState, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(10, 12, 16))
    step = make.next_step(connection, owner=ana, due_at=at(10, 14, 14))
    now = at(10, 15, 9)
    assert "step_was_due Ana" in keys(session, now)

    later = Replacement(step.what, at(12, 24, 9)) if outcome is StepState.CHANGED else None
    settle_step(session, step, by=ben.id, outcome=outcome, now=now, replacement=later)

    assert keys(session, now) == {}


def test_a_follow_up_is_asked_of_the_other_side_three_days_later(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(9, 1, 16))
    make.follow_up(connection, ana, logged_at=at(10, 12, 16))

    assert keys(session, at(10, 12, 17)) == {"follow_up_waiting Ben": "Thu 15 Oct 09:00"}


@pytest.mark.parametrize("answer", [Confirmation.CONFIRMED, Confirmation.AMENDED, Confirmation.DENIED])
def test_an_answered_follow_up_is_not_asked_about_again(
    answer: Confirmation, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    connection = make.connection(summit, ana, ben, recorded_at=at(9, 1, 16))
    follow_up = make.follow_up(connection, ana, FollowUpKind.ADAPTED, audience=Audience.SUMMIT, logged_at=at(10, 8, 16))
    assert len(wanted(session, now=at(10, 14, 9))) == 1

    answer_follow_up(session, follow_up, by=ben.id, confirmation=answer, text="A little", now=at(10, 14, 9))

    assert wanted(session, now=at(10, 14, 9)) == []


def interested(session: Session, summit: Summit, one: Person, other: Person, moment: datetime) -> MatchAnswer:
    answer = MatchAnswer(
        summit_id=summit.id, person_id=one.id, other_id=other.id, answer=Answer.INTERESTED, answered_at=moment
    )
    session.add(answer)
    session.commit()
    return answer


def test_a_match_that_waits_for_an_answer_is_asked_the_next_morning(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.introduction(summit, ana, ben)
    interested(session, summit, ana, ben, at(10, 13, 16))

    assert keys(session, at(10, 13, 17)) == {"match_waiting Ben": "Wed 14 Oct 09:00"}


@pytest.mark.parametrize(
    "end", ["answered", "taken back", "kept apart", "not introduced", "withdrawn", "closed", "over"]
)
def test_a_match_is_not_asked_about_any_more_when_it_was(
    end: str, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    introduction = make.introduction(summit, ana, ben)
    answer = interested(session, summit, ana, ben, at(10, 13, 16))
    now = at(10, 14, 9)
    assert len(wanted(session, now=now)) == 1

    if end == "answered":
        session.add(
            MatchAnswer(summit_id=summit.id, person_id=ben.id, other_id=ana.id, answer=Answer.NOT_NOW, answered_at=now)
        )
    elif end == "taken back":
        session.delete(answer)
    elif end == "kept apart":
        session.add(Exclusion(person_id=ben.id, other_id=ana.id, created_at=now))
    elif end == "not introduced":
        session.delete(introduction)
    elif end == "withdrawn":
        withdraw(session, summit, ana.id, by=None, now=now)
    elif end == "closed":
        summit.state = SummitState.CLOSED
    else:
        summit.ends_on = date(2026, 10, 13)
    session.flush()

    assert wanted(session, now=now) == []


def test_interest_said_taken_back_and_said_again_is_asked_about_once(
    session: Session, make: Factory, summit: Summit, ana: Person, ben: Person, plan_at: Plan, nudges: Look
) -> None:
    make.introduction(summit, ana, ben)
    first = interested(session, summit, ana, ben, at(10, 12, 16))
    plan_at(at(10, 13, 9))
    session.delete(first)
    session.commit()
    interested(session, summit, ana, ben, at(10, 13, 12))

    plan_at(at(10, 14, 9))

    assert list(nudges()) == ["match_waiting Ben"]


@pytest.mark.parametrize("wish", ["stopped", "paused", "disabled"])
def test_nobody_is_nudged_who_was(
    wish: str, session: Session, make: Factory, summit: Summit, ana: Person, ben: Person
) -> None:
    make.connection(summit, ana, ben, recorded_at=at(9, 1, 16), step="Send the guide", step_due=at(10, 13, 14))
    now = at(10, 14, 9)
    assert "step_was_due Ana" in keys(session, now)

    ana.nudges_stopped_at = now if wish == "stopped" else None
    ana.nudges_paused_until = now + timedelta(days=7) if wish == "paused" else None
    ana.disabled_at = now if wish == "disabled" else None
    session.flush()

    assert keys(session, now) == {}


def test_every_rule_has_words_and_a_line_for_organizers(app: Flask) -> None:
    for rule in CADENCE:
        assert rule_title(rule.name)
        assert rule_reason(rule.name)
        files = {path.name for path in (ROOT / "templates" / "mail" / rule.words).iterdir()}
        assert files == {"subject.txt", "body.txt", "body.html"}
