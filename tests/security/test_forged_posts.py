"""A form that another site sends in somebody's name is refused."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.security.crawling import addresses, routes
from tests.security.world import ANONYMOUS, build_world, client_of

# Mail programs and the mail provider post these; each carries its own signature.
EXEMPT = {"/unsubscribe/<token>", "/webhooks/sendgrid"}


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application as people use it: with the check for forged forms."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.mark.parametrize("who", ["adam", ANONYMOUS])
def test_every_form_without_its_token_is_refused_but_for_the_declared_ones(guarded, session, who):
    world = build_world(session)

    refused = {
        route.rule: client_of(guarded, world, who).post(next(addresses(world, route))).status_code == 400
        for route in routes(guarded, "POST")
    }

    assert len(refused) > 20
    assert {rule for rule, is_refused in refused.items() if not is_refused} == EXEMPT


def test_a_form_with_its_token_is_taken_and_with_another_s_is_not(guarded, session):
    world = build_world(session)
    mine, other = client_of(guarded, world, "ana"), client_of(guarded, world, "cleo")
    fields = {
        "name": "Ana",
        "time_zone": "UTC",
        "introductions": "5",
        "organization": "",
        "title": "",
        "talk_about": "",
    }

    taken = mine.post("/me/profile", data={**fields, "csrf_token": token_on(mine.get("/me/profile").text)})
    refused = mine.post("/me/profile", data={**fields, "csrf_token": token_on(other.get("/me/profile").text)})

    assert (taken.status_code, refused.status_code) == (303, 400)
    assert "open too long" in refused.text


def token_on(page: str) -> str:
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page)
    assert found, page
    return found.group(1)
