"""States: whatever happens in whatever order, a message goes along its arrows only, and ends are ends."""

from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from summit import clock
from summit.database import db
from summit.mail.delivery import quarantine_lost
from summit.mail.events import Meaning, ReportedEvent, take_events
from summit.mail.models import LocalMail, Message, MessageState, Suppression, SuppressionReason
from summit.mail.outbox import cancel, enqueue
from summit.mail.providers.local import LocalProvider
from summit.mail.providers.outcome import Answer, Outcome, OutgoingMail
from summit.mail.settling import settle
from summit.mail.states import ARROWS, ENDS, move
from summit.mail.suppressions import suppress

S = MessageState


class MessageMachine(RuleBasedStateMachine):
    """One message, and everything that can happen to it; each rule checks its step against the arrows."""

    @initialize()
    def write(self):
        session = db.session()
        for table in (Message, LocalMail, Suppression):
            session.execute(table.__table__.delete())
        self.count = 0
        self.handed_over_blindly = 0
        self.token = "none"
        message = enqueue(
            session,
            key="the-one",
            purpose="reminder",
            purpose_id=1,
            to_address="ana@example.org",
            to_name="Ana",
            subject="Hello",
            text="Hello",
            html="<p>Hello</p>",
            due_at=clock.now(),
            now=clock.now(),
        )
        self.id, self.public_id, self.before = message.id, message.public_id, S.QUEUED
        session.commit()

    def state(self):
        return db.session().execute(select(Message.state).where(Message.id == self.id)).scalar_one()

    @rule()
    def claim_and_begin(self):
        session = db.session()
        self.count += 1
        fresh = f"token-{self.count}"
        session.execute(
            update(Message).where(Message.id == self.id, Message.state == S.QUEUED).values(lease_token=fresh)
        )
        until = clock.now() + timedelta(minutes=1)
        if move(
            session,
            self.id,
            S.SENDING,
            now=clock.now(),
            token=fresh,
            lease_until=until,
            attempts=Message.attempts + 1,
        ):
            self.token = fresh

    @rule(answer=st.sampled_from(Answer))
    def answer(self, answer):
        mail = OutgoingMail(self.public_id, "a@example.org", "", "ana@example.org", "", "Hello", "Hello", "Hello")
        settle(
            db.session(),
            self.id,
            self.token,
            mail=mail,
            provider=LocalProvider(),
            outcome=Outcome(answer),
            now=clock.now(),
        )

    @rule()
    def sender_vanishes(self):
        quarantine_lost(db.session(), now=clock.now() + timedelta(minutes=5))

    @rule(meaning=st.sampled_from(Meaning))
    def report(self, meaning):
        self.count += 1
        event = ReportedEvent(f"event-{self.count}", self.public_id, meaning.value, meaning, clock.now())
        take_events(db.session(), [event], now=clock.now())

    @rule()
    def cancel(self):
        cancel(db.session(), self.id, because="settled", now=clock.now())

    @rule()
    def unsubscribe(self):
        suppress(db.session(), "ana@example.org", SuppressionReason.UNSUBSCRIBE, now=clock.now())

    @rule(onto=st.sampled_from(list(MessageState)), token=st.sampled_from([None, "forged"]))
    def push(self, onto, token):
        moved = move(
            db.session(),
            self.id,
            onto,
            now=clock.now(),
            token=token,
            **({"lease_token": "pushed", "lease_until": clock.now()} if onto is S.SENDING else {}),
        )
        assert not (moved and token == "forged")

    @invariant()
    def went_along_an_arrow(self):
        db.session().commit()
        now = self.state()
        # A rule may take two steps at most (claimed, then sending).
        reachable = {self.before} | ARROWS[self.before] | {far for near in ARROWS[self.before] for far in ARROWS[near]}
        assert now in reachable
        if self.before in ENDS:
            assert now is self.before
        self.before = now

    @invariant()
    def is_in_the_mailbox_once_at_most(self):
        assert db.session().scalar(select(func.count(LocalMail.id))) <= 1

    @invariant()
    def holds_a_lease_only_where_it_means_something(self):
        session = db.session()
        token, state = session.execute(select(Message.lease_token, Message.state)).one()
        assert token is None or state in (S.QUEUED, S.SENDING, S.UNKNOWN)


def test_a_message_goes_along_its_arrows_whatever_happens(app):
    run_state_machine_as_test(
        MessageMachine,
        settings=settings(
            max_examples=25,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


def test_every_state_has_its_arrows_and_the_ends_have_none():
    assert set(ARROWS) == set(MessageState)
    assert {S.BOUNCED, S.DROPPED, S.COMPLAINED, S.FAILED, S.CANCELLED} == ENDS
