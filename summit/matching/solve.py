"""Matching a spreadsheet into a spreadsheet, without a database: the same engine, for anyone to check."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from flask_babel import ngettext

from summit.engine.matching.assignment import Assignment, assign
from summit.engine.matching.encoder import Encoder
from summit.engine.matching.explain import Explanation, explain_pairs
from summit.engine.matching.profiles import IntArray, Profiles, stance_matrix
from summit.engine.matching.rounds import Schedule, Wishes, plan_rounds
from summit.engine.matching.scoring import Prepared, positive_pairs, prepare
from summit.engine.matching.texts import likeness
from summit.engine.matching.warm import load_compiled
from summit.errors import Invalid
from summit.matching.computing import ranks
from summit.matching.gathering import FLOOR, KINDS
from summit.matching.schedule_sheet import Availability
from summit.organizations.naming import name_key
from summit.summits.attendee_sheet import (
    LONGEST_TEXTS,
    AttendeeRow,
    AttendeeSheet,
    parse_attendees,
    unknown_emails,
)
from summit.summits.models import StanceKind

MATCH_COLUMNS = ("email_a", "email_b", "score", "rank_for_a", "rank_for_b", "reasons")
SCORE_COLUMNS = ("email_a", "email_b", "score", "reasons")


@dataclass(frozen=True, eq=False)
class Solution:
    """Who is matched with whom; position i is `emails[i]`, in alphabetical order.

    `pairs` counts the allowed pairs with a positive score; `bound` holds for every assignment within the ceilings;
    `seconds` is comparing texts, scoring, assignment and certificate.
    """

    emails: tuple[str, ...]
    prepared: Prepared
    assignment: Assignment
    pairs: int
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """Return by how much, at most, a better assignment could surpass this one."""
        return max(0.0, 1 - self.assignment.value / self.bound) if self.bound > 0 else 0.0

    def summary(self) -> dict[str, float | int]:
        """Return what the command prints, without `seconds_total`."""
        found = self.assignment
        return {
            "people": len(self.emails),
            "pairs": self.pairs,
            "matches": len(found.pairs),
            "value": found.value,
            "bound": self.bound,
            "gap": self.gap,
            "unmatched": len(found.below_floor),
            "seconds": round(self.seconds, 4),
        }


def solve(
    data: bytes, *, seed: int = 0, encoder: Encoder | None = None, availability: Availability | None = None
) -> Solution:
    """Match the attendees of a spreadsheet; what they wrote is compared by words, and by the encoder if there is one.

    Those who are never free at the same time are not matched.

    Raises:
        Invalid: naming each problem by row and column; nothing was computed then.
    """
    sheet = parse_attendees(data, longest_talk_about=LONGEST_TEXTS)
    _require_sound(sheet)
    rows = sorted(sheet.rows, key=lambda row: row.email)
    profiles = _profiles(rows)
    if availability is not None:
        profiles = replace(profiles, free=availability.matrix([row.email for row in rows]))
    load_compiled()
    began = perf_counter()
    alike = likeness([row.texts for row in rows], encoder=encoder)
    prepared = prepare(replace(profiles, likeness=alike))
    assignment = assign(prepared, seed=seed)
    seconds = perf_counter() - began
    pairs = sum(len(low) for low, _high, _scores in positive_pairs(prepared))
    emails = tuple(row.email for row in rows)
    return Solution(emails, prepared, assignment, pairs, assignment.loose_bound, seconds)


def plan_solution(solution: Solution, availability: Availability, *, tables: int | None, seed: int = 0) -> Schedule:
    """Give the matches slots and tables, the most valuable first; enough tables for everybody unless said."""
    free = availability.matrix(solution.emails)
    wishes = Wishes(
        pairs=solution.assignment.pairs,
        values=solution.assignment.scores,
        free=free,
        tables=len(free) // 2 if tables is None else tables,
        apart=solution.prepared.profiles.excluded,
    )
    return plan_rounds(wishes, seed=seed)


def _require_sound(sheet: AttendeeSheet) -> None:
    problems = [*sheet.problems, *unknown_emails(sheet)]
    if not problems:
        return
    message = ngettext("%(num)d problem; nothing was matched.", "%(num)d problems; nothing was matched.", len(problems))
    by_place: dict[str, str] = {}
    for problem in problems:
        said = by_place.get(problem.place, "")
        by_place[problem.place] = f"{said} {problem.problem} {problem.remedy}".strip()
    raise Invalid(message, by_place)


def _profiles(rows: list[AttendeeRow]) -> Profiles:
    position = {row.email: index for index, row in enumerate(rows)}
    organizations = _numbers(name_key(row.organization) for row in rows)
    kind_of = {name_key(row.organization): row.organization_kind for row in rows if row.organization_kind}
    places = _numbers(place for row in rows if (place := name_key(row.place)))
    challenges = _numbers(_challenge_key(stance.challenge) for row in rows for stance in row.stances)
    shape = (len(rows), len(challenges))
    stances = {
        kind: stance_matrix(
            shape,
            [
                (position[row.email], challenges[_challenge_key(stance.challenge)], stance.priority)
                for row in rows
                for stance in row.stances
                if stance.kind is kind
            ],
        )
        for kind in StanceKind
    }
    wanted = np.array([row.introductions_wanted for row in rows], dtype=np.int64)
    kinds = [kind_of.get(name_key(row.organization)) for row in rows]
    return Profiles(
        asks=stances[StanceKind.ASK],
        offers=stances[StanceKind.OFFER],
        working_on=stances[StanceKind.WORKING_ON],
        organization=np.array([organizations[name_key(row.organization)] for row in rows], dtype=np.int64),
        kind=np.array([KINDS.index(kind) if kind else -1 for kind in kinds], dtype=np.int64),
        floor=np.minimum(wanted, FLOOR),
        ceiling=wanted,
        excluded=_pairs(position, ((row.email, other) for row in rows for other in row.do_not_match)),
        acquainted=_pairs(position, ((row.email, other) for row in rows for other in row.met)),
        place=np.array([places.get(name_key(row.place), -1) for row in rows], dtype=np.int64),
    )


def _numbers(keys: Iterator[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(sorted(set(keys)))}


def _challenge_key(text: str) -> str:
    """Make one of a challenge's title and its slug."""
    return re.sub(r"\W+", "-", text.casefold()).strip("-")


def _pairs(position: dict[str, int], emails: Iterator[tuple[str, str]]) -> IntArray:
    return np.array([(position[a], position[b]) for a, b in emails], dtype=np.int64).reshape(-1, 2)


def matches_sheet(solution: Solution) -> str:
    """Write the matches as CSV, one row a pair, `email_a < email_b`."""
    explanations = explain_pairs(solution.prepared, solution.assignment.pairs)
    rank = ranks(explanations)
    rows = (
        (*_named(solution, each), rank[each.a, each.b], rank[each.b, each.a], _reasons(each)) for each in explanations
    )
    return _csv(MATCH_COLUMNS, rows)


def scores_sheet(solution: Solution) -> str:
    """Write every allowed pair with a positive score as CSV."""
    rows = (
        (*_named(solution, each), _reasons(each))
        for low, high, _scores in positive_pairs(solution.prepared)
        for each in explain_pairs(solution.prepared, np.column_stack([low, high]))
    )
    return _csv(SCORE_COLUMNS, rows)


def _named(solution: Solution, each: Explanation) -> tuple[str, str, str]:
    # Added up as they are listed, so that whoever adds the reasons of a row gets its score to the last digit.
    score = float(sum(each.terms().values()))
    return solution.emails[each.a], solution.emails[each.b], repr(score)


def _reasons(each: Explanation) -> str:
    return json.dumps({term.value: points for term, points in each.terms().items()})


def _csv(columns: tuple[str, ...], rows: Iterator[tuple[object, ...]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()
