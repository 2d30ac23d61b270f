"""The desk: every figure is the length of the list behind it, and what needs a human is said."""

import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.claims import Heartbeat
from summit.connections.models import Confirmation, FollowUpKind, StepState
from summit.mail.models import Message, MessageState
from summit.matching.models import MatchRun, RunState
from summit.organizing.figures import Share
from summit.summits.models import StanceKind, Summit, SummitState
from tests.factories import Factory
from tests.queries import counted_queries

NOT_READABLE = "TEXT THAT ORGANIZERS MUST NOT READ"


@pytest.fixture
def people(make: Factory, summit: Summit) -> list:
    return [make.attendee(summit, name) for name in ("Ana Ruiz", "Bo Lind", "Cleo Marsh", "Dev Nair", "Eve Stone")]


def funnel_of(page: str) -> dict[str, int]:
    rows = re.findall(r'<th scope="row">([^<]+)</th>.*?<a href="[^"]*">(\d+)<', page)
    return {label: int(n) for label, n in rows}


def names_on(page: str) -> list[str]:
    return re.findall(r'<h2><a href="[^"]+">([^<]+)</a>', page)


def settle(session: Session, step, state: StepState) -> None:
    step.state, step.settled_at = state, clock.now()
    session.commit()


def answer(session: Session, follow_up, confirmation: Confirmation) -> None:
    follow_up.confirmation, follow_up.answered_at = confirmation, clock.now()
    session.commit()


def tick(session: Session, *, ago: timedelta) -> None:
    session.add(Heartbeat(name="deliver", ticked_at=clock.now() - ago))
    session.commit()


def test_every_stage_counts_exactly_the_people_on_its_list(make, session, summit, desk, people) -> None:
    ana, bo, cleo, dev, eve = people
    topic = make.challenge()
    make.stance(summit, ana, topic)
    make.stance(summit, bo, topic, StanceKind.OFFER, audience=Audience.ORGANIZERS)
    make.stance(summit, cleo, topic, audience=Audience.ONLY_ME)
    for other in (bo, cleo, dev):
        make.introduction(summit, ana, other)
    make.introduction(summit, bo, cleo)
    make.connection(summit, ana, bo, step="Send it")
    learned = make.connection(summit, cleo, dev)
    settle(session, make.next_step(learned, owner=dev), StepState.DONE)
    answer(session, make.follow_up(learned, dev), Confirmation.CONFIRMED)
    disowned = make.connection(summit, dev, eve)
    disowned.disowned_at, disowned.disowned_by_id = clock.now(), eve.id
    session.commit()
    make.attendee(summit, "Gone Away")

    page = desk.get(f"/organize/summits/{summit.slug}").text
    lists = {
        show: names_on(desk.get(f"/organize/summits/{summit.slug}/attendees?show={show}").text)
        for show in (
            "stated",
            "matched",
            "checked_in",
            "connected",
            "with_step",
            "settled",
            "learned",
            "silent",
            "alone",
        )
    }

    assert funnel_of(page) == {
        "Registered": 6,
        "Said what they ask, offer or work on": 2,
        "Matched with at least three": 1,
        "Checked in": 0,
        "Left with a connection": 4,
        "Have a next step": 4,
        "Settled a next step": 2,
        "Learning confirmed by both": 2,
    }
    assert lists == {
        "stated": ["Ana Ruiz", "Bo Lind"],
        "matched": ["Ana Ruiz"],
        "checked_in": [],
        "connected": ["Ana Ruiz", "Bo Lind", "Cleo Marsh", "Dev Nair"],
        "with_step": ["Ana Ruiz", "Bo Lind", "Cleo Marsh", "Dev Nair"],
        "settled": ["Cleo Marsh", "Dev Nair"],
        "learned": ["Cleo Marsh", "Dev Nair"],
        "silent": ["Cleo Marsh", "Dev Nair", "Eve Stone", "Gone Away"],
        "alone": ["Eve Stone", "Gone Away"],
    }


def test_who_withdrew_or_was_disabled_is_not_counted(make, session, summit, desk) -> None:
    make.attendee(summit, "Ana Ruiz")
    make.attendee(summit, "Bo Lind", disabled_at=clock.now())
    withdrawn = make.attendance(summit, make.person("Cleo Marsh"))
    withdrawn.withdrawn_at = clock.now()
    session.commit()

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert funnel_of(page)["Registered"] == 1


def test_shares_carry_their_n_and_interval(make, summit, desk, people) -> None:
    ana, bo, cleo, dev, _eve = people
    make.connection(summit, ana, bo, step="Send it")
    make.connection(summit, ana, cleo)
    make.connection(summit, cleo, dev)

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert "33 % <small>n = 3</small>" in page
    assert "95 %: 6 to 79" in page
    assert "none is 30 days old yet" in page


def test_followed_up_counts_only_connections_of_thirty_days_and_what_came_within_them(
    make, summit, desk, people
) -> None:
    ana, bo, cleo, dev, eve = people
    old = clock.now() - timedelta(days=60)
    make.follow_up(make.connection(summit, ana, bo, recorded_at=old), ana, logged_at=old + timedelta(days=29))
    make.follow_up(make.connection(summit, ana, cleo, recorded_at=old), ana, logged_at=old + timedelta(days=31))
    make.connection(summit, ana, dev, recorded_at=old)
    make.follow_up(make.connection(summit, ana, eve), ana)

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert "33 % <small>n = 3</small>" in page


def test_a_share_of_nobody_is_no_number() -> None:
    assert Share(0, 0).interval == (0, 100)
    assert (Share(2, 3).percent, Share(2, 3).interval) == (67, (21, 94))


def test_a_step_goes_cold_after_a_week(make, session, summit, desk, people) -> None:
    ana, bo, cleo, dev, eve = people
    late = clock.now() - timedelta(days=8)
    make.connection(summit, ana, bo, step="Cold", step_due=late)
    make.connection(summit, ana, cleo, step="Late", step_due=clock.now() - timedelta(days=6))
    settled = make.connection(summit, dev, eve)
    settle(session, make.next_step(settled, owner=dev, due_at=late), StepState.DROPPED)

    page = desk.get(f"/organize/summits/{summit.slug}").text
    cold = desk.get(f"/organize/summits/{summit.slug}/next-steps?show=cold").text

    assert "2 open" in page
    assert "1 settled" in page
    assert "1 cold" in page
    assert "1 next step has gone cold" in page
    assert cold.count('data-label="Between"') == 1
    assert "Bo Lind" in cold


def test_what_a_pair_keeps_is_on_no_list(make, session, summit, desk, people) -> None:
    ana, bo, _cleo, _dev, _eve = people
    met = make.connection(summit, ana, bo, step=NOT_READABLE)
    kept = make.follow_up(met, ana, FollowUpKind.GAVE_HELP, text=NOT_READABLE, audience=Audience.PAIR)
    kept.answer_text = NOT_READABLE
    answer(session, kept, Confirmation.DENIED)
    make.follow_up(met, bo, FollowUpKind.ADAPTED, text="OPEN TO ORGANIZERS", audience=Audience.ORGANIZERS)

    pages = [
        desk.get(f"/organize/summits/{summit.slug}{path}").text
        for path in ("", "/attendees", "/connections", "/next-steps", "/follow-ups")
    ]

    assert "OPEN TO ORGANIZERS" in pages[-1]
    assert "Adapted something" in pages[-1]
    assert "Kept between the two" in pages[-1]
    assert [page for page in pages if NOT_READABLE in page or "Gave help" in page or "not confirmed" in page] == []


def test_the_lists_of_connections_and_follow_ups_narrow(make, session, summit, desk, people) -> None:
    ana, bo, cleo, _dev, _eve = people
    with_step = make.connection(summit, ana, bo, step="Send it")
    make.connection(summit, ana, cleo)
    answer(session, make.follow_up(with_step, ana), Confirmation.AMENDED)
    make.follow_up(with_step, bo)

    def rows(path: str) -> int:
        return desk.get(f"/organize/summits/{summit.slug}/{path}").text.count("/people/") // 2

    assert (rows("connections"), rows("connections?show=with_step"), rows("connections?show=without_step")) == (2, 1, 1)
    assert (rows("follow-ups"), rows("follow-ups?show=confirmed"), rows("follow-ups?show=waiting")) == (2, 1, 1)
    assert rows("next-steps?show=nonsense") == 1


def test_people_of_another_summit_are_on_no_list(make, summit, desk, people) -> None:
    other = make.summit("Another summit")
    zoe, yan = make.attendee(other, "Zoe Away"), make.attendee(other, "Yan Away")
    make.follow_up(make.connection(other, zoe, yan, step="Send it"), zoe)

    pages = [
        desk.get(f"/organize/summits/{summit.slug}{path}").text
        for path in ("/attendees", "/connections", "/next-steps", "/follow-ups")
    ]

    assert [page for page in pages if "Away" in page] == []


@pytest.mark.parametrize(("ago", "is_said"), [(timedelta(minutes=3), True), (timedelta(minutes=1), False)])
def test_a_silent_worker_is_said_after_two_minutes(session, summit, desk, ago, is_said) -> None:
    tick(session, ago=ago)

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert ("script/worker" in page) is is_said


def test_a_worker_that_never_started_is_said(summit, desk) -> None:
    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert "No worker has reported yet" in page
    assert "script/worker" in page


def done_run(session: Session, summit: Summit, **values: object) -> None:
    moment = clock.now()
    session.add(MatchRun(summit_id=summit.id, state=RunState.DONE, requested_at=moment, finished_at=moment, **values))
    session.commit()


def test_who_is_left_out_is_said_with_the_reason(session, summit, desk, people) -> None:
    few = {str(people[0].id): "no_stances", str(people[1].id): "no_stances", str(people[2].id): "asked_for_fewer"}
    done_run(session, summit, revision=summit.revision, few=few)

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert "2 people have fewer than three matches that share a challenge with them: 2 said nothing." in page
    assert "A matching waits to be published" in page


def test_a_matching_that_is_out_of_date_is_said(session, summit, desk) -> None:
    done_run(session, summit, revision=summit.revision - 1)

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert "The matching is out of date" in page


def message(session: Session, key: str, **values: object) -> None:
    session.add(
        Message(
            key=key,
            public_id=key,
            purpose="nudge",
            to_address="ana@example.org",
            subject="s",
            text="t",
            html="h",
            created_at=clock.now(),
            **values,
        )
    )
    session.commit()


def test_mails_that_need_a_human_are_said(session, summit, desk) -> None:
    message(session, "a", state=MessageState.UNKNOWN, due_at=clock.now())
    message(session, "b", state=MessageState.UNKNOWN, due_at=clock.now())
    message(session, "c", state=MessageState.FAILED, due_at=clock.now())
    message(session, "d", state=MessageState.QUEUED, due_at=clock.now() - timedelta(minutes=30))

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert "2 messages had no clear answer" in page
    assert "1 message could not be sent" in page
    assert "A message has waited since Wed, Oct 14, 9:30" in page


def test_a_challenge_that_many_ask_about_and_nobody_offers_is_said(make, summit, desk, people) -> None:
    asked, answered, sealed = make.challenge("Rural labs"), make.challenge("Mentors"), make.challenge("Sealed matter")
    for person in people:
        make.stance(summit, person, asked)
        make.stance(summit, person, answered)
        make.stance(summit, person, sealed, audience=Audience.ONLY_ME)
    make.stance(summit, people[0], answered, StanceKind.OFFER)

    page = desk.get(f"/organize/summits/{summit.slug}").text

    assert "Rural labs: 5 asks, no offer" in page
    assert "Mentors" not in page
    assert "Sealed matter" not in page


def test_who_said_nothing_can_be_written_to(summit, desk, people) -> None:
    address = f"/organize/summits/{summit.slug}/nudges/new?segment=without_stances"

    pages = [desk.get(f"/organize/summits/{summit.slug}{path}").text for path in ("", "/attendees?show=silent")]

    assert "5 people have said nothing yet" in pages[0]
    assert [address in page for page in pages] == [True, True]
    assert desk.get(address).status_code == 200


def test_a_closed_summit_can_be_read_and_asks_for_nothing(make, desk) -> None:
    closed = make.summit("Last year", state=SummitState.CLOSED)
    make.attendee(closed, "Ana Ruiz")

    page = desk.get(f"/organize/summits/{closed.slug}").text
    attendees = desk.get(f"/organize/summits/{closed.slug}/attendees").text

    assert "is closed" in page
    assert "Write to them" not in page
    assert "Nobody is matched yet" not in page
    assert "/attendees/import" not in attendees


@pytest.mark.parametrize("path", ["", "/attendees", "/connections", "/next-steps", "/follow-ups"])
def test_a_page_takes_few_queries_whatever_the_number_of_rows(make, summit, desk, path) -> None:
    address = f"/organize/summits/{summit.slug}{path}"

    def number() -> int:
        with counted_queries() as queries:
            assert desk.get(address).status_code == 200
        return len(queries)

    def fill(count: int) -> None:
        for _ in range(count):
            one, other = make.attendee(summit), make.attendee(summit)
            make.follow_up(make.connection(summit, one, other, step="Send it"), one)

    fill(1)
    few = number()
    fill(8)
    many = number()

    assert many == few <= 12


def test_long_lists_are_cut_into_pages(make, summit, desk) -> None:
    for _ in range(31):
        make.attendee(summit)

    first = names_on(desk.get(f"/organize/summits/{summit.slug}/attendees?show=silent").text)
    page = desk.get(f"/organize/summits/{summit.slug}/attendees?show=silent&page=2").text

    assert len(first) == 30
    assert len(names_on(page)) == 1
    assert "show=silent&amp;page=1" in page or "page=1&amp;show=silent" in page


def test_attendees_are_found_by_name_email_or_organization(make, summit, desk) -> None:
    make.attendee(summit, "Ana Ruiz", organization=make.organization("Two Rivers"))
    make.attendee(summit, "Bo Lind", email="someone.else@example.org")

    def found(words: str) -> list[str]:
        return names_on(desk.get(f"/organize/summits/{summit.slug}/attendees?q={words}").text)

    assert (found("ruiz"), found("two+riv"), found("someone"), found("nobody")) == (
        ["Ana Ruiz"],
        ["Ana Ruiz"],
        ["Bo Lind"],
        [],
    )


@pytest.mark.parametrize("path", ["", "/attendees", "/attendees/import", "/connections", "/next-steps", "/follow-ups"])
def test_the_desk_is_for_organizers_only(make, summit, sign_in, desk, path) -> None:
    attendee = make.attendee(summit, "Ana Ruiz")

    answers = [
        client.get(f"/organize/summits/{slug}{path}").status_code
        for client, slug in ((sign_in(attendee), summit.slug), (sign_in(None), summit.slug), (desk, "nowhere"))
    ]

    assert answers == [403, 302, 404]
