"""Killed while delivering: nothing is lost, nothing is sent twice, and what nobody saw the answer of is listed.

Real processes, killed with SIGKILL at random moments, deliver to a local server that answers like SendGrid. A naive
sender goes through the same harness, to prove that the harness can find what it looks for.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, insert, select

from config import ROOT
from summit import clock
from summit.database import db, reading
from summit.mail.models import Message, MessageState
from summit.nudges.delivering import deliver_now
from tests.conftest import settings_for
from tests.mail.sendgrid_server import SendGridServer

REMINDERS, KILLS = 500, 20


class Deliverers:
    """Starts processes that deliver, and kills them; none is left afterwards."""

    def __init__(self, url: str, server: SendGridServer, *arguments: str) -> None:
        settings = settings_for(url)
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "SECRET_KEY": settings.secret_key,
            "BASE_URL": settings.base_url,
            "POSTAL_ADDRESS": settings.postal_address,
            "SUMMIT_ENV": "development",
            "SENDGRID_API_KEY": "SG.a-key-for-the-tests",
            "SENDGRID_HOST": server.url,
        }
        command = [sys.executable, "tests/faults/deliver_until_killed.py", *arguments]
        self._starter = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.running: list[int] = []

    def __enter__(self) -> "Deliverers":
        return self

    def __exit__(self, *_error: object) -> None:
        while self.running:
            self.kill_oldest()
        self._starter.communicate(timeout=10)

    def start(self) -> None:
        """Start one more."""
        assert self._starter.stdin is not None
        assert self._starter.stdout is not None
        self._starter.stdin.write("start\n")
        self._starter.stdin.flush()
        self.running.append(int(self._starter.stdout.readline()))

    def kill_oldest(self) -> None:
        """Kill the one that runs the longest, and wait until it is gone."""
        victim = self.running.pop(0)
        os.kill(victim, signal.SIGKILL)
        until(lambda: not is_alive(victim), 10)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def queue(count: int) -> None:
    """Write reminders that are due."""
    moment = clock.now() - timedelta(minutes=1)
    rows = [
        {
            "key": f"reminder-{number}",
            "public_id": f"{number:032x}",
            "purpose": "reminder",
            "to_address": f"person{number}@example.org",
            "to_name": "",
            "subject": "How did it go?",
            "text": "Ben waits for the guide.",
            "html": "<p>Ben waits for the guide.</p>",
            "headers": {},
            "state": MessageState.QUEUED,
            "attempts": 0,
            "created_at": moment,
            "due_at": moment,
        }
        for number in range(count)
    ]
    db.session.execute(insert(Message), rows)
    db.session.commit()


def count(*states: MessageState) -> int:
    with reading():
        found = db.session.execute(select(func.count(Message.id)).where(Message.state.in_(states))).scalar_one()
        db.session.rollback()
    return int(found)


def until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait for something that happens in another process."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.01)


def kill_at_random(deliverers: Deliverers, server: SendGridServer, chance: random.Random, at_once: int) -> int:
    """Let some deliver at once, kill the oldest again and again; return how many kills met a delivery under way."""
    met = 0
    for _ in range(at_once):
        deliverers.start()
    for number in range(KILLS):
        before = sum(server.accepted.values())
        share = (REMINDERS - 100) * (number + 1) // KILLS
        # However fast the machine is, each kill finds its share delivered; the moment itself is left to chance.
        until(lambda share=share: sum(server.accepted.values()) >= share or not count(MessageState.QUEUED), 30)
        time.sleep(chance.uniform(0.0, 0.06))
        met += count(MessageState.QUEUED) > 0 and sum(server.accepted.values()) > before
        deliverers.kill_oldest()
        if len(deliverers.running) + number + 1 < KILLS:
            deliverers.start()
    return met


def test_a_worker_killed_while_delivering_loses_nothing_and_sends_nothing_twice(app, sign_in, organizer, database_url):
    clock.turn_back()
    queue(REMINDERS)
    chance = random.Random(20)

    with SendGridServer(delay=0.01) as server:
        with Deliverers(database_url, server) as deliverers:
            met = kill_at_random(deliverers, server, chance, at_once=2)
        killed_while_sending = count(MessageState.SENDING, MessageState.UNKNOWN)
        deliver_the_rest(database_url, server)

        unknown = ids_in(MessageState.UNKNOWN)
        sent = ids_in(MessageState.SENT)
        assert met >= KILLS // 2
        assert killed_while_sending > 0
        assert count(*MessageState) == REMINDERS == len(sent) + len(unknown)
        assert set(server.accepted.values()) == {1}
        assert sent <= set(server.accepted)
        assert set(server.accepted) - sent <= unknown
    assert listed(sign_in(organizer)) == len(unknown)


def deliver_the_rest(url: str, server: SendGridServer) -> None:
    """Let the leases of the killed run out, by the clock, and deliver what is left."""
    clock.turn_to(clock.now() + timedelta(minutes=5))
    settings = settings_for(url, SENDGRID_API_KEY="SG.a-key-for-the-tests", SENDGRID_HOST=server.url)
    server.delay = 0
    until(lambda: deliver_now(settings) is not None and not count(MessageState.QUEUED, MessageState.SENDING), 30)


def ids_in(state: MessageState) -> set[str]:
    found = set(db.session.scalars(select(Message.public_id).where(Message.state == state)))
    db.session.rollback()
    return found


def listed(client) -> int:
    """Count the decisions that the page of unknown messages asks an organizer for."""
    pages = (client.get(f"/organize/messages?state=unknown&page={number}").text for number in range(1, 4))
    return len({line for page in pages for line in page.splitlines() if "/decision" in line})


def kill_naive(url: str, how: str, seed: int) -> SendGridServer:
    """Put a naive sender through the same; return the server with what it got."""
    clock.turn_back()
    queue(REMINDERS)
    with SendGridServer(delay=0.01) as server:
        with Deliverers(url, server, how) as deliverers:
            kill_at_random(deliverers, server, random.Random(seed), at_once=1)
        return server


def test_the_harness_finds_a_sender_that_sends_twice(app, database_url):
    server = kill_naive(database_url, "noting-afterwards", 21)

    assert max(server.accepted.values()) > 1


def test_the_harness_finds_a_sender_that_loses_messages(app, database_url):
    server = kill_naive(database_url, "noting-before", 22)

    assert ids_in(MessageState.SENT) - set(server.accepted)
