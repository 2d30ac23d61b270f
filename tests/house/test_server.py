"""What people type: a start that says what is wrong with the database, and an end that leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from summit.app import create_app
from summit.database import db
from summit.schema import known_revisions
from tests.conftest import settings_for

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[str]:
    """The address of a database with the newest schema and nobody in it."""
    url = f"sqlite:///{tmp_path / 'summit.db'}"
    with create_app(settings_for(url)).app_context():
        upgrade()
        yield url
        db.engine.dispose()


def _run(script: str, url: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DATABASE_URL": url, "SUMMIT_ENV": "development", "PORT": str(_free_port()), **more}
    command = [sys.executable, script] if script.endswith(".py") else [sys.executable, "-m", "flask", "mail", "deliver"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("script", ["script/serve.py", "script/work.py", "flask"])
def test_a_database_that_can_not_be_reached_is_named_without_its_password(script: str) -> None:
    result = _run(script, f"postgresql://ana:sekrit@127.0.0.1:{_free_port()}/summit")

    assert result.returncode == 1
    assert "DATABASE_URL" in result.stderr
    assert "Traceback" not in result.stderr
    assert "sekrit" not in result.stderr


@pytest.mark.parametrize("script", ["script/serve.py", "script/work.py"])
def test_a_database_of_a_newer_version_is_left_alone(script: str, migrated: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'newer'"))

    result = _run(script, migrated)

    assert result.returncode == 1
    assert "newer one: update the program" in result.stderr


def test_a_worker_on_a_database_without_tables_says_what_to_run(migrated: str) -> None:
    downgrade(revision="base")

    result = _run("script/work.py", migrated)

    assert result.returncode == 1
    assert "script/server" in result.stderr


def test_a_database_of_another_version_is_not_ready(migrated: str) -> None:
    client = create_app(settings_for(migrated)).test_client()
    before = client.get("/readyz")
    with db.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = 'other'"))

    answer = client.get("/readyz")

    assert before.json == {"status": "ready", "schema": known_revisions()[0]}
    assert answer.status_code == 503


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let what we start react to Ctrl-C, even when the tests themselves run in the background and don't."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("signals", [[signal.SIGINT, signal.SIGINT], [signal.SIGTERM], [signal.SIGHUP]], ids=str)
def test_the_server_leaves_no_process_behind(signals: list[signal.Signals], migrated: str) -> None:
    port = _free_port()
    # In production nothing is loaded, which makes the start quick.
    server = subprocess.Popen(
        [sys.executable, "script/serve.py"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": migrated,
            "SUMMIT_ENV": "production",
            "SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789",
            "BASE_URL": "http://summit.test",
            "PORT": str(port),
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    while (line := server.stdout.readline()) and "Ctrl-C" not in line:
        continue

    for number in signals:
        server.send_signal(number)
        time.sleep(0.05)
    code = server.wait(timeout=20)
    # Whoever still runs holds the pipe open.
    rest = server.stdout.read()
    server.stdout.close()

    assert line
    assert code == 0
    assert "Stopping" in rest
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
