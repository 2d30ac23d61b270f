"""Migrates, fills an empty database with the sample, starts web and worker and says where to go.

Ctrl-C ends everything that was started; so does the end of either process.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask_migrate import upgrade  # noqa: E402
from sqlalchemy import select  # noqa: E402

from config import Settings, SettingsError  # noqa: E402
from summit import clock  # noqa: E402
from summit.app import create_app  # noqa: E402
from summit.database import db, session  # noqa: E402
from summit.people.models import Person  # noqa: E402
from summit.people.sign_in import make_link  # noqa: E402
from summit.sample.load import load_sample  # noqa: E402
from summit.sample.protagonists import ATTENDEE_EMAIL, ORGANIZER_EMAIL, PARTNER_EMAIL  # noqa: E402

ROLES = (("an attendee", ATTENDEE_EMAIL), ("a partner", PARTNER_EMAIL), ("an organizer", ORGANIZER_EMAIL))


def main() -> int:
    """Serve until told to stop; return the exit code."""
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(f"Summit can't start with these settings:\n{error}", file=sys.stderr)
        return 1
    if not port_is_free(settings):
        print(f"Port {settings.port} is taken. Choose another: PORT={settings.port + 1} script/server", file=sys.stderr)
        return 1
    app = create_app(settings)
    with app.app_context():
        upgrade()
        fill_when_empty(settings)
        links = sign_in_links(settings)
        db.engine.dispose()
    return run(settings, links)


def port_is_free(settings: Settings) -> bool:
    """Say whether we can listen where the settings want us to."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def fill_when_empty(settings: Settings) -> None:
    """Load the sample into an empty database, but never where real people will sign in."""
    if settings.is_production or session().scalar(select(Person.id).limit(1)) is not None:
        return
    print("Loading the sample ...", flush=True)
    load_sample(session(), now=clock.now())
    session().commit()


def sign_in_links(settings: Settings) -> list[tuple[str, str]]:
    """Return a sign-in link each for three people of the sample, as far as they are there."""
    if settings.is_production:
        return []
    links = []
    for role, email in ROLES:
        person = session().scalar(select(Person).where(Person.email == email))
        if person is not None:
            links.append((role, make_link(session(), person, next_url="", now=clock.now(), settings=settings)))
    session().commit()
    return links


def run(settings: Settings, links: list[tuple[str, str]]) -> int:
    """Start web and worker, print where to go, and wait."""
    web = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{settings.host}:{settings.port}",
           "--workers", "2", "--preload", "--log-level", "warning"]  # fmt: skip
    worker = [sys.executable, str(ROOT / "script" / "work.py")]
    started = [subprocess.Popen(command, cwd=ROOT, start_new_session=True) for command in (web, worker)]
    signal.signal(signal.SIGTERM, interrupt)
    try:
        announce(settings, links, started[0])
        while all(process.poll() is None for process in started):
            time.sleep(0.2)
        return 1
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
        return 0
    finally:
        stop(started)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM like Ctrl-C."""
    raise KeyboardInterrupt


def announce(settings: Settings, links: list[tuple[str, str]], web: "subprocess.Popen[bytes]") -> None:
    """Print the address once it answers."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1)
            break
        except OSError:
            if web.poll() is not None:
                return
            time.sleep(0.05)
    print(f"\nSummit is at {settings.base_url or address}")
    for role, link in links:
        print(f"  Sign in as {role + ':':<14} {link}")
    if links:
        print("  The links work once, for ten minutes; `flask people sign-in-link EMAIL` makes another.")
    print("  Ctrl-C stops it.", flush=True)


def stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    """End what was started, politely first."""
    for process in processes:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    sys.exit(main())
