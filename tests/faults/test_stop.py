"""A worker that stands still for longer than its lease, as on a machine that was suspended, and then goes on."""

import os
import signal
from datetime import timedelta

from summit import clock
from summit.mail.models import MessageState
from summit.nudges.delivering import deliver_now
from tests.conftest import settings_for
from tests.faults.test_kill import Deliverers, count, queue, until
from tests.mail.sendgrid_server import SendGridServer


def test_a_worker_that_stood_still_sends_nothing_that_another_sent_meanwhile(app, database_url):
    clock.turn_back()
    queue(40)

    with SendGridServer(delay=1.5) as server, Deliverers(database_url, server) as deliverers:
        deliverers.start()
        until(lambda: len(server.requests) >= 1, 30)
        # Its request is under way and no transaction is open; nine more messages are claimed.
        os.kill(deliverers.running[0], signal.SIGSTOP)
        until(lambda: count(MessageState.SENDING) == 1, 5)
        server.delay = 0
        clock.turn_to(clock.now() + timedelta(minutes=5))
        settings = settings_for(database_url, SENDGRID_API_KEY="SG.a-key-for-the-tests", SENDGRID_HOST=server.url)
        meanwhile = deliver_now(settings)
        unknown = count(MessageState.UNKNOWN)
        os.kill(deliverers.running[0], signal.SIGCONT)
        until(lambda: count(MessageState.SENT) == 40, 20)

    assert (meanwhile.unknown, unknown) == (1, 1)
    assert meanwhile.sent >= 30
    assert set(server.accepted.values()) == {1}
    assert len(server.accepted) == 40
