"""Summits: created, changed, copied, opened and closed by organizers."""

from datetime import date

from sqlalchemy import func, select

from summit import clock
from summit.summits.models import Attendance, Summit, SummitState

NEXT = {
    "name": "Summit 2027",
    "place": "Nice",
    "starts_on": "2027-05-03",
    "ends_on": "2027-05-05",
    "time_zone": "Europe/Paris",
    "state": "preparing",
}


def find(session, slug: str) -> Summit | None:
    session.rollback()
    session.expire_all()
    return session.scalar(select(Summit).where(Summit.slug == slug))


def test_a_summit_is_created_with_an_address_from_its_name(session, desk) -> None:
    answer = desk.post("/organize/summits/new", data=NEXT)

    assert (answer.status_code, answer.location) == (303, "/organize/summits/summit-2027/attendees")
    made = find(session, "summit-2027")
    assert made is not None
    assert (made.name, made.place, made.time_zone, made.starts_on, made.ends_on, made.state) == (
        "Summit 2027",
        "Nice",
        "Europe/Paris",
        date(2027, 5, 3),
        date(2027, 5, 5),
        SummitState.PREPARING,
    )


def test_a_date_in_the_past_is_refused_beside_its_field(session, desk) -> None:
    answer = desk.post("/organize/summits/new", data=NEXT | {"starts_on": "2026-10-13"})

    assert answer.status_code == 422
    assert "This day is past. Take today or later." in answer.text
    assert find(session, "summit-2027") is None


def test_an_end_before_the_start_is_refused(session, desk) -> None:
    answer = desk.post("/organize/summits/new", data=NEXT | {"ends_on": "2027-05-02"})

    assert answer.status_code == 422
    assert "It ends before it starts." in answer.text
    assert find(session, "summit-2027") is None


def test_an_address_can_be_used_once_only(make, desk) -> None:
    make.summit("Summit 2026")

    answer = desk.post("/organize/summits/new", data=NEXT | {"slug": "summit-2026"})

    assert answer.status_code == 422
    assert "Another summit has this address." in answer.text


def test_the_form_names_what_is_missing(desk) -> None:
    answer = desk.post("/organize/summits/new", data=NEXT | {"name": " ", "starts_on": "soon", "time_zone": "Mars"})

    assert answer.status_code == 422
    assert "Give it a name." in answer.text
    assert answer.text.count('aria-invalid="true"') == 3


def test_last_years_summit_is_proposed_a_year_later(make, desk) -> None:
    make.summit("Summit 2026", starts_on=date(2026, 10, 13))

    page = desk.get("/organize/summits/new?like=summit-2026").text

    assert 'value="Summit 2027"' in page
    assert 'value="summit-2027"' in page
    assert 'value="2027-10-12"' in page
    assert 'value="2027-10-14"' in page
    assert "Register everybody who attended then" in page


def test_copying_registers_last_years_attendees_when_asked(make, session, desk) -> None:
    last = make.summit("Summit 2026")
    ana = make.attendee(last, "Ana Ruiz")
    make.attendance(last, make.person("Cleo Marsh")).withdrawn_at = clock.now()
    session.commit()

    desk.post("/organize/summits/new?like=summit-2026", data=NEXT | {"invite": "y"})
    desk.post("/organize/summits/new?like=summit-2026", data=NEXT | {"slug": "empty"})

    made, empty = find(session, "summit-2027"), find(session, "empty")
    assert made is not None
    assert empty is not None
    assert list(session.scalars(select(Attendance.person_id).where(Attendance.summit_id == made.id))) == [ana.id]
    assert session.scalar(select(func.count(Attendance.id)).where(Attendance.summit_id == empty.id)) == 0


def test_a_summit_is_changed_opened_and_closed(make, session, desk) -> None:
    make.summit("Summit 2026", state=SummitState.PREPARING)
    kept = {"starts_on": "2026-10-13", "ends_on": "2026-10-15", "time_zone": "America/Chicago"}

    opened = desk.post("/organize/summits/summit-2026/edit", data=NEXT | kept | {"name": "Renamed", "state": "open"})
    closed = desk.post("/organize/summits/summit-2026/edit", data=NEXT | kept | {"name": "Renamed", "state": "closed"})

    assert (opened.status_code, closed.status_code) == (303, 303)
    changed = find(session, "summit-2026")
    assert changed is not None
    assert (changed.name, changed.state, changed.starts_on) == ("Renamed", SummitState.CLOSED, date(2026, 10, 13))


def test_a_closed_summit_can_only_be_opened_again(make, session, desk) -> None:
    make.summit("Summit 2026", state=SummitState.CLOSED)
    kept = {"starts_on": "2026-10-13", "ends_on": "2026-10-15", "time_zone": "America/Chicago"}

    refused = desk.post("/organize/summits/summit-2026/edit", data=NEXT | kept | {"state": "closed"})
    unchanged = find(session, "summit-2026")
    name = unchanged.name if unchanged else ""
    reopened = desk.post("/organize/summits/summit-2026/edit", data=NEXT | kept | {"state": "open"})

    assert (refused.status_code, name, reopened.status_code) == (409, "Summit 2026", 303)


def test_moving_a_summit_into_the_past_is_refused(make, desk) -> None:
    make.summit("Summit 2026", starts_on=date(2026, 12, 1))

    answer = desk.post(
        "/organize/summits/summit-2026/edit", data=NEXT | {"starts_on": "2026-10-01", "ends_on": "2026-10-02"}
    )

    assert answer.status_code == 422
    assert "This day is past." in answer.text


def test_the_summits_are_listed_latest_first(make, desk) -> None:
    make.summit("Older", starts_on=date(2025, 5, 1))
    make.summit("Newer", starts_on=date(2026, 5, 1))

    page = desk.get("/organize/summits").text

    assert page.index("Newer") < page.index("Older")


def test_arranging_is_for_organizers_only(make, summit, sign_in) -> None:
    attendee = sign_in(make.attendee(summit, "Ana Ruiz"))

    paths = ("/organize/summits", "/organize/summits/new", f"/organize/summits/{summit.slug}/edit")

    assert [attendee.get(path).status_code for path in paths] == [403, 403, 403]
