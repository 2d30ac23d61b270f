"""Whatever somebody sends, it is answered: never a fault of ours, and never a page that runs what was sent."""

import re

import pytest
from flask import Flask

from summit.access import is_allowed
from summit.connections.models import NextStep
from tests.security.crawling import addresses, routes, rule_for, viewer_of
from tests.security.world import World, build_world, client_of

SCRIPT = "<script>alert('zq')</script>"
ODD = {
    "a character that no text may hold": "a\x00b",
    "a number that is far too large": "9" * 30,
    "a negative number": "-1",
    "a long text": "x" * 10_000,
    "markup": SCRIPT,
    "nothing": "",
}
# What only buttons and pagers send.
UNSEEN = {"answer", "page", "outcome"}
FIELD = re.compile(r'<(?:input|select|textarea|button)\b[^>]*\bname="([\w-]+)"')


def field_names(app: Flask, world: World, who: str) -> set[str]:
    """Return the names of all fields on somebody's pages."""
    client, found = client_of(app, world, who), set(UNSEEN)
    for route in routes(app, "GET"):
        if is_allowed(rule_for(app, route), viewer_of(world, who)):
            found |= set(FIELD.findall(client.get(next(addresses(world, route))).text))
    return found - {"csrf_token"}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("who", ["ana", "olga"])
def test_odd_fields_are_answered(app, session, who, name):
    world = build_world(session)
    fields = dict.fromkeys(field_names(app, world, who), ODD[name])

    answers = {
        route.rule: client_of(app, world, who).post(next(addresses(world, route)), data=fields).status_code
        for route in routes(app, "POST")
    }

    assert len(fields) > 15
    assert {rule: status for rule, status in answers.items() if status >= 500} == {}


def test_what_no_mail_could_be_written_about_is_not_taken(app, session):
    world = build_world(session)
    steps = f"/connections/{world.connections['ana ben'].id}/steps"
    before = world.ids(NextStep)

    refused = client_of(app, world, "ana").post(
        steps, data={"what": "Send\x00 it", "when": "2026-10-20T09:00", "who": "other"}
    )

    assert refused.status_code == 422
    assert "a character nobody can type" in refused.text
    assert world.ids(NextStep) == before


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("who", ["ana", "olga"])
def test_odd_searches_are_answered_and_shown_as_words_only(app, session, who, name):
    world = build_world(session)
    asked = dict.fromkeys(field_names(app, world, who), ODD[name])
    client = client_of(app, world, who)

    pages = {
        route.rule: client.get(next(addresses(world, route)), query_string=asked, headers={"Accept": "text/html"})
        for route in routes(app, "GET")
    }

    assert {rule: page.status_code for rule, page in pages.items() if page.status_code >= 500} == {}
    assert [rule for rule, page in pages.items() if SCRIPT in page.text] == []
