"""Registering, withdrawing, checking in: the verbs."""

import pytest
from sqlalchemy import select

from summit import clock
from summit.audit import AuditEntry
from summit.errors import Conflict, Invalid, NotFound, WrongTime
from summit.summits import attendance as attending
from summit.summits.models import Attendance, SummitState


def test_registering_takes_the_wishes_of_the_profile(session, make):
    summit, ana = make.summit(), make.person("Ana")
    ana.introductions, ana.talk_about = 8, "Labs on wheels"
    session.commit()

    attendance = attending.register(session, summit, ana.id, by=None, now=clock.now())

    assert (attendance.introductions, attendance.talk_about) == (8, "Labs on wheels")
    assert len(attendance.code) == 10
    assert attendance.checked_in_at is None


def test_registering_twice_is_one_attendance_and_one_change(session, make):
    summit, ana = make.summit(), make.person("Ana")

    first = attending.register(session, summit, ana.id, by=None, now=clock.now())
    second = attending.register(session, summit, ana.id, by=None, now=clock.now())

    assert first.id == second.id
    assert summit.revision == 1


def test_somebody_who_withdrew_comes_back_with_the_same_code(session, make):
    summit, ana = make.summit(), make.person("Ana")
    code = attending.register(session, summit, ana.id, by=None, now=clock.now()).code
    attending.withdraw(session, summit, ana.id, by=None, now=clock.now())

    back = attending.register(session, summit, ana.id, by=None, now=clock.now())

    assert (back.code, back.withdrawn_at) == (code, None)
    assert summit.revision == 3


def test_withdrawing_takes_the_check_in_back(session, make, organizer):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")
    attending.check_in(session, summit, ana.id, by=organizer.id, now=clock.now())

    attendance = attending.withdraw(session, summit, ana.id, by=organizer.id, now=clock.now())

    assert attendance.checked_in_at is None
    assert attendance.withdrawn_at is not None


def test_the_first_arrival_counts(session, make, organizer):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")
    arrived = attending.check_in(session, summit, ana.id, by=organizer.id, now=clock.now()).checked_in_at

    again = attending.check_in(session, summit, ana.id, by=organizer.id, now=clock.now())

    assert again.checked_in_at == arrived


def test_a_check_in_can_be_undone_and_both_are_on_record(session, make, organizer):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")
    attending.check_in(session, summit, ana.id, by=organizer.id, now=clock.now())

    attendance = attending.undo_check_in(session, summit, ana.id, by=organizer.id, now=clock.now())

    assert attendance.checked_in_at is None
    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.actor_id, entry.subject_id) for entry in entries] == [
        ("check in attendee", organizer.id, attendance.id),
        ("undo check-in", organizer.id, attendance.id),
    ]


def test_somebody_who_withdrew_is_not_checked_in(session, make, organizer):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")
    attending.withdraw(session, summit, ana.id, by=organizer.id, now=clock.now())

    with pytest.raises(Conflict):
        attending.check_in(session, summit, ana.id, by=organizer.id, now=clock.now())


def test_checking_in_does_not_concern_the_matching(session, make, organizer):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")

    attending.check_in(session, summit, ana.id, by=organizer.id, now=clock.now())

    assert summit.revision == 0


def test_other_wishes_concern_the_matching_and_the_same_ones_do_not(session, make):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")

    attending.set_wishes(session, summit, ana.id, introductions=5, talk_about="  Labs \n on wheels ")
    after_line = summit.revision
    attending.set_wishes(session, summit, ana.id, introductions=5, talk_about="Labs on wheels")
    after_the_same = summit.revision
    attending.set_wishes(session, summit, ana.id, introductions=3, talk_about="Labs on wheels")

    assert (after_line, after_the_same, summit.revision) == (1, 1, 2)
    assert session.scalars(select(Attendance)).one().talk_about == "Labs on wheels"


@pytest.mark.parametrize(
    ("introductions", "talk_about", "field"),
    [(21, "", "introductions"), (-1, "", "introductions"), (5, "x" * 201, "talk_about")],
)
def test_wishes_out_of_range_name_their_field(session, make, introductions, talk_about, field):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")

    with pytest.raises(Invalid) as refused:
        attending.set_wishes(session, summit, ana.id, introductions=introductions, talk_about=talk_about)

    assert set(refused.value.fields) == {field}


def test_a_closed_summit_takes_no_change_of_attendance(session, make, organizer):
    summit = make.summit(state=SummitState.CLOSED)
    ana, ben = make.attendee(summit, "Ana"), make.person("Ben")
    changes = [
        lambda: attending.register(session, summit, ben.id, by=None, now=clock.now()),
        lambda: attending.withdraw(session, summit, ana.id, by=None, now=clock.now()),
        lambda: attending.check_in(session, summit, ana.id, by=organizer.id, now=clock.now()),
        lambda: attending.undo_check_in(session, summit, ana.id, by=organizer.id, now=clock.now()),
        lambda: attending.set_wishes(session, summit, ana.id, introductions=1, talk_about=""),
    ]

    for change in changes:
        with pytest.raises(WrongTime, match="is closed"):
            change()


def test_who_was_never_registered_is_not_found(session, make, organizer):
    summit, ben = make.summit(), make.person("Ben")

    with pytest.raises(NotFound):
        attending.check_in(session, summit, ben.id, by=organizer.id, now=clock.now())
    with pytest.raises(NotFound):
        attending.register(session, summit, 10**6, by=organizer.id, now=clock.now())
