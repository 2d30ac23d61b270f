"""Processes that deliver as the worker does, again and again, until they are killed.

For each line on its input this program forks one such process and prints its number; so each costs no time to start,
and is a process of its own all the same. With the argument `noting-afterwards` or `noting-before` they do what many
do instead: note that a message was sent after or before sending it, without claim or quarantine. The harness must
catch both.
"""

import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sqlalchemy import select, update
from sqlalchemy.orm import sessionmaker

from config import Settings
from summit.app import create_app
from summit.database import db
from summit.mail.delivery import outgoing
from summit.mail.models import Message, MessageState
from summit.mail.providers import chosen_provider
from summit.mail.providers.outcome import Answer
from summit.worker import TICKS, run_tick

SETTINGS = Settings.from_environment()
APP = create_app(SETTINGS)
DELIVER = next(tick for tick in TICKS if tick.name == "deliver")


def deliver_naively(note_before: bool) -> None:
    """Send what is queued, noting that it was sent before or after."""
    sessions = sessionmaker(db.engine, expire_on_commit=False)
    with sessions.begin() as session:
        waiting = session.scalars(select(Message).where(Message.state == MessageState.QUEUED).limit(10)).all()
    for message in waiting:
        mail = outgoing(message, SETTINGS)
        assert mail is not None
        sent = update(Message).where(Message.id == message.id).values(state=MessageState.SENT)
        if note_before:
            with sessions.begin() as session:
                session.execute(sent)
            time.sleep(0.02)
        if chosen_provider(SETTINGS).send(mail).answer is Answer.ACCEPTED and not note_before:
            with sessions.begin() as session:
                session.execute(sent)


def deliver_until_killed() -> None:
    """Deliver, and look again."""
    while True:
        if len(sys.argv) > 1:
            with APP.app_context():
                deliver_naively(note_before=sys.argv[1] == "noting-before")
        else:
            run_tick(APP, DELIVER)
        time.sleep(0.01)


def main() -> None:
    """Fork whenever asked to."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            deliver_until_killed()
        print(child, flush=True)


if __name__ == "__main__":
    main()
