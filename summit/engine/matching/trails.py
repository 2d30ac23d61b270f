"""Exchanges along alternating trails: pairs in and out by turns, so that only the two ends gain or lose a seat.

Measured with prices, no step of a trail is a gain beyond its ends but for rounding, so the best trail is a shortest
path (Dijkstra over "this person has one too few" and "one too many"). Trails bring people to their floor, fill seats
that are worth something, and close cycles around pairs that ought to be in.
"""

import heapq
from collections import Counter, deque
from dataclasses import dataclass, replace
from math import inf

from summit.engine.matching.draft import Draft

STEPS = 400
"""How far a search for a better value goes; a search for a floor goes on to the end."""

DETOURS = 12
"""How often a search for a floor starts again without the pair that its shortest walk used twice."""

PATIENCE = 4000
"""How many trails are then tried one by one."""

LEAST_GAIN = 1e-9

FLOOR_FIRST = 1e6
"""What a seat below the floor is worth, in points: more than any exchange can lose."""


@dataclass
class _Search:
    """One search: from where, what its start gains, and the state in which a cycle closes (-1 for none)."""

    draft: Draft
    start: int
    gain: float
    best_end: float
    closing: int
    limit: int
    first: tuple[int, ...] = ()
    banned: frozenset[int] = frozenset()
    stops_at_repeat: bool = False
    repeated: int = -1
    best: float = LEAST_GAIN
    trail: tuple[int, ...] = ()

    def run(self, state: int) -> tuple[int, ...]:
        """Return the pairs to flip of the best trail from the state (2v: v has one too few, 2v + 1: too many)."""
        costs = {state: 0.0}
        came: dict[int, tuple[int, int]] = {}
        heap = [(0.0, state)]
        left = self.limit
        while heap and left and not (self.stops_at_repeat and self.repeated >= 0):
            cost, state = heapq.heappop(heap)
            if self.gain + self.best_end - cost <= self.best:
                break
            if cost > costs[state]:
                continue
            left -= 1
            self._end_at(state, cost, came)
            steps = self._too_many(state >> 1, cost) if state & 1 else self._too_few(state >> 1, cost)
            for following, pair, total in steps:
                if total < costs.get(following, inf) and pair not in self.banned:
                    costs[following] = total
                    came[following] = (state, pair)
                    heapq.heappush(heap, (total, following))
        return self.trail

    def _too_few(self, person: int, cost: float) -> list[tuple[int, int, float]]:
        draft = self.draft
        budget = self.gain + self.best_end - self.best - cost
        taken = draft.partners[person]
        steps = []
        for partner, pair in draft.neighbours[person]:
            loss = -draft.worth[pair]
            if loss > budget:
                break
            if partner not in taken:
                steps.append((2 * partner + 1, pair, cost + max(0.0, loss)))
        return steps

    def _too_many(self, person: int, cost: float) -> list[tuple[int, int, float]]:
        worth = self.draft.worth
        return [
            (2 * partner, pair, cost + max(0.0, worth[pair])) for partner, pair in self.draft.partners[person].items()
        ]

    def _end_at(self, state: int, cost: float, came: dict[int, tuple[int, int]]) -> None:
        end = self._worth_of_ending(state)
        if end == -inf:
            return
        total = self.gain + end - cost
        if total <= self.best:
            return
        trail = list(self.first)
        while state in came:
            state, pair = came[state]
            trail.append(pair)
        repeated = next((pair for pair, times in Counter(trail).items() if times > 1), -1)
        if repeated < 0:
            self.best, self.trail = total, tuple(trail)
        else:
            self.repeated = repeated

    def _worth_of_ending(self, state: int) -> float:
        person, draft = state >> 1, self.draft
        if self.closing >= 0:
            return 0.0 if state == self.closing else -inf
        if person == self.start:
            return -inf
        if state & 1:
            return draft.price[person] if draft.has_seat(person) else -inf
        return -draft.price[person] if draft.degree[person] > draft.floor[person] else -inf


def reach_floors(draft: Draft) -> list[int]:
    """Bring everybody to their floor as far as trails can; return who stays below."""
    stuck = []
    best_end = _best_end(draft)
    for person in draft.short():
        while draft.is_short(person):
            trail = _trail_to_floor(draft, person, best_end)
            if not trail:
                stuck.append(person)
                break
            flip(draft, trail)
    return stuck


def improve(draft: Draft, rounds: int = 3) -> None:
    """Raise the value along trails until none helps, or for so many rounds. Floors once reached stay reached."""
    for _ in range(rounds):
        gained = _fill_seats(draft) + _leave_costly_seats(draft) + _close_cycles(draft)
        if not gained:
            return


def flip(draft: Draft, trail: tuple[int, ...]) -> None:
    """Take the trail's chosen pairs out and its other pairs in."""
    chosen = [draft.is_chosen(pair) for pair in trail]
    for pair, is_chosen in zip(trail, chosen, strict=True):
        if is_chosen:
            draft.drop(pair)
        else:
            draft.choose(pair)


def _trail_to_floor(draft: Draft, person: int, best_end: float) -> tuple[int, ...]:
    """Find the cheapest trail that gives a person a seat; a shortest walk that uses a pair twice is led around it."""
    banned: frozenset[int] = frozenset()
    limit = 4 * len(draft.degree) + STEPS
    gains = [max(best_end, LEAST_GAIN), FLOOR_FIRST]
    for _ in range(DETOURS):
        search = _Search(draft, person, gains[0], best_end, -1, limit, banned=banned, stops_at_repeat=True)
        trail = search.run(2 * person)
        if trail:
            return trail
        if search.repeated >= 0:
            banned |= {search.repeated}
        elif len(gains) > 1:
            del gains[0]  # a narrow search first: most trails cost next to nothing
        else:
            break
    if banned or draft.ceiling[person] - draft.degree[person] >= 2:
        return _any_trail(draft, person)
    return ()


def _any_trail(draft: Draft, start: int) -> tuple[int, ...]:
    """Find the shortest trail to a floor by trying them all: an odd cycle can make every shortest walk useless."""
    queue: deque[tuple[int, tuple[int, ...]]] = deque([(2 * start, ())])
    for _ in range(PATIENCE):
        if not queue:
            break
        state, trail = queue.popleft()
        person = state >> 1
        if trail and _may_end(draft, start, state):
            return trail
        if state & 1:
            queue.extend(
                (2 * other, (*trail, pair)) for other, pair in draft.partners[person].items() if pair not in trail
            )
        else:
            taken = draft.partners[person]
            queue.extend(
                (2 * other + 1, (*trail, pair))
                for other, pair in draft.neighbours[person]
                if other not in taken and pair not in trail
            )
    return ()


def _may_end(draft: Draft, start: int, state: int) -> bool:
    person = state >> 1
    if state & 1:
        return draft.degree[person] + (person == start) < draft.ceiling[person]
    return person != start and draft.degree[person] > draft.floor[person]


def _best_end(draft: Draft) -> float:
    """Return the most that the far end of a trail can be worth."""
    prices = zip(draft.price, draft.degree, draft.floor, draft.ceiling, strict=True)
    return max(
        (max(price if degree < high else 0.0, -price if degree > low else 0.0) for price, degree, low, high in prices),
        default=0.0,
    )


def _fill_seats(draft: Draft) -> int:
    """Give seats to people whose seats are worth something."""
    open_seats = [person for person in range(len(draft.degree)) if draft.has_seat(person) and draft.price[person] > 0]
    best_end = _best_end(draft)
    gained = 0
    for person in sorted(open_seats, key=lambda one: (-draft.price[one], one)):
        while draft.has_seat(person) and _flip_best(
            draft, _Search(draft, person, draft.price[person], best_end, -1, STEPS), 2 * person
        ):
            gained += 1
    return gained


def _leave_costly_seats(draft: Draft) -> int:
    """Take seats back from people above their floor whose seats cost others more than they are worth."""
    costly = [person for person in range(len(draft.degree)) if draft.price[person] < 0]
    best_end = _best_end(draft)
    gained = 0
    for person in costly:
        while draft.degree[person] > draft.floor[person] and _flip_best(
            draft, _Search(draft, person, -draft.price[person], best_end, -1, STEPS), 2 * person + 1
        ):
            gained += 1
    return gained


def _close_cycles(draft: Draft) -> int:
    """Bring in pairs that are worth more than the prices of their seats, and out those worth less, around cycles."""
    gained = 0
    for pair in draft.order:
        worth, low, high = draft.worth[pair], draft.low[pair], draft.high[pair]
        if abs(worth) <= LEAST_GAIN or draft.is_chosen(pair) != (worth < 0):
            continue
        is_chosen = worth < 0
        closing, state = (2 * low + 1, 2 * high) if is_chosen else (2 * low, 2 * high + 1)
        gained += _flip_best(draft, _Search(draft, low, abs(worth), 0.0, closing, STEPS, first=(pair,)), state)
    return gained


def _flip_best(draft: Draft, search: _Search, state: int) -> bool:
    """Flip the best trail of a search, led around pairs that its walks use twice; say whether there was one."""
    for _ in range(DETOURS):
        trail = search.run(state)
        if trail:
            flip(draft, trail)
            return True
        if search.repeated < 0:
            return False
        search = replace(search, banned=search.banned | {search.repeated}, repeated=-1)
    return False
