"""What is not mine does not exist for me: 404, whatever I try with it, and nothing changes."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.access import Rule, is_allowed
from summit.database import Base
from tests.security.crawling import addresses, routes, rule_for, viewer_of
from tests.security.world import World, build_world, client_of

PLAUSIBLE = {
    "answer": "interested",
    "what": "Send the guide",
    "text": "Some words.",
    "audience": "pair",
    "kind": "learned",
    "outcome": "done",
    "confirmation": "confirmed",
    "how": "scan",
    "due": "2026-12-01",
    "due_at": "2026-12-01",
    "owner": "both",
}


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    session.rollback()
    return {
        table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))]
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize("who", ["cleo", "mia", "xeno", "olga", "adam"])
def test_somebody_else_s_connection_does_not_exist(app, session, who):
    world = build_world(session)
    mine = world.connections["ana ben"].id
    before = everything(session)

    answers = {
        (method, path): client_of(app, world, who).open(path, method=method, data=PLAUSIBLE).status_code
        for method in ("GET", "POST")
        for route in routes(app, method)
        if "connection_id" in route.arguments
        for path in addresses(world, route)
        if path.startswith((f"/connections/{mine}/", f"/connections/{mine}")) and path.split("/")[2] == str(mine)
    }

    assert len(answers) > 10
    assert {key: status for key, status in answers.items() if status != 404} == {}
    assert everything(session) == before


def test_another_summit_does_not_exist(app, session):
    world = build_world(session)
    before = everything(session)

    answers = {
        (method, path): client_of(app, world, "xeno").open(path, method=method, data=PLAUSIBLE).status_code
        for method in ("GET", "POST")
        for route in routes(app, method)
        if rule_for(app, route) is Rule.SIGNED_IN and "slug" in route.arguments
        for path in addresses(world, route)
        if path.startswith(f"/summits/{world.summit.slug}")
    }

    assert len(answers) > 20
    assert {key: status for key, status in answers.items() if status != 404} == {}
    assert everything(session) == before


def test_one_s_own_are_there(app, session):
    """The 404s above mean something: the same addresses answer those whose they are."""
    world = build_world(session)
    connection, summit = world.connections["ana ben"].id, world.summit.slug

    answers = [
        client_of(app, world, "ben").get(path).status_code
        for path in (f"/connections/{connection}", f"/summits/{summit}", f"/summits/{summit}/people")
    ]

    assert answers == [200, 200, 200]


@pytest.mark.parametrize("answer", ["interested", "not_now", "know_each_other"])
def test_only_one_s_own_matches_can_be_answered(app, session, answer):
    world: World = build_world(session)
    before = everything(session)
    path = f"/summits/{world.summit.slug}/matches/{world.people['ana'].id}/answer"

    refused = client_of(app, world, "cleo").post(path, data={"answer": answer})

    assert refused.status_code == 404
    assert everything(session) == before


@pytest.mark.parametrize("number", ["0", "999999", "-1", "1e3", "99999999999999999999", "'", "%00"])
def test_ids_that_can_not_be_are_not_found(app, session, number):
    world = build_world(session)
    client = client_of(app, world, "ana")

    statuses = {
        client.get(path).status_code
        for path in (f"/connections/{number}", f"/summits/{world.summit.slug}/people/{number}", f"/summits/{number}")
    }

    assert statuses == {404}


@pytest.mark.parametrize("number", ["0", "-1", "999999", "99999999999999999999", "x", ""])
def test_pages_of_lists_that_can_not_be_are_answered(app, session, number):
    world = build_world(session)

    statuses = {
        (who, path): client_of(app, world, who).get(f"{path}?page={number}").status_code
        for who in ("ana", "olga")
        for route in routes(app, "GET")
        if is_allowed(rule_for(app, route), viewer_of(world, who))
        for path in [next(addresses(world, route))]
    }

    assert {key: status for key, status in statuses.items() if status >= 500} == {}
