"""What two people say to their match, what each sees of it, and what stays sealed."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.errors import NotFound, WrongTime
from summit.mail.models import Message
from summit.matching.answers import answer_match, withdraw_answer
from summit.matching.models import Answer, Match, MatchAnswer, MatchRun, RunState
from summit.people.models import Person
from summit.summits.models import Acquaintance, Introduction, StanceKind, Summit, SummitState
from tests.factories import Factory


@pytest.fixture
def pair(make: Factory, session: Session) -> tuple[Summit, Person, Person]:
    """Ana and Ben, who are a published match."""
    summit = make.summit()
    ana = make.attendee(summit, "Ana Ruiz", organization=make.organization())
    ben = make.attendee(summit, "Ben Okoro", organization=make.organization())
    _publish(session, summit, ana, ben)
    return summit, ana, ben


def _publish(session: Session, summit: Summit, one: Person, other: Person) -> None:
    run = MatchRun(
        summit_id=summit.id, state=RunState.DONE, requested_at=clock.now(), published_at=clock.now(), people=2
    )
    session.add(run)
    session.flush()
    low, high = sorted((one.id, other.id))
    session.add(Match(run_id=run.id, low_id=low, high_id=high, score=1.0, rank_for_low=1, rank_for_high=1))
    session.execute(insert(Introduction), [{"summit_id": summit.id, "low_id": low, "high_id": high}])
    session.commit()


def _page(client: FlaskClient, summit: Summit) -> str:
    """The page's text, without the tokens that differ from one rendering to the next."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", client.get(f"/summits/{summit.slug}/matches").text)


def _say(client: FlaskClient, summit: Summit, other: Person, answer: str) -> int:
    return client.post(f"/summits/{summit.slug}/matches/{other.id}/answer", data={"answer": answer}).status_code


def test_when_both_are_interested_both_see_how_to_find_each_other_and_the_first_is_told(
    pair: tuple[Summit, Person, Person], session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    _say(sign_in(ana), summit, ben, "interested")
    before = _page(sign_in(ana), summit)

    _say(sign_in(ben), summit, ana, "interested")

    assert ben.email not in before
    assert ben.email in _page(sign_in(ana), summit)
    assert ana.email in _page(sign_in(ben), summit)
    told = session.scalars(select(Message)).one()
    assert told.to_address == ana.email
    assert "Ben Okoro wants to meet you too" in told.subject


def test_mutual_interest_is_mailed_once_however_often_it_is_said(
    pair: tuple[Summit, Person, Person], session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    _say(sign_in(ana), summit, ben, "interested")

    for answer in ("interested", "undo", "interested"):
        _say(sign_in(ben), summit, ana, answer)

    assert len(session.scalars(select(Message)).all()) == 1


def test_the_other_side_sees_interest_but_never_a_not_now(
    pair: tuple[Summit, Person, Person], sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    untouched = _page(sign_in(ben), summit)

    _say(sign_in(ana), summit, ben, "not_now")
    after_not_now = _page(sign_in(ben), summit)
    _say(sign_in(ana), summit, ben, "interested")
    after_interest = _page(sign_in(ben), summit)

    assert after_not_now == untouched
    assert "Ana is interested" in after_interest


def test_an_answer_can_be_taken_back(
    pair: tuple[Summit, Person, Person], session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    _say(sign_in(ana), summit, ben, "know_each_other")
    known = session.scalars(select(Acquaintance)).all()

    _say(sign_in(ana), summit, ben, "undo")
    session.expire_all()

    assert len(known) == 1
    assert session.scalars(select(Acquaintance)).all() == []
    assert session.scalars(select(MatchAnswer)).all() == []


def test_an_acquaintance_both_stated_survives_one_taking_it_back(
    pair: tuple[Summit, Person, Person], session: Session
) -> None:
    summit, ana, ben = pair
    for one, other in ((ana, ben), (ben, ana)):
        answer_match(
            session, summit, person_id=one.id, other_id=other.id, answer=Answer.KNOW_EACH_OTHER, now=clock.now()
        )

    withdraw_answer(session, summit, person_id=ana.id, other_id=ben.id)

    assert len(session.scalars(select(Acquaintance)).all()) == 1


def test_interest_leaves_the_matching_as_it_is_and_a_not_now_makes_it_out_of_date(
    pair: tuple[Summit, Person, Person], session: Session
) -> None:
    summit, ana, ben = pair
    before = summit.revision

    answer_match(session, summit, person_id=ana.id, other_id=ben.id, answer=Answer.INTERESTED, now=clock.now())
    after_interest = summit.revision
    answer_match(session, summit, person_id=ana.id, other_id=ben.id, answer=Answer.NOT_NOW, now=clock.now())

    assert (after_interest, summit.revision) == (before, before + 1)


def test_only_a_published_match_can_be_answered(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session
) -> None:
    summit, ana, _ben = pair
    stranger = make.attendee(summit, "Stranger")

    with pytest.raises(NotFound):
        answer_match(session, summit, person_id=ana.id, other_id=stranger.id, answer=Answer.INTERESTED, now=clock.now())


def test_a_closed_summit_takes_no_answers(pair: tuple[Summit, Person, Person], session: Session) -> None:
    summit, ana, ben = pair
    summit.state = SummitState.CLOSED
    session.commit()

    with pytest.raises(WrongTime):
        answer_match(session, summit, person_id=ana.id, other_id=ben.id, answer=Answer.INTERESTED, now=clock.now())


def test_a_made_up_answer_changes_nothing(
    pair: tuple[Summit, Person, Person], session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair

    _say(sign_in(ana), summit, ben, "perhaps")

    assert session.scalars(select(MatchAnswer)).all() == []


def test_somebody_elses_summit_is_not_found(
    pair: tuple[Summit, Person, Person], make: Factory, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, _ana, ben = pair
    outsider = make.attendee(make.summit("Another summit"), "Outsider")

    assert sign_in(outsider).get(f"/summits/{summit.slug}/matches").status_code == 404
    assert _say(sign_in(outsider), summit, ben, "interested") == 404


def test_the_database_refuses_an_answer_about_oneself(pair: tuple[Summit, Person, Person], session: Session) -> None:
    summit, ana, _ben = pair
    session.add(
        MatchAnswer(
            summit_id=summit.id, person_id=ana.id, other_id=ana.id, answer=Answer.INTERESTED, answered_at=clock.now()
        )
    )

    with pytest.raises(IntegrityError):
        session.flush()


def test_each_side_reads_the_reasons_from_its_own_side(
    pair: tuple[Summit, Person, Person], make: Factory, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    mentors = make.challenge("Keeping mentors")
    make.stance(summit, ana, mentors, StanceKind.ASK)
    make.stance(summit, ben, mentors, StanceKind.OFFER)

    of_ana, of_ben = _page(sign_in(ana), summit), _page(sign_in(ben), summit)

    assert "You ask about" in of_ana
    assert "Ben offers help with it" in of_ana
    assert "which you offer" in of_ben


@pytest.mark.parametrize("audience", [Audience.ONLY_ME, Audience.ORGANIZERS])
def test_a_sealed_ask_shows_in_the_askers_reasons_and_leaves_no_trace_in_the_others(
    pair: tuple[Summit, Person, Person],
    make: Factory,
    session: Session,
    sign_in: Callable[[Person], FlaskClient],
    audience: Audience,
) -> None:
    summit, ana, ben = pair
    secret = make.challenge("Half our staff is leaving")
    make.stance(summit, ben, secret, StanceKind.OFFER)
    without = _page(sign_in(ben), summit)
    make.stance(summit, ana, secret, StanceKind.ASK, priority=3, text="We hide it from the board", audience=audience)

    of_ana, of_ben = _page(sign_in(ana), summit), _page(sign_in(ben), summit)

    assert "Half our staff is leaving" in of_ana
    assert of_ben == without


def test_an_ask_for_matches_opens_with_the_publication(
    make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit = make.summit()
    ana, ben = make.attendee(summit, "Ana Ruiz"), make.attendee(summit, "Ben Okoro")
    secret = make.challenge("Lab time in small schools")
    make.stance(summit, ana, secret, StanceKind.ASK, audience=Audience.MATCHES)
    make.stance(summit, ben, secret, StanceKind.OFFER)
    page = f"/summits/{summit.slug}/people/{ana.id}"

    before = sign_in(ben).get(page).text
    _publish(session, summit, ana, ben)
    after = sign_in(ben).get(page).text

    assert "Lab time in small schools" not in before
    assert "Lab time in small schools" in after


def test_an_answer_is_confirmed_where_the_card_was_with_a_way_back(
    pair: tuple[Summit, Person, Person], make: Factory, session: Session, sign_in: Callable[[Person], FlaskClient]
) -> None:
    summit, ana, ben = pair
    cleo = make.attendee(summit, "Cleo Park", organization=make.organization())
    run = session.scalars(select(MatchRun)).one()
    low, high = sorted((ana.id, cleo.id))
    session.add(Match(run_id=run.id, low_id=low, high_id=high, score=0.5, rank_for_low=2, rank_for_high=2))
    session.execute(insert(Introduction), [{"summit_id": summit.id, "low_id": low, "high_id": high}])
    session.commit()
    client = sign_in(ana)

    answer = client.post(f"/summits/{summit.slug}/matches/{ben.id}/answer", data={"answer": "not_now"})
    page = client.get(answer.location).text

    assert answer.location.endswith("#answered")
    confirmation, next_card = page.index("Set aside. Ben Okoro is not told."), page.index(f'id="person-{cleo.id}"')
    assert page.index('id="answered"') < confirmation < page.index("Undo") < next_card
    assert page.count("Set aside. Ben Okoro is not told.") == 1
