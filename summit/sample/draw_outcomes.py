"""Draw what followed a connection: next steps in every state, and follow-ups in every state of confirmation."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto
from random import Random

from summit.access import Audience
from summit.connections.models import Confirmation, FollowUpKind, StepState
from summit.sample.challenge_texts import CHALLENGES
from summit.sample.draw_summits import at
from summit.sample.network import DrawnFollowUp, DrawnNote, DrawnPerson, DrawnStep
from summit.sample.outcome_texts import AMENDMENTS, AMENDMENTS_TO_NOTHING, DENIALS, FOLLOW_UPS
from summit.sample.step_texts import (
    INTRODUCING,
    NOTE_ENDINGS,
    NOTE_OPENINGS,
    PEOPLE_TO_MEET,
    SENDING,
    SMALLER_STEPS,
    THINGS,
    TOGETHER,
)


class Fate(Enum):
    """What became of a promise."""

    NONE_MADE = auto()
    DONE_IN_TIME = auto()
    DONE_LATE = auto()
    DONE_LATELY = auto()
    CHANGED = auto()
    DROPPED = auto()
    DUE = auto()
    COLD = auto()


@dataclass(frozen=True, slots=True)
class Talk:
    """Two people who met: what the texts need to know of them."""

    one: int
    other: int
    first: DrawnPerson
    second: DrawnPerson
    challenges: tuple[int, ...]
    made_at: datetime
    today: date

    def person(self, number: int) -> DrawnPerson:
        """Return one of the two."""
        return self.first if number == self.one else self.second

    def partner_of(self, number: int) -> int:
        """Return the other of the two."""
        return self.other if number == self.one else self.one


# Open steps that are due around today, in days; handed out in turn, so that each of them occurs.
DUE_IN_DAYS = (0, -1, 1, 7, -8, 3, -3, 14)
FOLLOWED_UP = {
    Fate.DONE_IN_TIME: 0.7,
    Fate.DONE_LATE: 0.6,
    Fate.DONE_LATELY: 0.85,
    Fate.CHANGED: 0.4,
    Fate.DROPPED: 0.5,
}
KINDS = (
    (
        FollowUpKind.LEARNED,
        FollowUpKind.ADAPTED,
        FollowUpKind.SHARED_DATA,
        FollowUpKind.GAVE_HELP,
        FollowUpKind.MET_AGAIN,
        FollowUpKind.NO_RESULT,
    ),
    (28, 20, 14, 18, 12, 8),
)
FOLLOW_UP_AUDIENCES = (
    (Audience.PAIR, Audience.ORGANIZERS, Audience.SUMMIT, Audience.NETWORK, Audience.PUBLIC),
    (48, 16, 18, 14, 4),
)


class Writer:
    """Composes texts and avoids the ones already used as long as there are others."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def fresh(self, compose: "Composer", talk: Talk, author: int) -> str:
        """Return a text that nobody wrote yet; after a few tries, one that somebody did."""
        text = ""
        for _ in range(5):
            text = self._filled(compose(self._rng), talk, author)
            if text not in self._used:
                break
        self._used.add(text)
        return text

    def _filled(self, text: str, talk: Talk, author: int) -> str:
        themes = [theme for challenge in talk.challenges for theme in CHALLENGES[challenge].themes]
        shelf = THINGS[self._rng.choice(themes or list(THINGS))]
        them = talk.person(talk.partner_of(author)).first_name
        return text.format(them=them, thing=self._rng.choice(shelf), person=self._rng.choice(PEOPLE_TO_MEET))


class Composer:
    """A way to put a text together from parts."""

    def __init__(self, *parts: tuple[str, ...]) -> None:
        self._parts = parts

    def __call__(self, rng: Random) -> str:
        """Return one choice of each part."""
        return " ".join(rng.choice(part) for part in self._parts)


ONE_PROMISES = Composer((*SENDING, *SENDING, *INTRODUCING, *INTRODUCING))
BOTH_PROMISE = Composer(TOGETHER)
LESS_THAN_PROMISED = Composer(SMALLER_STEPS)
NOTES = Composer(NOTE_OPENINGS, NOTE_ENDINGS)


def draw_note(rng: Random, writer: Writer, talk: Talk, author: int) -> DrawnNote:
    """Draw what one of the two wrote down soon after."""
    return DrawnNote(
        author=author,
        text=writer.fresh(NOTES, talk, author),
        audience=rng.choices((Audience.ONLY_ME, Audience.PAIR), (75, 25))[0],
        written_at=talk.made_at + timedelta(minutes=rng.randint(1, 90)),
    )


def draw_steps(rng: Random, writer: Writer, talk: Talk, fate: Fate, *, due_in: int) -> tuple[DrawnStep, ...]:
    """Draw the promise and what became of it. `due_in` (days from today) is used where it is still open."""
    if fate is Fate.NONE_MADE:
        return ()
    owner = rng.choices((talk.one, talk.other, None), (45, 40, 15))[0]
    maker = talk.one if owner is None else owner
    step = DrawnStep(
        what=writer.fresh(BOTH_PROMISE if owner is None else ONE_PROMISES, talk, maker),
        owner=owner,
        due_at=at(_due_on(rng, talk, fate, due_in), rng.choice((9, 9, 9, 14)), 0, talk.person(maker).time_zone),
        state=StepState.OPEN,
        made_by=maker,
        made_at=talk.made_at + timedelta(minutes=2),
    )
    if fate in (Fate.DUE, Fate.COLD):
        return (step,)
    settled = replace(
        step,
        state={Fate.CHANGED: StepState.CHANGED, Fate.DROPPED: StepState.DROPPED}.get(fate, StepState.DONE),
        settled_at=_settled_at(rng, step, fate),
        settled_by=maker if rng.random() < 0.85 else talk.partner_of(maker),
    )
    if fate is not Fate.CHANGED:
        return (settled,)
    return (replace(settled, replaced_by=1), _replacement(rng, writer, talk, settled))


def _due_on(rng: Random, talk: Talk, fate: Fate, due_in: int) -> date:
    if fate is Fate.DUE:
        return talk.today + timedelta(days=due_in)
    if fate is Fate.DONE_LATELY:
        return talk.today - timedelta(days=rng.randint(1, 10))
    return talk.made_at.date() + timedelta(days=rng.choice((7, 14, 14, 21, 30, 45, 60)))


def _settled_at(rng: Random, step: DrawnStep, fate: Fate) -> datetime:
    """Return a moment after the promise: before it was due, or some weeks late."""
    if fate is Fate.DONE_LATE:
        return step.due_at + timedelta(days=rng.randint(2, 40), hours=rng.randint(0, 9))
    if fate is Fate.DROPPED:
        return step.due_at + timedelta(days=rng.randint(0, 20), hours=rng.randint(0, 9))
    early = (step.due_at - step.made_at) * rng.uniform(0.02, 0.6 if fate is not Fate.DONE_LATELY else 0.01)
    return step.due_at - early


def _replacement(rng: Random, writer: Writer, talk: Talk, changed: DrawnStep) -> DrawnStep:
    """Draw the smaller promise that took the place of a changed one; a third of them are dropped."""
    assert changed.settled_at is not None
    due_at = changed.due_at + timedelta(days=rng.randint(10, 40))
    dropped = rng.random() < 0.33
    return DrawnStep(
        what=writer.fresh(LESS_THAN_PROMISED, talk, changed.made_by),
        owner=changed.owner,
        due_at=due_at,
        state=StepState.DROPPED if dropped else StepState.DONE,
        made_by=changed.made_by,
        made_at=changed.settled_at,
        settled_at=due_at + timedelta(days=rng.randint(-5, 6)),
        settled_by=changed.made_by,
    )


def draw_follow_ups(
    rng: Random, writer: Writer, talk: Talk, fate: Fate, steps: tuple[DrawnStep, ...]
) -> tuple[DrawnFollowUp, ...]:
    """Draw what came of it, where somebody said so."""
    if not steps or rng.random() > FOLLOWED_UP.get(fate, 0.0):
        return ()
    last = steps[-1]
    assert last.settled_at is not None
    dropped = last.state is StepState.DROPPED
    kind = FollowUpKind.NO_RESULT if dropped and rng.random() < 0.8 else rng.choices(*KINDS)[0]
    author = rng.choice((talk.one, talk.other))
    follow_up = DrawnFollowUp(
        step=len(steps) - 1,
        author=author,
        kind=kind,
        text=writer.fresh(Composer(*FOLLOW_UPS[kind]), talk, author),
        audience=rng.choices(*FOLLOW_UP_AUDIENCES)[0],
        logged_at=last.settled_at + timedelta(hours=rng.randint(1, 20) if fate is Fate.DONE_LATELY else 50),
    )
    return (answered(rng, follow_up, _confirmation(rng, fate)),)


def _confirmation(rng: Random, fate: Fate) -> Confirmation:
    """Draw the answer; what was logged lately mostly still waits for one."""
    states = (Confirmation.PENDING, Confirmation.CONFIRMED, Confirmation.AMENDED, Confirmation.DENIED)
    return rng.choices(states, (70, 26, 4, 0) if fate is Fate.DONE_LATELY else (6, 74, 14, 6))[0]


def answered(rng: Random, follow_up: DrawnFollowUp, confirmation: Confirmation) -> DrawnFollowUp:
    """Return the follow-up with the other side's answer."""
    if confirmation is Confirmation.PENDING:
        return follow_up
    amendments = AMENDMENTS_TO_NOTHING if follow_up.kind is FollowUpKind.NO_RESULT else AMENDMENTS
    texts = {Confirmation.AMENDED: amendments, Confirmation.DENIED: DENIALS}.get(confirmation, ("",))
    return replace(
        follow_up,
        confirmation=confirmation,
        answer_text=rng.choice(texts),
        answered_at=follow_up.logged_at + timedelta(hours=rng.randint(1, 12)),
    )
