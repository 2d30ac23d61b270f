"""Gathering a summit for the engine: a few queries into arrays, and a hash that tells two inputs apart."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import select, union
from sqlalchemy.orm import Session

from summit.connections.models import Connection, NextStep, StepState
from summit.engine.matching.profiles import BoolArray, Profiles, stance_matrix
from summit.matching.models import Answer, MatchAnswer
from summit.organizations.models import Organization, OrganizationKind
from summit.people.models import Person
from summit.summits.models import Acquaintance, Attendance, Exclusion, Stance, StanceKind, Summit

FLOOR = 3
"""How many matches everybody should have at least, unless they asked for fewer."""

KINDS = tuple(OrganizationKind)
Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class MatchInput:
    """A summit as the engine sees it: `person_ids[i]` and `challenge_ids[j]` name its positions.

    `kept` are pairs of positions in which somebody has said "interested" and nobody "not now" or "we know each other",
    and which no exclusion keeps apart: a new run leaves them together. `is_newcomer`: (n,), who has attended no earlier
    summit.
    """

    person_ids: tuple[int, ...]
    challenge_ids: tuple[int, ...]
    profiles: Profiles
    kept: tuple[Pair, ...]
    is_newcomer: BoolArray
    revision: int
    digest: str


@dataclass(frozen=True)
class _Attendee:
    person_id: int
    introductions: int
    organization_id: int | None
    kind: OrganizationKind | None


def gather(session: Session, summit: Summit) -> MatchInput:
    """Read everything the matching of a summit depends on, sealed asks included."""
    attendees = _attendees(session, summit)
    position = {attendee.person_id: index for index, attendee in enumerate(attendees)}
    stances = _stances(session, summit, position)
    challenge_ids = tuple(sorted({challenge for rows in stances.values() for _person, challenge, _priority in rows}))
    challenge_position = {challenge: index for index, challenge in enumerate(challenge_ids)}
    shape = (len(attendees), len(challenge_ids))
    matrices = {
        kind: stance_matrix(
            shape, [(position[person], challenge_position[c], priority) for person, c, priority in rows]
        )
        for kind, rows in stances.items()
    }
    excluded = _exclusions(session)
    interested, refused, acquainted = _answers(session, summit)
    profiles = Profiles(
        asks=matrices[StanceKind.ASK],
        offers=matrices[StanceKind.OFFER],
        working_on=matrices[StanceKind.WORKING_ON],
        organization=np.array([attendee.organization_id or -1 for attendee in attendees], dtype=np.int64),
        kind=np.array([KINDS.index(a.kind) if a.kind else -1 for a in attendees], dtype=np.int64),
        floor=np.array([min(FLOOR, attendee.introductions) for attendee in attendees], dtype=np.int64),
        ceiling=np.array([attendee.introductions for attendee in attendees], dtype=np.int64),
        excluded=_positions(excluded | refused, position),
        acquainted=_positions(_acquaintances(session), position),
        promised=_positions(_promised(session, summit), position),
        ties=_positions(_ties(session), position),
    )
    person_ids = tuple(attendee.person_id for attendee in attendees)
    kept = tuple((a, b) for a, b in _positions(interested - refused - acquainted - excluded, position).tolist())
    digest = _digest(person_ids, challenge_ids, profiles, kept)
    returning = _returning(session, summit)
    is_newcomer = np.array([person_id not in returning for person_id in person_ids], dtype=bool)
    return MatchInput(person_ids, challenge_ids, profiles, kept, is_newcomer, summit.revision, digest)


def _attendees(session: Session, summit: Summit) -> list[_Attendee]:
    rows = session.execute(
        select(Person.id, Attendance.introductions, Person.organization_id, Organization.kind)
        .join(Attendance, Attendance.person_id == Person.id)
        .outerjoin(Organization, Organization.id == Person.organization_id)
        .where(Attendance.summit_id == summit.id, Attendance.withdrawn_at.is_(None), Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    return [_Attendee(*row) for row in rows]


def _returning(session: Session, summit: Summit) -> set[int]:
    """Return who has attended an earlier summit."""
    return set(
        session.scalars(
            select(Attendance.person_id)
            .join(Summit, Summit.id == Attendance.summit_id)
            .where(Summit.starts_on < summit.starts_on, Attendance.withdrawn_at.is_(None))
        )
    )


def _stances(
    session: Session, summit: Summit, position: dict[int, int]
) -> dict[StanceKind, list[tuple[int, int, int]]]:
    rows = session.execute(
        select(Stance.kind, Stance.person_id, Stance.challenge_id, Stance.priority).where(Stance.summit_id == summit.id)
    )
    stances: dict[StanceKind, list[tuple[int, int, int]]] = {kind: [] for kind in StanceKind}
    for kind, person, challenge, priority in rows:
        if person in position:
            stances[kind].append((person, challenge, priority))
    return stances


def _exclusions(session: Session) -> set[Pair]:
    rows = session.execute(select(Exclusion.person_id, Exclusion.other_id))
    return {(min(person, other), max(person, other)) for person, other in rows}


def _acquaintances(session: Session) -> set[Pair]:
    return set(session.execute(select(Acquaintance.low_id, Acquaintance.high_id)))


def _promised(session: Session, summit: Summit) -> set[Pair]:
    """Return the pairs with an open next step from an earlier summit: who met here already needs no introduction."""
    return set(
        session.execute(
            select(Connection.low_id, Connection.high_id)
            .join(NextStep, NextStep.connection_id == Connection.id)
            .where(
                NextStep.state == StepState.OPEN,
                Connection.disowned_at.is_(None),
                Connection.summit_id != summit.id,
            )
        )
    )


def _ties(session: Session) -> set[Pair]:
    met = select(Connection.low_id, Connection.high_id).where(Connection.disowned_at.is_(None))
    known = select(Acquaintance.low_id, Acquaintance.high_id)
    return set(session.execute(union(met, known)))


def _answers(session: Session, summit: Summit) -> tuple[set[Pair], set[Pair], set[Pair]]:
    """Return the pairs in which somebody said "interested", "not now", and "we know each other"."""
    rows = session.execute(
        select(MatchAnswer.person_id, MatchAnswer.other_id, MatchAnswer.answer).where(
            MatchAnswer.summit_id == summit.id
        )
    )
    pairs: dict[Answer, set[Pair]] = {answer: set() for answer in Answer}
    for person, other, answer in rows:
        pairs[answer].add((min(person, other), max(person, other)))
    return pairs[Answer.INTERESTED], pairs[Answer.NOT_NOW], pairs[Answer.KNOW_EACH_OTHER]


def _positions(pairs: Iterable[Pair], position: dict[int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    found = sorted((position[a], position[b]) for a, b in pairs if a in position and b in position)
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _digest(
    person_ids: tuple[int, ...], challenge_ids: tuple[int, ...], profiles: Profiles, kept: tuple[Pair, ...]
) -> str:
    """Hash the input, so that two runs over the same input can be recognised as such."""
    digest = hashlib.sha256(repr((person_ids, challenge_ids, kept)).encode())
    for matrix in (profiles.asks, profiles.offers, profiles.working_on):
        for part in (matrix.indptr, matrix.indices, matrix.data):
            digest.update(np.ascontiguousarray(part, dtype=np.float64).tobytes())
    for name in ("organization", "kind", "floor", "ceiling", "excluded", "acquainted", "promised", "ties"):
        digest.update(np.ascontiguousarray(getattr(profiles, name)).tobytes())
    return digest.hexdigest()


def without_kept(given: MatchInput) -> Profiles:
    """Return the profiles with the kept pairs taken out and their places used up, for the rest of the assignment."""
    if not given.kept:
        return given.profiles
    profiles = given.profiles
    used = np.bincount(np.array(given.kept).ravel(), minlength=profiles.people)
    ceiling = np.maximum(profiles.ceiling - used, 0)
    return replace(
        profiles,
        ceiling=ceiling,
        floor=np.minimum(np.maximum(profiles.floor - used, 0), ceiling),
        excluded=np.concatenate([profiles.excluded, np.array(given.kept, dtype=np.int64)]),
    )
