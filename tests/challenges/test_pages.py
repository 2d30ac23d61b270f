"""The map of challenges, and one challenge's page."""

import re

import pytest

from summit import clock
from summit.access import Audience
from summit.challenges.models import ChallengeTheme
from summit.summits.models import StanceKind, SummitState
from tests.queries import counted_queries


@pytest.fixture
def summit(make):
    return make.summit("Summit 2026")


@pytest.fixture
def ana(make, summit):
    return make.attendee(summit, "Ana")


def tally(page, title):
    """The figures beside a challenge of the list, by their words."""
    entry = re.search(rf'<a href="[^"]*">{title}</a>.*?</li>', page, re.DOTALL).group(0)
    return {f"{verb.rstrip('s')}s": int(number) for number, verb in re.findall(r">(\d+) (\w+)[^<]*</span>", entry)}


def test_challenges_stand_under_each_of_their_themes_and_retired_ones_nowhere(make, session, sign_in, summit, ana):
    growth, value = make.theme("Growth"), make.theme("Value")
    both = make.challenge("Under both", growth)
    make.challenge("Only growth", growth)
    make.challenge("Without theme")
    make.challenge("Old", value).retired_at = clock.now()
    session.add(ChallengeTheme(challenge_id=both.id, theme_id=value.id))
    session.commit()

    page = sign_in(ana).get("/challenges").text

    assert page.count(">Under both</a>") == 2
    assert page.count(">Only growth</a>") == page.count(">Without theme</a>") == 1
    assert ">Old</a>" not in page


def test_challenges_are_found_by_words_of_title_description_and_theme(make, session, sign_in, summit, ana):
    growth = make.theme("Growth")
    make.challenge("Labs", growth).description = "Burners and benches"
    make.challenge("Maps")
    session.commit()
    client = sign_in(ana)

    found = {
        words: [title for title in ("Labs", "Maps") if f">{title}</a>" in client.get(f"/challenges?q={words}").text]
        for words in ("lab", "BENCHES", "growth", "a", "%25", "lab maps")
    }

    assert found == {
        "lab": ["Labs"],
        "BENCHES": ["Labs"],
        "growth": ["Labs"],
        "a": ["Labs", "Maps"],
        "%25": [],
        "lab maps": [],
    }


def test_counts_are_of_the_current_summit_and_of_what_the_viewer_may_see(make, sign_in, organizer, summit, ana):
    labs = make.challenge("Labs")
    last_year = make.summit("Last year", state=SummitState.CLOSED)
    ben, cleo = make.attendee(summit, "Ben"), make.attendee(summit, "Cleo")
    make.attendance(last_year, ana)
    make.attendance(last_year, ben)
    make.stance(last_year, ben, labs, StanceKind.WORKING_ON, audience=Audience.NETWORK)
    make.stance(summit, ben, labs, StanceKind.OFFER, audience=Audience.SUMMIT)
    make.stance(summit, ben, labs, StanceKind.ASK, audience=Audience.ONLY_ME)
    make.stance(summit, cleo, labs, StanceKind.ASK, audience=Audience.ORGANIZERS)
    make.stance(summit, cleo, labs, StanceKind.OFFER, audience=Audience.MATCHES)

    counts = {
        person.name: tally(sign_in(person).get("/challenges").text, "Labs") for person in (ana, ben, cleo, organizer)
    }

    assert counts == {
        "Ana": {"offers": 1},
        "Ben": {"offers": 1, "asks": 1},
        "Cleo": {"offers": 2, "asks": 1},
        "Olga Organizer": {"offers": 2, "asks": 1},
    }


@pytest.mark.parametrize("audience", [Audience.ONLY_ME, Audience.ORGANIZERS, Audience.MATCHES])
def test_a_hidden_stance_is_neither_shown_nor_counted_on_the_challenges_page(make, sign_in, summit, ana, audience):
    labs = make.challenge("Labs")
    ben = make.attendee(summit, "Ben Cole")
    make.stance(summit, ben, labs, text="Our burners leak", audience=audience)
    make.stance(summit, make.attendee(summit, "Cleo"), labs, audience=Audience.SUMMIT)
    own = sign_in(ben).get("/challenges/labs").text
    assert "Our burners leak" in own
    assert '<span class="quiet n">2</span>' in own

    page = sign_in(ana).get("/challenges/labs").text

    assert "Cleo" in page
    assert "Ben Cole" not in page
    assert "burners" not in page
    assert re.findall(r'<span class="quiet n">(\d+)</span>', page) == ["1", "0", "0"]


def test_somebody_outside_the_summit_sees_the_networks_stances_and_opens_nobody(make, sign_in, summit):
    labs = make.challenge("Labs")
    make.stance(summit, make.attendee(summit, "Ben"), labs, audience=Audience.SUMMIT)
    make.stance(summit, make.attendee(summit, "Cleo"), labs, audience=Audience.NETWORK)

    page = sign_in(make.person("Out")).get("/challenges/labs").text

    assert ("Ben" in page, "Cleo" in page) == (False, True)
    assert f"/summits/{summit.slug}/people/" not in page
    assert 'name="kind"' not in page


def test_who_withdrew_counts_no_more(make, session, sign_in, summit, ana):
    labs, ben = make.challenge("Labs"), make.person("Ben")
    make.attendance(summit, ben).withdrawn_at = clock.now()
    make.stance(summit, ben, labs, audience=Audience.NETWORK)
    session.commit()
    client = sign_in(ana)

    assert tally(client.get("/challenges").text, "Labs") == {}
    assert "Ben" not in client.get("/challenges/labs").text


def test_a_long_list_of_people_is_cut_and_leads_to_all_of_them(make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    for number in range(9):
        make.stance(summit, make.attendee(summit, f"Person {number}"), labs, StanceKind.OFFER, audience=Audience.SUMMIT)

    page = sign_in(ana).get("/challenges/labs").text

    assert page.count("/people/") == 6
    assert "See all 9" in page
    assert f"/summits/{summit.slug}/people?challenge=labs&amp;stance=offer" in page


def test_a_retired_challenge_can_be_read_and_takes_nothing(make, session, sign_in, summit, ana):
    make.challenge("Labs").retired_at = clock.now()
    session.commit()

    page = sign_in(ana).get("/challenges/labs")

    assert page.status_code == 200
    assert "no longer on the map" in page.text
    assert 'name="kind"' not in page.text


def test_an_unknown_challenge_is_not_found_and_nobody_reads_without_signing_in(sign_in, summit, ana):
    assert sign_in(ana).get("/challenges/no-such").status_code == 404
    assert sign_in(None).get("/challenges").status_code == 302


def test_the_map_can_be_read_before_there_is_a_summit(make, sign_in):
    make.challenge("Labs")
    client = sign_in(make.person("Ana"))

    assert [client.get(path).status_code for path in ("/challenges", "/challenges/labs")] == [200, 200]


@pytest.mark.parametrize("path", ["/challenges", "/challenges/labs"])
def test_a_page_takes_few_queries_whatever_the_number_of_rows(make, sign_in, summit, ana, path):
    museum, labs = make.organization("Museum"), make.challenge("Labs", make.theme())
    client = sign_in(ana)

    def count():
        make.challenge(theme=make.theme())
        for kind in StanceKind:
            make.stance(summit, make.attendee(summit, organization=museum), labs, kind, audience=Audience.SUMMIT)
        with counted_queries() as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = count()
    for _more in range(3):
        count()

    assert count() == few <= 12
