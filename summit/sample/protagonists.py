"""The people one signs in as on a first visit, and what their story needs."""

from typing import NamedTuple

from summit.access import Role
from summit.summits.models import StanceKind as Kind

ATTENDEE_EMAIL = "maya.lindqvist@example.org"
PARTNER_EMAIL = "renata.okafor@example.org"
ORGANIZER_EMAIL = "josephine.whitlock@example.org"

# Positions in the drawn network: they come first.
ATTENDEE, PARTNER, ORGANIZER, COLLEAGUE, HOST, COACH = range(6)

# Challenges of the story.
MENTORS = "Keeping mentors past year two"
LABS = "Lab time in small schools"
FEAR = "Elementary teachers' fear of science"
ALUMNI = "What became of our graduates"
COACHING = "Coaching from teacher to teacher"
FIRST_DAYS = "The first hundred days on the job"


class Protagonist(NamedTuple):
    """Someone whose part is written rather than drawn; everything else about them is drawn like everyone's."""

    name: str
    email: str
    title: str
    organization: str | None
    role: Role
    talk_about: str
    introductions: int


PROTAGONISTS = (
    Protagonist(
        "Maya Lindqvist",
        ATTENDEE_EMAIL,
        "Director of Clinical Practice",
        "Lakemont State University",
        Role.PARTNER,
        "labs that three schools share, and alumni who answer the phone",
        6,
    ),
    Protagonist(
        "Renata Okafor",
        PARTNER_EMAIL,
        "Program Director",
        "Harbor City Teaching Residency",
        Role.PARTNER,
        "what we got wrong in our first cohort",
        6,
    ),
    Protagonist("Josephine Whitlock", ORGANIZER_EMAIL, "Network Director", None, Role.ORGANIZER, "", 5),
    Protagonist(
        "Dev Malhotra",
        "dev.malhotra@example.org",
        "Manager of Teacher Programs",
        "Prairie Science Museum",
        Role.PARTNER,
        "whales in Iowa",
        5,
    ),
    Protagonist(
        "Teresita Manalo",
        "teresita.manalo@example.org",
        "Coordinator of New Teacher Support",
        "Cedar Hollow Public Schools",
        Role.PARTNER,
        "second-year teachers, who are the interesting ones",
        5,
    ),
    Protagonist(
        "Amos Birdsall",
        "amos.birdsall@example.org",
        "Director of Coaching",
        "The Coaching Collective",
        Role.PARTNER,
        "coaching people who did not ask for a coach",
        4,
    ),
)

# What they say at the current summit, with priorities: each asks for what another offers.
STANCES: dict[int, tuple[tuple[str, Kind, int], ...]] = {
    ATTENDEE: (
        (MENTORS, Kind.ASK, 3),
        (ALUMNI, Kind.ASK, 2),
        (LABS, Kind.OFFER, 3),
        (FIRST_DAYS, Kind.OFFER, 1),
        (FEAR, Kind.WORKING_ON, 2),
    ),
    PARTNER: (
        (LABS, Kind.ASK, 3),
        (COACHING, Kind.ASK, 2),
        (MENTORS, Kind.OFFER, 3),
        (FIRST_DAYS, Kind.OFFER, 2),
        (MENTORS, Kind.WORKING_ON, 3),
    ),
    COLLEAGUE: ((FEAR, Kind.ASK, 3), (MENTORS, Kind.ASK, 2), (FEAR, Kind.WORKING_ON, 3), (LABS, Kind.OFFER, 1)),
    HOST: ((FIRST_DAYS, Kind.ASK, 3), (MENTORS, Kind.OFFER, 2), (COACHING, Kind.OFFER, 2)),
    COACH: ((MENTORS, Kind.ASK, 2), (COACHING, Kind.OFFER, 3), (ALUMNI, Kind.OFFER, 1)),
}
