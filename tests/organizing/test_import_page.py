"""Importing attendees in the browser: look first, then import, and never half of it."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Role
from summit.organizing.models import ImportDraft
from summit.people.models import Person
from summit.summits.models import Attendance, SummitState

GOOD = b"email,name,organization\r\nana@example.org,Ana Ruiz,Two Rivers\r\njon@example.org,Jon Gray,Alder College\r\n"
BAD = b"email,name,organization,asks\nana@example.org,Ana Ruiz,Two Rivers,Mentros\n"


def upload(client, slug: str, data: bytes, name: str = "people.csv"):
    address = f"/organize/summits/{slug}/attendees/import"
    return client.post(address, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def people(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count(Attendance.id))) or 0


def test_an_upload_shows_first_what_it_would_change(session, summit, desk) -> None:
    answer = upload(desk, summit.slug, GOOD)
    page = desk.get(answer.location).text

    assert answer.status_code == 303
    assert "Ana Ruiz &lt;ana@example.org&gt;" in page
    assert "2 new organizations: Alder College, Two Rivers" in page
    assert "Import</button>" in page
    assert people(session) == 0


def test_the_button_imports_and_the_upload_is_forgotten(session, summit, desk) -> None:
    draft = upload(desk, summit.slug, GOOD).location

    answer = desk.post(draft, follow_redirects=True)
    again = desk.post(draft)

    assert "Imported: 2 created, 0 changed, 0 unchanged, 0 refused." in answer.text
    assert people(session) == 2
    assert session.scalar(select(func.count(ImportDraft.id))) == 0
    assert again.status_code == 404


def test_the_same_file_again_has_nothing_to_import(summit, desk) -> None:
    desk.post(upload(desk, summit.slug, GOOD).location)

    page = desk.get(upload(desk, summit.slug, GOOD).location).text

    assert "Everything in this file is there already." in page
    assert "Import</button>" not in page


def test_a_refused_row_is_shown_with_its_remedy_and_nothing_can_be_imported(make, session, summit, desk) -> None:
    make.challenge("Mentors")
    draft = upload(desk, summit.slug, BAD).location

    page = desk.get(draft).text
    forced = desk.post(draft)

    assert "There is no challenge “Mentros”." in page
    assert "Did you mean “Mentors”?" in page
    assert "Import</button>" not in page
    assert forced.status_code == 422
    assert people(session) == 0


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"PK\x03\x04 a workbook", "workbook"), (b"\x89PNG\r\n\x1a\n\0\0", "not text"), (b"", "empty")],
)
def test_a_file_that_is_no_text_is_refused_with_a_sentence(summit, desk, data, says) -> None:
    page = desk.get(upload(desk, summit.slug, data).location)

    assert page.status_code == 200
    assert says in page.text
    assert "Import</button>" not in page.text


def test_a_file_of_20_megabytes_is_refused(session, summit, desk) -> None:
    answer = upload(desk, summit.slug, b"x" * 20 * 1024 * 1024)

    assert answer.status_code == 413
    assert "larger than 10 MB" in answer.text
    assert session.scalar(select(func.count(ImportDraft.id))) == 0


def test_no_file_is_refused(summit, desk) -> None:
    answer = desk.post(f"/organize/summits/{summit.slug}/attendees/import", data={})

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


def test_an_upload_is_its_organizers_alone_and_its_summits(make, summit, desk, sign_in) -> None:
    draft = upload(desk, summit.slug, GOOD).location
    other_summit = draft.replace(summit.slug, make.summit("Another summit").slug)
    colleague = sign_in(make.person("Oscar Other", role=Role.ORGANIZER))

    assert [desk.get(draft).status_code, colleague.get(draft).status_code, colleague.post(draft).status_code] == [
        200,
        404,
        404,
    ]
    assert [desk.get(other_summit).status_code, desk.post(other_summit).status_code] == [404, 404]


def test_an_upload_is_forgotten_after_a_day(session, summit, desk, make, sign_in) -> None:
    draft = upload(desk, summit.slug, GOOD).location
    clock.turn_to(clock.now() + timedelta(days=1, minutes=1))

    answer = desk.get(draft)
    upload(sign_in(make.person("Oscar Other", role=Role.ORGANIZER)), summit.slug, GOOD)

    assert answer.status_code == 404
    assert session.scalar(select(func.count(ImportDraft.id))) == 1


def test_a_new_upload_takes_the_place_of_the_earlier_one(session, summit, desk) -> None:
    upload(desk, summit.slug, GOOD)
    upload(desk, summit.slug, BAD, name="x" * 300 + ".csv")

    assert session.scalar(select(func.count(ImportDraft.id))) == 1


def test_a_closed_summit_takes_no_import(make, session, summit, desk) -> None:
    draft = upload(desk, summit.slug, GOOD).location
    summit.state = SummitState.CLOSED
    session.commit()

    answers = [desk.get(draft), desk.post(draft), upload(desk, summit.slug, GOOD)]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
    assert people(session) == 0
    assert session.scalar(select(func.count(Person.id)).where(Person.email == "ana@example.org")) == 0
