"""The drawn network: plain, frozen, and without a database. People, challenges… are named by their position."""

from dataclasses import dataclass
from datetime import date, datetime

from summit.access import Audience, Role
from summit.commitments.models import CommitmentCategory
from summit.connections.models import Confirmation, FollowUpKind, Meeting, StepState
from summit.organizations.models import OrganizationKind
from summit.sample.challenge_texts import ChallengeText
from summit.summits.models import StanceKind, SummitState


@dataclass(frozen=True, slots=True)
class DrawnCommitment:
    """What an organization promised the network."""

    statement: str
    category: CommitmentCategory
    unit: str
    target: int
    due_on: date
    baseline: str


@dataclass(frozen=True, slots=True)
class DrawnOrganization:
    """A partner and its commitments."""

    name: str
    kind: OrganizationKind
    place: str
    year_joined: int
    commitments: tuple[DrawnCommitment, ...]


@dataclass(frozen=True, slots=True)
class DrawnPerson:
    """Someone with a sign-in; `organization` is a position."""

    name: str
    email: str
    title: str
    organization: int | None
    role: Role
    time_zone: str
    talk_about: str
    introductions: int

    @property
    def first_name(self) -> str:
        """Return what a colleague would call them."""
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class DrawnSummit:
    """One of the three gatherings."""

    slug: str
    name: str
    place: str
    time_zone: str
    starts_on: date
    ends_on: date
    state: SummitState


@dataclass(frozen=True, slots=True)
class DrawnAttendance:
    """One person at one summit."""

    summit: int
    person: int
    introductions: int
    talk_about: str
    registered_at: datetime
    checked_in_at: datetime | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class DrawnStance:
    """What an attendee says about a challenge at a summit."""

    summit: int
    person: int
    challenge: int
    kind: StanceKind
    priority: int
    text: str
    audience: Audience
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DrawnNote:
    """What one of the two wrote down."""

    author: int
    text: str
    audience: Audience
    written_at: datetime


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """What was promised; `owner` None means both, `replaced_by` is a position among the connection's steps."""

    what: str
    owner: int | None
    due_at: datetime
    state: StepState
    made_by: int
    made_at: datetime
    settled_at: datetime | None = None
    settled_by: int | None = None
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True)
class DrawnFollowUp:
    """What came of it; `step` is a position among the connection's steps."""

    step: int | None
    author: int
    kind: FollowUpKind
    text: str
    audience: Audience
    logged_at: datetime
    confirmation: Confirmation = Confirmation.PENDING
    answer_text: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DrawnConnection:
    """Two people who met at a summit, and all that followed."""

    summit: int
    one: int
    other: int
    how: Meeting
    met_at: datetime
    recorded_by: int
    recorded_at: datetime
    challenges: tuple[int, ...]
    no_step_needed_at: datetime | None = None
    notes: tuple[DrawnNote, ...] = ()
    steps: tuple[DrawnStep, ...] = ()
    follow_ups: tuple[DrawnFollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnPair:
    """Two people of whom `said_by` said that they must not be matched, or that they know each other well."""

    said_by: int
    other: int


@dataclass(frozen=True, slots=True)
class SampleNetwork:
    """All that is drawn for one seed and one day. The last summit is the one under way."""

    today: date
    organizations: tuple[DrawnOrganization, ...]
    challenges: tuple[ChallengeText, ...]
    persons: tuple[DrawnPerson, ...]
    summits: tuple[DrawnSummit, ...]
    attendances: tuple[DrawnAttendance, ...]
    stances: tuple[DrawnStance, ...]
    connections: tuple[DrawnConnection, ...]
    exclusions: tuple[DrawnPair, ...]
    acquaintances: tuple[DrawnPair, ...]
