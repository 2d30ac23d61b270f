"""The edge: one transaction a request, errors made into answers, headers on everything."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from summit.access import Rule, allow
from summit.app import create_app
from summit.challenges.models import Theme
from summit.database import db
from summit.errors import Conflict
from summit.extensions import babel
from summit.schema import known_revisions
from summit.web import SummitFlask, init_edge, refuse_undeclared_views
from tests.conftest import settings_for


def _edge_app(app: Flask) -> Flask:
    """A small application on the test's database whose views break each promise on purpose."""
    small = SummitFlask("small", template_folder=app.template_folder)
    small.config.update(SETTINGS=app.config["SETTINGS"], SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"])
    db.init_app(small)
    babel.init_app(small)
    init_edge(small)

    def add(slug: str) -> None:
        db.session.add(Theme(slug=slug, name=slug))

    @small.post("/kept/<slug>")
    def kept(slug: str) -> str:
        add(slug)
        return "kept"

    @small.get("/read/<slug>")
    def read(slug: str) -> str:
        add(slug)
        if small.config["SQLALCHEMY_DATABASE_URI"].startswith("postgres"):
            db.session.flush()
        return "read"

    @small.post("/refused/<slug>")
    def refused(slug: str) -> tuple[str, int]:
        add(slug)
        db.session.flush()
        return "refused", 422

    @small.post("/fails/<slug>")
    def fails(slug: str) -> str:
        add(slug)
        db.session.flush()
        raise Conflict("no")

    return small


@pytest.fixture
def small(app: Flask) -> Flask:
    return _edge_app(app)


def _themes(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(Theme.slug)))


JSON = {"Accept": "application/json"}


def test_a_post_is_committed(small: Flask, session: Session) -> None:
    small.test_client().post("/kept/a")

    assert _themes(session) == ["a"]


@pytest.mark.parametrize(("method", "path"), [("get", "/read/a"), ("post", "/refused/a"), ("post", "/fails/a")])
def test_nothing_is_kept_of_a_get_an_error_or_a_refusal(small: Flask, session: Session, method: str, path: str) -> None:
    small.test_client().open(path, method=method.upper(), headers=JSON)

    assert _themes(session) == []


def test_a_constraint_that_fails_at_commit_is_a_conflict(small: Flask, session: Session) -> None:
    small.test_client().post("/kept/a")

    answer = small.test_client().post("/kept/a", headers=JSON)

    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert session.scalar(select(func.count()).select_from(Theme)) == 1


def test_a_view_without_a_rule_stops_the_start(app: Flask) -> None:
    small = Flask("bare")
    small.add_url_rule("/ruled", "ruled", allow(Rule.ANYONE)(lambda: ""))
    small.add_url_rule("/bare", "bare_view", lambda: "")

    with pytest.raises(RuntimeError, match="bare_view"):
        refuse_undeclared_views(small)


def test_every_answer_carries_the_security_headers(app: Flask) -> None:
    for path in ("/healthz", "/", "/no-such-page"):
        answer = app.test_client().get(path)

        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_missing_page_says_so_in_words_and_to_programs(app: Flask) -> None:
    page = app.test_client().get("/no-such-page")
    problem = app.test_client().get("/no-such-page", headers=JSON)

    assert page.status_code == problem.status_code == 404
    assert "There is nothing here" in page.text
    assert problem.json is not None
    assert problem.json["status"] == 404


def test_a_wrong_method_keeps_its_allow_header(app: Flask) -> None:
    answer = app.test_client().delete("/healthz")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_health_and_readiness_answer(app: Flask) -> None:
    assert app.test_client().get("/healthz").json == {"status": "ok"}
    assert app.test_client().get("/readyz").json == {"status": "ready", "schema": known_revisions()[0]}


def test_a_database_without_a_schema_is_not_ready(tmp_path: Path) -> None:
    bare = create_app(settings_for(f"sqlite:///{tmp_path / 'bare.db'}"))

    answer = bare.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert "flask db upgrade" in answer.json["remedy"]
