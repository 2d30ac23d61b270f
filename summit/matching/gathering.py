"""Gathering a summit for the engine: a few queries into arrays, and a hash that tells two inputs apart."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from summit.commitments.models import Commitment
from summit.connections.models import Connection
from summit.engine.matching.profiles import PAIRS, BoolArray, IntArray, Profiles, stance_matrix
from summit.engine.matching.texts import likeness
from summit.matching.history import History, history_of
from summit.matching.models import Answer, MatchAnswer
from summit.organizations.models import Organization, OrganizationKind
from summit.people.models import Person
from summit.summits.availability import free_slots
from summit.summits.models import Acquaintance, Attendance, Exclusion, Stance, StanceKind, Summit

FLOOR = 3
"""How many matches everybody should have at least, unless they asked for fewer."""

MOST_COMMITMENTS = 5
"""Of so many commitments of an organization, the first ones, the texts are compared."""

KINDS = tuple(OrganizationKind)
Pair = tuple[int, int]
Texts = tuple[tuple[str, ...], ...]
Compare = Callable[[Texts], Any]


@dataclass(frozen=True, eq=False)
class MatchInput:
    """A summit as the engine sees it: `person_ids[i]` and `challenge_ids[j]` name its positions.

    `kept` are pairs of positions in which somebody has said "interested" and nobody "not now" or "we know each other",
    and which no exclusion keeps apart: a new run leaves them together. `is_newcomer`: (n,), who has attended no earlier
    summit. `texts`: what each person's likeness to others was read from; `places`: where each one's organization is.
    """

    person_ids: tuple[int, ...]
    challenge_ids: tuple[int, ...]
    profiles: Profiles
    kept: tuple[Pair, ...]
    is_newcomer: BoolArray
    texts: Texts
    places: tuple[str, ...]
    revision: int
    digest: str


class _Attendee(NamedTuple):
    person_id: int
    introductions: int
    talk_about: str
    organization_id: int | None
    kind: OrganizationKind | None
    place: str | None


def gather(session: Session, summit: Summit, *, compare: Compare = likeness) -> MatchInput:
    """Read everything the matching of a summit depends on, sealed asks included; ten queries, whatever the size.

    compare: works out how alike people's texts are, from each one's.
    """
    attendees = _attendees(session, summit)
    person_ids = tuple(attendee.person_id for attendee in attendees)
    position = {person_id: index for index, person_id in enumerate(person_ids)}
    history = history_of(session, summit)
    excluded = _exclusions(session)
    interested, refused, acquainted = _answers(session, summit)
    stances, challenge_ids = _stances(session, summit, position)
    texts, places = _texts(session, attendees), tuple(_place(attendee) for attendee in attendees)
    profiles = Profiles(
        **_stated(stances, challenge_ids, position, history),
        **_standing(attendees, places),
        excluded=_positions(excluded | refused | history.ended, position),
        acquainted=_positions(_acquaintances(session), position),
        promised=_positions(history.promised, position),
        ties=_positions(_ties(session), position),
        kept=_positions(history.kept, position),
        lapsed=_positions(history.lapsed, position),
        free=free_slots(session, summit, person_ids),
        likeness=compare(texts),
    )
    kept = tuple((a, b) for a, b in _positions(interested - refused - acquainted - excluded, position).tolist())
    returning = _returning(session, summit)
    is_newcomer = np.array([person_id not in returning for person_id in person_ids], dtype=bool)
    digest = _digest(person_ids, challenge_ids, profiles, kept, is_newcomer)
    return MatchInput(person_ids, challenge_ids, profiles, kept, is_newcomer, texts, places, summit.revision, digest)


def _attendees(session: Session, summit: Summit) -> list[_Attendee]:
    rows = session.execute(
        select(
            Person.id,
            Attendance.introductions,
            func.coalesce(func.nullif(Attendance.talk_about, ""), Person.talk_about),
            Person.organization_id,
            Organization.kind,
            Organization.place,
        )
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


_Stances = dict[StanceKind, list[tuple[int, int, int]]]


def _stances(session: Session, summit: Summit, position: dict[int, int]) -> tuple[_Stances, tuple[int, ...]]:
    """Return the stances of those who are there, and the ids of the challenges they are about."""
    rows = session.execute(
        select(Stance.kind, Stance.person_id, Stance.challenge_id, Stance.priority).where(Stance.summit_id == summit.id)
    )
    stances: _Stances = {kind: [] for kind in StanceKind}
    for kind, person, challenge, priority in rows:
        if person in position:
            stances[kind].append((person, challenge, priority))
    return stances, tuple(sorted({challenge for stated in stances.values() for _person, challenge, _ in stated}))


def _stated(
    stances: _Stances, challenge_ids: tuple[int, ...], position: dict[int, int], history: History
) -> dict[str, Any]:
    """Return what people ask, offer and work on, and whose offers are proven."""
    column = {challenge: index for index, challenge in enumerate(challenge_ids)}
    shape = (len(position), len(challenge_ids))
    matrices = {
        kind: stance_matrix(shape, [(position[person], column[c], priority) for person, c, priority in rows])
        for kind, rows in stances.items()
    }
    proven = [
        (position[person], column[challenge], 1.0)
        for person, challenge in sorted(history.adapted)
        if person in position and challenge in column
    ]
    return {
        "asks": matrices[StanceKind.ASK],
        "offers": matrices[StanceKind.OFFER],
        "working_on": matrices[StanceKind.WORKING_ON],
        "proven": stance_matrix(shape, proven),
    }


def _place(attendee: _Attendee) -> str:
    return " ".join(attendee.place.casefold().split()) if attendee.place else ""


def _standing(attendees: Sequence[_Attendee], places: Sequence[str]) -> dict[str, Any]:
    """Return whom people belong to, where that is, and how many introductions they want."""
    code = {place: index for index, place in enumerate(sorted(set(places) - {""}))}
    return {
        "organization": np.array([attendee.organization_id or -1 for attendee in attendees], dtype=np.int64),
        "kind": np.array([KINDS.index(a.kind) if a.kind else -1 for a in attendees], dtype=np.int64),
        "place": np.array([code.get(place, -1) for place in places], dtype=np.int64),
        "floor": np.array([min(FLOOR, attendee.introductions) for attendee in attendees], dtype=np.int64),
        "ceiling": np.array([attendee.introductions for attendee in attendees], dtype=np.int64),
    }


def _texts(session: Session, attendees: Sequence[_Attendee]) -> Texts:
    """Return each one's line and their organization's commitments: texts that everybody may read.

    The words of a stance are not among them, since a stance may be for fewer eyes.
    """
    concerned = select(Commitment.organization_id, Commitment.statement).order_by(Commitment.id)
    promised: defaultdict[int | None, list[str]] = defaultdict(list)
    for organization_id, statement in session.execute(concerned):
        if len(promised[organization_id]) < MOST_COMMITMENTS:
            promised[organization_id].append(statement)
    return tuple(
        (*((attendee.talk_about,) if attendee.talk_about else ()), *promised.get(attendee.organization_id, ()))
        for attendee in attendees
    )


def _exclusions(session: Session) -> set[Pair]:
    rows = session.execute(select(Exclusion.person_id, Exclusion.other_id))
    return {(min(person, other), max(person, other)) for person, other in rows}


def _acquaintances(session: Session) -> set[Pair]:
    return {(low, high) for low, high in session.execute(select(Acquaintance.low_id, Acquaintance.high_id))}


def _ties(session: Session) -> set[Pair]:
    met = select(Connection.low_id, Connection.high_id).where(Connection.disowned_at.is_(None))
    known = select(Acquaintance.low_id, Acquaintance.high_id)
    return {(low, high) for low, high in session.execute(union(met, known))}


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


def _positions(pairs: Iterable[Pair], position: dict[int, int]) -> IntArray:
    found = sorted((position[a], position[b]) for a, b in pairs if a in position and b in position)
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _digest(
    person_ids: tuple[int, ...],
    challenge_ids: tuple[int, ...],
    profiles: Profiles,
    kept: tuple[Pair, ...],
    is_newcomer: BoolArray,
) -> str:
    """Hash the input, so that two runs over the same input can be recognised as such."""
    digest = hashlib.sha256(repr((person_ids, challenge_ids, kept)).encode())
    for matrix in (profiles.asks, profiles.offers, profiles.working_on, profiles.proven, profiles.likeness):
        for part in (matrix.indptr, matrix.indices, matrix.data):
            digest.update(np.ascontiguousarray(part, dtype=np.float64).tobytes())
    for name in ("organization", "kind", "place", "floor", "ceiling", "free", *PAIRS):
        digest.update(np.ascontiguousarray(getattr(profiles, name)).tobytes())
    digest.update(is_newcomer.tobytes())
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
