"""How a summit's matches are weighed: balance, learned multipliers, and back."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from summit import clock
from summit.audit import AuditEntry
from summit.engine.matching.weights import Weights
from summit.errors import Conflict, Invalid, WrongTime
from summit.matching.models import MatchSettings
from summit.matching.weighing import adopt_weights, reset_weights, set_balance, settings_of, weights_of
from summit.summits.models import SummitState
from tests.factories import Factory


def test_a_summit_without_settings_is_weighed_by_the_defaults(make: Factory, session: Session) -> None:
    assert weights_of(session, make.summit()) == Weights()


def test_the_balance_leans_the_weights_of_this_summit_only(make: Factory, session: Session) -> None:
    summit, other = make.summit("Summit here"), make.summit("Summit there")

    set_balance(session, summit, 0.5, by=None, now=clock.now())

    assert weights_of(session, summit) == Weights().leaning(0.5)
    assert weights_of(session, other) == Weights()


def test_learned_multipliers_come_on_top_of_the_balance_and_of_one_another(make: Factory, session: Session) -> None:
    summit = make.summit()
    set_balance(session, summit, -1.0, by=None, now=clock.now())

    adopt_weights(session, summit, {"help": 2.0, "reach": 3.0}, by=None, now=clock.now())
    adopt_weights(session, summit, {"help": 0.25, "promise": 2.0}, by=None, now=clock.now())

    weights = weights_of(session, summit)
    assert (weights.help, weights.promise) == (5.0, 10.0)
    assert (weights.reach_kind, weights.reach_far) == (0.0, 0.0)


def test_going_back_forgets_what_was_learned_and_keeps_the_balance(make: Factory, session: Session) -> None:
    summit = make.summit()
    set_balance(session, summit, 0.5, by=None, now=clock.now())
    adopt_weights(session, summit, {"help": 2.0}, by=None, now=clock.now())

    reset_weights(session, summit, by=None, now=clock.now())

    assert weights_of(session, summit) == Weights().leaning(0.5)
    with pytest.raises(Conflict, match="No learned weights"):
        reset_weights(session, summit, by=None, now=clock.now())


def test_each_change_is_known_to_the_matching_and_written_down(make: Factory, session: Session) -> None:
    summit, olga = make.summit(), make.person("Olga")
    before = summit.revision

    set_balance(session, summit, 1.0, by=olga.id, now=clock.now())
    set_balance(session, summit, 1.0, by=olga.id, now=clock.now())
    adopt_weights(session, summit, {"help": 2.0}, by=olga.id, now=clock.now())
    reset_weights(session, summit, by=olga.id, now=clock.now())

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.action, entry.actor_id) for entry in entries] == [
        ("set match balance", olga.id),
        ("adopt learned weights", olga.id),
        ("reset learned weights", olga.id),
    ]
    assert summit.revision == before + 3


@pytest.mark.parametrize("balance", [-1.5, 2.0, float("nan")])
def test_a_balance_off_the_scale_is_refused(make: Factory, session: Session, balance: float) -> None:
    summit = make.summit()

    with pytest.raises(Invalid, match="from -1 to 1"):
        set_balance(session, summit, balance, by=None, now=clock.now())

    assert settings_of(session, summit) is None


def test_multipliers_that_make_no_sense_are_refused(make: Factory, session: Session) -> None:
    summit = make.summit()

    with pytest.raises(Invalid, match="no family of terms charm"):
        adopt_weights(session, summit, {"charm": 2.0}, by=None, now=clock.now())
    with pytest.raises(Invalid, match="0 or more"):
        adopt_weights(session, summit, {"help": -2.0}, by=None, now=clock.now())

    assert weights_of(session, summit) == Weights()


def test_a_closed_summit_is_not_weighed_anew(make: Factory, session: Session) -> None:
    summit = make.summit(state=SummitState.CLOSED)

    with pytest.raises(WrongTime, match="is closed"):
        set_balance(session, summit, 0.5, by=None, now=clock.now())


def test_the_database_refuses_a_balance_off_the_scale_even_without_the_verb(make: Factory, session: Session) -> None:
    session.add(MatchSettings(summit_id=make.summit().id, balance=1.5, changed_at=clock.now()))

    with pytest.raises(IntegrityError):
        session.flush()
