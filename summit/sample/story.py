"""What the protagonists have behind them when a visitor signs in as one of them."""

from collections.abc import Sequence
from datetime import date, timedelta

from summit.access import Audience
from summit.connections.models import Confirmation, FollowUpKind, Meeting, StepState
from summit.sample.challenge_texts import CHALLENGES
from summit.sample.draw_summits import LAST, at
from summit.sample.network import (
    DrawnConnection,
    DrawnFollowUp,
    DrawnNote,
    DrawnPerson,
    DrawnStep,
    DrawnSummit,
)
from summit.sample.protagonists import (
    ALUMNI,
    ATTENDEE,
    COACH,
    COACHING,
    COLLEAGUE,
    FIRST_DAYS,
    HOST,
    LABS,
    MENTORS,
    PARTNER,
)


def tell(persons: Sequence[DrawnPerson], summits: Sequence[DrawnSummit], *, today: date) -> tuple[DrawnConnection, ...]:
    """Return last year's connections of the attendee and of the partner: promises due, and one thing to confirm."""
    teller = _Teller(persons, summits[LAST], today)
    return (
        _renata_and_dev(teller),
        _renata_and_teresita(teller),
        _renata_and_amos(teller),
        _maya_and_dev(teller),
        _maya_and_amos(teller),
    )


class _Teller:
    """Puts days and zones to what is told."""

    def __init__(self, persons: Sequence[DrawnPerson], summit: DrawnSummit, today: date) -> None:
        self.persons = persons
        self.summit = summit
        self.today = today

    def met(
        self,
        one: int,
        other: int,
        how: Meeting,
        about: str,
        *,
        hour: int,
        steps: tuple[DrawnStep, ...],
        follow_ups: tuple[DrawnFollowUp, ...] = (),
        note: str = "",
    ) -> DrawnConnection:
        met_at = at(self.summit.starts_on + timedelta(days=1), hour, 20, self.summit.time_zone)
        written_at = met_at + timedelta(minutes=20)
        return DrawnConnection(
            summit=LAST,
            one=one,
            other=other,
            how=how,
            met_at=met_at,
            recorded_by=one,
            recorded_at=met_at + timedelta(minutes=1),
            challenges=(_number(about),),
            notes=(DrawnNote(one, note, Audience.ONLY_ME, written_at),) if note else (),
            steps=steps,
            follow_ups=follow_ups,
        )

    def promised(self, owner: int, what: str, *, due_in: int, made_ago: int, done_ago: int | None = None) -> DrawnStep:
        """Return a promise, with days counted from today."""
        zone = self.persons[owner].time_zone
        return DrawnStep(
            what=what,
            owner=owner,
            due_at=at(self.today + timedelta(days=due_in), 9, 0, zone),
            state=StepState.OPEN if done_ago is None else StepState.DONE,
            made_by=owner,
            made_at=at(self.today - timedelta(days=made_ago), 16, 5, zone),
            settled_at=None if done_ago is None else at(self.today - timedelta(days=done_ago), 11, 40, zone),
            settled_by=None if done_ago is None else owner,
        )

    def reported(self, author: int, kind: FollowUpKind, text: str, *, ago: int, confirmed: bool) -> DrawnFollowUp:
        """Return a follow-up on the first step, logged some days ago."""
        zone = self.persons[author].time_zone
        return DrawnFollowUp(
            step=0,
            author=author,
            kind=kind,
            text=text,
            audience=Audience.NETWORK,
            logged_at=at(self.today - timedelta(days=ago), 15, 10, zone),
            confirmation=Confirmation.CONFIRMED if confirmed else Confirmation.PENDING,
            answered_at=at(self.today - timedelta(days=ago - 1), 8, 30, zone) if confirmed else None,
        )


def _number(title: str) -> int:
    return [challenge.title for challenge in CHALLENGES].index(title)


def _renata_and_dev(teller: _Teller) -> DrawnConnection:
    return teller.met(
        PARTNER,
        COLLEAGUE,
        Meeting.TABLE,
        MENTORS,
        hour=10,
        steps=(
            teller.promised(PARTNER, "Share our lab rota with Dev", due_in=-200, made_ago=330, done_ago=215),
            teller.promised(PARTNER, "Send Dev our mentor interview guide", due_in=0, made_ago=30),
        ),
        follow_ups=(
            teller.reported(
                COLLEAGUE,
                FollowUpKind.ADAPTED,
                "We run Renata's lab rota on Fridays now. Two schools dropped out; the third wants a second day.",
                ago=4,
                confirmed=False,
            ),
        ),
        note="Ask about the whale. Their mentors are paid in museum passes.",
    )


def _renata_and_teresita(teller: _Teller) -> DrawnConnection:
    return teller.met(
        PARTNER,
        HOST,
        Meeting.SCAN,
        FIRST_DAYS,
        hour=11,
        steps=(
            teller.promised(PARTNER, "Put Teresita in touch with two second-year residents", due_in=1, made_ago=24),
        ),
    )


def _renata_and_amos(teller: _Teller) -> DrawnConnection:
    return teller.met(
        COACH,
        PARTNER,
        Meeting.MATCH,
        COACHING,
        hour=14,
        steps=(
            teller.promised(COACH, "Send Renata the video visit rules", due_in=-300, made_ago=340, done_ago=310),
            teller.promised(PARTNER, "Try the video visits with four residents and tell Amos", due_in=-1, made_ago=60),
        ),
        follow_ups=(
            teller.reported(
                PARTNER,
                FollowUpKind.LEARNED,
                "Amos told me that ten minutes of film are enough. We had planned for a whole lesson.",
                ago=305,
                confirmed=True,
            ),
        ),
    )


def _maya_and_dev(teller: _Teller) -> DrawnConnection:
    return teller.met(
        ATTENDEE,
        COLLEAGUE,
        Meeting.HALLWAY,
        ALUMNI,
        hour=15,
        steps=(teller.promised(ATTENDEE, "Send Dev our alumni survey", due_in=-6, made_ago=50),),
        note="Their summer staff are our graduates. He would add two questions of his own.",
    )


def _maya_and_amos(teller: _Teller) -> DrawnConnection:
    return teller.met(
        ATTENDEE,
        COACH,
        Meeting.MATCH,
        LABS,
        hour=16,
        steps=(
            teller.promised(
                ATTENDEE, "Introduce Amos to the technician our schools share", due_in=-250, made_ago=350, done_ago=260
            ),
        ),
        follow_ups=(
            teller.reported(
                ATTENDEE,
                FollowUpKind.GAVE_HELP,
                "Our technician spent a morning with two of Amos's coaches. They decided against sharing one, "
                "because of the distances.",
                ago=240,
                confirmed=True,
            ),
        ),
    )
