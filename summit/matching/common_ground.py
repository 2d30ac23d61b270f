"""What two people share beside challenges: lines that read alike, a place, people both know.

A place to start where nothing stronger is known. As in `summit.matching.reasons`, nothing here is taken from the score:
talk-about lines, commitments and places are open to both anyway. Whom somebody knows is not, so that two know some of
the same people is said only when they are five or more, without their number and never with a name.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, func, select, union_all
from sqlalchemy.orm import Session

from summit.commitments.models import Commitment
from summit.connections.models import Connection
from summit.engine.matching.texts import line_likeness
from summit.matching.reasons import Reason, ReasonKind
from summit.people.models import Person
from summit.summits.models import Acquaintance, Attendance

READS_ALIKE = 0.12
"""From here on two lines are shown as alike; of the commitments of one network about one pair in twenty-five."""
FEWEST_IN_COMMON = 5
MOST_COMMITMENTS = 5


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


def common_ground(session: Session, me: Party, others: Sequence[Party]) -> dict[int, list[Reason]]:
    """Return, by the other's id, what the viewer shares with each beside challenges (two queries)."""
    commitments = _commitments(session, [me, *others])
    alike = _lines_alike(me, others, commitments)
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


def _commitments(session: Session, parties: Sequence[Party]) -> dict[int, list[str]]:
    organizations = {party.person.organization_id for party in parties if party.person.organization_id}
    rows = session.execute(
        select(Commitment.organization_id, Commitment.statement)
        .where(Commitment.organization_id.in_(organizations))
        .order_by(Commitment.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for organization_id, statement in rows:
        if len(found[organization_id]) < MOST_COMMITMENTS:
            found[organization_id].append(statement)
    return found


def _lines_alike(me: Party, others: Sequence[Party], commitments: dict[int, list[str]]) -> dict[int, Reason]:
    """Return, by the other's id, their line that is most like one of the viewer's, where it is alike enough."""
    parties = [(party.person.id, line) for party in (me, *others) for line in _lines(party, commitments)]
    alike = line_likeness([line.text for _person_id, line in parties])
    mine = [at for at, (person_id, _line) in enumerate(parties) if person_id == me.person.id]
    best: dict[int, tuple[float, Reason]] = {}
    for at, (person_id, line) in enumerate(parties):
        if at in mine or not mine:
            continue
        nearest = max(mine, key=lambda own: float(alike[own, at]))
        value = float(alike[nearest, at])
        if value >= max(READS_ALIKE, best.get(person_id, (0.0, None))[0]):
            both = line.is_commitment and parties[nearest][1].is_commitment
            kind = ReasonKind.COMMITMENTS if both else ReasonKind.TEXT
            best[person_id] = value, Reason(kind, 1, text=line.text)
    return {person_id: reason for person_id, (_value, reason) in best.items()}


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
