"""What the matching knows of a summit: also what became of earlier ones, as a gradient, and told to nobody."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.commitments.promising import promise
from summit.connections.models import Confirmation, Connection, FollowUpKind, StepState
from summit.matching.gathering import MatchInput, gather
from summit.people.models import Person
from summit.summits.models import Acquaintance, StanceKind, Summit, SummitState
from tests.factories import Factory
from tests.queries import counted_queries


@pytest.fixture
def scene(make: Factory) -> tuple[Summit, Summit, Person, Person]:
    """Last year's summit and this year's, and two people who were at both."""
    last_year = make.summit("Summit 2025", state=SummitState.CLOSED)
    summit = make.summit("Summit 2026")
    ana, ben = make.attendee(summit, "Ana"), make.attendee(summit, "Ben")
    return last_year, summit, ana, ben


def _between(given: MatchInput, name: str) -> set[tuple[int, int]]:
    return {(given.person_ids[a], given.person_ids[b]) for a, b in getattr(given.profiles, name).tolist()}


def _settle(session: Session, connection: Connection, state: StepState) -> None:
    session.refresh(connection, ["next_steps"])
    step = connection.next_steps[0]
    step.state, step.settled_at = state, clock.now() if state is not StepState.OPEN else None
    session.commit()


@pytest.mark.parametrize(
    ("state", "due_in_days", "expected"),
    [
        (StepState.OPEN, 7, {"promised"}),
        (StepState.OPEN, -365, {"lapsed"}),
        (StepState.DONE, 7, {"kept"}),
        (StepState.DROPPED, 7, {"lapsed"}),
    ],
)
def test_a_promise_weighs_by_what_became_of_it(make, session, scene, state, due_in_days, expected) -> None:
    last_year, summit, ana, ben = scene
    due = clock.now() + timedelta(days=due_in_days)
    _settle(session, make.connection(last_year, ana, ben, step="Send the survey", step_due=due), state)

    given = gather(session, summit)

    pair = (ana.id, ben.id)
    assert {name for name in ("promised", "kept", "lapsed", "excluded") if pair in _between(given, name)} == expected


def test_a_promise_at_this_summit_is_not_one_of_an_earlier_one(make, session, scene) -> None:
    _last_year, summit, ana, ben = scene
    make.connection(summit, ana, ben, step="Send the survey")

    given = gather(session, summit)

    assert _between(given, "promised") == set()


@pytest.mark.parametrize("kind", [kind for kind in FollowUpKind if kind is not FollowUpKind.NO_RESULT])
@pytest.mark.parametrize("confirmation", list(Confirmation))
def test_what_came_of_it_counts_once_the_other_side_confirms_it(make, session, scene, kind, confirmation) -> None:
    last_year, summit, ana, ben = scene
    logged = make.follow_up(make.connection(last_year, ana, ben), ana, kind)
    logged.confirmation = confirmation
    logged.answered_at = None if confirmation is Confirmation.PENDING else clock.now()
    session.commit()

    given = gather(session, summit)

    assert ((ana.id, ben.id) in _between(given, "kept")) == (confirmation is Confirmation.CONFIRMED)


def test_that_nothing_came_of_it_ends_it_whoever_says_so(make, session, scene) -> None:
    last_year, summit, ana, ben = scene
    connection = make.connection(last_year, ana, ben, step="Send the survey")
    make.follow_up(connection, ben, FollowUpKind.NO_RESULT, logged_at=clock.now() + timedelta(hours=1))

    given = gather(session, summit)

    assert _between(given, "excluded") == {(ana.id, ben.id)}
    assert _between(given, "promised") == set()


def test_a_promise_made_later_begins_anew(make, session, scene) -> None:
    last_year, summit, ana, ben = scene
    connection = make.connection(last_year, ana, ben)
    make.follow_up(connection, ben, FollowUpKind.NO_RESULT, logged_at=clock.now() - timedelta(days=30))
    make.next_step(connection, "Try it once more", owner=ana)

    given = gather(session, summit)

    assert _between(given, "excluded") == set()
    assert _between(given, "promised") == {(ana.id, ben.id)}


def test_a_connection_that_is_disowned_counts_nowhere(make, session, scene) -> None:
    last_year, summit, ana, ben = scene
    connection = make.connection(last_year, ana, ben, step="Send the survey")
    make.follow_up(connection, ben, FollowUpKind.NO_RESULT)
    connection.disowned_by_id, connection.disowned_at = ana.id, clock.now()
    session.commit()

    given = gather(session, summit)

    assert all(_between(given, name) == set() for name in ("promised", "kept", "lapsed", "excluded", "ties"))


def test_who_knows_each_other_well_is_barred_unless_a_promise_is_open(make, session, scene) -> None:
    last_year, summit, ana, ben = scene
    session.add(Acquaintance(low_id=ana.id, high_id=ben.id, said_by_id=ana.id, created_at=clock.now()))
    session.commit()
    before = gather(session, summit)

    make.connection(last_year, ana, ben, step="Send the survey")
    after = gather(session, summit)

    assert _between(before, "acquainted") == _between(after, "acquainted") == {(ana.id, ben.id)}
    assert _between(before, "promised") == set()
    assert _between(after, "promised") == {(ana.id, ben.id)}


def test_an_approach_that_a_colleague_adapted_proves_the_offer(make, session, scene) -> None:
    last_year, summit, ana, ben = scene
    challenge, other = make.challenge("Turnover"), make.challenge("Housing")
    for about in (challenge, other):
        make.stance(summit, ben, about, StanceKind.OFFER)
    connection = make.connection(last_year, ana, ben)
    session.refresh(connection, ["challenges"])
    connection.challenges.append(challenge)
    logged = make.follow_up(connection, ana, FollowUpKind.ADAPTED)
    logged.confirmation, logged.answered_at = Confirmation.CONFIRMED, clock.now()
    session.commit()

    given = gather(session, summit)

    proven = given.profiles.proven.toarray()
    row, column = given.person_ids.index(ben.id), given.challenge_ids.index(challenge.id)
    assert proven[row, column] == 1
    assert proven.sum() == 1


def test_texts_that_everybody_may_read_are_compared_and_stances_are_not(make, session, scene) -> None:
    _last_year, summit, ana, ben = scene
    for person in (ana, ben):
        attendance = make.attendee(summit, f"Double of {person.name}")
        attendance.talk_about = "Robots in the classroom"
    for person in (ana, ben):
        make.stance(
            summit, person, make.challenge(), StanceKind.ASK, text="A secret worry", audience=Audience.ORGANIZERS
        )
    house = make.organization()
    promise(session, house, statement="Train a thousand teachers of physics")
    ana.organization_id = house.id
    ben.talk_about = "Train a thousand teachers of physics"
    session.commit()

    given = gather(session, summit)

    likeness = given.profiles.likeness.toarray()
    a, b = given.person_ids.index(ana.id), given.person_ids.index(ben.id)
    assert likeness[a, b] == pytest.approx(1.0)
    assert not any("secret" in text for texts in given.texts for text in texts)


def test_the_same_place_is_the_same_however_it_is_spelled(make, session) -> None:
    summit = make.summit()
    for place in ("Chicago, IL", " chicago,  il", "Boston", ""):
        make.attendee(summit, organization=make.organization(place=place))

    given = gather(session, summit)

    one, same, other, none = given.profiles.place.tolist()
    assert one == same
    assert other not in (one, -1)
    assert none == -1


def test_newcomers_are_those_who_attended_no_earlier_summit(make, session) -> None:
    summit = make.summit()
    earlier = make.summit("Earlier", starts_on=summit.starts_on - timedelta(days=365), state=SummitState.CLOSED)
    ana, _ben = make.attendee(summit, "Ana"), make.attendee(summit, "Ben")
    make.attendance(earlier, ana)

    given = gather(session, summit)

    assert given.is_newcomer.tolist() == [False, True]


def _with_line(session: Session, make: Factory, summit: Summit, ana: Person, ben: Person) -> None:
    ana.talk_about = ben.talk_about = "Robots in the classroom"


def _with_place(session: Session, make: Factory, summit: Summit, ana: Person, ben: Person) -> None:
    ana.organization_id = make.organization(place="Boston").id


def _with_kept(session: Session, make: Factory, summit: Summit, ana: Person, ben: Person) -> None:
    earlier = make.summit("Earlier", starts_on=summit.starts_on - timedelta(days=365), state=SummitState.CLOSED)
    _settle(session, make.connection(earlier, ana, ben, step="Send it"), StepState.DONE)


@pytest.mark.parametrize("change", [_with_line, _with_place, _with_kept])
def test_the_hash_tells_two_inputs_apart(make, session, scene, change: Callable[..., None]) -> None:
    _last_year, summit, ana, ben = scene
    before, again = gather(session, summit), gather(session, summit)

    change(session, make, summit, ana, ben)
    session.commit()
    after = gather(session, summit)

    assert before.digest == again.digest
    assert before.digest != after.digest


def test_gathering_takes_as_many_queries_for_many_as_for_few(make, session, scene) -> None:
    last_year, summit, ana, _ben = scene
    with counted_queries() as few:
        gather(session, summit)
    for n in range(20):
        other = make.attendee(summit, f"Other {n}", organization=make.organization())
        make.stance(summit, other, make.challenge(), StanceKind.ASK)
        make.connection(last_year, ana, other, step="Send it")

    with counted_queries() as many:
        gather(session, summit)

    assert len(many) == len(few) <= 15
