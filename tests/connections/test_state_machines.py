"""Next steps and follow-ups under any sequence of what two people may say: one open state, final ones for good."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience
from summit.connections.correcting import correct_step, disown, own_again
from summit.connections.follow_up import answer_follow_up, log_follow_up
from summit.connections.models import Confirmation, FollowUp, FollowUpKind, NextStep, StepState
from summit.connections.next_steps import Replacement, promise_step, settle_step
from summit.errors import Conflict, Forbidden, Invalid, WrongTime
from tests.factories import Factory

FINAL = [StepState.DONE, StepState.CHANGED, StepState.DROPPED]
ANSWERS = [Confirmation.CONFIRMED, Confirmation.AMENDED, Confirmation.DENIED]
RUN = settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


class _OfPair(RuleBasedStateMachine):
    """Two people with a connection; either may say "not me" at any time, and nothing is written while it holds."""

    session: Session
    make: Factory

    def __init__(self) -> None:
        super().__init__()
        self.disowner: int | None = None
        summit = self.make.summit(f"Summit {self.make._next()}")
        pair = [self.make.attendee(summit) for _side in range(2)]
        self.people = [person.id for person in pair]
        self.connection = self.make.connection(summit, *pair)

    @rule(side=st.sampled_from([0, 1]))
    def say_not_me(self, side: int) -> None:
        by = self.people[side]
        if self.disowner in (None, by):
            disown(self.session, self.connection, by=by, now=clock.now())
            self.disowner = by
        else:
            with pytest.raises(Conflict):
                disown(self.session, self.connection, by=by, now=clock.now())

    @rule(side=st.sampled_from([0, 1]))
    def take_it_back(self, side: int) -> None:
        by = self.people[side]
        if self.disowner in (None, by):
            own_again(self.session, self.connection, by=by, now=clock.now())
            self.disowner = None
        else:
            with pytest.raises(Conflict):
                own_again(self.session, self.connection, by=by, now=clock.now())

    def teardown(self) -> None:
        self.session.rollback()


class Steps(_OfPair):
    """The next steps of one connection, beside a model of them."""

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[int, tuple[StepState, str]] = {}

    @initialize()
    def start(self) -> None:
        self.promise(0, "Send the guide", 3)

    @rule(side=st.sampled_from([0, 1]), what=st.sampled_from(["Call", "Send the guide"]), days=st.integers(-2, 5))
    def promise(self, side: int, what: str, days: int) -> None:
        moment = clock.now()
        due = moment.replace(microsecond=0, second=0, minute=0) + timedelta(days=days)

        def say() -> NextStep:
            by = self.people[side]
            return promise_step(self.session, self.connection, what=what, owner_id=by, due_at=due, by=by, now=moment)

        if self.disowner is not None:
            with pytest.raises(Conflict):
                say()
        elif due <= moment:
            with pytest.raises(Invalid):
                say()
        else:
            step = say()
            assert say().id == step.id
            self.model[step.id] = (StepState.OPEN, what)

    @rule(data=st.data(), side=st.sampled_from([0, 1]), outcome=st.sampled_from(FINAL))
    def settle(self, data: st.DataObject, side: int, outcome: StepState) -> None:
        if not self.model:
            return
        step = self.session.get_one(NextStep, data.draw(st.sampled_from(sorted(self.model))))
        state, what = self.model[step.id]
        later = Replacement(what, step.due_at + timedelta(days=1)) if outcome is StepState.CHANGED else None

        def say() -> NextStep:
            by = self.people[side]
            return settle_step(self.session, step, by=by, outcome=outcome, replacement=later, now=clock.now())

        if self.disowner is not None:
            with pytest.raises(Conflict):
                say()
        elif state not in (StepState.OPEN, outcome):
            with pytest.raises(WrongTime):
                say()
        else:
            replaced_by = say().replaced_by_id
            assert say().replaced_by_id == replaced_by
            self.model[step.id] = (outcome, what)
            if replaced_by is not None and state is StepState.OPEN:
                self.model[replaced_by] = (StepState.OPEN, what)

    @rule(data=st.data(), what=st.sampled_from(["Write", "Visit"]))
    def correct(self, data: st.DataObject, what: str) -> None:
        if not self.model:
            return
        step = self.session.get_one(NextStep, data.draw(st.sampled_from(sorted(self.model))))
        if self.disowner is not None:
            with pytest.raises(Conflict):
                correct_step(self.session, step, by=self.people[0], what=what, now=clock.now())
        elif self.model[step.id][0] is not StepState.OPEN:
            with pytest.raises(WrongTime):
                correct_step(self.session, step, by=self.people[0], what=what, now=clock.now())
        else:
            correct_step(self.session, step, by=self.people[0], what=what, now=clock.now())
            self.model[step.id] = (StepState.OPEN, what)

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        self.session.expire_all()
        steps = self.session.scalars(select(NextStep).where(NextStep.connection_id == self.connection.id)).all()
        assert {step.id: (step.state, step.what) for step in steps} == self.model
        for step in steps:
            assert (step.settled_at is None) == (step.settled_by_id is None) == (step.state is StepState.OPEN)
            assert (step.replaced_by_id is not None) == (step.state is StepState.CHANGED)


class FollowUps(_OfPair):
    """The follow-ups of one connection, beside a model of them."""

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[int, tuple[Confirmation, str]] = {}

    @rule(side=st.sampled_from([0, 1]), kind=st.sampled_from(list(FollowUpKind)), text=st.sampled_from(["", "Yes."]))
    def log(self, side: int, kind: FollowUpKind, text: str) -> None:
        def say() -> FollowUp:
            return log_follow_up(
                self.session,
                self.connection,
                author_id=self.people[side],
                kind=kind,
                text=text,
                audience=Audience.PAIR,
                now=clock.now(),
            )

        if self.disowner is not None:
            with pytest.raises(Conflict):
                say()
            return
        follow_up = say()
        assert say().id == follow_up.id
        self.model[follow_up.id] = (Confirmation.PENDING, "")

    @rule(
        data=st.data(),
        side=st.sampled_from([0, 1]),
        said=st.sampled_from(ANSWERS),
        text=st.sampled_from(["", "Not so."]),
    )
    def answer(self, data: st.DataObject, side: int, said: Confirmation, text: str) -> None:
        if not self.model:
            return
        follow_up = self.session.get_one(FollowUp, data.draw(st.sampled_from(sorted(self.model))))
        before = self.model[follow_up.id]

        def say() -> FollowUp:
            return answer_follow_up(
                self.session, follow_up, by=self.people[side], confirmation=said, text=text, now=clock.now()
            )

        refusal: type[Exception] | None = None
        if self.disowner is not None:
            refusal = Conflict
        elif self.people[side] == follow_up.author_id:
            refusal = Forbidden
        elif said is Confirmation.AMENDED and not text:
            refusal = Invalid
        elif before[0] is not Confirmation.PENDING and before != (said, text):
            refusal = WrongTime
        if refusal is not None:
            with pytest.raises(refusal):
                say()
        else:
            say()
            say()
            self.model[follow_up.id] = (said, text)

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        self.session.expire_all()
        rows = self.session.scalars(select(FollowUp).where(FollowUp.connection_id == self.connection.id)).all()
        assert {row.id: (row.confirmation, row.answer_text) for row in rows} == self.model
        for row in rows:
            assert (row.answered_at is None) == (row.confirmation is Confirmation.PENDING)


@pytest.mark.parametrize("machine", [Steps, FollowUps])
def test_whatever_two_people_say_in_any_order_the_states_hold(
    session: Session, make: Factory, machine: type[_OfPair]
) -> None:
    class Bound(machine):  # type: ignore[misc, valid-type]
        pass

    Bound.session, Bound.make = session, make
    run_state_machine_as_test(Bound, settings=RUN)
