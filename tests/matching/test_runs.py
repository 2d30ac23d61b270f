"""Match runs: requested, performed, published; what an organizer and an attendee get to see of them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from summit import clock
from summit.errors import Conflict, WrongTime
from summit.matching.answers import answer_match
from summit.matching.models import Answer, Match, MatchRun, RunState
from summit.matching.performing import perform_at_once, perform_queued
from summit.matching.previewing import MOST_SHOWN
from summit.matching.runs import publish_run, request_run
from summit.people.models import Person
from summit.summits.models import Exclusion, Introduction, StanceKind, Summit, SummitState
from tests.factories import Factory
from tests.queries import counted_queries


def _hall(make: Factory, count: int = 8) -> tuple[Summit, list[Person]]:
    """A summit where everybody asks about one challenge and offers help with another, in a ring of four."""
    summit = make.summit()
    challenges = [make.challenge(f"Challenge of the hall {n}") for n in range(4)]
    people = []
    for n in range(count):
        person = make.attendee(summit, f"Guest {n}", organization=make.organization())
        make.stance(summit, person, challenges[n % 4], StanceKind.ASK)
        make.stance(summit, person, challenges[(n + 1) % 4], StanceKind.OFFER)
        make.stance(summit, person, challenges[n // 4 % 4], StanceKind.WORKING_ON)
        people.append(person)
    return summit, people


def _run(session: Session, summit: Summit, *, publish: bool = True) -> MatchRun:
    run = request_run(session, summit, by=None, now=clock.now())
    session.commit()
    perform_queued(session, now=clock.now())
    session.refresh(run)
    if publish:
        publish_run(session, run, by=None, now=clock.now())
        session.commit()
    return run


def _pairs(session: Session, run: MatchRun) -> set[tuple[int, int]]:
    return set(session.execute(select(Match.low_id, Match.high_id).where(Match.run_id == run.id)))


def test_a_run_matches_everybody_at_least_three_times_with_a_certificate(make: Factory, session: Session) -> None:
    summit, people = _hall(make)

    run = _run(session, summit, publish=False)
    degree = {person.id: sum(person.id in pair for pair in _pairs(session, run)) for person in people}

    assert run.state is RunState.DONE
    assert min(degree.values()) >= 3
    assert max(degree.values()) <= 5
    assert run.value is not None
    assert run.bound is not None
    assert run.value <= run.bound + 1e-9
    assert run.gap is not None
    assert run.gap <= 0.02
    assert run.few == {}


def test_the_stored_contributions_add_up_to_the_score(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)

    run = _run(session, summit, publish=False)
    matches = session.scalars(select(Match).where(Match.run_id == run.id)).all()

    assert matches
    assert all(abs(sum(part[1] for part in match.contributions) - match.score) < 1e-6 for match in matches)


def test_ranks_count_from_one_in_either_sides_list(make: Factory, session: Session) -> None:
    summit, people = _hall(make)

    run = _run(session, summit, publish=False)
    matches = session.scalars(select(Match).where(Match.run_id == run.id)).all()

    for person in people:
        ranks = [m.rank_for_low if m.low_id == person.id else m.rank_for_high for m in matches
                 if person.id in (m.low_id, m.high_id)]  # fmt: skip
        assert sorted(ranks) == list(range(1, len(ranks) + 1))


def test_nobody_sees_a_run_before_it_is_published(
    make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, people = _hall(make)
    run = _run(session, summit, publish=False)

    before = sign_in(people[0]).get(f"/summits/{summit.slug}/matches").text
    publish_run(session, run, by=None, now=clock.now())
    session.commit()
    after = sign_in(people[0]).get(f"/summits/{summit.slug}/matches").text

    assert "Your matches are not ready yet" in before
    assert "to meet" in after
    assert "Guest " in after


def test_publishing_introduces_exactly_the_published_pairs(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)

    run = _run(session, summit)
    introduced = set(session.execute(select(Introduction.low_id, Introduction.high_id)))

    assert introduced == _pairs(session, run)


def test_an_exclusion_keeps_two_apart_and_a_later_run_replaces_the_earlier(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    first = _run(session, summit)
    low, high = sorted(_pairs(session, first))[0]
    session.add(Exclusion(person_id=high, other_id=low, created_at=clock.now()))
    session.commit()

    second = _run(session, summit)
    introduced = set(session.execute(select(Introduction.low_id, Introduction.high_id)))

    assert (low, high) in _pairs(session, first)
    assert (low, high) not in _pairs(session, second)
    assert introduced == _pairs(session, second)


def test_whoever_is_interested_keeps_the_match_in_the_next_run(make: Factory, session: Session) -> None:
    summit, people = _hall(make, 12)
    first = _run(session, summit)
    low, high = max(_pairs(session, first), key=lambda pair: pair[1] - pair[0])
    answer_match(session, summit, person_id=low, other_id=high, answer=Answer.INTERESTED, now=clock.now())
    for challenge in range(3):
        make.stance(summit, people[0], make.challenge(f"Something new {challenge}"), StanceKind.ASK, priority=3)
    session.commit()

    second = _run(session, summit)

    assert (low, high) in _pairs(session, second)
    assert second.value is not None
    assert second.bound is not None
    assert second.value <= second.bound + 1e-9


def test_not_now_frees_the_place_in_the_next_run(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    first = _run(session, summit)
    low, high = min(_pairs(session, first))
    answer_match(session, summit, person_id=high, other_id=low, answer=Answer.NOT_NOW, now=clock.now())
    session.commit()

    second = _run(session, summit)

    assert (low, high) not in _pairs(session, second)


def test_people_of_one_organization_are_never_matched(make: Factory, session: Session) -> None:
    summit = make.summit()
    challenge = make.challenge()
    house = make.organization("One house")
    for n in range(5):
        colleague = make.attendee(summit, f"Colleague {n}", organization=house)
        make.stance(summit, colleague, challenge, StanceKind.ASK if n % 2 else StanceKind.OFFER)

    run = _run(session, summit, publish=False)

    assert _pairs(session, run) == set()
    assert set(run.few.values()) == {"nobody_allowed"}


def test_who_has_shown_interest_is_still_named_among_those_with_few_matches(make: Factory, session: Session) -> None:
    summit, (ana, ben) = _hall(make, 2)
    make.stance(summit, ana, make.challenge("Shared by two"), StanceKind.ASK)
    first = _run(session, summit)
    answer_match(session, summit, person_id=ana.id, other_id=ben.id, answer=Answer.INTERESTED, now=clock.now())
    session.commit()

    second = _run(session, summit, publish=False)

    assert _pairs(session, second) == _pairs(session, first) == {(ana.id, ben.id)}
    assert second.few == first.few == {str(ana.id): "nobody_allowed", str(ben.id): "nobody_allowed"}


def test_an_open_promise_from_last_year_brings_two_acquaintances_together(make: Factory, session: Session) -> None:
    last_year = make.summit("Summit 2025", state=SummitState.CLOSED)
    summit, people = _hall(make, 12)
    ana, ben = people[0], people[7]
    make.attendance(last_year, ana)
    make.attendance(last_year, ben)
    make.connection(last_year, ana, ben, step="Send the survey")

    run = _run(session, summit, publish=False)
    match = session.scalars(
        select(Match).where(Match.run_id == run.id, Match.low_id == ana.id, Match.high_id == ben.id)
    ).one()

    assert "promise" in {part[0] for part in match.contributions}


def test_a_second_request_while_one_waits_is_the_same_run(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)

    one = request_run(session, summit, by=None, now=clock.now())
    other = request_run(session, summit, by=None, now=clock.now())

    assert one.id == other.id


def test_a_closed_summit_is_not_matched(make: Factory, session: Session) -> None:
    summit = make.summit(state=SummitState.CLOSED)

    with pytest.raises(WrongTime, match="is closed"):
        request_run(session, summit, by=None, now=clock.now())


def test_a_run_that_a_dead_worker_left_behind_is_taken_over(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())
    run.state, run.lease_token, run.lease_until = RunState.RUNNING, "dead", clock.now()
    session.commit()

    performed = perform_queued(session, now=clock.now())
    session.refresh(run)

    assert performed == 1
    assert run.state is RunState.DONE


def test_a_run_of_the_command_line_is_not_taken_by_a_worker_as_well(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())

    performed = perform_at_once(session, run, now=clock.now())
    left_for_a_worker = perform_queued(session, now=clock.now())

    assert (performed.state, performed.people) == (RunState.DONE, 8)
    assert left_for_a_worker == 0


def test_a_run_that_a_worker_computes_is_left_to_it(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())
    run.state, run.lease_token, run.lease_until = RunState.RUNNING, "alive", clock.now() + timedelta(minutes=5)
    session.commit()

    with pytest.raises(Conflict, match="computing a run of this summit already"):
        perform_at_once(session, run, now=clock.now())

    assert run.lease_token == "alive"


def test_an_engine_at_work_holds_up_nobody_who_writes(make: Factory, session: Session) -> None:
    summit, _people = _hall(make)
    run = request_run(session, summit, by=None, now=clock.now())
    written_meanwhile: list[int] = []

    @event.listens_for(session, "after_rollback")
    def _write_while_it_computes(_session: Session) -> None:
        with session.get_bind().connect() as other, other.begin():
            written_meanwhile.append(other.execute(update(Summit).values(place="Elsewhere")).rowcount)

    perform_at_once(session, run, now=clock.now())

    assert written_meanwhile == [1]


def test_an_empty_summit_gives_an_empty_run(make: Factory, session: Session) -> None:
    run = _run(session, make.summit())

    assert (run.state, run.people, run.matches, run.gap) == (RunState.DONE, 0, 0, 0.0)


def test_the_same_input_gives_the_same_matches(make: Factory, session: Session) -> None:
    summit, _people = _hall(make, 12)

    first, second = _run(session, summit, publish=False), _run(session, summit, publish=False)

    assert first.input_hash == second.input_hash
    assert _pairs(session, first) == _pairs(session, second)


def test_the_database_refuses_a_pair_out_of_order_even_without_the_verb(make: Factory, session: Session) -> None:
    summit, people = _hall(make, 4)
    run = _run(session, summit, publish=False)
    low, high = people[0].id, people[1].id

    session.add(Match(run_id=run.id, low_id=high, high_id=low, score=1, rank_for_low=1, rank_for_high=1))

    with pytest.raises(IntegrityError):
        session.flush()


def test_an_organizer_runs_previews_and_publishes(
    make: Factory, session: Session, organizer: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, _people = _hall(make)
    silent = make.attendee(summit, "Silent Sam", organization=make.organization())
    client = sign_in(organizer)
    page = f"/organize/summits/{summit.slug}/matching"

    client.post(page)
    while_waiting = client.get(page).text
    perform_queued(session, now=clock.now())
    preview = client.get(page).text
    run = session.scalars(select(MatchRun)).one()
    client.post(f"{page}/{run.id}/publication")
    session.expire_all()

    assert "asked for at" in while_waiting
    assert silent.name in preview
    assert "has not said what they ask" in preview
    assert session.get_one(MatchRun, run.id).published_at is not None
    assert session.scalar(select(func.count()).select_from(Introduction)) == run.matches


def test_the_organizers_page_loads_only_those_with_few_matches(
    make: Factory, session: Session, organizer: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, people = _hall(make)
    for n in range(MOST_SHOWN + 2):
        make.attendee(summit, f"Silent {n}")
    _run(session, summit, publish=False)
    client = sign_in(organizer)

    with counted_queries() as queries:
        page = client.get(f"/organize/summits/{summit.slug}/matching").text

    assert "And 2 more." in page
    assert page.count("has not said what they ask") == MOST_SHOWN
    assert not any(person.name in page for person in people)
    assert len(queries) <= 12


def test_a_change_after_the_run_is_said_on_the_page(
    make: Factory, session: Session, organizer: Person, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, _people = _hall(make)
    _run(session, summit, publish=False)
    page = f"/organize/summits/{summit.slug}/matching"

    before = sign_in(organizer).get(page).text
    summit.revision += 1
    session.commit()
    after = sign_in(organizer).get(page).text

    assert "Something has changed since this run" not in before
    assert "Something has changed since this run" in after
