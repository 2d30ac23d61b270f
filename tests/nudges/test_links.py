"""Links: every one leads to a page of the application, and none can be made up."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from config import Settings
from summit import clock
from summit.errors import NotFound, WrongTime
from summit.mail.links import signed_token, unsubscribe_url
from summit.nudges.cadence import About
from summit.nudges.links import (
    ACT,
    ANSWERS,
    Answer,
    answer_token,
    answer_url,
    connection_url,
    matches_url,
    preferences_url,
    read_answer_token,
    read_preferences_token,
)


def test_every_path_in_a_mail_is_one_of_ours(app: Flask, settings: Settings) -> None:
    links = {
        answer_url(settings, 1, About.MATCH, 2, Answer.INTERESTED): "nudges.act",
        preferences_url(settings, 1): "nudges.preferences",
        connection_url(settings, 3): "connections.page",
        matches_url(settings, "summit-2026", 4): "matching.matches",
        unsubscribe_url(settings, "ana@example.org"): "mail.unsubscribe_page",
    }
    adapter = app.url_map.bind("summit.test")

    found = {link: adapter.match(urlsplit(link).path, method="GET")[0] for link in links}

    assert found == links
    assert {urlsplit(link).netloc for link in links} == {"summit.test"}


def test_a_link_says_who_about_what_and_which_answer() -> None:
    for about, answers in ANSWERS.items():
        for answer in answers:
            token = answer_token("a key", 7, about, 9, answer)

            assert read_answer_token("a key", token) == (7, about, 9, answer)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"person": 1, "about": "match", "subject": 2, "answer": "done"},
        {"person": 1, "about": "note", "subject": 2, "answer": "done"},
        {"person": "x", "about": "match", "subject": 2, "answer": "interested"},
        {"person": None, "about": "match", "subject": 2, "answer": "interested"},
    ],
)
def test_a_link_that_makes_no_sense_is_refused(app: Flask, payload: dict[str, object]) -> None:
    token = signed_token("a key", ACT, payload)

    with pytest.raises(NotFound):
        read_answer_token("a key", token)


def test_a_link_of_one_purpose_or_key_is_worth_nothing_for_another(app: Flask) -> None:
    token = answer_token("a key", 7, About.NEXT_STEP, 9, Answer.DONE)

    for read, key in ((read_preferences_token, "a key"), (read_answer_token, "another key")):
        with pytest.raises(NotFound):
            read(key, token)


def test_a_link_works_for_sixty_days(app: Flask) -> None:
    token = answer_token("a key", 7, About.NEXT_STEP, 9, Answer.DONE)
    start = clock.now()

    clock.turn_to(start + timedelta(days=59))
    read_answer_token("a key", token)
    clock.turn_to(start + timedelta(days=61))

    with pytest.raises(WrongTime):
        read_answer_token("a key", token)
