"""Whatever name a request claims for us, our pages and mails lead to our own address only."""

from sqlalchemy import select

from summit import clock
from summit.mail.models import Message
from summit.mail.sealing import unseal
from summit.people.sign_in import answer_requests
from tests.security.crawling import addresses, routes
from tests.security.world import build_world, client_of

FOREIGN = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Accept": "text/html"}


def test_no_page_leads_to_the_name_that_a_request_claims(app, session):
    world = build_world(session)

    answers = {
        (who, path): client_of(app, world, who).get(path, headers=FOREIGN)
        for who in ("ana", "olga")
        for route in routes(app, "GET")
        for path in [next(addresses(world, route))]
    }

    assert len(answers) > 60
    told = {
        key for key, answer in answers.items() if "evil.example" in answer.text + answer.headers.get("Location", "")
    }
    assert told == set()


def test_a_sign_in_link_leads_to_us_whatever_name_it_was_asked_under(app, session):
    world = build_world(session)
    settings = app.config["SETTINGS"]

    asked = app.test_client().post("/sign-in", data={"email": world.people["ana"].email}, headers=FOREIGN)
    answer_requests(session, settings=settings, now=clock.now())

    mail = session.scalars(select(Message).where(Message.purpose == "sign_in")).one()
    assert asked.headers["Location"] == "/sign-in/asked"
    assert (unseal(settings.secret_key, mail.sealed or "") or "").startswith(f"{settings.base_url}/sign-in/")
