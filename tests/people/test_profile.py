"""A person's own page and their profile."""

import pytest
from sqlalchemy import event, select

from summit.audit import AuditEntry
from summit.database import db
from summit.errors import Invalid
from summit.people.models import Person
from summit.people.profile import Profile, change_profile
from summit.summits.models import Attendance, Summit, SummitState
from tests.conftest import NOW


@pytest.fixture
def ana(make) -> Person:
    return make.person("Ana Ruiz", organization=make.organization("Alder Valley Science Center"))


def fields(**changes: object) -> dict[str, object]:
    return {
        "name": "Ana Ruiz",
        "title": "",
        "organization": "Alder Valley Science Center",
        "time_zone": "America/Chicago",
        "talk_about": "",
        "introductions": "5",
        **changes,
    }


def test_a_profile_is_changed(session, sign_in, make, ana):
    rivers = make.organization("Two Rivers School District")

    answer = sign_in(ana).post(
        "/me/profile",
        data=fields(
            name="  Ana  Ruiz-Vega ",
            title="Director",
            organization="two rivers  SCHOOL district",
            time_zone="Europe/Zurich",
            talk_about="labs that three schools share",
            introductions="0",
        ),
    )

    assert (answer.status_code, answer.location) == (303, "/me")
    person = session.get(Person, ana.id)
    organization_id = session.scalar(select(Person.organization_id).where(Person.id == ana.id))
    assert (person.name, person.title, person.time_zone) == ("Ana Ruiz-Vega", "Director", "Europe/Zurich")
    assert (person.talk_about, person.introductions) == ("labs that three schools share", 0)
    assert organization_id == rivers.id
    assert session.scalars(select(AuditEntry.action)).all() == ["change organization"]


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": " "}, "name", "Give the name"),
        ({"name": "x" * 121}, "name", "120 characters"),
        ({"title": "x" * 121}, "title", "120 characters"),
        ({"organization": "No Such Place"}, "organization", "no organization of this name"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Not a valid choice"),
        ({"talk_about": "x" * 201}, "talk_about", "200 characters"),
        ({"introductions": "21"}, "introductions", "from 0 to 20"),
        ({"introductions": "-1"}, "introductions", "from 0 to 20"),
        ({"introductions": "many"}, "introductions", "from 0 to 20"),
        ({"introductions": ""}, "introductions", "from 0 to 20"),
    ],
)
def test_what_is_refused_is_said_beside_its_field_and_changes_nothing(sign_in, session, ana, change, field, words):
    answer = sign_in(ana).post("/me/profile", data=fields(talk_about="whales") | change)

    assert answer.status_code == 422
    part = answer.text.split(f'id="{field}-errors"')[1].split("</ul>")[0]
    assert words in part
    assert f'aria-describedby="{field}' in answer.text
    assert session.get(Person, ana.id).talk_about == ""


def test_the_verb_refuses_what_the_form_would(session, ana):
    profile = Profile("", "x" * 121, "Nowhere", "Mars/Olympus", "x" * 201, 21)

    with pytest.raises(Invalid) as refused:
        change_profile(session, ana, profile, by=ana.id, now=NOW)

    assert set(refused.value.fields) == {"name", "title", "organization", "time_zone", "talk_about", "introductions"}


def test_wishes_go_along_to_the_current_summit_and_tell_the_matching(session, sign_in, make, ana):
    summit = make.summit()
    make.attendance(summit, ana)

    sign_in(ana).post("/me/profile", data=fields(talk_about="whales in Iowa", introductions="8"))

    attendance = session.scalars(select(Attendance)).one()
    assert (attendance.talk_about, attendance.introductions) == ("whales in Iowa", 8)
    assert session.get(Summit, summit.id).revision == 1


def test_another_organization_concerns_the_matching_of_every_summit_that_is_not_closed(session, sign_in, make, ana):
    attended, closed = make.summit(), make.summit("Closed", state=SummitState.CLOSED)
    other, withdrawn = make.summit("Another"), make.summit("Withdrawn from")
    for summit in (attended, closed, withdrawn):
        make.attendance(summit, ana)
    session.scalars(select(Attendance).where(Attendance.summit_id == withdrawn.id)).one().withdrawn_at = NOW
    make.organization("Two Rivers School District")
    session.commit()

    sign_in(ana).post("/me/profile", data=fields(organization="Two Rivers School District"))

    revisions = [session.get_one(Summit, summit.id).revision for summit in (attended, closed, other, withdrawn)]
    assert revisions == [1, 0, 0, 0]


def test_a_profile_saved_without_change_leaves_the_summit_s_own_wishes(session, sign_in, make, ana):
    summit = make.summit()
    make.attendance(summit, ana, introductions=12)

    sign_in(ana).post("/me/profile", data=fields(title="Director"))

    assert session.scalars(select(Attendance.introductions)).one() == 12
    assert session.get(Summit, summit.id).revision == 0


def test_a_closed_summit_stays_as_it_was_when_a_profile_changes(session, sign_in, make, ana):
    summit = make.summit(state=SummitState.CLOSED)
    make.attendance(summit, ana)

    answer = sign_in(ana).post("/me/profile", data=fields(introductions="8"))

    assert answer.status_code == 303
    assert session.get(Person, ana.id).introductions == 8
    assert session.scalars(select(Attendance.introductions)).one() == 5


def test_somebody_of_no_organization_may_stay_so(session, sign_in, make):
    ben = make.person("Ben")

    answer = sign_in(ben).post("/me/profile", data=fields(name="Ben", organization=""))

    assert answer.status_code == 303
    assert session.get(Person, ben.id).organization_id is None


def test_the_form_offers_the_organizations_and_time_zones_and_shows_what_is_saved(sign_in, make, ana):
    make.organization("Two Rivers School District")

    page = sign_in(ana).get("/me/profile").text

    assert '<option value="Two Rivers School District">' in page
    assert 'value="Alder Valley Science Center"' in page
    assert '<option selected value="America/Chicago">' in page
    assert '<optgroup label="Europe">' in page


def test_my_page_lists_what_waits_for_me_and_what_i_promised_next_due_first(sign_in, session, make, ana):
    summit = make.summit()
    make.attendance(summit, ana)
    ben, cleo = make.attendee(summit, "Ben"), make.attendee(summit, "Cleo")
    late = make.connection(summit, ana, ben, step="Send the guide", step_due=NOW.replace(day=1))
    make.connection(summit, ana, cleo, step="Call about the labs", step_due=NOW.replace(day=20))
    make.follow_up(late, ben, text="Nobody but the two may read this.")

    page = sign_in(ana).get("/me").text

    assert page.index("Send the guide") < page.index("Call about the labs")
    assert "Was due Thu, Oct 1, " in page
    assert "Due Tue, Oct 20, " in page
    assert "says what came of it" in page
    assert f'href="/connections/{late.id}"' in page


def test_my_page_lists_nothing_of_others(sign_in, session, make, ana):
    summit = make.summit()
    make.attendance(summit, ana)
    ben, cleo = make.attendee(summit, "Ben"), make.attendee(summit, "Cleo")
    connection = make.connection(summit, ben, cleo, step="Send the guide")
    make.follow_up(connection, ben)
    assert "Send the guide" in sign_in(ben).get("/me").text
    assert "says what came of it" in sign_in(cleo).get("/me").text

    page = sign_in(ana).get("/me").text

    assert "Send the guide" not in page
    assert "says what came of it" not in page
    assert "Nothing is due" in page


def test_my_page_takes_at_most_twelve_queries_however_much_waits(sign_in, session, make, ana):
    summit = make.summit()
    make.attendance(summit, ana)
    for n in range(6):
        other = make.attendee(summit, f"Other {n}", organization=make.organization())
        make.follow_up(make.connection(summit, ana, other, step=f"Step {n}"), other)
        make.stance(summit, ana, make.challenge())
    client = sign_in(ana)
    seen: list[str] = []

    def listener(conn, cursor, statement, *rest):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", listener)
    answer = client.get("/me")
    event.remove(db.engine, "before_cursor_execute", listener)

    assert answer.status_code == 200
    assert answer.text.count("says what came of it") == 6
    assert 3 <= len(seen) <= 12, seen


def test_only_who_attends_the_current_summit_is_led_into_it(make, sign_in):
    summit = make.summit("Summit 2026")
    ana, ben = make.attendee(summit, "Ana"), make.person("Ben")

    attendee, outsider = sign_in(ana).get("/me").text, sign_in(ben).get("/me").text

    assert f'<a class="brand" href="/summits/{summit.slug}">' in attendee
    assert f'<h3><a href="/summits/{summit.slug}">Summit 2026</a></h3>' in attendee
    assert f"/summits/{summit.slug}" not in outsider
    assert 'href="/challenges"' in outsider
