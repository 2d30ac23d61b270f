"""Whoever asked to be kept apart from somebody is not matched with them, whatever was said, computed or published."""

import pytest
from sqlalchemy import select

from summit import clock
from summit.errors import NotFound
from summit.mail.models import Message
from summit.matching.answers import answer_match
from summit.matching.computing import compute
from summit.matching.gathering import gather
from summit.matching.models import Answer, MatchAnswer, MatchRun
from summit.matching.runs import publish_run
from summit.nudges.cadence import About
from summit.nudges.links import Answer as LinkAnswer
from summit.nudges.links import answer_token
from summit.summits.attendance import withdraw
from summit.summits.attendee_import import import_attendees
from summit.summits.models import Exclusion, Introduction
from tests.security.crawling import MARKER
from tests.security.world import build_world


@pytest.fixture
def world(session):
    return build_world(session)


def say(world, who: str, other: str, answer: Answer) -> bool:
    one, two = world.people[who].id, world.people[other].id
    both = answer_match(world.session, world.summit, person_id=one, other_id=two, answer=answer, now=clock.now())
    world.session.commit()
    return both


def import_exclusion(world, who: str, other: str) -> None:
    """Ask to be kept apart the way people do: an organizer writes it into the spreadsheet."""
    asks = world.people[who]
    sheet = f"email,name,organization,do_not_match\n{asks.email},{asks.name},Alder Valley,{world.people[other].email}\n"
    import_attendees(world.session, world.summit, sheet.encode(), by=None, now=clock.now())
    world.session.commit()


def matched(world) -> set[frozenset[str]]:
    """Compute a run and return its pairs by name."""
    names = {person.id: name for name, person in world.people.items()}
    outcome = compute(gather(world.session, world.summit))
    return {frozenset((names[row.low_id], names[row.high_id])) for row in outcome.rows}


def introduced(world) -> set[frozenset[str]]:
    names = {person.id: name for name, person in world.people.items()}
    pairs = world.session.execute(select(Introduction.low_id, Introduction.high_id))
    return {frozenset((names[low], names[high])) for low, high in pairs}


def test_an_exclusion_outweighs_interest_in_the_next_run(world):
    pair = frozenset(("ana", "mia"))
    say(world, "mia", "ana", Answer.INTERESTED)
    kept = matched(world)

    world.plant([Exclusion(person_id=world.people["ana"].id, other_id=world.people["mia"].id, created_at=clock.now())])

    assert pair in kept
    assert pair not in matched(world)


def test_we_know_each_other_outweighs_interest_in_the_next_run(world):
    say(world, "mia", "ana", Answer.INTERESTED)

    say(world, "ana", "mia", Answer.KNOW_EACH_OTHER)

    assert frozenset(("ana", "mia")) not in matched(world)


def test_a_run_from_before_the_exclusion_does_not_introduce_the_two(world):
    run = world.session.scalars(select(MatchRun)).one()
    run.published_at = None
    world.plant([Exclusion(person_id=world.people["mia"].id, other_id=world.people["ana"].id, created_at=clock.now())])

    publish_run(world.session, run, by=None, now=clock.now())

    assert introduced(world) == {frozenset(("ana", "ben")), frozenset(("cleo", "dan"))}


def test_an_exclusion_parts_a_published_match_at_once_on_both_sides(world, sign_in):
    ana, mia = world.people["ana"], world.people["mia"]
    theirs = world.make.stance(world.summit, ana, world.challenges["matches"], text=f"{MARKER} for my matches")
    page = f"/summits/{world.summit.slug}/matches"
    before = [sign_in(mia).get(page).text, sign_in(mia).get(page.replace("matches", f"people/{ana.id}")).text]
    say(world, "ana", "mia", Answer.INTERESTED)

    import_exclusion(world, "ana", "mia")

    after = [sign_in(mia).get(page).text, sign_in(mia).get(page.replace("matches", f"people/{ana.id}")).text]
    assert [ana.name in before[0], theirs.text in before[1]] == [True, True]
    assert [ana.name in after[0], theirs.text in after[1]] == [False, False]
    assert mia.name not in sign_in(ana).get(page).text
    assert ana.name not in sign_in(mia).get("/me").text


def test_whoever_was_parted_can_not_answer_and_learns_no_address(world):
    say(world, "ana", "mia", Answer.INTERESTED)
    import_exclusion(world, "ana", "mia")

    with pytest.raises(NotFound):
        say(world, "mia", "ana", Answer.INTERESTED)

    assert [mail for mail in world.rows(Message) if mail.purpose == "mutual_interest"] == []


def test_a_link_from_a_mail_before_the_exclusion_shows_nothing_any_more(app, world):
    say(world, "ana", "mia", Answer.INTERESTED)
    interest = world.session.scalars(select(MatchAnswer)).one()
    secret_key, mia = app.config["SETTINGS"].secret_key, world.people["mia"]
    token = answer_token(secret_key, mia.id, About.MATCH, interest.id, LinkAnswer.INTERESTED)
    import_exclusion(world, "ana", "mia")

    answers = [app.test_client().open(f"/act/{token}", method=method) for method in ("GET", "POST")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not any(world.people["ana"].name in answer.text for answer in answers)


def test_a_match_with_somebody_who_withdrew_can_not_be_answered(world):
    say(world, "ana", "mia", Answer.INTERESTED)
    withdraw(world.session, world.summit, world.people["ana"].id, by=None, now=clock.now())
    world.session.commit()

    with pytest.raises(NotFound):
        say(world, "mia", "ana", Answer.INTERESTED)
