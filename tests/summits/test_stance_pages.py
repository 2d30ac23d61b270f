"""Stating with a tap: the page, its forms without scripts, and the parts that htmx swaps."""

import pytest
from sqlalchemy import select

from summit import clock
from summit.access import Audience
from summit.summits.models import Stance, StanceKind, SummitState

HTMX = {"HX-Request": "true"}


@pytest.fixture
def summit(make):
    return make.summit("Summit 2026")


@pytest.fixture
def ana(make, summit):
    return make.attendee(summit, "Ana")


def stated(session):
    session.expire_all()
    rows = session.scalars(select(Stance).order_by(Stance.id))
    return [(row.kind.value, row.priority, row.text, row.audience.value) for row in rows]


def test_a_tap_without_scripts_saves_and_leads_back_to_the_same_challenge(session, make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    client = sign_in(ana)

    answer = client.post(f"/summits/{summit.slug}/stances", data={"challenge": labs.id, "kind": "ask"})

    assert (answer.status_code, answer.location) == (303, f"/summits/{summit.slug}/stances#challenge-{labs.id}")
    assert stated(session) == [("ask", 2, "", "matches")]
    page = client.get(answer.location).text
    assert 'id="undo"' in page
    assert "You have stated 1 thing" in page
    assert 'id="undo"' not in client.get(answer.location).text


def test_a_second_tap_on_what_is_stated_keeps_its_details(session, make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    make.stance(summit, ana, labs, priority=3, text="Burners", audience=Audience.NETWORK)

    sign_in(ana).post(f"/summits/{summit.slug}/stances", data={"challenge": labs.id, "kind": "ask"})

    assert stated(session) == [("ask", 3, "Burners", "network")]


def test_undoing_a_withdrawal_brings_the_stance_back_whole(session, make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    make.stance(summit, ana, labs, priority=3, text="Burners & tubes", audience=Audience.ONLY_ME)
    client = sign_in(ana)
    client.post(f"/summits/{summit.slug}/stances/withdrawals", data={"challenge": labs.id, "kind": "ask"})
    assert stated(session) == []
    with client.session_transaction() as cookie:
        undo = cookie["stance_undo"]

    client.post(undo["action"], data=undo["fields"])

    assert stated(session) == [("ask", 3, "Burners & tubes", "only_me")]


def test_a_tap_with_htmx_answers_with_the_parts_that_changed(make, sign_in, summit, ana):
    labs, maps = make.challenge("Labs"), make.challenge("Maps")

    answer = sign_in(ana).post(
        f"/summits/{summit.slug}/stances", data={"challenge": labs.id, "kind": "offer"}, headers=HTMX
    )

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="challenge-{labs.id}"' in answer.text
    assert f'id="challenge-{maps.id}"' not in answer.text
    assert 'id="stated" class="sheet" aria-labelledby="stated-title" hx-swap-oob="true"' in answer.text
    assert 'id="undo"' in answer.text


def test_the_details_change_priority_text_and_audience(session, make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    make.stance(summit, ana, labs)
    details = {
        "challenge": labs.id,
        "kind": "ask",
        "priority": 3,
        "text": " Which  burners? ",
        "audience": "organizers",
    }

    answer = sign_in(ana).post(f"/summits/{summit.slug}/stances/details", data=details)

    assert answer.status_code == 303
    assert stated(session) == [("ask", 3, "Which burners?", "organizers")]


def test_the_challenge_page_states_too_and_leads_back_to_itself(session, make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    client = sign_in(ana)

    answer = client.post(
        f"/summits/{summit.slug}/stances", data={"challenge": labs.id, "kind": "working_on", "back": "challenge"}
    )

    assert answer.location == "/challenges/labs"
    page = client.get("/challenges/labs").text
    assert f'id="working_on-{labs.id}" class="work" aria-pressed="true"' in page
    assert 'id="undo"' in page


@pytest.mark.parametrize(
    ("path", "wrong", "status"),
    [
        ("", {"kind": "shout"}, 422),
        ("", {"challenge": "x"}, 422),
        ("", {"challenge": ""}, 422),
        ("", {"challenge": 10**6}, 404),
        ("/withdrawals", {"kind": ""}, 422),
        ("/details", {"priority": 4}, 422),
        ("/details", {"priority": "high"}, 422),
        ("/details", {"text": "x" * 281}, 422),
        ("/details", {"audience": "pair"}, 422),
        ("/details", {"audience": "public"}, 422),
        ("/details", {"audience": ""}, 422),
    ],
)
def test_wrong_input_is_refused_and_changes_nothing(session, make, sign_in, summit, ana, path, wrong, status):
    labs = make.challenge("Labs")
    make.stance(summit, ana, labs)
    right = {"challenge": labs.id, "kind": "ask", "priority": 3, "text": "New", "audience": "summit"}

    answer = sign_in(ana).post(f"/summits/{summit.slug}/stances{path}", data={**right, **wrong})

    assert answer.status_code == status
    assert stated(session) == [("ask", 2, "", "matches")]


@pytest.mark.parametrize("path", ["", "/withdrawals", "/details"])
def test_a_closed_summit_says_so_and_changes_nothing(session, make, sign_in, path):
    summit, labs = make.summit("Old", state=SummitState.CLOSED), make.challenge("Labs")
    ana = make.attendee(summit, "Ana")
    make.stance(summit, ana, labs)
    kind = "ask" if path else "offer"
    data = {"challenge": labs.id, "kind": kind, "priority": 3, "text": "", "audience": "summit"}

    answer = sign_in(ana).post(f"/summits/{summit.slug}/stances{path}", data=data)

    assert answer.status_code == 409
    assert "Old is closed" in answer.text
    assert stated(session) == [("ask", 2, "", "matches")]


def test_a_retired_challenge_is_refused_with_its_name(session, make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    labs.retired_at = clock.now()
    session.commit()

    answer = sign_in(ana).post(f"/summits/{summit.slug}/stances", data={"challenge": labs.id, "kind": "ask"})

    assert answer.status_code == 422
    assert answer.get_json()["detail"].startswith("“Labs” is no longer on the map")


def test_nobody_states_at_a_summit_they_do_not_attend(session, make, sign_in, organizer, summit):
    labs, ben = make.challenge("Labs"), make.person("Ben")
    data = {"challenge": labs.id, "kind": "ask"}

    answers = [sign_in(person).post(f"/summits/{summit.slug}/stances", data=data) for person in (ben, organizer)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert stated(session) == []


def test_the_page_offers_every_challenge_once_and_finds_by_words(make, sign_in, session, summit, ana):
    growth, value = make.theme("Growth"), make.theme("Value")
    labs = make.challenge("Labs in schools", growth)
    make.challenge("Maps of stars", value)
    old = make.challenge("Old matter")
    old.retired_at = clock.now()
    session.commit()
    client = sign_in(ana)

    everything = client.get(f"/summits/{summit.slug}/stances").text
    found = client.get(f"/summits/{summit.slug}/stances?q=school+lab").text

    assert everything.count(f'id="challenge-{labs.id}"') == 1
    assert "Maps of stars" in everything
    assert "Old matter" not in everything
    assert ("Labs in schools" in found, "Maps of stars" in found) == (True, False)


def test_each_audience_is_explained_in_plain_words(make, sign_in, summit, ana):
    make.stance(summit, ana, make.challenge("Labs"), StanceKind.ASK)

    page = sign_in(ana).get(f"/summits/{summit.slug}/stances").text

    assert "Only you: used for matching, shown to nobody" in page
    assert page.count('name="audience"') == 5
