"""Published lists follow what changes: whom an edit concerns gets others within one tick; shown interest stays."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from summit import clock
from summit.database import db
from summit.engine.matching.explain import explain_pairs
from summit.engine.matching.scoring import prepare
from summit.matching import following
from summit.matching.answers import answer_match
from summit.matching.following import follow_changes
from summit.matching.gathering import gather
from summit.matching.mending import forget
from summit.matching.models import Answer, Match, MatchRun
from summit.matching.performing import perform_at_once
from summit.matching.runs import publish_run, request_run
from summit.matching.weighing import weights_in
from summit.people.models import Person
from summit.summits.attendance import bump_revision, register, set_wishes, withdraw
from summit.summits.models import Exclusion, Introduction, StanceKind, Summit, SummitState
from summit.summits.stances import state_stance
from tests.factories import Factory

Pair = tuple[int, int]
PEOPLE, CHALLENGES = 30, 6


@pytest.fixture
def hall(make: Factory, session: Session) -> tuple[Summit, list[Person], MatchRun]:
    """Thirty people around six challenges, each with an ask and an offer; their lists are published."""
    summit = make.summit()
    challenges = [make.challenge(f"Challenge of the hall {n}") for n in range(CHALLENGES)]
    people = []
    for n in range(PEOPLE):
        person = make.attendee(summit, f"Guest {n}", organization=make.organization())
        make.stance(summit, person, challenges[n % CHALLENGES], StanceKind.ASK)
        make.stance(summit, person, challenges[(n + 1 + n // CHALLENGES) % CHALLENGES], StanceKind.OFFER)
        people.append(person)
    run = _publish(session, summit)
    return summit, people, run


@pytest.fixture(autouse=True)
def _nothing_in_memory() -> Iterator[None]:
    yield
    for run_id in range(1, 20):
        forget(run_id)


def _publish(session: Session, summit: Summit) -> MatchRun:
    run = perform_at_once(session, request_run(session, summit, by=None, now=clock.now()), now=clock.now())
    publish_run(session, run, by=None, now=clock.now())
    session.commit()
    return run


def _tick(session: Session) -> int:
    session.commit()
    written = follow_changes(session, now=clock.now())
    session.expire_all()
    return written


def _pairs(session: Session, run: MatchRun) -> set[Pair]:
    rows = session.execute(select(Match.low_id, Match.high_id).where(Match.run_id == run.id))
    return {(low, high) for low, high in rows}


def _introduced(session: Session, summit: Summit) -> set[Pair]:
    rows = session.execute(select(Introduction.low_id, Introduction.high_id).where(Introduction.summit_id == summit.id))
    return {(low, high) for low, high in rows}


def _of(person: Person, pairs: set[Pair]) -> set[int]:
    return {other for pair in pairs if person.id in pair for other in pair} - {person.id}


def _require_sound(session: Session, summit: Summit, run: MatchRun) -> None:
    """Scores and reasons are those of the present profiles, ranks count from one, introductions are the matches."""
    given = gather(session, summit)
    position = {person_id: index for index, person_id in enumerate(given.person_ids)}
    matches = session.scalars(select(Match).where(Match.run_id == run.id)).all()
    explained = explain_pairs(
        prepare(given.profiles, weights_in(run)), [(position[m.low_id], position[m.high_id]) for m in matches]
    )
    ranks: dict[int, list[int]] = {}
    for match, each in zip(matches, explained, strict=True):
        assert match.score == pytest.approx(each.score, abs=1e-8)
        assert [part[1] for part in match.contributions] == pytest.approx([part.points for part in each.contributions])
        ranks.setdefault(match.low_id, []).append(match.rank_for_low)
        ranks.setdefault(match.high_id, []).append(match.rank_for_high)
    assert all(sorted(own) == list(range(1, len(own) + 1)) for own in ranks.values())
    assert run.value == pytest.approx(sum(match.score for match in matches))
    assert run.revision == summit.revision
    assert run.matches == len(matches)
    assert _introduced(session, summit) == _pairs(session, run)


def test_an_edited_stance_mends_the_lists_it_touches_within_one_tick(make, session, hall) -> None:
    summit, people, run = hall
    before = _pairs(session, run)
    rare = make.challenge("Something rare")
    helper = next(person for person in people[1:] if person.id not in _of(people[0], before))
    for person, kind in ((people[0], StanceKind.ASK), (helper, StanceKind.OFFER)):
        about = {"summit": summit, "person_id": person.id, "challenge_id": rare.id, "kind": kind, "priority": 3}
        state_stance(session, **about, now=clock.now())

    written = _tick(session)

    after = _pairs(session, run)
    assert written >= 1
    assert tuple(sorted((people[0].id, helper.id))) in after
    assert run.repaired_at is not None
    _require_sound(session, summit, run)


def test_nothing_is_written_when_nothing_has_changed(session, hall) -> None:
    assert _tick(session) == 0


def test_who_withdraws_is_on_no_list_any_more_and_their_matches_get_others(session, hall) -> None:
    summit, people, run = hall
    lonely = _of(people[0], _pairs(session, run))
    withdraw(session, summit, people[0].id, by=None, now=clock.now())

    _tick(session)

    after = _pairs(session, run)
    assert _of(people[0], after) == set()
    assert all(sum(person_id in pair for pair in after) >= 3 for person_id in lonely)
    assert run.people == PEOPLE - 1
    _require_sound(session, summit, run)


def test_who_comes_late_gets_matches(make, session, hall) -> None:
    summit, _people, run = hall
    late = make.person("Late Lea", organization=make.organization())
    register(session, summit, late.id, by=None, now=clock.now())
    for kind in (StanceKind.ASK, StanceKind.OFFER):
        make.stance(summit, late, make.challenge(f"About {kind}"), kind)

    _tick(session)

    assert len(_of(late, _pairs(session, run))) >= 3
    _require_sound(session, summit, run)


def test_people_who_come_and_go_one_after_the_other_are_followed(make, session, hall) -> None:
    """In memory the positions of those who left stay; what is stored must not know of them."""
    summit, people, run = hall
    for n in range(3):
        withdraw(session, summit, people[3 * n].id, by=None, now=clock.now())
        _tick(session)
        late = make.person(f"Late {n}", organization=make.organization())
        register(session, summit, late.id, by=None, now=clock.now())
        _tick(session)
        _require_sound(session, summit, run)

    register(session, summit, people[0].id, by=None, now=clock.now())
    _tick(session)

    assert _of(people[0], _pairs(session, run))
    _require_sound(session, summit, run)


def test_an_exclusion_parts_two_within_one_tick(session, hall) -> None:
    summit, _people, run = hall
    low, high = min(_pairs(session, run))
    session.add(Exclusion(person_id=high, other_id=low, created_at=clock.now()))
    bump_revision(session, summit)

    _tick(session)

    assert (low, high) not in _pairs(session, run)
    _require_sound(session, summit, run)


def test_a_match_that_is_declined_makes_room_for_another(session, hall) -> None:
    summit, people, run = hall
    low, high = min(_pairs(session, run))
    answer_match(session, summit, person_id=low, other_id=high, answer=Answer.NOT_NOW, now=clock.now())

    _tick(session)

    after = _pairs(session, run)
    assert (low, high) not in after
    assert len(_of(people[0], after)) >= 3
    _require_sound(session, summit, run)


def test_who_showed_interest_keeps_the_match_whatever_the_two_change(make, session, hall) -> None:
    summit, people, run = hall
    held = _of(people[0], _pairs(session, run))
    for other in held:
        answer_match(session, summit, person_id=people[0].id, other_id=other, answer=Answer.INTERESTED, now=clock.now())
    for n in range(4):
        challenge = make.challenge(f"Something new {n}")
        make.stance(summit, people[0], challenge, StanceKind.ASK, priority=3)
        stranger = next(person for person in people[1:] if person.id not in held)
        make.stance(summit, stranger, challenge, StanceKind.OFFER, priority=3)
    set_wishes(session, summit, people[0].id, introductions=0, talk_about="")

    _tick(session)

    assert _of(people[0], _pairs(session, run)) == held
    _require_sound(session, summit, run)


def test_interest_that_is_shown_while_lists_are_mended_is_not_lost(session, hall, monkeypatch) -> None:
    summit, people, run = hall
    low, high = min(pair for pair in _pairs(session, run) if people[0].id in pair)
    stays = low if high == people[0].id else high
    real, summit_id, mover = following.mend, summit.id, people[0].id

    def mend_while_somebody_answers(*about, **named):
        with sessionmaker(db.engine, expire_on_commit=False)() as other:
            theirs = other.get_one(Summit, summit_id)
            answer_match(other, theirs, person_id=stays, other_id=mover, answer=Answer.INTERESTED, now=clock.now())
            other.commit()
        return real(*about, **named)

    organization = session.get_one(Person, stays).organization_id
    people[0].organization_id = organization
    bump_revision(session, summit)
    monkeypatch.setattr(following, "mend", mend_while_somebody_answers)

    written = _tick(session)

    assert written == 0
    assert (low, high) in _pairs(session, run)
    assert run.lease_token is None


def test_two_workers_mend_a_run_once(session, hall) -> None:
    summit, people, run = hall
    withdraw(session, summit, people[0].id, by=None, now=clock.now())
    session.commit()
    app_engine = db.engine
    written: list[int] = []
    start = threading.Barrier(2)

    def work() -> None:
        with sessionmaker(app_engine, expire_on_commit=False)() as own:
            start.wait()
            written.append(follow_changes(own, now=clock.now()))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    session.expire_all()

    assert len(written) == 2
    assert 1 <= sum(written) <= following.PASSES
    _require_sound(session, summit, run)


def test_a_worker_that_dies_while_writing_leaves_nothing_half_written(session, hall, monkeypatch) -> None:
    summit, people, run = hall
    before, revision = _pairs(session, run), run.revision
    withdraw(session, summit, people[0].id, by=None, now=clock.now())

    def die(*_about: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(following, "_introduce", die)
        with pytest.raises(SystemExit):
            _tick(session)
    session.rollback()
    session.expire_all()
    left = (_pairs(session, run), run.revision)
    while_leased = _tick(session)
    clock.turn_to(clock.now() + following.LEASE + timedelta(seconds=1))
    taken_over = _tick(session)

    assert left == (before, revision)
    assert while_leased == 0
    assert taken_over >= 1
    _require_sound(session, summit, run)


def test_a_worker_that_has_just_started_mends_as_well_as_one_that_knows_the_run(session, hall) -> None:
    summit, people, run = hall
    withdraw(session, summit, people[0].id, by=None, now=clock.now())
    _tick(session)
    forget(run.id)
    withdraw(session, summit, people[1].id, by=None, now=clock.now())

    _tick(session)

    _require_sound(session, summit, run)


def test_before_mended_lists_fall_behind_there_is_a_certificate_of_the_present_again(session, hall) -> None:
    summit, people, run = hall
    for person in people[:6]:
        set_wishes(session, summit, person.id, introductions=4, talk_about="")

    written = _tick(session)

    assert written == 2
    assert not run.is_certificate_stale
    assert run.drift == 0
    assert run.value <= run.bound + 1e-9
    fresh = perform_at_once(session, request_run(session, summit, by=None, now=clock.now()), now=clock.now())
    assert run.value >= 0.99 * fresh.value
    _require_sound(session, summit, run)


def test_a_certificate_is_said_to_be_stale_until_then(session, hall, monkeypatch) -> None:
    summit, people, run = hall
    monkeypatch.setattr(following, "MOST_DRIFT", 1.0)
    set_wishes(session, summit, people[0].id, introductions=4, talk_about="")

    written = _tick(session)

    assert written == 1
    assert run.is_certificate_stale
    assert 0 < run.drift < 0.05
    _require_sound(session, summit, run)


@pytest.mark.parametrize("state", [SummitState.CLOSED, SummitState.OPEN])
def test_what_nobody_sees_or_nobody_can_change_is_left_as_it_is(session, hall, state) -> None:
    summit, _people, run = hall
    if state is SummitState.OPEN:
        session.get_one(MatchRun, run.id).published_at = None
    summit.state = state
    summit.revision += 1

    assert _tick(session) == 0


def test_of_two_published_runs_the_one_that_is_seen_follows(session, hall) -> None:
    summit, people, first = hall
    second = _publish(session, summit)
    withdraw(session, summit, people[0].id, by=None, now=clock.now())

    _tick(session)

    assert _of(people[0], _pairs(session, first))
    assert not _of(people[0], _pairs(session, second))
    _require_sound(session, summit, second)
