"""What both accepted becomes meetings in slots and at tables, by a worker; and stays sound when somebody drops out."""

from datetime import date, time

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.errors import Conflict, Invalid, WrongTime
from summit.matching.meetings import Unplaced, WhyUnplaced, accepted_pairs, latest_plan, request_plan, unplaced_pairs
from summit.matching.models import Answer, ChallengeSeat, Meeting, MeetingPlan, MeetingSeat, MeetingState, RunState
from summit.matching.planning import perform_plans, plan_meetings
from summit.matching.repairing import repair_dropped
from summit.summits.attendance import withdraw
from summit.summits.availability import busy_slots, free_slots, mark_free
from summit.summits.models import Exclusion, Slot, SlotUse, StanceKind, Summit, SummitState, Table
from summit.summits.slots import Series, add_slots, remove_slot, set_tables, slots_of, tables_of
from tests.factories import Factory
from tests.matching.hall import (
    TOMORROW,
    accept,
    at,
    couples,
    hall,
    lay_out,
    meetings,
    say,
    seats,
    seats_that_meetings_need,
)


def pair(*names: str) -> frozenset[str]:
    return frozenset(names)


def planned(session: Session, summit: Summit) -> dict[str, int]:
    figures = plan_meetings(session, summit, now=clock.now())
    session.commit()
    return figures


def _unplaced(session: Session, summit: Summit, plan: MeetingPlan | None) -> list[Unplaced]:
    return unplaced_pairs(session, summit, plan, accepted_pairs(session, summit), slots_of(session, summit))


def test_only_what_both_accepted_becomes_a_meeting(session: Session, make: Factory) -> None:
    summit, (ana, ben, cleo, dan) = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"])
    accept(session, summit, ana, ben)
    say(session, summit, ana, cleo)
    say(session, summit, dan, ana, Answer.NOT_NOW)

    figures = planned(session, summit)

    assert couples(session, summit) == {pair("Ana", "Ben")}
    assert (figures["wished"], figures["placed"], figures["bound"]) == (1, 1, 1)
    assert seats(session) == seats_that_meetings_need(session, summit)


def test_nobody_meets_while_they_are_not_free(session: Session, make: Factory) -> None:
    summit, (ana, ben) = hall(session, make, ["Ana", "Ben"], slots=3)
    accept(session, summit, ana, ben)
    first, second, third = (slot.id for slot in slots_of(session, summit))
    mark_free(session, summit, ana.id, [first, second], now=clock.now())
    mark_free(session, summit, ben.id, [second, third], now=clock.now())

    planned(session, summit)

    assert [meeting.slot_id for meeting in meetings(session, summit)] == [second]
    assert free_slots(session, summit, [ben.id, ana.id]).tolist() == [[False, True, True], [True, True, False]]


def test_three_sit_together_rather_than_one_alone(session: Session, make: Factory) -> None:
    summit, people = hall(session, make, ["Ana", "Ben", "Cleo"], slots=1)
    accept(session, summit, *people)

    planned(session, summit)

    assert couples(session, summit) == {pair("Ana", "Ben", "Cleo")}
    assert _unplaced(session, summit, None) == []


def test_who_has_no_meeting_is_listed_with_the_reason(session: Session, make: Factory) -> None:
    summit, (ana, ben, cleo, dan) = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=2, tables=1)
    accept(session, summit, ana, ben)
    accept(session, summit, ana, cleo)
    first, second = (slot.id for slot in slots_of(session, summit))
    mark_free(session, summit, ana.id, [first], now=clock.now())
    mark_free(session, summit, cleo.id, [second], now=clock.now())
    accept(session, summit, ben, dan)
    mark_free(session, summit, dan.id, [first], now=clock.now())
    mark_free(session, summit, ben.id, [first, second], now=clock.now())
    session.add(Exclusion(person_id=ana.id, other_id=dan.id, created_at=clock.now()))
    plan = request_plan(session, summit, by=None, now=clock.now())
    session.commit()
    before = {each.why for each in _unplaced(session, summit, plan)}

    perform_plans(session, now=clock.now())

    session.refresh(plan)
    after = {(each.low.name, each.high.name): each.why for each in _unplaced(session, summit, plan)}
    assert before == {WhyUnplaced.NOT_PLANNED, WhyUnplaced.NEVER_BOTH_FREE}
    assert len(meetings(session, summit)) == 1
    assert after.pop(("Ana", "Cleo")) is WhyUnplaced.NEVER_BOTH_FREE
    assert list(after.values()) == [WhyUnplaced.NO_ROOM]
    assert (plan.wished, plan.placed, plan.bound) == (3, 1, 1)


def test_a_plan_is_asked_for_once_and_made_by_a_worker(session: Session, make: Factory) -> None:
    summit, people = hall(session, make, ["Ana", "Ben"])
    accept(session, summit, *people)
    first = request_plan(session, summit, by=None, now=clock.now())
    second = request_plan(session, summit, by=None, now=clock.now())
    session.commit()

    made = perform_plans(session, now=clock.now())

    assert (first.id, made) == (second.id, 1)
    plan = latest_plan(session, summit)
    assert plan is not None
    session.refresh(plan)
    assert (plan.state, plan.placed, plan.lease_token) == (RunState.DONE, 1, None)
    assert perform_plans(session, now=clock.now()) == 0


def test_without_slots_or_tables_there_is_nothing_to_plan(session: Session, make: Factory) -> None:
    summit, _people = hall(session, make, ["Ana"], tables=0)

    with pytest.raises(Conflict):
        request_plan(session, summit, by=None, now=clock.now())


def test_planning_again_leaves_what_has_begun(session: Session, make: Factory) -> None:
    summit, (ana, ben, cleo) = hall(session, make, ["Ana", "Ben", "Cleo"], slots=2)
    accept(session, summit, ana, ben)
    planned(session, summit)
    (begun,) = meetings(session, summit)
    accept(session, summit, ana, cleo)
    clock.turn_to(at(9, 5))

    figures = planned(session, summit)

    assert [meeting.id for meeting in meetings(session, summit)][:1] == [begun.id]
    assert couples(session, summit) == {pair("Ana", "Ben"), pair("Ana", "Cleo")}
    assert (figures["wished"], figures["placed"], figures["bound"]) == (2, 2, 2)


def test_when_somebody_withdraws_their_meeting_is_called_off_and_the_others_stay(
    session: Session, make: Factory
) -> None:
    summit, (ana, ben, cleo, dan) = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=1)
    accept(session, summit, ana, ben)
    accept(session, summit, cleo, dan)
    session.add(Exclusion(person_id=ana.id, other_id=cleo.id, created_at=clock.now()))
    planned(session, summit)
    stays = next(meeting for meeting in meetings(session, summit) if cleo.id in (meeting.low_id, meeting.high_id))
    table_id = stays.table_id
    withdraw(session, summit, ben.id, by=None, now=clock.now())
    session.commit()

    called_off = repair_dropped(session, now=clock.now())

    session.commit()
    assert called_off == 1
    assert couples(session, summit) == {pair("Cleo", "Dan")}
    assert meetings(session, summit)[0].table_id == table_id
    assert couples(session, summit, MeetingState.CALLED_OFF) == {pair("Ana", "Ben")}
    assert seats(session) == seats_that_meetings_need(session, summit)
    assert repair_dropped(session, now=clock.now()) == 0


def test_who_is_left_alone_joins_a_table_as_a_third(session: Session, make: Factory) -> None:
    summit, (ana, ben, cleo, dan) = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=1)
    accept(session, summit, ana, ben)
    accept(session, summit, cleo, dan)
    planned(session, summit)
    withdraw(session, summit, ben.id, by=None, now=clock.now())

    repair_dropped(session, now=clock.now())

    session.commit()
    assert couples(session, summit) == {pair("Ana", "Cleo", "Dan")}
    assert seats(session) == seats_that_meetings_need(session, summit)


def test_two_who_are_left_alone_meet_each_other(session: Session, make: Factory) -> None:
    summit, (ana, ben, cleo, dan) = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=1)
    accept(session, summit, ana, ben)
    accept(session, summit, cleo, dan)
    planned(session, summit)
    withdraw(session, summit, ben.id, by=None, now=clock.now())
    withdraw(session, summit, dan.id, by=None, now=clock.now())

    repair_dropped(session, now=clock.now())

    session.commit()
    assert couples(session, summit) == {pair("Ana", "Cleo")}
    assert seats(session) == seats_that_meetings_need(session, summit)


def test_a_third_who_withdraws_leaves_two(session: Session, make: Factory) -> None:
    summit, people = hall(session, make, ["Ana", "Ben", "Cleo"], slots=1)
    accept(session, summit, *people)
    planned(session, summit)
    third_id = meetings(session, summit)[0].third_id
    assert third_id is not None
    withdraw(session, summit, third_id, by=None, now=clock.now())

    repair_dropped(session, now=clock.now())

    session.commit()
    assert [len(each) for each in couples(session, summit)] == [2]
    assert seats(session) == seats_that_meetings_need(session, summit)


@pytest.mark.parametrize("how", ["exclusion", "not_now"])
def test_a_pair_that_is_kept_apart_afterwards_has_no_meeting(session: Session, make: Factory, how: str) -> None:
    summit, (ana, ben) = hall(session, make, ["Ana", "Ben"])
    accept(session, summit, ana, ben)
    planned(session, summit)
    if how == "exclusion":
        session.add(Exclusion(person_id=ben.id, other_id=ana.id, created_at=clock.now()))
    else:
        say(session, summit, ben, ana, Answer.NOT_NOW)
    session.commit()

    repair_dropped(session, now=clock.now())

    session.commit()
    assert meetings(session, summit) == []
    assert seats(session) == set()
    assert accepted_pairs(session, summit) == {}


def test_a_meeting_of_somebody_who_is_busy_after_all_moves_to_another_slot(session: Session, make: Factory) -> None:
    summit, (ana, ben) = hall(session, make, ["Ana", "Ben"], slots=2)
    accept(session, summit, ana, ben)
    planned(session, summit)
    first = meetings(session, summit)[0].slot_id
    other = {slot.id for slot in slots_of(session, summit)} - {first}
    mark_free(session, summit, ben.id, other, now=clock.now())

    repair_dropped(session, now=clock.now())

    session.commit()
    assert {meeting.slot_id for meeting in meetings(session, summit)} == other
    assert seats(session) == seats_that_meetings_need(session, summit)


def test_a_third_who_is_busy_after_all_leaves_the_two_together(session: Session, make: Factory) -> None:
    summit, people = hall(session, make, ["Ana", "Ben", "Cleo"], slots=1)
    accept(session, summit, *people)
    planned(session, summit)
    meeting = meetings(session, summit)[0]
    assert meeting.third_id is not None
    mark_free(session, summit, meeting.third_id, [], now=clock.now())

    called_off = repair_dropped(session, now=clock.now())

    session.commit()
    assert called_off == 0
    assert [len(each) for each in couples(session, summit)] == [2]
    assert seats(session) == seats_that_meetings_need(session, summit)


def test_groups_sit_around_challenges_without_those_who_are_not_free(session: Session, make: Factory) -> None:
    names = [f"Person {letter}" for letter in "ABCDEFGHIJKL"]
    summit, people = hall(session, make, names, slots=2, use=SlotUse.CHALLENGE_TABLES)
    topic, sealed = make.challenge("Mentors"), make.challenge("Secret")
    for number, person in enumerate(people):
        kind = StanceKind.ASK if number % 2 else StanceKind.OFFER
        make.stance(summit, person, topic, kind, audience=Audience.SUMMIT)
        make.stance(summit, person, sealed, StanceKind.ASK, priority=3, audience=Audience.ONLY_ME)
    mark_free(session, summit, people[0].id, [], now=clock.now())
    session.add(Exclusion(person_id=people[1].id, other_id=people[2].id, created_at=clock.now()))

    figures = planned(session, summit)

    rows = session.scalars(select(ChallengeSeat)).all()
    assert {row.challenge_id for row in rows} == {topic.id}
    assert {row.person_id for row in rows} == {person.id for person in people[1:]}
    assert (figures["seated"], figures["unmixed"], len(rows)) == (11, 0, 22)
    places = {(row.slot_id, row.person_id): row.table_id for row in rows}
    slots = {row.slot_id for row in rows}
    assert all(places[slot, people[1].id] != places[slot, people[2].id] for slot in slots)
    assert meetings(session, summit) == []


def test_a_plan_during_which_a_slot_was_removed_is_not_written(session: Session, make: Factory) -> None:
    from summit.matching.planning import make_plan, read_plan, write_plan

    summit, people = hall(session, make, ["Ana", "Ben"])
    accept(session, summit, *people)
    given = read_plan(session, summit, now=clock.now())
    remove_slot(session, summit, slots_of(session, summit)[0].id, by=None, now=clock.now())

    with pytest.raises(Conflict):
        write_plan(session, summit, given, *make_plan(given), now=clock.now())


def test_the_database_itself_refuses_two_places_and_two_meetings_at_a_table(session: Session, make: Factory) -> None:
    summit, (ana, ben, cleo, dan) = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=1)
    slot, table = slots_of(session, summit)[0].id, tables_of(session, summit)[0].id
    row = {"summit_id": summit.id, "slot_id": slot, "state": MeetingState.PLANNED, "planned_at": clock.now()}
    one = {**row, "table_id": table, "low_id": ana.id, "high_id": ben.id}
    meeting_id = session.scalar(insert(Meeting).returning(Meeting.id), one)
    session.execute(insert(MeetingSeat), {"slot_id": slot, "person_id": ana.id, "meeting_id": meeting_id})
    session.commit()
    broken = [
        (Meeting, {**row, "table_id": table, "low_id": cleo.id, "high_id": dan.id}),
        (Meeting, {**row, "table_id": None, "low_id": cleo.id, "high_id": dan.id}),
        (Meeting, {**one, "table_id": None, "state": MeetingState.CALLED_OFF, "third_id": ben.id}),
        (Meeting, {**one, "table_id": None, "state": MeetingState.CALLED_OFF, "low_id": ben.id, "high_id": ana.id}),
        (MeetingSeat, {"slot_id": slot, "person_id": ana.id, "meeting_id": meeting_id}),
        (Table, {"summit_id": summit.id, "number": 1}),
        (Table, {"summit_id": summit.id, "number": 0}),
    ]

    for model, values in broken:
        with pytest.raises(IntegrityError):
            session.execute(insert(model), values)
        session.rollback()


def test_slots_follow_one_another_in_the_summits_zone(session: Session, make: Factory) -> None:
    summit = make.summit(starts_on=date(2026, 10, 13), days=4)

    lay_out(session, summit, slots=3, tables=2)

    assert [(slot.starts_at, slot.ends_at) for slot in slots_of(session, summit)] == [
        (at(9), at(9, 10)),
        (at(9, 15), at(9, 25)),
        (at(9, 30), at(9, 40)),
    ]
    assert [table.number for table in tables_of(session, summit)] == [1, 2]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": date(2026, 10, 20)}, "day"),
        ({"minutes": 0}, "minutes"),
        ({"pause": -1}, "pause"),
        ({"number": 0}, "number"),
        ({"start": time(9, 20)}, "start"),
        ({"day": date(2026, 10, 16), "start": time(22), "minutes": 120}, "number"),
    ],
)
def test_slots_that_do_not_fit_are_refused_by_field(
    session: Session, make: Factory, changes: dict[str, object], field: str
) -> None:
    summit, _people = hall(session, make, [], slots=3)
    series = Series(**{"day": TOMORROW, "start": time(14), "minutes": 10, "pause": 5, "number": 2, **changes})  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refused:
        add_slots(session, summit, series, by=None, now=clock.now())

    assert set(refused.value.fields) == {field}
    assert len(slots_of(session, summit)) == 3


def test_fewer_tables_take_what_was_planned_at_them_along(session: Session, make: Factory) -> None:
    summit, people = hall(session, make, ["Ana", "Ben", "Cleo", "Dan"], slots=1, tables=2)
    accept(session, summit, *people[:2])
    accept(session, summit, *people[2:])
    planned(session, summit)
    assert len(meetings(session, summit)) == 2

    set_tables(session, summit, 1, by=None, now=clock.now())

    session.commit()
    assert len(meetings(session, summit)) == 1
    assert seats(session) == seats_that_meetings_need(session, summit)


def test_saying_when_one_is_free_is_news_to_the_matching_once(session: Session, make: Factory) -> None:
    summit, (ana,) = hall(session, make, ["Ana"])
    first = slots_of(session, summit)[0].id
    before = summit.revision

    said = mark_free(session, summit, ana.id, [first], now=clock.now())
    again = mark_free(session, summit, ana.id, [first], now=clock.now())

    assert (said, again, summit.revision) == (True, False, before + 1)
    assert busy_slots(session, summit, ana.id) == {slot.id for slot in slots_of(session, summit)} - {first}


def test_only_slots_of_the_summit_and_only_attendees_count(session: Session, make: Factory) -> None:
    summit, (ana,) = hall(session, make, ["Ana"])
    stranger = make.person("Stranger")

    with pytest.raises(Invalid):
        mark_free(session, summit, ana.id, [10**6], now=clock.now())
    with pytest.raises(Invalid):
        mark_free(session, summit, stranger.id, [], now=clock.now())


def test_a_closed_summit_is_neither_laid_out_nor_planned(session: Session, make: Factory) -> None:
    summit, (ana,) = hall(session, make, ["Ana"])
    summit.state = SummitState.CLOSED
    slot_id = slots_of(session, summit)[0].id

    for change in (
        lambda: set_tables(session, summit, 9, by=None, now=clock.now()),
        lambda: remove_slot(session, summit, slot_id, by=None, now=clock.now()),
        lambda: mark_free(session, summit, ana.id, [], now=clock.now()),
        lambda: request_plan(session, summit, by=None, now=clock.now()),
    ):
        with pytest.raises(WrongTime):
            change()

    assert session.scalar(select(Slot.id).where(Slot.id == slot_id)) == slot_id
    assert session.scalars(select(MeetingPlan)).all() == []
