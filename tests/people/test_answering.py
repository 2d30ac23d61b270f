"""A worker answers those who asked for a sign-in link."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from summit import clock
from summit.mail.models import Message, Suppression, SuppressionReason
from summit.mail.outbox import SEALED_MARKER
from summit.mail.sealing import unseal
from summit.people.models import SignInRequest, SignInToken
from summit.people.sign_in import answer_requests, request_link
from tests.conftest import NOW


@pytest.fixture
def settings(app):
    return app.config["SETTINGS"]


@pytest.fixture
def ask(session, settings):
    def asking(email: str, next_url: str = "") -> SignInRequest:
        request = request_link(
            session, email=email, client="10.0.0.1", next_url=next_url, now=clock.now(), secret_key=settings.secret_key
        )
        session.commit()
        return request

    return asking


def answered(session, settings) -> int:
    count = answer_requests(session, settings=settings, now=clock.now())
    session.commit()
    return count


def test_a_known_address_gets_one_mail_whose_link_signs_in(app, session, settings, make, ask):
    make.person("Ana Ruiz", email="ana@example.org")
    ask("Ana@Example.org", "/connections")

    count = answered(session, settings)

    message = session.scalars(select(Message)).one()
    link = unseal(settings.secret_key, message.sealed)
    client = app.test_client()
    entered = client.post(link.removeprefix(settings.base_url))
    assert count == 1
    assert (message.to_address, message.to_name, message.purpose) == ("ana@example.org", "Ana Ruiz", "sign_in")
    assert message.subject == "Your link to sign in to Summit"
    assert (entered.status_code, entered.location) == (303, "/connections")


def test_the_outbox_never_holds_the_link_itself(session, settings, make, ask):
    make.person("Ana", email="ana@example.org")
    ask("ana@example.org")
    answered(session, settings)

    message = session.scalars(select(Message)).one()

    link = unseal(settings.secret_key, message.sealed)
    token = link.rsplit("/", 1)[1]
    held = " ".join(str(getattr(message, column.name)) for column in Message.__table__.columns)
    assert token not in held
    assert SEALED_MARKER in message.text
    assert f'href="{SEALED_MARKER}"' in message.html
    assert "10 minutes" in message.text or "ten minutes" in message.text


def test_nobody_else_gets_a_mail(session, settings, make, ask):
    make.person("Dora", email="dora@example.org", disabled_at=NOW)
    ask("dora@example.org")
    ask("nobody@example.org")

    count = answered(session, settings)

    assert count == 2
    assert session.scalar(select(func.count(Message.id))) == 0
    assert session.scalar(select(func.count(SignInToken.id))) == 0


def test_addresses_are_forgotten_once_answered_and_each_request_is_answered_once(session, settings, make, ask):
    make.person("Ana", email="ana@example.org")
    ask("ana@example.org")
    ask("nobody@example.org")

    counts = [answered(session, settings), answered(session, settings)]

    requests = session.scalars(select(SignInRequest)).all()
    assert counts == [2, 0]
    assert [request.email for request in requests] == [None, None]
    assert all(request.answered_at for request in requests)
    assert session.scalar(select(func.count(Message.id))) == 1


def test_whoever_asked_too_long_ago_gets_nothing(session, settings, make, ask):
    make.person("Ana", email="ana@example.org")
    ask("ana@example.org")

    clock.turn_to(NOW + timedelta(minutes=11))
    count = answered(session, settings)

    assert count == 1
    assert session.scalar(select(func.count(Message.id))) == 0
    assert session.scalars(select(SignInRequest.email)).all() == [None]


def test_who_unsubscribed_still_gets_links_but_a_bounced_address_does_not(session, settings, make, ask):
    for name, reason in (("ana", SuppressionReason.UNSUBSCRIBE), ("ben", SuppressionReason.BOUNCE)):
        make.person(name, email=f"{name}@example.org")
        session.add(Suppression(address=f"{name}@example.org", reason=reason, created_at=NOW))
        ask(f"{name}@example.org")

    answered(session, settings)

    assert session.scalars(select(Message.to_address)).all() == ["ana@example.org"]


def test_old_requests_and_links_are_deleted(session, settings, make, ask):
    make.person("Ana", email="ana@example.org")
    ask("ana@example.org")
    answered(session, settings)

    clock.turn_to(NOW + timedelta(days=2))
    ask("ana@example.org")
    answered(session, settings)

    assert session.scalar(select(func.count(SignInRequest.id))) == 1
    assert session.scalar(select(func.count(SignInToken.id))) == 1


def test_the_mail_says_what_it_is_for_in_words(session, settings, make, ask):
    make.person("Ana <b>Ruiz</b>", email="ana@example.org")
    ask("ana@example.org")
    answered(session, settings)

    message = session.scalars(select(Message)).one()

    assert "Hello Ana <b>Ruiz</b>," in message.text
    assert "Hello Ana &lt;b&gt;Ruiz&lt;/b&gt;," in message.html
    assert "nobody gets in without this mail" in re.sub(r"\s+", " ", message.text)


def test_one_request_that_can_not_be_answered_does_not_hold_up_the_others(session, settings, make, ask, caplog):
    make.person("Ana Ruiz", email="ana@example.org")
    poison = make.person("Ben Okoro", email="ben@example.org")
    poison.email = "ben\x0b@example.org"  # past all forms: no mail can have this address in its header
    session.commit()
    for request in (ask("ben@example.org"), ask("ana@example.org")):
        if request.email == "ben@example.org":
            request.email = poison.email
    session.commit()

    count = answered(session, settings)

    assert count == 2
    assert session.scalars(select(Message.to_address)).all() == ["ana@example.org"]
    assert "could not be answered" in caplog.text
