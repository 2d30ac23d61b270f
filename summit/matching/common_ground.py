"""What two people share beside challenges: lines that read alike, a place, people both know.

A place to start where nothing stronger is known. As in `summit.matching.reasons`, nothing here is taken from the score:
talk-about lines, commitments and places are open to both anyway. Whom somebody knows is not, so that two know some of
the same people is said only when they are five or more, without their number and never with a name.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Subquery, cast, func, null, select, union_all
from sqlalchemy.orm import Session

from summit.commitments.models import Commitment
from summit.connections.models import Connection
from summit.engine.matching.texts import line_likeness
from summit.matching.reasons import Reason, ReasonKind
from summit.people.models import Person
from summit.summits.models import Acquaintance, Attendance, Summit

READS_ALIKE = 0.12
"""From here on two lines are shown as alike: of the commitments of a real network, about one pair in forty-five."""
FEWEST_IN_COMMON = 5
MOST_COMMITMENTS = 5
OTHER_LINES = 300
"""How many other attendees' lines say what is usual here."""


@dataclass(frozen=True)
class Party:
    """Somebody at a summit, their organization loaded."""

    person: Person
    attendance: Attendance | None

    @property
    def talk_about(self) -> str:
        """Return the line to start from: this summit's, else the profile's."""
        return (self.attendance.talk_about if self.attendance else "") or self.person.talk_about


@dataclass(frozen=True)
class _Line:
    text: str
    is_commitment: bool


def common_ground(session: Session, summit: Summit, me: Party, others: Sequence[Party]) -> dict[int, list[Reason]]:
    """Return, by the other's id, what the viewer shares with each beside challenges (two queries)."""
    commitments, usual = _lines_here(session, summit, [me, *others])
    alike = _lines_alike(me, others, commitments, usual)
    familiar = _with_common_ties(session, me.person.id, [other.person.id for other in others])
    found: defaultdict[int, list[Reason]] = defaultdict(list)
    for other in others:
        other_id = other.person.id
        if other_id in alike:
            found[other_id].append(alike[other_id])
        if _place(other) and _place(other) == _place(me):
            assert other.person.organization is not None, "a place is an organization's"
            found[other_id].append(Reason(ReasonKind.PLACE, 1, text=other.person.organization.place))
        if other_id in familiar:
            found[other_id].append(Reason(ReasonKind.TIES, 1))
    return found


def _place(party: Party) -> str:
    organization = party.person.organization
    return " ".join(organization.place.casefold().split()) if organization else ""


def _lines_here(session: Session, summit: Summit, parties: Sequence[Party]) -> tuple[dict[int, list[str]], list[str]]:
    """Return these organizations' commitments, and what other attendees want to talk about."""
    organizations = {party.person.organization_id for party in parties if party.person.organization_id}
    promised = select(Commitment.organization_id, Commitment.statement, Commitment.id).where(
        Commitment.organization_id.in_(organizations)
    )
    said = (
        select(cast(null(), Integer), Attendance.talk_about, Attendance.id)
        .where(
            Attendance.summit_id == summit.id,
            Attendance.talk_about != "",
            Attendance.withdrawn_at.is_(None),
            Attendance.person_id.not_in([party.person.id for party in parties]),
        )
        .order_by(Attendance.id)
        .limit(OTHER_LINES)
        .subquery()
    )
    commitments: defaultdict[int, list[str]] = defaultdict(list)
    usual: list[str] = []
    for organization_id, line, _id in session.execute(union_all(promised, select(said)).order_by("id")):
        if organization_id is None:
            usual.append(line)
        elif len(commitments[organization_id]) < MOST_COMMITMENTS:
            commitments[organization_id].append(line)
    return commitments, usual


def _lines_alike(
    me: Party, others: Sequence[Party], commitments: dict[int, list[str]], usual: list[str]
) -> dict[int, Reason]:
    """Return, by the other's id, their line that is most like one of the viewer's, where it is alike enough."""
    parties = [(party.person.id, line) for party in (me, *others) for line in _lines(party, commitments)]
    alike = line_likeness([line.text for _person_id, line in parties], usual)
    mine = [at for at, (person_id, _line) in enumerate(parties) if person_id == me.person.id]
    best: dict[int, tuple[float, Reason]] = {}
    for at, (person_id, line) in enumerate(parties):
        if at in mine or not mine:
            continue
        nearest = max(mine, key=lambda own: float(alike[own, at]))
        value = float(alike[nearest, at])
        if value >= max(READS_ALIKE, best.get(person_id, (0.0, None))[0]):
            best[person_id] = value, _read_alike(parties[nearest][1], line)
    return {person_id: reason for person_id, (_value, reason) in best.items()}


def _read_alike(mine: _Line, theirs: _Line) -> Reason:
    """Name their commitment; their line to talk about stands on the page anyway."""
    if mine.is_commitment and theirs.is_commitment:
        return Reason(ReasonKind.COMMITMENTS, 1, text=theirs.text)
    return Reason(ReasonKind.TEXT, 1, text=theirs.text if theirs.is_commitment else "")


def _lines(party: Party, commitments: dict[int, list[str]]) -> list[_Line]:
    said = [_Line(party.talk_about, is_commitment=False)] if party.talk_about else []
    promised = commitments.get(party.person.organization_id or 0, [])
    return said + [_Line(statement, is_commitment=True) for statement in promised]


def _with_common_ties(session: Session, me: int, other_ids: Sequence[int]) -> set[int]:
    theirs, mine = _ties(), _ties()
    rows = session.scalars(
        select(theirs.c.one)
        .where(theirs.c.one.in_(other_ids), theirs.c.other.in_(select(mine.c.other).where(mine.c.one == me)))
        .group_by(theirs.c.one)
        .having(func.count(theirs.c.other.distinct()) >= FEWEST_IN_COMMON)
    )
    return set(rows)


def _ties() -> Subquery:
    """Return who knows whom, both ways round."""
    met = Connection.disowned_at.is_(None)
    return union_all(
        select(Connection.low_id.label("one"), Connection.high_id.label("other")).where(met),
        select(Connection.high_id, Connection.low_id).where(met),
        select(Acquaintance.low_id, Acquaintance.high_id),
        select(Acquaintance.high_id, Acquaintance.low_id),
    ).subquery()
