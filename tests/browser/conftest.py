"""A real browser on a real server: the application in a thread of this process, so that the clock can be turned.

The worker's ticks are run by the test when its story says so; every other part is what a user would have.
"""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from summit.app import create_app
from summit.database import db
from tests.conftest import settings_for

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1180, "height": 800}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What is checked on every page: the rules of WCAG 2.2 at levels A and AA, and axe's own good practice.
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class QuietHandler(WSGIRequestHandler):
    """Logs nothing."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - its name for it
        pass


@dataclass(frozen=True)
class Live:
    """The running server: its address and its application."""

    url: str
    app: Flask


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def live(app: Flask, database_url: str, session: Session) -> Iterator[Live]:
    """Serve the test's database on a free port, with forms protected as in production."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=QuietHandler)
    assert isinstance(server, ThreadingMixIn)
    address = f"http://127.0.0.1:{server.server_port}"
    served = create_app(settings_for(database_url, BASE_URL=address))
    server.app = served
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Live(address, served)
    server.shutdown()
    thread.join()
    server.server_close()
    with served.app_context():
        db.engine.dispose()


@pytest.fixture
def open_page(browser: Browser, live: Live) -> Iterator[Callable[..., Page]]:
    """Open a page on a device of its own; an error in its console fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(viewport: dict[str, int] = PHONE, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport, base_url=live.url, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    """Return what axe finds on the page, a line each."""
    found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [f"{page.url} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def is_too_wide(page: Page) -> bool:
    """Say whether the page has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
