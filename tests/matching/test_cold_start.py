"""Who has said little still reads why they were matched, and is asked the one thing that would help most."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.commitments.models import Commitment
from summit.connections.models import FollowUpKind, StepState
from summit.matching.models import Match, MatchRun, RunState
from summit.matching.question import Question, best_question
from summit.organizations.models import Organization
from summit.people.models import Person
from summit.summits.models import (
    Acquaintance,
    Attendance,
    Exclusion,
    Introduction,
    Stance,
    StanceKind,
    Summit,
    SummitState,
)
from tests.factories import Factory
from tests.queries import counted_queries


@pytest.fixture
def pair(make: Factory, session: Session) -> tuple[Summit, Person, Person]:
    """Ana and Ben, who are a published match and have said nothing."""
    summit = make.summit()
    ana = make.attendee(summit, "Ana Ruiz", organization=make.organization("River Schools", place="Toledo, Ohio"))
    ben = make.attendee(summit, "Ben Okoro", organization=make.organization("Harbor Museum", place="Lima, Ohio"))
    _publish(session, summit, ana, [ben])
    return summit, ana, ben


def _publish(session: Session, summit: Summit, one: Person, others: list[Person], *, is_bridging: bool = False) -> None:
    run = MatchRun(summit_id=summit.id, state=RunState.DONE, requested_at=clock.now(), published_at=clock.now())
    session.add(run)
    session.flush()
    for rank, other in enumerate(others, 1):
        low, high = sorted((one.id, other.id))
        session.add(
            Match(
                run_id=run.id,
                low_id=low,
                high_id=high,
                score=1.0,
                rank_for_low=rank,
                rank_for_high=rank,
                is_bridging=is_bridging,
            )
        )
        session.execute(insert(Introduction), [{"summit_id": summit.id, "low_id": low, "high_id": high}])
    session.commit()


def _page(client: FlaskClient, summit: Summit) -> str:
    """The page's text, without the tokens that differ from one rendering to the next."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", client.get(f"/summits/{summit.slug}/matches").text)


def _promise(session: Session, person: Person, statement: str) -> None:
    session.add(Commitment(organization_id=person.organization_id, statement=statement))
    session.commit()


def _settle(make: Factory, session: Session, summit: Summit, pair: tuple[Person, Person], state: StepState) -> None:
    connection = make.connection(summit, *pair)
    step = make.next_step(connection, "Visit the robot lab", owner=pair[0])
    step.state, step.settled_at = state, clock.now()
    session.commit()


def _ask_about(session: Session, summit: Summit, person: Person, skipped: tuple[int, ...] = ()) -> Question | None:
    return best_question(session, summit, person.id, introductions=5, skipped=skipped)


def _organization_of(session: Session, person: Person) -> Organization:
    """Return somebody's organization."""
    session.refresh(person, ["organization"])
    assert person.organization is not None
    return person.organization


# What a weak match rests on.


def test_the_same_place_is_a_place_to_start(
    pair: tuple[Summit, Person, Person], session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    before = _page(sign_in(ana), summit)
    _organization_of(session, ben).place = "toledo,  Ohio"
    session.commit()

    after = _page(sign_in(ana), summit)

    assert "A place to start" not in before
    assert "Nothing that you share is stated openly. Ask Ben what they came for." in before
    assert "A place to start" in after
    assert "You are both from toledo,  Ohio." in after
    assert "for them" not in after


def test_commitments_that_read_alike_are_named_with_the_others_words(
    pair: tuple[Summit, Person, Person], session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    _promise(session, ana, "Prepare 100 new STEM teachers for rural schools")
    _promise(session, ben, "Open the planetarium on Sundays")
    unlike = _page(sign_in(ana), summit)
    _promise(session, ben, "Prepare STEM teachers for schools in rural towns")

    of_ana, of_ben = _page(sign_in(ana), summit), _page(sign_in(ben), summit)

    assert "read alike" not in unlike
    assert "Your organizations’ commitments read alike. Theirs: “Prepare STEM teachers for schools in rural towns”" in (
        of_ana
    )
    assert "Theirs: “Prepare 100 new STEM teachers for rural schools”" in of_ben


def test_lines_to_talk_about_that_read_alike_are_a_reason(
    pair: tuple[Summit, Person, Person], session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    ana.talk_about, ben.talk_about = "What failed in our robot club", "A robot club for girls that failed twice"
    session.commit()
    before = _page(sign_in(ana), summit)
    _promise(session, ben, "Start a robot club in each library: what failed, and what did not")

    after = _page(sign_in(ana), summit)

    assert "What Ben wants to talk about reads like what you write." in before
    assert "reads like a commitment of Ben’s organization: “Start a robot club in each library" in after


def test_how_lines_usually_begin_is_nothing_shared(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    ana.talk_about, ben.talk_about = "Talk to me about bees.", "Talk to me about whales."
    session.commit()
    among_two = _page(sign_in(ana), summit)
    for number in range(4):
        make.attendee(summit, f"Other {number}")
    for attendance in session.scalars(select(Attendance).where(Attendance.person_id.not_in((ana.id, ben.id)))):
        attendance.talk_about = "Talk to me about lunch."
    session.commit()

    assert "reads like what you write" in among_two
    assert "reads like what you write" not in _page(sign_in(ana), summit)


@pytest.mark.parametrize(("in_common", "is_said"), [(4, False), (5, True)])
def test_common_ties_are_said_from_five_on_without_number_or_name(
    pair: tuple[Summit, Person, Person],
    make: Factory,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    in_common: int,
    is_said: bool,
) -> None:
    summit, ana, ben = pair
    friends = [make.person(f"Friend {number}") for number in range(in_common)]
    for friend in friends:
        make.connection(summit, ana, friend)
        low, high = sorted((ben.id, friend.id))
        session.add(Acquaintance(low_id=low, high_id=high, said_by_id=ben.id, created_at=clock.now()))
    session.commit()

    page = _page(sign_in(ana), summit)

    assert ("You know some of the same people." in page) is is_said
    assert "Friend" not in page


def test_a_disowned_connection_is_no_common_tie(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    for number in range(5):
        friend = make.person(f"Friend {number}")
        make.connection(summit, ana, friend)
        connection = make.connection(summit, ben, friend)
    connection.disowned_at = clock.now()
    session.commit()

    assert "You know some of the same people." not in _page(sign_in(ana), summit)


def test_a_kept_promise_asks_for_the_next_one_and_a_dropped_one_offers_a_fresh_start(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    last_year, year_before = make.summit("Summit 2025"), make.summit("Summit 2024")
    _settle(make, session, year_before, (ana, ben), StepState.DROPPED)
    dropped = _page(sign_in(ben), summit)

    _settle(make, session, last_year, (ana, ben), StepState.DONE)
    kept = _page(sign_in(ben), summit)

    assert "You once planned “Visit the robot lab” and let it go: a fresh start." in dropped
    assert "A place to start" in dropped
    assert "You kept a promise to each other: “Visit the robot lab”. What next?" in kept
    assert "A place to start" not in kept
    assert "fresh start" not in kept


def test_what_nothing_came_of_ends_quietly(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    last_year = make.summit("Summit 2025")
    connection = make.connection(last_year, ana, ben)
    step = make.next_step(connection, "Visit the robot lab", owner=ana)
    step.state, step.settled_at = StepState.DONE, clock.now()
    session.commit()
    before = _page(sign_in(ana), summit)

    make.follow_up(connection, ben, FollowUpKind.NO_RESULT)

    assert "Visit the robot lab" in before
    assert "Visit the robot lab" not in _page(sign_in(ana), summit)


def test_a_shared_challenge_makes_the_rest_unsaid(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    _organization_of(session, ben).place = "Toledo, Ohio"
    robots = make.challenge("Robots in class")
    make.stance(summit, ana, robots, StanceKind.WORKING_ON, audience=Audience.SUMMIT)
    make.stance(summit, ben, robots, StanceKind.WORKING_ON, audience=Audience.SUMMIT)

    page = _page(sign_in(ana), summit)

    assert "You both work on" in page
    assert "A place to start" not in page
    assert "You are both from" not in page


@pytest.mark.parametrize("audience", [Audience.ONLY_ME, Audience.ORGANIZERS])
def test_a_sealed_ask_leaves_a_weak_match_weak_in_the_others_eyes(
    pair: tuple[Summit, Person, Person],
    make: Factory,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    audience: Audience,
) -> None:
    summit, ana, ben = pair
    _organization_of(session, ben).place = "Toledo, Ohio"
    secret = make.challenge("Half our staff is leaving")
    make.stance(summit, ben, secret, StanceKind.OFFER)
    without = _page(sign_in(ben), summit)
    make.stance(summit, ana, secret, StanceKind.ASK, audience=audience)

    of_ana, of_ben = _page(sign_in(ana), summit), _page(sign_in(ben), summit)

    assert "Half our staff is leaving" in of_ana
    assert "A place to start" not in of_ana
    assert "A place to start" in of_ben
    assert of_ben == without


def test_a_bridging_match_is_marked_as_one(
    make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit, "Ana Ruiz"), make.attendee(summit, "Ben Okoro")
    _publish(session, summit, ana, [ben], is_bridging=True)

    assert "a chance to hear something from outside your own field" in _page(sign_in(ana), summit)


# The one question.


def test_the_question_is_about_what_would_meet_most_who_are_not_on_the_list(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session
) -> None:
    summit, ana, ben = pair
    few, many, listed = make.challenge("Few"), make.challenge("Many"), make.challenge("On the list")
    for number in range(3):
        other = make.attendee(summit, f"Other {number}")
        make.stance(summit, other, many, StanceKind.OFFER, audience=Audience.SUMMIT)
        if not number:
            make.stance(summit, other, few, StanceKind.OFFER, priority=3, audience=Audience.NETWORK)
            make.stance(summit, other, many, StanceKind.ASK, audience=Audience.SUMMIT)
    make.stance(summit, ben, listed, StanceKind.OFFER, priority=3, audience=Audience.SUMMIT)

    assert _ask_about(session, summit, ana) == Question(many.id, "Many", offers=3, asks=1)
    assert _ask_about(session, summit, ana, (many.id,)) == Question(few.id, "Few", offers=1, asks=0)
    assert _ask_about(session, summit, ana, (many.id, few.id)) is None


def test_no_more_counts_than_there_are_introductions_wanted(make: Factory, session: Session) -> None:
    summit = make.summit()
    ana = make.attendee(summit, "Ana Ruiz")
    weak, strong = make.challenge("Weak"), make.challenge("Strong")
    for number in range(6):
        other = make.attendee(summit, f"Other {number}")
        make.stance(summit, other, weak, StanceKind.OFFER, priority=1, audience=Audience.SUMMIT)
        if number < 2:
            make.stance(summit, other, strong, StanceKind.OFFER, priority=2, audience=Audience.SUMMIT)

    for introductions, expected in ((2, "Strong"), (5, "Weak")):
        question = best_question(session, summit, ana.id, introductions=introductions)
        assert question is not None
        assert question.title == expected
    assert best_question(session, summit, ana.id, introductions=0) is None


@pytest.mark.parametrize("audience", [Audience.ONLY_ME, Audience.ORGANIZERS, Audience.MATCHES])
@pytest.mark.parametrize("kind", [StanceKind.ASK, StanceKind.OFFER])
def test_what_is_not_open_to_everybody_changes_neither_the_question_nor_the_page(
    pair: tuple[Summit, Person, Person],
    make: Factory,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    audience: Audience,
    kind: StanceKind,
) -> None:
    summit, ana, _ben = pair
    secret, known = make.challenge("Half our staff is leaving"), make.challenge("Robots in class")
    cleo, dan = make.attendee(summit, "Cleo Park"), make.attendee(summit, "Dan Wu")
    make.stance(summit, cleo, known, StanceKind.OFFER, audience=Audience.SUMMIT)
    before, asked_before = _page(sign_in(ana), summit), _ask_about(session, summit, ana)

    for person in (cleo, dan):
        make.stance(summit, person, secret, kind, priority=3, audience=audience)
        make.stance(summit, person, known, StanceKind.ASK, priority=3, audience=audience)

    assert asked_before is not None
    assert asked_before.title == "Robots in class"
    assert _ask_about(session, summit, ana) == asked_before
    assert _page(sign_in(ana), summit) == before


def test_who_wants_to_be_kept_apart_from_the_viewer_stays_in_the_figures(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session
) -> None:
    summit, ana, _ben = pair
    robots, cleo, dan = make.challenge("Robots"), make.attendee(summit, "Cleo Park"), make.attendee(summit, "Dan Wu")
    for person in (cleo, dan):
        make.stance(summit, person, robots, StanceKind.OFFER, audience=Audience.SUMMIT)
    before = _ask_about(session, summit, ana)

    session.add(Exclusion(person_id=cleo.id, other_id=ana.id, created_at=clock.now()))
    session.commit()
    by_others = _ask_about(session, summit, ana)
    session.add(Exclusion(person_id=ana.id, other_id=dan.id, created_at=clock.now()))
    session.commit()
    by_herself = _ask_about(session, summit, ana)

    assert before == by_others == Question(robots.id, "Robots", offers=2, asks=0)
    assert by_herself == Question(robots.id, "Robots", offers=1, asks=0)


def test_colleagues_those_who_left_and_retired_challenges_are_not_asked_about(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session
) -> None:
    summit, ana, _ben = pair
    colleague = make.attendee(summit, "Cleo Park", organization=_organization_of(session, ana))
    retired, ours, gone = make.challenge("Retired"), make.challenge("Ours"), make.challenge("Gone")
    dan, eve = make.attendee(summit, "Dan Wu"), make.person("Eve Long")
    attendance = make.attendance(summit, eve)
    make.stance(summit, colleague, ours, StanceKind.OFFER, audience=Audience.SUMMIT)
    make.stance(summit, dan, retired, StanceKind.OFFER, audience=Audience.SUMMIT)
    make.stance(summit, eve, gone, StanceKind.OFFER, audience=Audience.SUMMIT)
    retired.retired_at = clock.now()
    session.commit()
    before = _ask_about(session, summit, ana)

    attendance.withdrawn_at = clock.now()
    session.commit()

    assert before == Question(gone.id, "Gone", offers=1, asks=0)
    assert _ask_about(session, summit, ana) is None


def test_who_has_said_enough_is_not_asked(pair: tuple[Summit, Person, Person], make: Factory, session: Session) -> None:
    summit, ana, _ben = pair
    cleo = make.attendee(summit, "Cleo Park")
    make.stance(summit, cleo, make.challenge("Robots"), StanceKind.OFFER, audience=Audience.SUMMIT)
    for _number in range(2):
        make.stance(summit, ana, make.challenge(), StanceKind.ASK)
    before = _ask_about(session, summit, ana)

    make.stance(summit, ana, make.challenge(), StanceKind.OFFER)

    assert before is not None
    assert _ask_about(session, summit, ana) is None
    summit.state = SummitState.CLOSED
    assert _ask_about(session, summit, cleo) is None


@pytest.mark.parametrize("kind", ["ask", "offer"])
def test_one_tap_answers_the_question_and_can_be_undone(
    pair: tuple[Summit, Person, Person],
    make: Factory,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    kind: str,
) -> None:
    summit, ana, _ben = pair
    robots = make.challenge("Robots in class")
    make.stance(summit, make.attendee(summit, "Cleo Park"), robots, StanceKind.OFFER, audience=Audience.SUMMIT)
    client = sign_in(ana)
    asked = _page(client, summit)

    tapped = client.post(
        f"/summits/{summit.slug}/stances", data={"challenge": robots.id, "kind": kind, "back": "matches"}
    )
    stated = session.scalars(select(Stance.kind).where(Stance.person_id == ana.id)).all()
    answered = _page(client, summit)
    client.post(
        f"/summits/{summit.slug}/stances/withdrawals", data={"challenge": robots.id, "kind": kind, "back": "matches"}
    )

    assert "1 person who is not on your list offers help with it." in asked
    assert tapped.location.endswith(f"/summits/{summit.slug}/matches#question")
    assert stated == [StanceKind(kind)]
    assert "Saved." in answered
    assert "Undo" in answered
    assert "not on your list" not in answered
    assert session.scalars(select(Stance).where(Stance.person_id == ana.id)).all() == []


def test_not_for_me_asks_the_next_question_and_states_nothing(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, _ben = pair
    robots, labs = make.challenge("Robots in class"), make.challenge("Labs for all")
    cleo = make.attendee(summit, "Cleo Park")
    make.stance(summit, cleo, robots, StanceKind.OFFER, priority=3, audience=Audience.SUMMIT)
    make.stance(summit, cleo, labs, StanceKind.OFFER, priority=2, audience=Audience.SUMMIT)
    client = sign_in(ana)
    first = _page(client, summit)

    answer = client.post(f"/summits/{summit.slug}/matches/skipped-questions", data={"challenge": robots.id})
    second = _page(client, summit)

    assert "Robots in class" in first
    assert answer.status_code == 303
    assert "Labs for all" in second
    assert "Robots in class" not in second
    assert session.scalars(select(Stance).where(Stance.person_id == ana.id)).all() == []


def test_only_attendees_are_asked_and_may_skip(
    pair: tuple[Summit, Person, Person], make: Factory, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, _ana, _ben = pair
    stranger = sign_in(make.person("Stranger"))

    answer = stranger.post(f"/summits/{summit.slug}/matches/skipped-questions", data={"challenge": 1})

    assert answer.status_code == 404


def test_the_page_takes_at_most_twelve_queries_whatever_it_shows(
    make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit = make.summit()
    ana = make.attendee(summit, "Ana Ruiz", organization=make.organization(place="Toledo, Ohio"))
    others = [
        make.attendee(summit, f"Other {number}", organization=make.organization(place="Toledo, Ohio"))
        for number in range(8)
    ]
    robots = make.challenge("Robots in class")
    for other in others:
        make.stance(summit, other, robots, StanceKind.OFFER, audience=Audience.SUMMIT)
        _promise(session, other, "Prepare STEM teachers for rural schools")
    _promise(session, ana, "Prepare STEM teachers for rural schools")
    _publish(session, summit, ana, others[:6])
    client = sign_in(ana)

    with counted_queries() as queries:
        page = _page(client, summit)

    assert page.count("A place to start") == 6
    assert "2 people who are not on your list offer help with it." in page
    assert len(queries) <= 12, "\n".join(queries)
