"""`flask people ...` and `flask settings`."""

from dataclasses import fields

import pytest
from sqlalchemy import select

from config import Settings
from summit.access import Role
from summit.audit import AuditEntry
from summit.errors import Conflict, Invalid
from summit.people.models import Person
from summit.people.standing import create_person, disable_person
from tests.conftest import NOW


@pytest.fixture
def flask(app, session):
    """Run a command; return its result."""

    def run(*arguments: str):
        session.commit()
        result = app.test_cli_runner().invoke(args=list(arguments))
        session.expire_all()
        return result

    return run


def test_a_sign_in_link_is_printed_and_works(app, make, flask):
    make.person("Ana", email="ana@example.org")

    result = flask("people", "sign-in-link", "Ana@example.org")

    path = result.output.strip().removeprefix("http://summit.test")
    assert result.exit_code == 0
    assert app.test_client().post(path).status_code == 303


def test_a_link_for_nobody_is_an_error(flask):
    result = flask("people", "sign-in-link", "nobody@example.org")

    assert result.exit_code == 1
    assert "nobody@example.org" in result.stderr
    assert result.stdout == ""


def test_a_person_is_created_and_can_sign_in(session, flask):
    result = flask("people", "create", "ANA@example.org", "--name", "Ana Ruiz", "--role", "organizer")

    person = session.scalars(select(Person)).one()
    assert result.exit_code == 0
    assert (person.email, person.name, person.role) == ("ana@example.org", "Ana Ruiz", Role.ORGANIZER)
    assert person.time_zone == "America/Chicago"
    assert flask("people", "sign-in-link", "ana@example.org").exit_code == 0


def test_an_address_that_is_taken_or_none_is_an_error(session, make, flask):
    make.person("Ana", email="ana@example.org")

    results = [flask("people", "create", each, "--name", "Ana") for each in ("ana@example.org", "ana")]

    assert [result.exit_code for result in results] == [1, 1]
    assert "already" in results[0].stderr
    assert "email: Give an email address" in results[1].stderr
    assert len(session.scalars(select(Person)).all()) == 1


def test_disabling_and_enabling_are_written_down_once_each(session, make, flask):
    make.person("Ana", email="ana@example.org")

    for command in ("disable", "disable", "enable", "enable"):
        assert flask("people", command, "ana@example.org").exit_code == 0

    entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == ["disable person", "enable person"]
    assert not session.scalars(select(Person)).one().is_disabled


def test_a_disabled_person_gets_no_link(make, flask):
    make.person("Ana", email="ana@example.org")
    flask("people", "disable", "ana@example.org")

    result = flask("people", "sign-in-link", "ana@example.org")

    assert result.exit_code == 1
    assert "disabled" in result.stderr


def test_nobody_locks_themselves_out(session, organizer):
    with pytest.raises(Conflict):
        disable_person(session, organizer, by=organizer.id, now=NOW)

    assert not organizer.is_disabled


def test_a_person_without_name_or_address_is_refused_field_by_field(session):
    with pytest.raises(Invalid) as refused:
        create_person(session, email="x", name=" ", role=Role.PARTNER, time_zone="UTC", by=None, now=NOW)

    assert set(refused.value.fields) == {"email", "name"}


def test_every_setting_is_described_and_no_secret_is_shown(app, flask):
    settings: Settings = app.config["SETTINGS"]

    result = flask("settings")

    assert result.exit_code == 0
    for item in fields(Settings):
        assert f"{item.name.upper()} = " in result.output
        assert item.metadata["meaning"] in result.output
    assert settings.secret_key not in result.output
    assert settings.database_url not in result.output
    assert "SECRET_KEY = (secret, set)" in result.output
    assert "SENDGRID_API_KEY = (not set)" in result.output
    assert "NETWORK_TIMEZONE = America/Chicago" in result.output
