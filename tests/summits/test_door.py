"""The organizer at the door."""

import re

import pytest
from sqlalchemy import select

from summit import clock
from summit.summits.models import Attendance, SummitState
from tests.queries import counted_queries

HTMX = {"HX-Request": "true"}


@pytest.fixture
def summit(make):
    return make.summit("Summit 2026")


@pytest.fixture
def desk(sign_in, organizer):
    return sign_in(organizer)


def listed(answer):
    assert answer.status_code == 200
    return re.findall(r"<h2><a [^>]*>([^<]*)</a>", answer.text)


def arrived(session, person):
    session.expire_all()
    return session.scalars(select(Attendance).where(Attendance.person_id == person.id)).one().checked_in_at is not None


def test_somebody_is_checked_in_and_the_count_says_so(session, make, desk, summit):
    ana = make.attendee(summit, "Ana")
    make.attendee(summit, "Ben")

    answer = desk.post(f"/organize/summits/{summit.slug}/check-ins", data={"person": ana.id})

    assert (answer.status_code, answer.location) == (303, f"/organize/summits/{summit.slug}/check-in")
    assert arrived(session, ana)
    page = desk.get(answer.location)
    assert "<b>1</b> of 2 have arrived" in page.text
    assert listed(page) == ["Ben"]


def test_the_button_answers_htmx_with_the_line_and_the_count(session, make, desk, summit):
    ana = make.attendee(summit, "Ana")

    answer = desk.post(f"/organize/summits/{summit.slug}/check-ins", data={"person": ana.id}, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="door-{ana.id}"' in answer.text
    assert "<b>1</b> of 1 have arrived" in answer.text
    assert "in, 10:00" in answer.text


def test_a_slip_is_undone(session, make, desk, summit):
    ana = make.attendee(summit, "Ana")
    desk.post(f"/organize/summits/{summit.slug}/check-ins", data={"person": ana.id})

    answer = desk.post(f"/organize/summits/{summit.slug}/check-ins/undone", data={"person": ana.id, "back": "person"})

    assert answer.location == f"/summits/{summit.slug}/people/{ana.id}"
    assert not arrived(session, ana)


def test_the_door_finds_by_letters_and_shows_who_has_arrived_too(make, desk, summit):
    ana = make.attendee(summit, "Ana Ruiz")
    make.attendee(summit, "Ben Ruiz")
    make.attendee(summit, "Cleo")
    desk.post(f"/organize/summits/{summit.slug}/check-ins", data={"person": ana.id})
    door = f"/organize/summits/{summit.slug}/check-in"

    assert listed(desk.get(f"{door}?q=rui")) == ["Ana Ruiz", "Ben Ruiz"]
    assert listed(desk.get(door)) == ["Ben Ruiz", "Cleo"]
    assert listed(desk.get(f"{door}?show=arrived")) == ["Ana Ruiz"]
    assert listed(desk.get(f"{door}?show=everyone")) == ["Ana Ruiz", "Ben Ruiz", "Cleo"]
    assert listed(desk.get(f"{door}?show=nonsense&page=7")) == ["Ben Ruiz", "Cleo"]


def test_names_come_before_organizations_and_the_domain_of_an_address_finds_nobody(make, desk, summit):
    make.attendee(summit, "Ana", organization=make.organization("Cole College"))
    make.attendee(summit, "Ben Cole", email="bc@example.org")
    door = f"/organize/summits/{summit.slug}/check-in"

    assert listed(desk.get(f"{door}?q=cole")) == ["Ben Cole", "Ana"]
    assert listed(desk.get(f"{door}?q=BC@ex")) == ["Ben Cole"]
    assert listed(desk.get(f"{door}?q=example")) == []


def test_an_attendee_is_withdrawn_and_registered_again(session, make, desk, summit):
    ana = make.attendee(summit, "Ana")
    door = f"/organize/summits/{summit.slug}"

    desk.post(f"{door}/withdrawals", data={"person": ana.id})
    withdrawn = (listed(desk.get(f"{door}/check-in")), listed(desk.get(f"{door}/check-in?show=withdrawn")))
    desk.post(f"{door}/registrations", data={"person": ana.id})
    back = (listed(desk.get(f"{door}/check-in")), listed(desk.get(f"{door}/check-in?show=withdrawn")))

    assert withdrawn == ([], ["Ana"])
    assert back == (["Ana"], [])
    session.expire_all()
    assert session.get(type(summit), summit.id).revision == 2


def test_organizers_still_see_who_withdrew_and_others_do_not(session, make, desk, sign_in, summit):
    ana, ben = make.attendee(summit, "Ana"), make.attendee(summit, "Ben")
    desk.post(f"/organize/summits/{summit.slug}/withdrawals", data={"person": ana.id})
    address = f"/summits/{summit.slug}/people/{ana.id}"

    assert desk.get(address).status_code == 200
    assert "Register again" in desk.get(address).text
    assert sign_in(ben).get(address).status_code == 404


@pytest.mark.parametrize("verb", ["check-ins", "check-ins/undone", "withdrawals", "registrations"])
def test_a_closed_summit_or_a_wrong_person_is_refused_with_a_sentence(session, make, desk, summit, verb):
    old = make.summit("Old", state=SummitState.CLOSED)
    ana = make.attendee(old, "Ana")

    closed = desk.post(f"/organize/summits/{old.slug}/{verb}", data={"person": ana.id})
    unknown = desk.post(f"/organize/summits/{summit.slug}/{verb}", data={"person": 10**6})
    missing = desk.post(f"/organize/summits/{summit.slug}/{verb}", data={"person": "x"})

    assert (closed.status_code, unknown.status_code, missing.status_code) == (409, 404, 422)
    assert "Old is closed" in closed.text


@pytest.mark.parametrize("verb", ["check-ins", "check-ins/undone", "withdrawals", "registrations"])
def test_only_organizers_are_at_the_door(session, make, sign_in, summit, verb):
    ana = make.attendee(summit, "Ana")
    client = sign_in(ana)

    answers = [
        client.get(f"/organize/summits/{summit.slug}/check-in"),
        client.post(f"/organize/summits/{summit.slug}/{verb}", data={"person": ana.id}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not arrived(session, ana)


def test_the_door_takes_few_queries_whatever_the_number_of_people(make, desk, summit):
    museum = make.organization("Museum")

    def count():
        make.attendee(summit, organization=museum)
        with counted_queries() as queries:
            assert desk.get(f"/organize/summits/{summit.slug}/check-in").status_code == 200
        return len(queries)

    few = count()
    for _more in range(5):
        count()

    assert count() == few <= 12


def test_times_at_the_door_are_the_summits_own(make, desk, session, summit):
    ana = make.person("Ana", time_zone="Asia/Tokyo")
    make.attendance(summit, ana).checked_in_at = clock.now()
    session.commit()

    page = desk.get(f"/organize/summits/{summit.slug}/check-in?show=arrived").text.replace("\u202f", " ")

    assert "in, 10:00 AM" in page
