"""Draw the three summits and who attends them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from summit.sample.draw_people import is_staff
from summit.sample.network import DrawnAttendance, DrawnOrganization, DrawnPerson, DrawnSummit
from summit.sample.protagonists import PROTAGONISTS
from summit.summits.models import SummitState

CURRENT_ZONE = "America/Denver"
BEFORE_LAST, LAST, CURRENT = range(3)
# (place, zone, how many of the people attended)
PLACES = (
    ("Prairie Hall, Lakemont, MN", "America/Chicago", 0.46),
    ("The Tinker House, Millbrook, OH", "America/New_York", 0.64),
    ("Botanic Garden Hall, Tarrow, CO", CURRENT_ZONE, 1.0),
)
WITHDRAWN = 0.015
CHECKED_IN = 0.72


def draw_summits(today: date) -> tuple[DrawnSummit, ...]:
    """Return two past summits, a year and two years before, and the one under way: from yesterday to tomorrow."""
    starts_on = today - timedelta(days=1)
    return tuple(
        DrawnSummit(
            slug=f"summit-{starts_on.year - years}",
            name=f"Summit {starts_on.year - years}",
            place=place,
            time_zone=zone,
            starts_on=_years_before(starts_on, years),
            ends_on=_years_before(starts_on, years) + timedelta(days=2),
            state=SummitState.CLOSED if years else SummitState.OPEN,
        )
        for years, (place, zone, _) in zip((2, 1, 0), PLACES, strict=True)
    )


def _years_before(day: date, years: int) -> date:
    """Return the same day so many years before; the day before it where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def at(day: date, hour: int, minute: int, zone: str) -> datetime:
    """Return the moment of a wall time, in UTC."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).astimezone(UTC)


def draw_attendances(
    persons: Sequence[DrawnPerson],
    organizations: Sequence[DrawnOrganization],
    summits: Sequence[DrawnSummit],
    *,
    seed: int,
) -> tuple[DrawnAttendance, ...]:
    """Draw who attends which summit. The protagonists attend the last two; nobody comes before their partner joined."""
    rng = Random(f"{seed}:attendances")
    return tuple(
        _attendance(rng, summit, summits[summit], number, person)
        for summit in range(len(summits))
        for number, person in enumerate(persons)
        if not is_staff(person)
        and person.organization is not None
        and _attends(rng, summit, summits[summit], number, organizations[person.organization])
    )


def _attends(rng: Random, summit: int, drawn: DrawnSummit, number: int, organization: DrawnOrganization) -> bool:
    came = rng.random() < PLACES[summit][2]
    if number < len(PROTAGONISTS):
        return summit >= LAST
    return came and (summit == CURRENT or organization.year_joined <= drawn.starts_on.year)


def _attendance(rng: Random, summit: int, drawn: DrawnSummit, number: int, person: DrawnPerson) -> DrawnAttendance:
    registered_on = drawn.starts_on - timedelta(days=rng.randint(6, 75))
    is_known = number < len(PROTAGONISTS)
    withdrew = not is_known and rng.random() < WITHDRAWN
    arrived = not withdrew and (is_known or rng.random() < (CHECKED_IN if summit == CURRENT else 0.94))
    arrival = drawn.starts_on + timedelta(days=rng.choice((0, 0, 0, 1)) if summit != CURRENT else 0)
    return DrawnAttendance(
        summit=summit,
        person=number,
        introductions=person.introductions,
        talk_about=person.talk_about,
        registered_at=at(registered_on, rng.randint(8, 17), rng.randint(0, 59), drawn.time_zone),
        checked_in_at=at(arrival, rng.randint(8, 10), rng.randint(0, 59), drawn.time_zone) if arrived else None,
        withdrawn_at=at(drawn.starts_on - timedelta(days=3), 9, 30, drawn.time_zone) if withdrew else None,
    )
