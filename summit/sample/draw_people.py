"""Draw the people: names, work, time zones."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import cycle
from random import Random

from summit.access import Role
from summit.organizations.models import OrganizationKind
from summit.sample.name_texts import NAME_GROUPS
from summit.sample.network import DrawnOrganization, DrawnPerson
from summit.sample.person_texts import TALK_ABOUT, TALK_TAILS, TITLES, ZONE_OF_STATE, ZONES_ELSEWHERE
from summit.sample.protagonists import PROTAGONISTS

DOMAIN = "example.org"
GROUPS = tuple((firsts.split(), lasts.split()) for firsts, lasts in NAME_GROUPS)
ZONES = {state: zone for zone, states in ZONE_OF_STATE.items() for state in states.split()}
# How many people an organization of a kind sends, relative to the others.
SENDS = {OrganizationKind.UNIVERSITY: 3, OrganizationKind.NONPROFIT: 3, OrganizationKind.DISTRICT: 2}
LONGEST_TALK = 180


def zone_of(place: str) -> str:
    """Return the time zone of a place such as "Millbrook, OH"."""
    return ZONES.get(place.rpartition(", ")[2], "America/Chicago")


def draw_people(organizations: Sequence[DrawnOrganization], *, people: int, seed: int) -> tuple[DrawnPerson, ...]:
    """Draw the people; the protagonists come first, and every organization sends somebody while there are people."""
    rng = Random(f"{seed}:people")
    persons = _protagonists(organizations)
    names = _Names(rng, taken={person.name for person in persons})
    talk = _talk_lines(rng)
    for place in range(people - len(persons)):
        persons.append(_person(rng, names, talk, organizations, place))
    return tuple(persons[:people])


def _protagonists(organizations: Sequence[DrawnOrganization]) -> list[DrawnPerson]:
    places = {organization.name: place for place, organization in enumerate(organizations)}
    return [
        DrawnPerson(
            name=person.name,
            email=person.email,
            title=person.title,
            organization=places[person.organization] if person.organization else None,
            role=person.role,
            time_zone=(
                zone_of(organizations[places[person.organization]].place) if person.organization else "America/Chicago"
            ),
            talk_about=talk_line(person.talk_about) if person.talk_about else "",
            introductions=person.introductions,
        )
        for person in PROTAGONISTS
    ]


class _Names:
    """Gives each name once, and with it an address."""

    def __init__(self, rng: Random, taken: set[str]) -> None:
        self._rng = rng
        self._emails = {address(name) for name in taken}

    def next(self) -> tuple[str, str]:
        while True:
            group, other = self._rng.choice(GROUPS), self._rng.choice(GROUPS)
            firsts, lasts = group[0], (group if self._rng.random() < 0.7 else other)[1]
            first, last = self._rng.choice(firsts), self._rng.choice(lasts)
            name, email = f"{first} {last}", address(f"{first} {last}")
            if first != last and email not in self._emails:
                self._emails.add(email)
                return name, email


def address(name: str) -> str:
    """Return an address for a name: ASCII, lower case, first and last name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return ".".join("".join(c for c in part if c.isalnum()) for part in plain.split()) + f"@{DOMAIN}"


def _talk_lines(rng: Random) -> Iterator[str]:
    """Return all lines, again and again, in an order in which the plain ones come first."""
    lines: list[str] = []
    for tail in TALK_TAILS:
        batch = [line + tail for line in TALK_ABOUT if len(line + tail) <= LONGEST_TALK]
        rng.shuffle(batch)
        lines += batch
    return cycle(lines)


def talk_line(about: str) -> str:
    """Return the line that starts a conversation."""
    return f"Talk to me about {about}."


def _person(
    rng: Random, names: _Names, talk: Iterator[str], organizations: Sequence[DrawnOrganization], place: int
) -> DrawnPerson:
    name, email = names.next()
    if place < 2:
        title = ("Network Manager", "Data and Learning Lead")[place]
        return DrawnPerson(name, email, title, None, (Role.ORGANIZER, Role.ADMIN)[place], "America/Chicago", "", 5)
    at = _organization_for(rng, organizations, place)
    organization = organizations[at]
    return DrawnPerson(
        name=name,
        email=email,
        title=rng.choice(TITLES[organization.kind]),
        organization=at,
        role=Role.PARTNER,
        time_zone=rng.choice(ZONES_ELSEWHERE) if rng.random() < 0.03 else zone_of(organization.place),
        talk_about=talk_line(next(talk)) if rng.random() < 0.75 else "",
        introductions=rng.choices(range(3, 9), (10, 16, 34, 20, 8, 12))[0],
    )


def _organization_for(rng: Random, organizations: Sequence[DrawnOrganization], place: int) -> int:
    """Give every organization one person first, then more to the kinds that send more."""
    if place - 2 < len(organizations):
        return place - 2
    while True:
        at = rng.randrange(len(organizations))
        if rng.randrange(3) < SENDS.get(organizations[at].kind, 1):
            return at


def is_staff(person: DrawnPerson) -> bool:
    """Say whether this person runs the network rather than attends its summits."""
    return person.role is not Role.PARTNER
