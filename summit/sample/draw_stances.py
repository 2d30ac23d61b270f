"""Draw what attendees say about challenges: a few challenges are on everyone's mind, many on few people's."""

from bisect import bisect
from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from random import Random

from summit.access import Audience
from summit.sample.challenge_texts import CHALLENGES, POPULAR, UNANSWERED, ChallengeText
from summit.sample.draw_summits import CURRENT, LAST, at
from summit.sample.general_lines import ENDINGS, OPENINGS
from summit.sample.network import DrawnAttendance, DrawnStance, DrawnSummit
from summit.sample.protagonists import PROTAGONISTS, STANCES
from summit.sample.stance_texts import STANCE_LINES
from summit.summits.models import StanceKind

# How many stances of each kind a person has: (numbers, weights).
COUNTS = {
    StanceKind.ASK: ((1, 2, 3, 4), (22, 40, 26, 12)),
    StanceKind.OFFER: ((1, 2, 3, 4), (24, 40, 25, 11)),
    StanceKind.WORKING_ON: ((0, 1, 2, 3), (30, 38, 22, 10)),
}
AUDIENCES = {
    StanceKind.ASK: (
        (Audience.MATCHES, Audience.SUMMIT, Audience.ORGANIZERS, Audience.ONLY_ME, Audience.NETWORK),
        (78, 8, 6, 4, 4),
    ),
    StanceKind.OFFER: (
        (Audience.SUMMIT, Audience.MATCHES, Audience.NETWORK, Audience.ORGANIZERS),
        (64, 18, 16, 2),
    ),
    StanceKind.WORKING_ON: (
        (Audience.SUMMIT, Audience.NETWORK, Audience.MATCHES, Audience.ORGANIZERS, Audience.ONLY_ME),
        (62, 22, 11, 3, 2),
    ),
}
SPOKEN = {StanceKind.ASK: 0.5, StanceKind.OFFER: 0.45, StanceKind.WORKING_ON: 0.3}
SPOKEN_BEFORE = 0.15
# How steeply a challenge's popularity falls with its rank.
TAIL = 0.85
WITHOUT_STANCES = 0.055


def draw_stances(
    attendances: Sequence[DrawnAttendance], summits: Sequence[DrawnSummit], *, seed: int
) -> tuple[DrawnStance, ...]:
    """Draw the stances of every attendance; about one attendee in eighteen has said nothing yet."""
    rng = Random(f"{seed}:stances")
    popularity = Popularity(rng, CHALLENGES)
    lines = _Lines(rng)
    silent = _silent(rng, attendances)
    stances: list[DrawnStance] = []
    for attendance in attendances:
        if attendance.person in silent and attendance.summit == CURRENT:
            continue
        stances += _stances_of(rng, attendance, summits[attendance.summit], popularity, lines)
    return tuple(stances)


class Popularity:
    """Draws challenges with a long tail, whose order depends on the seed behind the popular few."""

    def __init__(self, rng: Random, challenges: Sequence[ChallengeText]) -> None:
        titles = [challenge.title for challenge in challenges]
        first = (*POPULAR, UNANSWERED)
        rest = [title for title in titles if title not in first]
        rng.shuffle(rest)
        self.place_of = {title: place for place, title in enumerate(titles)}
        self._ranked = [self.place_of[title] for title in (*first, *rest)]
        self._sums = list(accumulate(1 / (rank + 2) ** TAIL for rank in range(len(titles))))

    def draw(self, rng: Random, count: int, but: set[int]) -> list[int]:
        """Draw `count` different challenges, none of them in `but`."""
        drawn: list[int] = []
        while len(drawn) < count:
            challenge = self._ranked[bisect(self._sums, rng.random() * self._sums[-1])]
            if challenge not in but and challenge not in drawn:
                drawn.append(challenge)
        return drawn


class _Lines:
    """Hands out lines: the one that fits a challenge exactly goes to its first speaker, then general ones."""

    def __init__(self, rng: Random) -> None:
        self._said: set[tuple[int, StanceKind]] = set()
        self._general = {kind: self._composed(rng, kind) for kind in StanceKind}
        self._next = dict.fromkeys(StanceKind, 0)

    @staticmethod
    def _composed(rng: Random, kind: StanceKind) -> list[str]:
        """Return the openings as they are, in an order of their own for each ending."""
        lines: list[str] = []
        offsets = list(range(len(OPENINGS[kind])))
        rng.shuffle(offsets)
        endings = ("", *ENDINGS[kind])
        for turn in range(len(endings)):
            for place in offsets:
                lines.append(f"{OPENINGS[kind][place]} {endings[(place + turn) % len(endings)]}".strip())
        return lines

    def line(self, challenge: int, kind: StanceKind) -> str:
        if (challenge, kind) not in self._said:
            self._said.add((challenge, kind))
            return str(getattr(STANCE_LINES[CHALLENGES[challenge].title], kind.value))
        self._next[kind] += 1
        return self._general[kind][self._next[kind] % len(self._general[kind])]


def _silent(rng: Random, attendances: Sequence[DrawnAttendance]) -> set[int]:
    """Draw who has said nothing at the current summit. A withdrawn attendance doesn't count: nobody writes to it."""
    present = [
        a.person
        for a in attendances
        if a.summit == CURRENT and a.withdrawn_at is None and a.person >= len(PROTAGONISTS)
    ]
    return set(rng.sample(present, round(len(present) * WITHOUT_STANCES)))


def _stances_of(
    rng: Random, attendance: DrawnAttendance, summit: DrawnSummit, popularity: Popularity, lines: _Lines
) -> list[DrawnStance]:
    day = attendance.registered_at.date() + timedelta(days=rng.randint(0, 5))
    changed_at = at(day, rng.randint(8, 21), rng.randint(0, 40), summit.time_zone)
    return [
        DrawnStance(
            summit=attendance.summit,
            person=attendance.person,
            challenge=challenge,
            kind=kind,
            priority=priority,
            text=lines.line(challenge, kind) if _speaks(rng, attendance, kind) else "",
            audience=_audience(rng, attendance, kind),
            changed_at=changed_at + timedelta(minutes=place),
        )
        for place, (challenge, kind, priority) in enumerate(_chosen(rng, attendance, popularity))
    ]


def _speaks(rng: Random, attendance: DrawnAttendance, kind: StanceKind) -> bool:
    """Say whether a stance comes with a line; of the earlier ones, few do."""
    if attendance.summit != CURRENT:
        return attendance.summit == LAST and rng.random() < SPOKEN_BEFORE
    return attendance.person < len(PROTAGONISTS) or rng.random() < SPOKEN[kind]


def _chosen(rng: Random, attendance: DrawnAttendance, popularity: Popularity) -> list[tuple[int, StanceKind, int]]:
    """Return (challenge, kind, priority): what the story says at the current summit, otherwise drawn."""
    if attendance.summit == CURRENT and attendance.person in STANCES:
        return [(popularity.place_of[title], kind, value) for title, kind, value in STANCES[attendance.person]]
    unanswered = popularity.place_of[UNANSWERED]
    asks = popularity.draw(rng, _count(rng, StanceKind.ASK), set())
    offers = popularity.draw(rng, _count(rng, StanceKind.OFFER), {*asks, unanswered})
    works = popularity.draw(rng, _count(rng, StanceKind.WORKING_ON), {unanswered})
    return [
        (challenge, kind, rng.choices((1, 2, 3), (22, 48, 30))[0])
        for kind, challenges in zip(StanceKind, (asks, offers, works), strict=True)
        for challenge in challenges
    ]


def _count(rng: Random, kind: StanceKind) -> int:
    numbers, weights = COUNTS[kind]
    return rng.choices(numbers, weights)[0]


def _audience(rng: Random, attendance: DrawnAttendance, kind: StanceKind) -> Audience:
    """Draw an audience; what the protagonists say is open, so that their story can be seen."""
    if attendance.person < len(PROTAGONISTS):
        return Audience.MATCHES if kind is StanceKind.ASK else Audience.SUMMIT
    audiences, weights = AUDIENCES[kind]
    return rng.choices(audiences, weights)[0]
