"""Arranging summits: the verbs."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from summit import clock
from summit.errors import Invalid, WrongTime
from summit.summits.arranging import SummitDetails, create_summit, invite_attendees_of, next_after
from summit.summits.models import Attendance, SummitState


def details(**changes: object) -> SummitDetails:
    usual = {
        "name": "Summit 2027",
        "slug": "",
        "place": "",
        "time_zone": "America/Chicago",
        "starts_on": date(2027, 5, 3),
        "ends_on": date(2027, 5, 5),
    }
    return SummitDetails(**(usual | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"place": "x" * 121}, "place"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"starts_on": date(2026, 10, 13), "ends_on": date(2026, 10, 15)}, "starts_on"),
        ({"ends_on": date(2027, 5, 2)}, "ends_on"),
        ({"ends_on": date(2027, 7, 2)}, "ends_on"),
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": "new"}, "slug"),
    ],
)
def test_what_can_not_be_is_refused_by_field(session, changes, field) -> None:
    with pytest.raises(Invalid) as refusal:
        create_summit(session, details(**changes), by=None, now=clock.now())

    assert list(refusal.value.fields) == [field]


def test_today_is_todays_date_at_the_summit(session) -> None:
    # It is Wednesday 14 October, 15:00 UTC: already Thursday on Kiritimati.
    today = {"starts_on": date(2026, 10, 14), "ends_on": date(2026, 10, 16)}

    made = create_summit(session, details(**today), by=None, now=clock.now())
    with pytest.raises(Invalid):
        create_summit(session, details(**today, time_zone="Pacific/Kiritimati"), by=None, now=clock.now())

    assert made.slug == "summit-2027"


def test_a_second_summit_of_a_name_gets_an_address_of_its_own(session) -> None:
    slugs = [create_summit(session, details(), by=None, now=clock.now()).slug for _ in range(2)]

    assert slugs == ["summit-2027", "summit-2027-2"]


def test_the_next_summit_falls_on_the_same_weekdays(session, make) -> None:
    last = make.summit("Autumn meeting", starts_on=date(2026, 10, 13))

    proposed = next_after(session, last)

    assert (proposed.name, proposed.slug) == ("Autumn meeting 2027", "autumn-meeting-2027")
    assert proposed.starts_on.weekday() == last.starts_on.weekday()
    assert proposed.ends_on - proposed.starts_on == last.ends_on - last.starts_on


def test_inviting_takes_each_attendee_once_with_the_wishes_of_their_profile(session, make) -> None:
    last, coming = make.summit("Last"), make.summit("Coming", starts_on=date(2027, 5, 3))
    ana = make.attendee(last, "Ana Ruiz")
    ana.introductions, ana.talk_about = 8, "Labs"
    make.attendee(last, "Bo Lind", disabled_at=clock.now())
    make.attendance(last, make.person("Cleo Marsh")).withdrawn_at = clock.now() - timedelta(days=1)
    session.commit()

    first = invite_attendees_of(session, last, coming, by=None, now=clock.now())
    again = invite_attendees_of(session, last, coming, by=None, now=clock.now())

    invited = session.scalars(select(Attendance).where(Attendance.summit_id == coming.id)).all()
    assert (first, again, coming.revision) == (1, 0, 1)
    assert [(one.person_id, one.introductions, one.talk_about) for one in invited] == [(ana.id, 8, "Labs")]


def test_nobody_is_invited_to_a_closed_summit(session, make) -> None:
    last, closed = make.summit("Last"), make.summit("Closed", state=SummitState.CLOSED)
    make.attendee(last, "Ana Ruiz")

    with pytest.raises(WrongTime):
        invite_attendees_of(session, last, closed, by=None, now=clock.now())
