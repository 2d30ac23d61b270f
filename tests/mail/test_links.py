"""Signed links: good for one purpose and one time."""

from datetime import timedelta

import pytest

from summit import clock
from summit.errors import NotFound, WrongTime
from summit.mail.links import read_token, signed_token

KEY = "a key for the tests, long enough to sign with"
WEEK = timedelta(days=7)


def test_a_token_gives_back_what_was_signed(app):
    token = signed_token(KEY, "nudge", {"nudge": 7, "act": "done"})

    assert read_token(KEY, "nudge", token, max_age=WEEK) == {"nudge": 7, "act": "done"}


def test_an_old_token_is_refused(app):
    token = signed_token(KEY, "nudge", {"nudge": 7})
    clock.turn_to(clock.now() + WEEK + timedelta(minutes=1))

    with pytest.raises(WrongTime):
        read_token(KEY, "nudge", token, max_age=WEEK)


@pytest.mark.parametrize("forged", ["", "x", "e30.e30.e30", "ä", "." * 300])
def test_what_we_did_not_sign_is_refused(app, forged):
    with pytest.raises(NotFound):
        read_token(KEY, "nudge", forged, max_age=WEEK)


def test_a_changed_token_is_refused(app):
    token = signed_token(KEY, "nudge", {"nudge": 7})
    changed = ("A" if token[0] != "A" else "B") + token[1:]

    with pytest.raises(NotFound):
        read_token(KEY, "nudge", changed, max_age=WEEK)


def test_a_token_for_another_purpose_or_by_another_key_is_refused(app):
    token = signed_token(KEY, "unsubscribe", {"address": "ana@example.org"})

    for key, purpose in ((KEY, "nudge"), (KEY + "!", "unsubscribe")):
        with pytest.raises(NotFound):
            read_token(key, purpose, token, max_age=WEEK)
