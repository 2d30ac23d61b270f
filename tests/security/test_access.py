"""Who may call what: the matrix that was agreed, and every cell of it tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from summit.access import Role, Rule
from tests.security.access_matrix import matrix_of
from tests.security.crawling import addresses, routes, rule_for
from tests.security.world import ANONYMOUS, World, build_world, client_of

AGREED = Path(__file__).with_name("access_matrix.txt")
CALLERS = {ANONYMOUS: None, "cleo": Role.PARTNER, "olga": Role.ORGANIZER, "adam": Role.ADMIN}
# Written down apart from `summit.access.is_allowed`, which it checks.
MAY_CALL: dict[Rule, set[Role | None]] = {
    Rule.ANYONE: {None, Role.PARTNER, Role.ORGANIZER, Role.ADMIN},
    Rule.BEARER: {None, Role.PARTNER, Role.ORGANIZER, Role.ADMIN},
    Rule.SIGNED_IN: {Role.PARTNER, Role.ORGANIZER, Role.ADMIN},
    Rule.ORGANIZERS: {Role.ORGANIZER, Role.ADMIN},
    Rule.ADMINS: {Role.ADMIN},
}
OPEN_TO_ANYONE = {
    "GET /",
    "GET /healthz",
    # Closed unless the provider is local: for organizers then, or on somebody's own machine.
    "GET /mailbox",
    "GET /mailbox/<public_id>",
    "GET /mailbox/<public_id>/html",
    "GET /privacy",
    "GET /readyz",
    "GET /sign-in",
    "GET /sign-in/asked",
    "POST /sign-in",
}


@dataclass
class Cell:
    """One route and method, tried by one caller."""

    method: str
    route: str
    caller: str
    rule: Rule
    status: int
    location: str

    @property
    def leads_to_sign_in(self) -> bool:
        return self.status in (302, 303) and self.location.startswith("/sign-in?")


def test_the_application_has_exactly_the_agreed_matrix(app):
    agreed = AGREED.read_text(encoding="utf-8").splitlines()

    assert matrix_of(app) == agreed, "a view was added or changed: if on purpose, run script/access-matrix (see there)"


def test_what_is_open_to_anyone_is_known_by_name(app):
    open_to_anyone = {" ".join(line.split()[:2]) for line in matrix_of(app) if line.split()[2] == Rule.ANYONE.value}

    assert open_to_anyone == OPEN_TO_ANYONE


@pytest.mark.parametrize("caller", CALLERS)
def test_every_cell_answers_as_its_rule_says(app, session, caller):
    world = build_world(session)
    cells = list(try_cells(app, world, caller))

    wrong = [cell for cell in cells if not is_right(cell, CALLERS[caller])]

    assert len(cells) == len(matrix_of(app))
    assert wrong == []


def try_cells(app: Flask, world: World, caller: str) -> Iterator[Cell]:
    """Call each route once with each method; a fresh client each time, since some sign out."""
    for method in ("GET", "POST"):
        for route in routes(app, method):
            path = next(addresses(world, route))
            answer = client_of(app, world, caller).open(path, method=method, headers={"Accept": "text/html"})
            yield Cell(method, route.rule, caller, rule_for(app, route), answer.status_code, answer.location or "")


def is_right(cell: Cell, role: Role | None) -> bool:
    """Say whether a cell answered as its rule demands; what the view itself then found wrong doesn't matter here."""
    if role in MAY_CALL[cell.rule]:
        # A bearer's view checks the link or the signature itself.
        refusals = {401} if cell.rule is Rule.BEARER else {401, 403}
        return not cell.leads_to_sign_in and cell.status not in refusals and cell.status < 500
    return cell.leads_to_sign_in if role is None else cell.status == 403
