"""Loads the sample into a database of its own, serves it in a thread and photographs the main pages."""

import shutil
import sys
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import Flask  # noqa: E402 - the path comes first
from flask_migrate import upgrade  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402
from sqlalchemy import func, or_, select  # noqa: E402
from werkzeug.serving import WSGIRequestHandler, make_server  # noqa: E402

from config import Settings  # noqa: E402
from summit import clock  # noqa: E402
from summit.app import create_app  # noqa: E402
from summit.connections.models import Connection, NextStep, StepState  # noqa: E402
from summit.database import db, session  # noqa: E402
from summit.people.models import Person  # noqa: E402
from summit.people.sign_in import make_link  # noqa: E402
from summit.sample.load import load_sample  # noqa: E402
from summit.sample.protagonists import ATTENDEE_EMAIL, ORGANIZER_EMAIL, PARTNER_EMAIL  # noqa: E402
from summit.summits.finding import current_summit  # noqa: E402
from summit.worker import TICKS, run_tick  # noqa: E402

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1180, "height": 800}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class QuietHandler(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, *_: object) -> None:
        """Say nothing."""


def main(folder: Path) -> None:
    """Photograph every page of `pages` in light and dark into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=QuietHandler)
        app = prepared(Path(temporary), server.server_port)
        server.app = app
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for email, viewport, names in pages(app):
                photograph(app, browser, folder, email, viewport, names)
            browser.close()
        server.shutdown()


def prepared(temporary: Path, port: int) -> Flask:
    """Return the application on a new database with the sample in it."""
    environment = {"DATABASE_URL": f"sqlite:///{temporary / 'screens.db'}", "PORT": str(port)}
    app = create_app(Settings.from_environment({**environment, "NETWORK_NAME": "Lantern Network"}))
    with app.app_context():
        upgrade()
        load_sample(session(), now=clock.now())
        session().commit()
    for tick in TICKS:
        run_tick(app, tick)
    return app


def pages(app: Flask) -> list[tuple[str, dict[str, int], dict[str, str]]]:
    """Return who looks, on what, at which pages (name of the picture → path)."""
    with app.app_context():
        summit = current_summit(session())
        assert summit is not None
        partner = session().scalars(select(Person).where(Person.email == PARTNER_EMAIL)).one()
        connection = session().scalar(
            select(func.max(Connection.id))
            .join(NextStep, NextStep.connection_id == Connection.id)
            .where(
                or_(Connection.low_id == partner.id, Connection.high_id == partner.id),
                NextStep.state == StepState.OPEN,
            )
        )
    here, desk = f"/summits/{summit.slug}", f"/organize/summits/{summit.slug}"
    attendee = {
        "matches": f"{here}/matches",
        "people": f"{here}/people",
        "connect": f"{here}/connect",
        "stances": f"{here}/stances",
        "summit": here,
        "challenges": "/challenges",
        "organizations": "/organizations",
    }
    after = {"me": "/me", "connections": "/connections", "connection": f"/connections/{connection}"}
    organizer = {
        "desk": desk,
        "matching": f"{desk}/matching",
        "attendees": f"{desk}/attendees",
        "check-in": f"{desk}/check-in",
        "import": f"{desk}/attendees/import",
        "nudges": f"{desk}/nudges",
        "messages": "/organize/messages",
        "summits": "/organize/summits",
    }
    return [
        (ATTENDEE_EMAIL, PHONE, attendee),
        (PARTNER_EMAIL, PHONE, after),
        (ORGANIZER_EMAIL, DESK, organizer),
        (ORGANIZER_EMAIL, PHONE, {f"phone-{name}": path for name, path in organizer.items()}),
        (
            ATTENDEE_EMAIL,
            DESK,
            {f"wide-{name}": path for name, path in {**attendee, **after}.items() if "ion/" not in name},
        ),
    ]


def photograph(
    app: Flask, browser: Browser, folder: Path, email: str, viewport: dict[str, int], names: dict[str, str]
) -> None:
    """Sign in as somebody and take the pictures."""
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport=viewport, color_scheme=scheme, device_scale_factor=1.5)  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(link_for(app, email))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_load_state()
        for name, path in names.items():
            page.goto(f"{app.config['SETTINGS'].base_url}{path}")
            page.screenshot(path=folder / f"{name}{'' if scheme == 'light' else '-dark'}.png")
        context.close()


def link_for(app: Flask, email: str) -> str:
    """Make a sign-in link."""
    with app.app_context():
        person = session().scalars(select(Person).where(Person.email == email)).one()
        link = make_link(session(), person, next_url="", now=clock.now(), settings=app.config["SETTINGS"])
        db.session.commit()
        return link


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "instance" / "screenshots")
