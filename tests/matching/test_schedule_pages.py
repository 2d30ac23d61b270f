"""The schedule: organizers lay out and plan, attendees see their own meetings only and say when they are free."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.matching.meetings import latest_plan
from summit.matching.planning import perform_plans, plan_meetings
from summit.matching.repairing import repair_dropped
from summit.people.models import Person
from summit.summits.attendance import withdraw
from summit.summits.availability import busy_slots
from summit.summits.models import Exclusion, SlotUse, StanceKind, Summit, SummitState
from summit.summits.slots import slots_of, tables_of
from tests.factories import Factory
from tests.matching.hall import accept, at, hall, lay_out, meetings
from tests.queries import counted_queries

Client = Callable[[Person], FlaskClient]


def _desk(summit: Summit, rest: str = "") -> str:
    return f"/organize/summits/{summit.slug}/schedule{rest}"


def _mine(summit: Summit, rest: str = "") -> str:
    return f"/summits/{summit.slug}/schedule{rest}"


def _text(html: str) -> str:
    """Return what a page says, on one line."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main.replace("\u00a0", " ").replace("\u202f", " ")).split())


def _planned(session: Session, summit: Summit) -> None:
    plan_meetings(session, summit, now=clock.now())
    session.commit()


def test_an_organizer_lays_out_slots_and_tables_and_has_the_meetings_planned(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, (ana, ben) = hall(session, make, ["Ana", "Ben"], slots=0, tables=0)
    accept(session, summit, ana, ben)
    client = sign_in(organizer)
    slots = {"day": "2026-10-15", "start": "09:00", "minutes": "10", "pause": "5", "number": "3", "use": "meetings"}

    added = client.post(_desk(summit, "/slots"), data=slots)
    furnished = client.post(_desk(summit, "/tables"), data={"tables": "2"})
    asked = client.post(_desk(summit, "/plans"))
    waiting = _text(client.get(_desk(summit)).text)
    perform_plans(session, now=clock.now())
    page = _text(client.get(_desk(summit)).text)

    assert (added.status_code, furnished.status_code, asked.status_code) == (303, 303, 303)
    assert (len(slots_of(session, summit)), len(tables_of(session, summit))) == (3, 2)
    assert "Planning the meetings" in waiting
    assert "Meetings placed 1 of 1 that could be at most; 1 are wanted by both" in page
    assert "Thu, Oct 15, 9:00 AM" in page
    assert "without a meeting" not in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"number": "0"}, "Give a number from 1 to 20."),
        ({"day": "2026-12-24"}, "Choose a day of the summit."),
        ({"start": ""}, "This field is required."),
    ],
)
def test_slots_that_can_not_be_are_refused_beside_the_field(
    session: Session, make: Factory, organizer: Person, sign_in: Client, form: dict[str, str], said: str
) -> None:
    summit, _people = hall(session, make, [], slots=0)
    whole = {"day": "2026-10-15", "start": "09:00", "minutes": "10", "pause": "5", "number": "3", "use": "meetings"}

    answer = sign_in(organizer).post(_desk(summit, "/slots"), data=whole | form)

    assert answer.status_code == 422
    assert said in answer.text
    assert len(slots_of(session, summit)) == 0


def test_too_many_tables_are_refused_beside_the_field(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, _people = hall(session, make, [], slots=0, tables=3)

    answer = sign_in(organizer).post(_desk(summit, "/tables"), data={"tables": "99999"})

    assert answer.status_code == 422
    assert "Give a number from 0 to 3000." in answer.text
    assert len(tables_of(session, summit)) == 3


def test_a_slot_is_removed_with_what_is_planned_in_it(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, people = hall(session, make, ["Ana", "Ben"], slots=1)
    accept(session, summit, *people)
    _planned(session, summit)
    assert len(meetings(session, summit)) == 1

    answer = sign_in(organizer).post(_desk(summit, f"/slots/{slots_of(session, summit)[0].id}/removal"))

    assert answer.status_code == 303
    assert meetings(session, summit) == []


def test_the_organizer_sees_who_has_no_meeting_and_why(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, people = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=1, tables=1)
    accept(session, summit, *people[:2])
    accept(session, summit, *people[2:])
    client = sign_in(organizer)
    client.post(_desk(summit, "/plans"))
    perform_plans(session, now=clock.now())

    page = _text(client.get(_desk(summit)).text)

    assert "Meetings placed 1 of 1 that could be at most; 2 are wanted by both" in page
    assert "every slot in which both are free is taken" in page


def test_a_plan_that_failed_says_what_to_do(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, _people = hall(session, make, ["Ana"])
    client = sign_in(organizer)
    client.post(_desk(summit, "/plans"))
    plan = latest_plan(session, summit)
    assert plan is not None
    plan.state, plan.failure = type(plan.state).FAILED, "The tables were changed meanwhile. Plan again."
    session.commit()

    page = _text(client.get(_desk(summit)).text)

    assert "The last plan failed: The tables were changed meanwhile. Plan again." in page


def test_an_attendee_sees_their_own_meetings_and_nobody_elses(session: Session, make: Factory, sign_in: Client) -> None:
    summit, (ana, ben, cleo, dan) = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=1)
    accept(session, summit, ana, ben)
    accept(session, summit, cleo, dan)
    _planned(session, summit)

    page = _text(sign_in(ana).get(_mine(summit)).text)

    assert "Thu, Oct 15, 9:00 AM table" in page
    assert "Ben" in page
    assert "Cleo" not in page
    assert "Dan" not in page


@pytest.mark.parametrize("repaired", [False, True])
@pytest.mark.parametrize("how", ["withdrawn", "excluded", "disabled"])
def test_who_dropped_out_disappears_at_once_and_nobody_learns_why(
    session: Session, make: Factory, sign_in: Client, how: str, repaired: bool
) -> None:
    summit, (ana, ben) = hall(session, make, ["Ana", "Ben"], slots=1)
    accept(session, summit, ana, ben)
    _planned(session, summit)
    assert "Ben" in _text(sign_in(ana).get(_mine(summit)).text)
    if how == "withdrawn":
        withdraw(session, summit, ben.id, by=None, now=clock.now())
    elif how == "excluded":
        session.add(Exclusion(person_id=ben.id, other_id=ana.id, created_at=clock.now()))
    else:
        ben.disabled_at = clock.now()
    session.commit()
    if repaired:
        repair_dropped(session, now=clock.now())
        session.commit()

    page = _text(sign_in(ana).get(_mine(summit)).text)

    assert "Ben" not in page
    assert "called off This meeting does not take place." in page


def test_an_attendee_says_when_they_are_free(session: Session, make: Factory, sign_in: Client) -> None:
    summit, (ana,) = hall(session, make, ["Ana"], slots=3)
    first, second, third = (slot.id for slot in slots_of(session, summit))
    client = sign_in(ana)

    answer = client.post(_mine(summit, "/free"), data={"free": [first, third]})

    assert answer.status_code == 303
    assert busy_slots(session, summit, ana.id) == {second}
    page = client.get(_mine(summit)).text
    checked = set(re.findall(r'name="free" value="(\d+)" checked', page))
    assert checked == {str(first), str(third)}


def test_what_has_begun_is_neither_offered_nor_changed(session: Session, make: Factory, sign_in: Client) -> None:
    summit, (ana,) = hall(session, make, ["Ana"], slots=2)
    first, second = (slot.id for slot in slots_of(session, summit))
    client = sign_in(ana)
    clock.turn_to(at(9, 5))

    client.post(_mine(summit, "/free"), data={"free": []})

    assert busy_slots(session, summit, ana.id) == {second}
    assert f'value="{first}"' not in client.get(_mine(summit)).text


@pytest.mark.parametrize("data", [{"free": ["999999"]}, {"free": ["many"]}])
def test_slots_that_are_none_are_refused(
    session: Session, make: Factory, sign_in: Client, data: dict[str, list[str]]
) -> None:
    summit, (ana,) = hall(session, make, ["Ana"], slots=1)

    answer = sign_in(ana).post(_mine(summit, "/free"), data=data)

    assert answer.status_code == 422
    assert busy_slots(session, summit, ana.id) == set()


def test_an_organizer_who_does_not_attend_has_no_times_to_give(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, _people = hall(session, make, ["Ana"], slots=1)
    client = sign_in(organizer)

    page, answer = client.get(_mine(summit)), client.post(_mine(summit, "/free"), data={})

    assert "You look after this summit as an organizer." in page.text
    assert answer.status_code == 404


def test_a_closed_summit_can_be_read(session: Session, make: Factory, organizer: Person, sign_in: Client) -> None:
    summit, (ana, ben) = hall(session, make, ["Ana", "Ben"], slots=1)
    accept(session, summit, ana, ben)
    _planned(session, summit)
    summit.state = SummitState.CLOSED
    session.commit()

    mine, desk = sign_in(ana).get(_mine(summit)), sign_in(organizer).get(_desk(summit))

    assert "Ben" in mine.text
    assert "When are you free?" not in mine.text
    assert "Add slots" not in desk.text


def _full(session: Session, make: Factory, people: int) -> tuple[Summit, list[Person]]:
    summit, found = hall(session, make, [f"Person {n:02}" for n in range(people)], slots=3, tables=people)
    lay_out(session, summit, slots=2, tables=people, use=SlotUse.CHALLENGE_TABLES, start=at(14).time())
    topic = make.challenge("Mentors")
    for number, person in enumerate(found):
        make.stance(summit, person, topic, StanceKind.ASK if number % 2 else StanceKind.OFFER, audience=Audience.SUMMIT)
        accept(session, summit, person, found[(number + 1) % people])
    _planned(session, summit)
    return summit, found


def test_the_printed_schedules_say_when_where_and_with_whom(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, _people = _full(session, make, 8)
    client = sign_in(organizer)

    by_person, by_table = (_text(client.get(_desk(summit, f"/{kind}")).text) for kind in ("people", "tables"))

    assert all(by_person.count(f"Person {n:02}") >= 3 for n in range(8))
    assert "Mentors :" in by_person
    assert "Table 1" in by_table
    assert by_table.count("Person 00") == 4  # two meetings, two groups


def test_the_pages_ask_the_database_as_often_for_many_as_for_few(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, people = _full(session, make, 20)
    mine, desk = sign_in(people[0]), sign_in(organizer)

    for client, path in [
        (mine, _mine(summit)),
        (desk, _desk(summit)),
        (desk, _desk(summit, "/progress")),
        (desk, _desk(summit, "/people")),
        (desk, _desk(summit, "/tables")),
    ]:
        with counted_queries() as queries:
            answer = client.get(path)

        assert answer.status_code == 200
        assert len(queries) <= 12, (path, queries)


def test_another_summits_slots_are_not_ours(
    session: Session, make: Factory, organizer: Person, sign_in: Client
) -> None:
    summit, _people = hall(session, make, ["Ana"], slots=1)
    other = make.summit("Other", starts_on=date(2026, 10, 15))

    answer = sign_in(organizer).post(_desk(other, f"/slots/{slots_of(session, summit)[0].id}/removal"))

    assert answer.status_code == 404
    assert len(slots_of(session, summit)) == 1
