"""Signing in by an emailed link."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from summit import clock
from summit.app import create_app
from summit.database import db
from summit.errors import Conflict
from summit.people.models import Person, SignInRequest, SignInToken
from summit.people.sign_in import MOST_PER_CLIENT, make_link, token_hash
from summit.people.standing import disable_person
from tests.conftest import NOW, Client, settings_for


def settings(app: Flask):
    return app.config["SETTINGS"]


def path_of(link: str) -> str:
    return urlsplit(link).path


@pytest.fixture
def ana(make) -> Person:
    return make.person("Ana Ruiz", email="ana@example.org")


@pytest.fixture
def link_for(app, session):
    """Return the path of a fresh link for a person."""

    def path(person: Person, next_url: str = "") -> str:
        link = make_link(session, person, next_url=next_url, now=clock.now(), settings=settings(app))
        session.commit()
        return path_of(link)

    return path


def is_signed_in(client: FlaskClient) -> bool:
    """Whoever is signed in already is led away from the form."""
    return client.get("/sign-in").status_code == 303


def test_a_link_signs_in_and_leads_where_the_person_wanted_to_go(app, ana, link_for):
    client = app.test_client()
    link = link_for(ana, "/connections?open=1")

    answer = client.post(link)

    assert (answer.status_code, answer.location) == (303, "/connections?open=1")
    assert "Ana Ruiz" in client.get("/me").text


def test_opening_a_link_changes_nothing_and_shows_a_button(app, session, ana, link_for):
    client = app.test_client()
    link = link_for(ana)

    pages = [client.get(link) for _time in range(3)]

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert f'action="{link}"' in pages[0].text
    assert "Ana Ruiz" in pages[0].text
    assert not is_signed_in(client)
    session.expire_all()
    assert session.scalars(select(SignInToken.used_at)).all() == [None]


def test_a_link_works_once(app, session, ana, link_for):
    link = link_for(ana)
    assert app.test_client().post(link).status_code == 303
    second = app.test_client()

    answer = second.post(link)

    assert answer.status_code == 409
    assert "used already" in answer.text
    assert 'href="/sign-in"' in answer.text
    assert not is_signed_in(second)


def test_a_used_link_says_so_when_it_is_opened_again(app, ana, link_for):
    link = link_for(ana)
    client = app.test_client()
    client.post(link)

    page = client.get(link)

    assert page.status_code == 409
    assert "used already" in page.text
    assert "You are signed in" in page.text


def test_a_link_works_for_ten_minutes(app, ana, link_for):
    in_time, too_late = link_for(ana), link_for(ana)

    clock.turn_to(NOW + timedelta(minutes=9, seconds=50))
    first = app.test_client().post(in_time)
    clock.turn_to(NOW + timedelta(minutes=10, seconds=1))
    second = app.test_client().post(too_late)
    page = app.test_client().get(too_late)

    assert first.status_code == 303
    assert (second.status_code, page.status_code) == (409, 409)
    assert "ten minutes" in page.text


@pytest.mark.parametrize("token", ["x", "a" * 32, "../../me", "%00", "é"])
def test_a_forged_link_is_refused_with_a_way_on(app, session, ana, link_for, token):
    link_for(ana)
    client = app.test_client()

    answers = [client.get(f"/sign-in/{token}"), client.post(f"/sign-in/{token}")]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not is_signed_in(client)
    session.expire_all()
    assert session.scalars(select(SignInToken.used_at)).all() == [None]


def test_a_forged_link_offers_a_new_one(app):
    page = app.test_client().get("/sign-in/" + "a" * 32)

    assert "We did not make this link" in page.text
    assert 'href="/sign-in"' in page.text


def test_only_the_hash_of_a_token_is_stored_and_it_has_128_bits_or_more(app, session, ana, link_for):
    token = link_for(ana).rsplit("/", 1)[1]

    stored = session.scalars(select(SignInToken)).one()

    assert stored.token_hash == token_hash(token)
    assert token not in repr({column: getattr(stored, column.name) for column in SignInToken.__table__.columns})
    assert len(re.sub(r"[^A-Za-z0-9_-]", "", token)) * 6 >= 128
    assert link_for(ana).rsplit("/", 1)[1] != token


def test_a_session_is_renewed_when_somebody_signs_in(app, ana, make, link_for):
    client = app.test_client()
    client.post(link_for(make.person("Ben")))
    with client.session_transaction() as cookie:
        cookie["left_by_ben"] = "yes"

    client.post(link_for(ana))

    with client.session_transaction() as cookie:
        assert "left_by_ben" not in cookie
        assert cookie.permanent
    assert "Ana Ruiz" in client.get("/me").text


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "me"],
)
def test_a_link_leads_to_our_own_pages_only(app, ana, link_for, elsewhere):
    answer = app.test_client().post(link_for(ana, elsewhere))

    assert (answer.status_code, answer.location) == (303, "/")


def test_a_page_that_needs_a_sign_in_is_remembered_until_the_link_is_used(app, session, ana):
    client = app.test_client()

    refused = client.get("/me/profile")
    form = client.get(refused.location)
    client.post("/sign-in", data={"email": "ana@example.org", "next": "/me/profile"})

    assert refused.location == "/sign-in?next=%2Fme%2Fprofile"
    assert 'value="/me/profile"' in form.text
    assert session.scalars(select(SignInRequest.next_url)).all() == ["/me/profile"]


# Asking


def asked(client: FlaskClient, email: str, address: str = "10.0.0.1"):
    return client.post("/sign-in", data={"email": email}, environ_base={"REMOTE_ADDR": address})


@pytest.fixture
def addresses(make) -> list[str]:
    """An address that is known, one that isn't, and one of somebody who is disabled."""
    make.person("Ana", email="ana@example.org")
    make.person("Dora", email="dora@example.org", disabled_at=NOW)
    return ["ana@example.org", "nobody@example.org", "dora@example.org"]


def test_asking_says_the_same_whether_or_not_the_address_is_known(app, addresses):
    answers = [app.test_client().post("/sign-in", data={"email": each}, follow_redirects=True) for each in addresses]

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert "If we know this address" in answers[0].text


def test_asking_does_the_same_work_whether_or_not_the_address_is_known(app, addresses):
    statements: dict[str, list[str]] = {}

    for email in addresses:
        seen = statements[email] = []
        listener = lambda conn, cursor, statement, *rest, seen=seen: seen.append(statement)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        asked(app.test_client(), email)
        event.remove(db.engine, "before_cursor_execute", listener)

    known, unknown, disabled = statements.values()
    assert known == unknown == disabled
    assert not any("person" in statement for statement in known)
    assert any("INSERT INTO sign_in_request" in statement for statement in known)


def test_a_request_is_kept_without_the_client_s_address(app, session, addresses):
    asked(app.test_client(), " ANA@example.org ", "203.0.113.77")

    request = session.scalars(select(SignInRequest)).one()

    assert request.email == "ana@example.org"
    assert "203.0.113.77" not in request.client_hash
    assert "ana" not in request.email_hash
    assert len(request.client_hash) == len(request.email_hash) == 64


@pytest.mark.parametrize(
    "email", ["", "ana", "ana@", "a b@example.org", "ana@example.org\x01", "x" * 250 + "@example.org"]
)
def test_what_is_no_address_is_refused_beside_its_field(app, session, email):
    answer = asked(app.test_client(), email)

    assert answer.status_code == 422
    assert 'id="email-errors"' in answer.text
    assert session.scalar(select(func.count(SignInRequest.id))) == 0


@pytest.mark.parametrize("email", ["ana@example.org", "nobody@example.org"])
def test_an_address_gets_five_links_in_a_quarter_of_an_hour_known_or_not(app, session, addresses, email):
    spellings = [email, email.upper(), f" {email}", email, email]
    answers = [asked(app.test_client(), each, f"10.0.0.{n}") for n, each in enumerate(spellings)]

    sixth = asked(app.test_client(), email, "10.0.0.9")
    someone_else = asked(app.test_client(), "other@example.org", "10.0.0.9")
    clock.turn_to(NOW + timedelta(minutes=15, seconds=1))
    later = asked(app.test_client(), email, "10.0.0.9")

    assert [answer.status_code for answer in answers] == [303] * 5
    assert (sixth.status_code, someone_else.status_code, later.status_code) == (429, 303, 303)
    assert "Wait a quarter of an hour" in sixth.text
    assert email not in sixth.text


def test_too_many_requests_are_answered_the_same_for_any_address(app, addresses):
    refused = {}
    for email in addresses:
        for n in range(5):
            asked(app.test_client(), email, f"10.0.{n}.1")
        refused[email] = asked(app.test_client(), email, "10.9.9.9")

    assert {answer.status_code for answer in refused.values()} == {429}
    assert len({answer.text for answer in refused.values()}) == 1


def test_a_hall_full_of_people_behind_one_address_gets_links_but_a_flood_does_not(app, session):
    assert asked(app.test_client(), "person@example.org", "10.0.0.1").status_code == 303
    first = session.scalars(select(SignInRequest)).one()
    session.add_all(
        SignInRequest(
            email=None,
            email_hash=f"{n:064}",
            client_hash=first.client_hash,
            next_url="",
            requested_at=first.requested_at,
        )
        for n in range(MOST_PER_CLIENT - 2)
    )

    last = asked(app.test_client(), "last@example.org", "10.0.0.1")
    one_more = asked(app.test_client(), "more@example.org", "10.0.0.1")
    other_client = asked(app.test_client(), "more@example.org", "10.0.0.2")
    clock.turn_to(NOW + timedelta(minutes=15, seconds=1))
    later = asked(app.test_client(), "more@example.org", "10.0.0.1")

    assert (last.status_code, one_more.status_code) == (303, 429)
    assert (other_client.status_code, later.status_code) == (303, 303)


def test_two_processes_share_the_count(app, database_url):
    other = create_app(settings_for(database_url))
    other.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    other.test_client_class = Client
    clients = [app.test_client(), other.test_client()]

    answers = [asked(clients[n % 2], "ana@example.org", f"10.0.0.{n}").status_code for n in range(7)]

    with other.app_context():
        db.engine.dispose()
    assert answers == [303] * 5 + [429] * 2


# Ending


def test_signing_out_ends_the_session_here(app, session, ana, link_for):
    here, there = app.test_client(), app.test_client()
    here.post(link_for(ana))
    there.post(link_for(ana))

    answer = here.post("/sign-out")

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert not is_signed_in(here)
    assert is_signed_in(there)


def test_signing_out_everywhere_ends_every_session_and_takes_back_unused_links(app, ana, link_for):
    here, there = app.test_client(), app.test_client()
    here.post(link_for(ana))
    there.post(link_for(ana))
    unused = link_for(ana)

    here.post("/me/sign-out-everywhere")

    assert not is_signed_in(here)
    assert not is_signed_in(there)
    assert app.test_client().post(unused).status_code == 404
    fresh = app.test_client()
    fresh.post(link_for(ana))
    assert is_signed_in(fresh)


def test_a_session_ends_when_the_person_is_disabled(app, session, ana, organizer, link_for):
    client, link = app.test_client(), link_for(ana)
    client.post(link_for(ana))
    assert is_signed_in(client)

    disable_person(session, ana, by=organizer.id, now=clock.now())
    session.commit()

    assert not is_signed_in(client)
    assert app.test_client().post(link).status_code == 404


def test_nobody_makes_a_link_for_a_disabled_person(app, session, make):
    dora = make.person("Dora", disabled_at=NOW)

    with pytest.raises(Conflict):
        make_link(session, dora, next_url="", now=clock.now(), settings=settings(app))


def test_whoever_is_signed_in_already_is_led_on(app, sign_in, ana):
    answer = sign_in(ana).get("/sign-in?next=/me/profile")

    assert (answer.status_code, answer.location) == (303, "/me/profile")
