"""Draw who met whom at the three summits."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate, cycle
from random import Random

from summit.connections.models import Meeting
from summit.sample.draw_outcomes import DUE_IN_DAYS, Fate, Talk, Writer, draw_follow_ups, draw_note, draw_steps
from summit.sample.draw_summits import BEFORE_LAST, CURRENT, LAST, at
from summit.sample.network import (
    DrawnAttendance,
    DrawnConnection,
    DrawnPerson,
    DrawnStance,
    DrawnSummit,
)
from summit.sample.protagonists import PROTAGONISTS

# Connections per attendee, and what became of the promises, by summit.
PER_ATTENDEE = {BEFORE_LAST: 1.9, LAST: 2.4, CURRENT: 0.3}
FATES = {
    BEFORE_LAST: {
        Fate.NONE_MADE: 16,
        Fate.DONE_IN_TIME: 42,
        Fate.DONE_LATE: 14,
        Fate.CHANGED: 8,
        Fate.DROPPED: 16,
        Fate.COLD: 4,
    },
    LAST: {
        Fate.NONE_MADE: 12,
        Fate.DONE_IN_TIME: 32,
        Fate.DONE_LATE: 13,
        Fate.DONE_LATELY: 8,
        Fate.CHANGED: 7,
        Fate.DROPPED: 9,
        Fate.DUE: 11,
        Fate.COLD: 8,
    },
    CURRENT: {Fate.NONE_MADE: 30, Fate.DUE: 70},
}
# At the current summit nothing is due before it has ended.
DUE_AFTER_SUMMIT = (7, 14, 21, 28, 10, 35)
HOW = {
    True: ((Meeting.MATCH, Meeting.SCAN, Meeting.TABLE, Meeting.HALLWAY), (36, 34, 16, 14)),
    False: ((Meeting.MATCH, Meeting.SCAN, Meeting.TABLE, Meeting.HALLWAY, Meeting.ELSEWHERE), (30, 30, 18, 14, 8)),
}
NOTED = 0.35
# How many of last years' connections without a promise were said to need none.
LET_BE = 0.6


def draw_connections(
    persons: Sequence[DrawnPerson],
    summits: Sequence[DrawnSummit],
    attendances: Sequence[DrawnAttendance],
    stances: Sequence[DrawnStance],
    *,
    seed: int,
    today: date,
) -> tuple[DrawnConnection, ...]:
    """Draw the connections of all three summits; the protagonists' are told in `story`."""
    rng = Random(f"{seed}:connections")
    writer = Writer(rng)
    themes = _challenges_of(stances)
    connections: list[DrawnConnection] = []
    for summit, drawn in enumerate(summits):
        attendees = [a.person for a in attendances if a.summit == summit and a.checked_in_at is not None]
        due = cycle(DUE_AFTER_SUMMIT if summit == CURRENT else DUE_IN_DAYS)
        moments = {fate: _moments(rng, drawn, today) for fate in Fate}
        fates = cycle(_shuffled_fates(rng, FATES[summit]))
        for one, other in _pairs(rng, persons, attendees, PER_ATTENDEE[summit]):
            fate = next(fates)
            talk = Talk(
                one=one,
                other=other,
                first=persons[one],
                second=persons[other],
                challenges=_subjects(rng, themes.get((summit, one), ()), themes.get((summit, other), ())),
                made_at=next(moments[fate]),
                today=today,
            )
            connections.append(_connection(rng, writer, talk, fate, summit, next(due) if fate is Fate.DUE else 0))
    return tuple(connections)


def _shuffled_fates(rng: Random, shares: dict[Fate, int]) -> list[Fate]:
    """Return a hundred fates in their shares, shuffled, with one of each in front: every state occurs early."""
    rest = [fate for fate, share in shares.items() for _ in range(share - 1)]
    rng.shuffle(rest)
    return [*shares, *rest]


def _challenges_of(stances: Iterable[DrawnStance]) -> dict[tuple[int, int], tuple[int, ...]]:
    found: dict[tuple[int, int], tuple[int, ...]] = {}
    for stance in stances:
        key = (stance.summit, stance.person)
        found[key] = (*found.get(key, ()), stance.challenge)
    return found


def _pairs(
    rng: Random, persons: Sequence[DrawnPerson], attendees: list[int], per_attendee: float
) -> Iterable[tuple[int, int]]:
    """Draw different pairs of different organizations; some people meet many, most meet a few."""
    drawn_for = [person for person in attendees if person >= len(PROTAGONISTS)]
    if len({persons[person].organization for person in drawn_for}) < 2:
        return []
    sums = list(accumulate(rng.lognormvariate(0, 0.7) for _ in drawn_for))
    wanted = min(round(per_attendee * len(attendees)), len(drawn_for) * (len(drawn_for) - 1) // 4)
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < wanted:
        one, other = rng.choices(drawn_for, cum_weights=sums, k=2)
        if persons[one].organization != persons[other].organization and (other, one) not in pairs:
            pairs[one, other] = None
    return list(pairs)


def _subjects(rng: Random, one: Sequence[int], other: Sequence[int]) -> tuple[int, ...]:
    """Return what the two talked about: what both named if anything, otherwise something that one of them did."""
    if rng.random() < 0.1:
        return ()
    shared = sorted(set(one) & set(other))
    pool = shared or sorted({*one, *other})
    return tuple(rng.sample(pool, min(len(pool), rng.choice((1, 1, 2)))))


def _moments(rng: Random, summit: DrawnSummit, today: date) -> Iterator[datetime]:
    """Return when people met, in turn: days of the summit until today; at the current one also a few days before it.

    Who met four days ago and promised nothing is whom the cadence asks first.
    """
    days = [summit.starts_on + timedelta(days=day) for day in range(3)]
    if summit.ends_on > today:
        days = [today - timedelta(days=4), today - timedelta(days=1), today, today - timedelta(days=1), today]
    for day in cycle(days):
        hour = rng.randint(7, 8) if day == today else rng.randint(9, 17)
        yield at(day, hour, rng.randint(0, 59), summit.time_zone)


def _connection(rng: Random, writer: Writer, talk: Talk, fate: Fate, summit: int, due_in: int) -> DrawnConnection:
    is_before_summit = summit == CURRENT and talk.made_at.date() < talk.today - timedelta(days=2)
    how = Meeting.ELSEWHERE if is_before_summit else rng.choices(*HOW[summit == CURRENT])[0]
    steps = draw_steps(rng, writer, talk, fate, due_in=due_in)
    is_let_be = not steps and summit != CURRENT and rng.random() < LET_BE
    return DrawnConnection(
        summit=summit,
        one=talk.one,
        other=talk.other,
        how=how,
        met_at=talk.made_at,
        recorded_by=talk.one,
        recorded_at=talk.made_at + timedelta(minutes=1),
        challenges=talk.challenges,
        no_step_needed_at=talk.made_at + timedelta(days=2) if is_let_be else None,
        notes=(draw_note(rng, writer, talk, talk.one),) if rng.random() < NOTED else (),
        steps=steps,
        follow_ups=draw_follow_ups(rng, writer, talk, fate, steps),
    )
