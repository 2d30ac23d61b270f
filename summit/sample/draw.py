"""Draw the whole sample network from a seed and a day. The same seed and day always give the same network."""

from collections.abc import Sequence
from datetime import date
from random import Random

from summit.errors import Invalid
from summit.sample.challenge_texts import CHALLENGES
from summit.sample.draw_connections import draw_connections
from summit.sample.draw_organizations import draw_organizations
from summit.sample.draw_people import draw_people, is_staff
from summit.sample.draw_stances import draw_stances
from summit.sample.draw_summits import draw_attendances, draw_summits
from summit.sample.network import DrawnConnection, DrawnPair, DrawnPerson, SampleNetwork
from summit.sample.protagonists import PROTAGONISTS
from summit.sample.story import tell

FEWEST, MOST = 12, 20_000


def draw_network(*, people: int = 210, seed: int = 1, today: date) -> SampleNetwork:
    """Draw a network of `people` people whose third summit began yesterday and ends tomorrow.

    Raises `Invalid` below twelve and above twenty thousand people.
    """
    if not FEWEST <= people <= MOST:
        raise Invalid(f"The sample can have {FEWEST} to {MOST:,} people, not {people:,}.")
    organizations = draw_organizations(people=people, seed=seed, today=today)
    persons = draw_people(organizations, people=people, seed=seed)
    summits = draw_summits(today)
    attendances = draw_attendances(persons, organizations, summits, seed=seed)
    stances = draw_stances(attendances, summits, seed=seed)
    connections = (
        *tell(persons, summits, today=today),
        *draw_connections(persons, summits, attendances, stances, seed=seed, today=today),
    )
    pairs = _said_pairs(persons, connections, seed=seed)
    return SampleNetwork(
        today=today,
        organizations=organizations,
        challenges=CHALLENGES,
        persons=persons,
        summits=summits,
        attendances=attendances,
        stances=stances,
        connections=connections,
        exclusions=pairs[0],
        acquaintances=pairs[1],
    )


def _said_pairs(
    persons: Sequence[DrawnPerson], connections: Sequence[DrawnConnection], *, seed: int
) -> tuple[tuple[DrawnPair, ...], tuple[DrawnPair, ...]]:
    """Draw exclusions among people who haven't met and acquaintances among those who have."""
    rng = Random(f"{seed}:pairs")
    met = {frozenset((connection.one, connection.other)) for connection in connections}
    others = [number for number, person in enumerate(persons) if not is_staff(person) and number >= len(PROTAGONISTS)]
    excluded: dict[frozenset[int], DrawnPair] = {}
    wanted = max(1, len(others) // 40)
    while len(excluded) < wanted:
        one, other = rng.sample(others, 2)
        if frozenset((one, other)) not in met and persons[one].organization != persons[other].organization:
            excluded[frozenset((one, other))] = DrawnPair(one, other)
    friends: dict[frozenset[int], DrawnPair] = {}
    known = [c for c in connections if c.one >= len(PROTAGONISTS)]
    for connection in rng.sample(known, min(len(known), max(1, len(others) // 12))):
        friends[frozenset((connection.one, connection.other))] = DrawnPair(connection.one, connection.other)
    return tuple(excluded.values()), tuple(friends.values())
