"""Writes down who may call what, as the application has it; see `script/access-matrix`."""

from flask import Flask

from summit.app import create_app
from tests.conftest import settings_for
from tests.security.crawling import routes, rule_for

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def matrix_of(app: Flask) -> list[str]:
    """Return one line for each route and method: the method, the route and the rule."""
    lines = [
        f"{method:<6} {route.rule:<75} {rule_for(app, route).value}"
        for method in METHODS
        for route in routes(app, method)
    ]
    return sorted(lines, key=lambda line: (line.split()[1], line))


if __name__ == "__main__":
    print("\n".join(matrix_of(create_app(settings_for("sqlite://")))))
