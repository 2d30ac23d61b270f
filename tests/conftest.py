"""What every test can ask for: an application on each database, a clean database, clients signed in as somebody.

Tests that use a database run twice, on SQLite and on PostgreSQL; the others once. PostgreSQL comes from
`TEST_DATABASE_URL` (its database is emptied!) or, by default, from a cluster started for this run.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Settings
from summit import clock
from summit.access import Role
from summit.app import create_app
from summit.database import Base, db
from summit.people.models import Person
from tests.factories import Factory
from tests.postgres import Cluster

NOW = datetime(2026, 10, 14, 15, 0, tzinfo=UTC)
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite,postgresql", help="which databases to test on")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for the whole run; the workers inherit its address."""
    is_worker = hasattr(config, "workerinput")
    if is_worker or "postgresql" not in config.getoption("--databases") or config.getoption("collectonly"):
        return
    if "TEST_DATABASE_URL" not in os.environ:
        config.cluster = Cluster()
        os.environ["TEST_DATABASE_URL"] = config.cluster.url("postgres")
        config.add_cleanup(lambda: os.environ.pop("TEST_DATABASE_URL", None))
        config.add_cleanup(config.cluster.stop)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        kinds = metafunc.config.getoption("--databases").split(",")
        only = metafunc.definition.get_closest_marker("only_on")
        kinds = [kind for kind in kinds if only is None or kind in only.args]
        metafunc.parametrize("database_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def database_url(database_kind: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Return the address of a migrated, empty database of this worker's own."""
    if database_kind == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database') / 'summit.db'}"
        _migrate(url)
        yield url
        return
    server = make_url(os.environ["TEST_DATABASE_URL"])
    name = f"summit_test_{worker_id}"
    _administer(server.render_as_string(False), f"drop database if exists {name}", f"create database {name}")
    url = server.set(database=name).render_as_string(hide_password=False)
    _migrate(url)
    yield url
    _administer(server.render_as_string(False), f"drop database if exists {name} with (force)")


def _administer(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def settings_for(url: str, **values: str) -> Settings:
    """Return settings for a test on this database."""
    environment = {
        "DATABASE_URL": url,
        "SECRET_KEY": "a key for the tests, long enough to sign with",
        "BASE_URL": "http://summit.test",
        "SUMMIT_ENV": "development",
        "NETWORK_TIMEZONE": "America/Chicago",
        "POSTAL_ADDRESS": "1 Network Square, Chicago",
        **values,
    }
    return Settings.from_environment(environment)


def _migrate(url: str) -> None:
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


class Client(FlaskClient):
    """A browser whose requests share nothing with the test or with one another, as in a running server.

    The test keeps its application context open. Without care a request would run inside it, and find there what an
    earlier one left: who was signed in, their time zone, the database session with all that it had loaded.
    """

    def open(self, *args: object, **kwargs: object) -> TestResponse:
        """Commit what the test arranged, send the request, and let the test see what it changed."""
        if not has_app_context():  # a redirect that is being followed
            return super().open(*args, **kwargs)
        db.session.commit()
        answer = Context().run(super().open, *args, **kwargs)
        db.session.expire_all()
        return answer


@pytest.fixture(scope="session")
def _application(database_url: str) -> Iterator[Flask]:
    application = create_app(settings_for(database_url))
    application.config["TESTING"] = True
    application.test_client_class = Client
    # The tests post forms without a browser; that a form without its token is refused is tested on its own.
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def app(_application: Flask) -> Iterator[Flask]:
    """The application on an empty database, at a fixed moment."""
    clock.turn_to(NOW)
    with _application.app_context():
        yield _application
        db.session.rollback()
        db.session.remove()
        _empty()
    clock.turn_back()


def _empty() -> None:
    with db.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture
def session(app: Flask) -> Session:
    """The session that tests arrange and look with. Commit what a request shall see (the factory does)."""
    return db.session()


@pytest.fixture
def make(session: Session) -> Factory:
    """Makes things with sensible defaults, committed."""
    return Factory(session)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[Person | None], FlaskClient]:
    """Return a client whose session is the given person's (None: nobody's)."""

    def client_of(person: Person | None) -> FlaskClient:
        client = app.test_client()
        if person is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = f"{person.id}:{person.session_epoch}"
                cookie["_fresh"] = True
        return client

    return client_of


@pytest.fixture
def organizer(make: Factory) -> Person:
    """An organizer of the network."""
    return make.person("Olga Organizer", role=Role.ORGANIZER)


@pytest.fixture
def shared_data() -> Path:
    """The folder with real data. Absent in a stranger's clone: then these tests say so; in CI that is a failure."""
    if not SHARED_DATA.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("the folder with the real data is missing")
        pytest.skip("the folder with the real data is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("no Chromium: install Debian's package chromium (script/test does, when it may)")
    return found
