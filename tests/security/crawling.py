"""Opening every page that somebody can open, with every search and filter it offers."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import product
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from summit import clock
from summit.access import NOBODY, Rule, Viewer, is_allowed, rule_of
from summit.connections.models import FollowUp, NextStep, Note
from tests.conftest import NOW
from tests.security.world import ANONYMOUS, World, client_of, examples

Pages = dict[str, tuple[int, str]]
MARKER = "zqmarker"
# What differs between two visits although nothing else does.
_PASSING = (
    re.compile(r'(name="csrf_token"[^>]*value=|"X-CSRFToken": ?)"[^"]*"'),
    re.compile(r"(/(?:act|preferences|unsubscribe)/)[\w.~-]+"),
)
PARTS: dict[str, Any] = {"step_id": NextStep, "follow_up_id": FollowUp, "note_id": Note}
"""What belongs to one connection; opening it below the others, all of which answer 404, is left to their own tests."""
WORDS = (MARKER, "ana", "topic")


class GetForms(HTMLParser):
    """Collects what a page's search and filter forms can ask for: one field at a time."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.action, self.select = path, None, None
        self.asks: set[tuple[str, str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "get").lower() == "get":
            self.action = given.get("action") or self.path
        elif self.action is None:
            return
        elif tag == "select":
            self.select = given.get("name")
        elif tag == "option" and self.select and given.get("value"):
            self.asks.add((self.action, self.select, given["value"]))
        elif tag == "input" and given.get("name"):
            self._take_input(given)

    def _take_input(self, given: dict[str, str]) -> None:
        if given.get("type", "text") in ("text", "search"):
            self.asks |= {(self.action, given["name"], word) for word in WORDS}
        elif given.get("type") in ("radio", "checkbox") and given.get("value"):
            self.asks.add((self.action, given["name"], given["value"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.action = None
        elif tag == "select":
            self.select = None


def routes(app: Flask, method: str) -> list[Route]:
    """Return the routes that take a method, in a stable order, without the static files."""
    found = [route for route in app.url_map.iter_rules() if method in route.methods and route.endpoint != "static"]
    return sorted(found, key=lambda route: route.rule)


def rule_for(app: Flask, route: Route) -> Rule:
    """Return the access rule of a route's view."""
    rule = rule_of(app.view_functions[route.endpoint])
    assert rule is not None, route.endpoint
    return rule


def viewer_of(world: World, who: str) -> Viewer:
    """Return somebody of the world as the access rules see them."""
    return NOBODY if who == ANONYMOUS else Viewer(world.people[who].id, world.people[who].role)


def addresses(world: World, route: Route) -> Iterator[str]:
    """Return a route's addresses with everything of the world that fits into it."""
    arguments = sorted(route.arguments)
    part = next((argument for argument in arguments if argument in PARTS), None)
    if "connection_id" in arguments and part:
        combinations = [(row.connection_id, row.id) for row in world.rows(PARTS[part])]
        arguments = ["connection_id", part]
    else:
        combinations = list(product(*(examples(world, route.rule, argument) for argument in arguments)))
    for values in combinations:
        path = route.rule
        for argument, value in zip(arguments, values, strict=True):
            path = re.sub(rf"<(\w+:)?{argument}>", str(value), path)
        yield path


def crawl(app: Flask, world: World, who: str) -> Pages:
    """Open every page as somebody, with each search and filter, and return what was answered."""
    clock.turn_to(NOW)
    client = client_of(app, world, who)
    viewer = viewer_of(world, who)
    pages: Pages = {}
    forms: dict[str, set[tuple[str, str, str]]] = {}
    for route in routes(app, "GET"):
        if is_allowed(rule_for(app, route), viewer):
            for path in addresses(world, route):
                pages[path] = look(client, path)
                parser = GetForms(path)
                parser.feed(pages[path][1])
                # A form in the frame of every page need not be tried from each of them.
                forms.setdefault(route.endpoint, set()).update(parser.asks)
    for action, name, value in sorted(set().union(*forms.values())):
        path = f"{action.split('#')[0].split('?')[0]}?{urlencode({name: value})}"
        pages[path] = look(client, path)
    return pages


def look(client: FlaskClient, path: str) -> tuple[int, str]:
    """Open one page; return its status and text, without what differs from visit to visit."""
    answer = client.get(path)
    return answer.status_code, without_passing(answer.get_data(as_text=True))


def without_passing(text: str) -> str:
    """Return a text without the tokens in it: they are made anew each time."""
    for pattern in _PASSING:
        text = pattern.sub(r"\1", text)
    return text
