"""What can be planted into the world, who reads it, and who must not learn of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from summit.access import Audience
from summit.connections.models import Confirmation, FollowUp, FollowUpKind, NextStep, Note
from summit.database import Base
from summit.matching.models import Answer, MatchAnswer
from summit.summits.models import Exclusion, Stance, StanceKind
from tests.conftest import NOW
from tests.security.crawling import MARKER
from tests.security.world import ANONYMOUS, World, message_to

STRANGERS = ("mia", "cleo", "xeno", ANONYMOUS)
"""Whoever has nothing to do with the connection of Ana and Ben."""
EVERYBODY_ELSE = ("ben", *STRANGERS, "olga")


@dataclass(frozen=True)
class Secret:
    """Something Ana wrote that only some may learn of.

    Those it is hidden from must find every page as it would be without it: so it can't be found by counting either.
    Those it is unread by may learn that there is something (an organizer counts follow-ups), but not what it says.
    `seen_by` proves that there is something to be found: whom to ask, where, and the words they read there.
    """

    name: str
    plant: Callable[[World], list[Base]]
    hidden_from: tuple[str, ...]
    unread_by: tuple[str, ...] = ()
    seen_by: tuple[tuple[str, Callable[[World], str], str], ...] = ()
    reword: Callable[[list[Base]], None] | None = None

    def __str__(self) -> str:
        return self.name


def marked(name: str) -> str:
    """Return words that stand nowhere else."""
    return f"{MARKER} {name}"


def _my_stances(world: World) -> str:
    return f"/summits/{world.summit.slug}/stances"


def _ana_s_page(world: World) -> str:
    return f"/summits/{world.summit.slug}/people/{world.people['ana'].id}"


def _matches(world: World) -> str:
    return f"/summits/{world.summit.slug}/matches"


def _connection(world: World) -> str:
    return f"/connections/{world.connections['ana ben'].id}"


def _challenge(topic: str) -> Callable[[World], str]:
    return lambda world: f"/challenges/{world.challenges[topic].slug}"


def _stances(audience: Audience, hidden_from: tuple[str, ...], *seen_by: tuple[str, Callable[[World], str]]) -> Secret:
    """Return an ask, an offer and a piece of work of Ana's on a topic of their own."""
    topic = audience.value.replace("_", " ")
    words = marked(f"stance {topic}")

    def plant(world: World) -> list[Base]:
        return [
            Stance(
                summit_id=world.summit.id,
                person_id=world.people["ana"].id,
                challenge_id=world.challenges[topic].id,
                kind=kind,
                priority=3,
                text=words,
                audience=audience,
                changed_at=NOW,
            )
            for kind in StanceKind
        ]

    seen = tuple((who, where, words) for who, where in (("ana", _my_stances), *seen_by))
    return Secret(f"stances for {topic}", plant, hidden_from, seen_by=seen)


def _note(audience: Audience, hidden_from: tuple[str, ...], *seen_by: str) -> Secret:
    words = marked(f"note {audience.value}")

    def plant(world: World) -> list[Base]:
        return [
            Note(
                connection_id=world.connections["ana ben"].id,
                author_id=world.people["ana"].id,
                text=words,
                audience=audience,
                written_at=NOW,
            )
        ]

    return Secret(
        f"note for {audience.value}", plant, hidden_from, seen_by=tuple((w, _connection, words) for w in seen_by)
    )


def _follow_up(audience: Audience, confirmation: Confirmation, hidden_from: tuple[str, ...]) -> Secret:
    words = marked(f"follow-up {audience.value} {confirmation.value}")
    answer = f"{words} answered" if confirmation is Confirmation.AMENDED else ""

    def plant(world: World) -> list[Base]:
        return [
            FollowUp(
                connection_id=world.connections["ana ben"].id,
                author_id=world.people["ana"].id,
                kind=FollowUpKind.ADAPTED,
                text=words,
                audience=audience,
                logged_at=NOW,
                confirmation=confirmation,
                answer_text=answer,
                answered_at=None if confirmation is Confirmation.PENDING else NOW,
            )
        ]

    def reword(rows: list[Base]) -> None:
        for row in rows:
            row.text, row.kind = "Other words.", FollowUpKind.NO_RESULT  # type: ignore[attr-defined]
            row.answer_text = "Other words." if row.answer_text else ""  # type: ignore[attr-defined]

    return Secret(
        f"follow-up for {audience.value}, {confirmation.value}",
        plant,
        hidden_from,
        unread_by=("olga",) if audience is Audience.PAIR else (),
        seen_by=(("ben", _connection, words),),
        reword=reword,
    )


def _answer(answer: Answer, about: str, hidden_from: tuple[str, ...], *seen_by: tuple[str, str]) -> Secret:
    def plant(world: World) -> list[Base]:
        pair = {"person_id": world.people["ana"].id, "other_id": world.people[about].id}
        return [MatchAnswer(summit_id=world.summit.id, answer=answer, answered_at=NOW, **pair)]

    def reword(rows: list[Base]) -> None:
        for row in rows:
            row.answer = Answer.KNOW_EACH_OTHER if answer is Answer.NOT_NOW else Answer.NOT_NOW  # type: ignore[attr-defined]

    seen = tuple((who, _matches, words) for who, words in seen_by)
    return Secret(f"answer {answer.value}", plant, hidden_from, unread_by=("olga",), seen_by=seen, reword=reword)


def _step() -> Secret:
    words = marked("step")

    def plant(world: World) -> list[Base]:
        return [
            NextStep(
                connection_id=world.connections["ana ben"].id,
                what=words,
                owner_id=world.people["ana"].id,
                due_at=NOW + timedelta(days=3),
                made_by_id=world.people["ana"].id,
                made_at=NOW,
            )
        ]

    def reword(rows: list[Base]) -> None:
        for row in rows:
            row.what = "Other words."  # type: ignore[attr-defined]

    return Secret(
        "next step", plant, STRANGERS, unread_by=("olga",), seen_by=(("ben", _connection, words),), reword=reword
    )


def _mail() -> Secret:
    words = marked("mail")

    def reword(rows: list[Base]) -> None:
        for row in rows:
            row.text, row.html = "Other words.", "<p>Other words.</p>"  # type: ignore[attr-defined]

    return Secret(
        "mail to Ben",
        lambda world: [message_to(world.people["ben"], "a planted message", words)],
        ("ana", *STRANGERS),
        unread_by=("olga",),
        reword=reword,
    )


def _exclusion() -> Secret:
    def plant(world: World) -> list[Base]:
        pair = {"person_id": world.people["ana"].id, "other_id": world.people["cleo"].id}
        return [Exclusion(created_at=NOW, **pair)]

    return Secret("exclusion", plant, ("ben", *STRANGERS))


CLAIMS = (Confirmation.PENDING, Confirmation.DENIED)
SETTLED = (Confirmation.CONFIRMED, Confirmation.AMENDED)
SECRETS = (
    _stances(Audience.ONLY_ME, EVERYBODY_ELSE),
    _stances(Audience.ORGANIZERS, ("ben", *STRANGERS), ("olga", _ana_s_page)),
    _stances(Audience.MATCHES, ("cleo", "xeno", ANONYMOUS), ("mia", _ana_s_page), ("ben", _challenge("matches"))),
    _stances(Audience.SUMMIT, ("xeno", ANONYMOUS), ("cleo", _ana_s_page), ("cleo", _challenge("summit"))),
    _stances(Audience.NETWORK, (ANONYMOUS,), ("xeno", _challenge("network"))),
    _note(Audience.ONLY_ME, EVERYBODY_ELSE, "ana"),
    _note(Audience.PAIR, (*STRANGERS, "olga"), "ana", "ben"),
    *(_follow_up(Audience.PAIR, each, STRANGERS) for each in (*CLAIMS, *SETTLED)),
    *(_follow_up(Audience.ORGANIZERS, each, STRANGERS) for each in (*CLAIMS, *SETTLED)),
    *(_follow_up(Audience.SUMMIT, each, STRANGERS) for each in CLAIMS),
    *(_follow_up(Audience.SUMMIT, each, ("xeno", ANONYMOUS)) for each in SETTLED),
    *(_follow_up(Audience.NETWORK, each, STRANGERS) for each in CLAIMS),
    *(_follow_up(Audience.NETWORK, each, (ANONYMOUS,)) for each in SETTLED),
    *(_follow_up(Audience.PUBLIC, each, STRANGERS) for each in CLAIMS),
    _answer(Answer.NOT_NOW, "mia", ("ben", *STRANGERS), ("ana", "Set aside")),
    _answer(Answer.INTERESTED, "ben", STRANGERS, ("ben", "interested")),
    _step(),
    _mail(),
    _exclusion(),
)
