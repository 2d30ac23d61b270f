"""The database keeps the rules even where no form and no verb stands before it."""

import pytest
from sqlalchemy.exc import IntegrityError

from summit import clock
from summit.access import Audience
from summit.summits.models import Attendance, Introduction, Stance, StanceKind


@pytest.fixture
def at_summit(make):
    summit, labs = make.summit(), make.challenge("Labs")
    return summit, labs, make.attendee(summit, "Ana"), make.person("Ben")


def stance(summit, person, challenge, **more):
    values = {"priority": 2, "audience": Audience.SUMMIT, "kind": StanceKind.ASK, "changed_at": clock.now(), **more}
    return Stance(summit_id=summit.id, person_id=person.id, challenge_id=challenge.id, **values)


def attendance(summit, person, code, **more):
    return Attendance(summit_id=summit.id, person_id=person.id, code=code, registered_at=clock.now(), **more)


def refused_by_the_database(session, *rows):
    session.add_all(rows)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_one_stance_per_person_challenge_and_kind(session, at_summit):
    summit, labs, ana, ben = at_summit

    refused_by_the_database(session, stance(summit, ana, labs), stance(summit, ana, labs))

    session.add_all(
        [stance(summit, ana, labs), stance(summit, ana, labs, kind=StanceKind.OFFER), stance(summit, ben, labs)]
    )
    session.flush()


@pytest.mark.parametrize("priority", [0, 4, -1])
def test_a_priority_is_one_two_or_three(session, at_summit, priority):
    summit, labs, ana, _ben = at_summit

    refused_by_the_database(session, stance(summit, ana, labs, priority=priority))


def test_a_stance_is_never_for_a_pair(session, at_summit):
    summit, labs, ana, _ben = at_summit

    refused_by_the_database(session, stance(summit, ana, labs, audience=Audience.PAIR))


def test_one_attendance_per_person_and_summit(session, at_summit):
    summit, _labs, ana, _ben = at_summit

    refused_by_the_database(session, attendance(summit, ana, "another"))


def test_no_two_attendees_have_the_same_code(session, at_summit):
    summit, _labs, _ana, ben = at_summit
    taken = session.query(Attendance.code).scalar()

    refused_by_the_database(session, attendance(summit, ben, taken))


@pytest.mark.parametrize("introductions", [-1, 21])
def test_introductions_are_zero_to_twenty(session, at_summit, introductions):
    summit, _labs, _ana, ben = at_summit

    refused_by_the_database(session, attendance(summit, ben, "code", introductions=introductions))


def test_an_introduction_is_an_ordered_pair(session, at_summit):
    summit, _labs, ana, ben = at_summit
    low, high = sorted((ana.id, ben.id))

    refused_by_the_database(session, Introduction(summit_id=summit.id, low_id=high, high_id=low))
