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
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402 - the path comes first
from flask_migrate import upgrade  # noqa: E402
from gunicorn.app.base import BaseApplication  # noqa: E402
from sqlalchemy import select  # noqa: E402

from config import Settings, SettingsError  # noqa: E402
from summit import clock  # noqa: E402
from summit.app import create_app  # noqa: E402
from summit.database import db, session  # noqa: E402
from summit.people.models import Person  # noqa: E402
from summit.people.sign_in import make_link  # noqa: E402
from summit.sample.protagonists import ATTENDEE_EMAIL, ORGANIZER_EMAIL, PARTNER_EMAIL  # noqa: E402
from summit.schema import unusable  # noqa: E402

ROLES = (("an attendee", ATTENDEE_EMAIL), ("a partner", PARTNER_EMAIL), ("an organizer", ORGANIZER_EMAIL))
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


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
        problem = unusable(db.engine)
        if problem:
            print(problem, file=sys.stderr)
            return 1
        upgrade()
        fill_when_empty(settings)
        links = sign_in_links(settings)
        db.engine.dispose()
    return run(settings, app, links)


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
    session().rollback()
    print("Loading the sample ...", flush=True)
    # In a process of its own, as for the worker: it matches, and web processes shall not inherit the solver from us.
    subprocess.run([sys.executable, "-m", "flask", "sample", "load"], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)


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


def run(settings: Settings, app: Flask, links: list[tuple[str, str]]) -> int:
    """Start web and worker, print where to go, and wait."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup, for one, asked for that
            signal.signal(number, interrupt)
    started: set[int] = set()
    try:
        started.add(start(lambda: Web(app, settings).run()))
        started.add(start(lambda: import_module("summit.worker").work(app)))
        announce(settings, links)
        return 1 if os.waitpid(-1, 0) else 0
    except KeyboardInterrupt:
        print("\nStopping ...", flush=True)
        return 0
    finally:
        stop(started)


class Web(BaseApplication):
    """gunicorn with the application that is loaded already: a second import would double the start."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.options = {
            "bind": f"{settings.host}:{settings.port}",
            "workers": 2,
            "preload_app": True,
            "loglevel": "warning",
            "proc_name": "summit-web",
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Hand gunicorn the application."""
        return self.app


def start(serve: Callable[[], None]) -> int:
    """Run something in a process of its own, in a session of its own so that Ctrl-C reaches us first; return its id."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    code = 1
    try:
        serve()
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Treat SIGTERM, and a terminal that is closed, like Ctrl-C; from here on no second one gets in between."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def announce(settings: Settings, links: list[tuple[str, str]]) -> None:
    """Print the address once it answers."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{host}:{settings.port}"
    for _attempt in range(300):
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1)
            break
        except OSError:
            time.sleep(0.05)
    else:
        print(f"Nothing answers at {address} yet; see above for why.", file=sys.stderr)
        return
    print(f"\nSummit is at {settings.base_url or address}")
    for role, link in links:
        print(f"  Sign in as {role + ':':<14} {link}")
    if links:
        print("  The links work once, for ten minutes; `.venv/bin/flask people sign-in-link EMAIL` makes another.")
    print("  Ctrl-C stops it.", flush=True)


def stop(processes: set[int]) -> None:
    """End what was started, politely first."""
    signal_all(processes, signal.SIGTERM)
    deadline = time.monotonic() + 10
    running = set(processes)
    while running and time.monotonic() < deadline:
        running = {process for process in running if is_running(process)}
        time.sleep(0.05)
    signal_all(running, signal.SIGKILL)


def signal_all(processes: set[int], number: signal.Signals) -> None:
    """Send a signal to each process and what it started."""
    for process in processes:
        try:
            os.killpg(process, number)
        except ProcessLookupError:
            continue


def is_running(process: int) -> bool:
    """Say whether a child still runs, and clear it away when it does not."""
    try:
        return os.waitpid(process, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


if __name__ == "__main__":
    sys.exit(main())
