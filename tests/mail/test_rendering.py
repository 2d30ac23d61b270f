"""Rendering: with or without a request, escaped where it matters, and never half filled in."""

import pytest
from jinja2 import UndefinedError

from summit.mail.rendering import render_mail
from tests.conftest import settings_for

SETTINGS = settings_for("sqlite:////tmp/unused.db", NETWORK_NAME="Teachers & Co")


def test_a_mail_has_a_subject_plain_text_and_html(app):
    mail = render_mail("sign_in", settings=SETTINGS, context={"name": "Ana <Ruiz>", "link": "http://summit.test/x"})

    assert mail.subject
    assert "\n" not in mail.subject
    assert "http://summit.test/x" in mail.text
    assert 'href="http://summit.test/x"' in mail.html


def test_only_html_is_escaped(app):
    mail = render_mail("sign_in", settings=SETTINGS, context={"name": "Ana <Ruiz>", "link": "http://summit.test/x"})

    assert "&amp;" not in mail.text
    assert "Teachers & Co" in mail.text
    assert "Teachers &amp; Co" in mail.html
    assert "<Ruiz>" not in mail.html


def test_the_foot_says_who_writes_and_from_where(app):
    mail = render_mail("sign_in", settings=SETTINGS, context={"name": "Ana", "link": "http://summit.test/x"})

    assert "\n-- \n" in mail.text
    assert "1 Network Square, Chicago" in mail.text
    assert "1 Network Square, Chicago" in mail.html
    assert "\n\n\n" not in mail.text


def test_a_name_that_is_missing_is_an_error_rather_than_a_gap(app):
    with pytest.raises(UndefinedError):
        render_mail("sign_in", settings=SETTINGS, context={"name": "Ana"})
