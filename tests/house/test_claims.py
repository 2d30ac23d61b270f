"""Claims: a due row goes to exactly one worker."""

import threading
from collections import Counter
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from summit import claims, clock
from summit.database import database_now, db
from summit.matching.models import MatchRun, RunState
from tests.factories import Factory

LEASE = timedelta(seconds=30)


def _queue(make: Factory, session: Session, count: int) -> None:
    summit = make.summit()
    session.add_all(MatchRun(summit_id=summit.id, requested_at=clock.now()) for _ in range(count))
    session.commit()


def _claim(session: Session, limit: int) -> claims.Lease:
    due = (MatchRun.state == RunState.QUEUED) & (
        MatchRun.lease_until.is_(None) | (MatchRun.lease_until < database_now(session))
    )
    lease = claims.claim(session, MatchRun, due, order_by=[MatchRun.id], limit=limit, lease=LEASE, values={})
    session.commit()
    return lease


def test_a_claim_takes_no_more_than_its_limit(make: Factory, session: Session) -> None:
    _queue(make, session, 5)

    lease = _claim(session, 3)

    assert len(lease.ids) == 3


def test_a_leased_row_is_not_claimed_again_until_the_lease_runs_out(make: Factory, session: Session) -> None:
    _queue(make, session, 1)
    first = _claim(session, 5)

    second = _claim(session, 5)
    clock.turn_to(clock.now() + LEASE + timedelta(seconds=1))
    third = _claim(session, 5)

    assert second.ids == ()
    assert third.ids == first.ids
    assert third.token != first.token


def test_a_write_with_a_lost_token_changes_nothing(make: Factory, session: Session) -> None:
    _queue(make, session, 1)
    lost = _claim(session, 1)
    clock.turn_to(clock.now() + LEASE + timedelta(seconds=1))
    held = _claim(session, 1)

    late = claims.write_claimed(session, MatchRun, lost.ids[0], lost.token, {"state": RunState.DONE})
    timely = claims.write_claimed(session, MatchRun, held.ids[0], held.token, {"state": RunState.RUNNING})

    assert (late, timely) == (False, True)


def test_many_workers_never_share_a_row(app: Flask, make: Factory, session: Session) -> None:
    _queue(make, session, 40)
    taken: list[int] = []

    def work() -> None:
        with app.app_context():
            while lease := _claim(db.session(), 3).ids:
                taken.extend(lease)
            db.session.remove()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(taken) == 40
    assert set(Counter(taken).values()) == {1}


def test_the_heartbeat_says_when_a_worker_last_ticked(make: Factory, session: Session) -> None:
    before = claims.silent_since(session)

    claims.beat(session, "deliver")
    claims.beat(session, "deliver")
    session.commit()
    after = claims.silent_since(session)

    assert before is None
    assert after is not None
    assert abs(after - clock.now()) < timedelta(seconds=5)
