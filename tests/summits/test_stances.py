"""Stating asks, offers and work: the verbs."""

import pytest
from sqlalchemy import select

from summit import clock
from summit.access import Audience
from summit.errors import Invalid, NotFound, WrongTime
from summit.summits.models import Stance, StanceKind, SummitState
from summit.summits.stances import state_stance, withdraw_stance


def state(session, summit, person, challenge, kind=StanceKind.ASK, **more):
    return state_stance(
        session, summit=summit, person_id=person.id, challenge_id=challenge.id, kind=kind, now=clock.now(), **more
    )


def take_back(session, summit, person, challenge, kind=StanceKind.ASK):
    return withdraw_stance(session, summit=summit, person_id=person.id, challenge_id=challenge.id, kind=kind)


def test_an_ask_is_for_matches_and_an_offer_for_the_summit_unless_said_otherwise(session, make):
    summit, labs = make.summit(), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")

    stated = [state(session, summit, ana, labs, kind) for kind in StanceKind]

    assert [(stance.kind, stance.audience, stance.priority) for stance in stated] == [
        (StanceKind.ASK, Audience.MATCHES, 2),
        (StanceKind.OFFER, Audience.SUMMIT, 2),
        (StanceKind.WORKING_ON, Audience.SUMMIT, 2),
    ]


def test_stating_the_same_twice_is_one_stance_and_one_change(session, make):
    summit, labs = make.summit(), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")

    first = state(session, summit, ana, labs, text="Where to  start?")
    second = state(session, summit, ana, labs, text="Where to start?")

    assert first.id == second.id
    assert session.scalars(select(Stance.text)).all() == ["Where to start?"]
    assert summit.revision == 1


def test_changing_a_stance_is_seen_by_the_matching(session, make):
    summit, labs = make.summit(), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")
    state(session, summit, ana, labs)

    stance = state(session, summit, ana, labs, priority=3, audience=Audience.ONLY_ME)

    assert (stance.priority, stance.audience, summit.revision) == (3, Audience.ONLY_ME, 2)


def test_taking_back_twice_is_one_change(session, make):
    summit, labs = make.summit(), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")
    state(session, summit, ana, labs)

    taken = [take_back(session, summit, ana, labs), take_back(session, summit, ana, labs)]

    assert taken == [True, False]
    assert session.scalars(select(Stance)).all() == []
    assert summit.revision == 2


def test_a_closed_summit_takes_no_stance(session, make):
    summit, labs = make.summit(state=SummitState.CLOSED), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")
    make.stance(summit, ana, labs, StanceKind.OFFER)

    with pytest.raises(WrongTime, match="is closed"):
        state(session, summit, ana, labs)
    with pytest.raises(WrongTime, match="is closed"):
        take_back(session, summit, ana, labs, StanceKind.OFFER)


def test_somebody_who_does_not_attend_or_withdrew_states_nothing(session, make):
    summit, labs = make.summit(), make.challenge("Labs")
    ana, ben = make.person("Ana"), make.person("Ben")
    make.attendance(summit, ben).withdrawn_at = clock.now()
    session.commit()

    for person in (ana, ben):
        with pytest.raises(NotFound, match="Only people who attend"):
            state(session, summit, person, labs)


def test_a_retired_challenge_takes_no_new_stance_but_lets_go_of_old_ones(session, make):
    summit, labs = make.summit(), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")
    make.stance(summit, ana, labs, StanceKind.OFFER)
    labs.retired_at = clock.now()
    session.commit()

    with pytest.raises(Invalid, match="no longer on the map"):
        state(session, summit, ana, labs)
    narrowed = state(session, summit, ana, labs, StanceKind.OFFER, audience=Audience.ONLY_ME)
    assert narrowed.audience is Audience.ONLY_ME
    assert take_back(session, summit, ana, labs, StanceKind.OFFER)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"priority": 0}, "priority"),
        ({"priority": 4}, "priority"),
        ({"text": "x" * 281}, "text"),
        ({"audience": Audience.PAIR}, "audience"),
        ({"audience": Audience.PUBLIC}, "audience"),
    ],
)
def test_what_is_out_of_range_names_its_field_and_changes_nothing(session, make, wrong, field):
    summit, labs = make.summit(), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")

    with pytest.raises(Invalid) as refused:
        state(session, summit, ana, labs, **wrong)

    assert set(refused.value.fields) == {field}
    assert (session.scalars(select(Stance)).all(), summit.revision) == ([], 0)


def test_an_unknown_challenge_is_not_found(session, make):
    summit = make.summit()
    ana = make.attendee(summit, "Ana")

    with pytest.raises(NotFound, match="no such challenge"):
        state_stance(session, summit=summit, person_id=ana.id, challenge_id=10**6, kind=StanceKind.ASK, now=clock.now())
