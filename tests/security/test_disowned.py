"""Once somebody said "not me", each of the two reads on that connection only what they wrote themselves, wherever."""

import pytest
from sqlalchemy import select

from summit import clock
from summit.access import Audience
from summit.connections.correcting import disown
from summit.connections.models import NextStep, Note
from tests.security.crawling import MARKER, crawl
from tests.security.world import build_world

HERS = f"{MARKER} of Ana"


def step_of(session, connection):
    return session.scalars(select(NextStep).where(NextStep.connection_id == connection.id)).one()


@pytest.mark.parametrize("by", ["ana", "ben"])
def test_nothing_of_the_other_side_is_read_after_not_me(app, session, by):
    world = build_world(session)
    connection, ana = world.connections["ana ben"], world.people["ana"]
    note = Note(
        connection_id=connection.id, author_id=ana.id, text=HERS, audience=Audience.PAIR, written_at=clock.now()
    )
    step_of(session, connection).what = HERS
    world.plant([note, world.make.follow_up(connection, ana, text=HERS)])
    before = {path for path, (_status, text) in crawl(app, world, "ben").items() if HERS in text}

    disown(session, connection, by=world.people[by].id, now=clock.now())
    session.commit()
    after = {path for path, (_status, text) in crawl(app, world, "ben").items() if HERS in text}

    assert len(before) >= 4
    assert after == set()


def test_its_pages_say_that_it_was_disowned_instead(app, session, sign_in):
    world = build_world(session)
    connection, ben = world.connections["ana ben"], world.people["ben"]
    step, base = step_of(session, connection), f"/connections/{connection.id}"
    disown(session, connection, by=world.people["ana"].id, now=clock.now())
    session.commit()

    answers = [
        sign_in(ben).get(f"{base}/{path}", headers={"Accept": "text/html"})
        for path in (f"steps/{step.id}/move", f"steps/{step.id}/correction", "correction")
    ]

    assert [answer.status_code for answer in answers] == [409] * 3
    assert all("said that this was not them" in answer.text for answer in answers)
