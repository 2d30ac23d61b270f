"""Buttons pressed at the same moment: the database sees one after the other, and nothing is done twice or lost."""

from collections.abc import Callable
from io import BytesIO
from threading import Barrier, Thread

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.database import db
from summit.errors import SummitError
from summit.matching.answers import answer_match
from summit.matching.models import Answer, Match, MatchRun, RunState
from summit.matching.runs import publish_run
from summit.people.models import Person, SignInToken
from summit.people.sign_in import make_link
from summit.summits.models import Introduction, Summit
from tests.conftest import NOW
from tests.security.world import build_world, client_of

Work = Callable[[], object]
Change = Callable[[Session], object]


def at_once(*works: Work) -> list[object]:
    """Do these at the same moment, each in a thread of its own, and return what each gave."""
    barrier, found = Barrier(len(works)), list[object](works)

    def run(position: int, work: Work) -> None:
        barrier.wait(timeout=10)
        try:
            found[position] = work()
        except SummitError as error:
            found[position] = error

    threads = [Thread(target=run, args=(position, work)) for position, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def overlapping(app: Flask, session: Session, first: Change, second: Change) -> list[object]:
    """Make two changes of which the second begins before the first is committed, and return what each gave."""
    found = [first(session)]

    def run() -> None:
        with app.app_context():
            found.append(second(db.session()))
            db.session.commit()
            db.session.remove()

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=0.5)
    session.commit()
    thread.join(timeout=30)
    return found


def posting(client, path: str, **fields: str) -> Work:
    return lambda: client.post(path, data=fields).status_code


def test_of_two_who_become_interested_at_once_the_second_sees_that_both_are(app, session):
    world = build_world(session)
    summit_id, ana_id, mia_id = world.summit.id, world.people["ana"].id, world.people["mia"].id
    session.commit()

    def say(current: Session, me: int, other: int) -> bool:
        summit = current.get_one(Summit, summit_id)
        return answer_match(current, summit, person_id=me, other_id=other, answer=Answer.INTERESTED, now=NOW)

    first, second = overlapping(
        app, session, lambda current: say(current, ana_id, mia_id), lambda current: say(current, mia_id, ana_id)
    )

    assert (first, second) == (False, True)


def test_two_runs_published_at_once_leave_the_pairs_of_the_newer(app, session):
    world = build_world(session)
    runs = [_run_of(session, world, "ana", "cleo"), _run_of(session, world, "ben", "dan")]

    def publish(current: Session, run_id: int) -> None:
        publish_run(current, current.get_one(MatchRun, run_id), by=None, now=NOW)

    overlapping(app, session, lambda current: publish(current, runs[0]), lambda current: publish(current, runs[1]))

    introduced = session.execute(select(Introduction.low_id, Introduction.high_id)).all()
    newest = session.execute(select(Match.low_id, Match.high_id).where(Match.run_id == runs[1])).all()
    assert introduced == newest


def test_a_run_asked_for_twice_at_once_is_one(app, session):
    world = build_world(session)
    base = f"/organize/summits/{world.summit.slug}/matching"
    clients = [client_of(app, world, who) for who in ("olga", "adam")]
    session.commit()

    answers = at_once(*(posting(client, base) for client in clients))

    session.rollback()
    assert answers == [303, 303]
    assert len(session.scalars(select(MatchRun).where(MatchRun.state == RunState.QUEUED)).all()) == 1


def test_a_sign_in_link_used_twice_at_once_lets_one_in(app: Flask, session: Session):
    world = build_world(session)
    link = make_link(session, world.people["ana"], next_url="", now=NOW, settings=app.config["SETTINGS"])
    path = link.removeprefix(app.config["SETTINGS"].base_url)
    session.commit()

    answers = at_once(*(posting(app.test_client(), path) for _ in range(4)))

    session.rollback()
    assert sorted(answers) == [303, 409, 409, 409]
    assert session.scalars(select(SignInToken.used_at)).one() is not None


def test_a_spreadsheet_imported_twice_at_once_is_imported_once(app, session):
    world = build_world(session)
    client = client_of(app, world, "olga")
    sheet = b"email,name,organization\nnew-testperson@example.org,New Testperson,Alder Valley\n"
    base = f"/organize/summits/{world.summit.slug}/attendees/import"
    draft = client.post(base, data={"file": (BytesIO(sheet), "people.csv")}).headers["Location"]
    clients = [client_of(app, world, "olga") for _ in range(3)]
    session.commit()

    answers = at_once(*(posting(each, draft) for each in clients))

    session.rollback()
    assert answers.count(303) >= 1
    assert set(answers) <= {303, 404, 409, 422}
    assert len(session.scalars(select(Person).where(Person.email.startswith("new-"))).all()) == 1


def _run_of(session: Session, world, one: str, other: str) -> int:
    """Plant a finished run with one match, and return its id."""
    run = MatchRun(summit_id=world.summit.id, state=RunState.DONE, requested_at=NOW, finished_at=NOW, people=5)
    world.plant([run])
    low, high = sorted((world.people[one].id, world.people[other].id))
    world.plant([Match(run_id=run.id, low_id=low, high_id=high, score=1.0, rank_for_low=1, rank_for_high=1)])
    return run.id
