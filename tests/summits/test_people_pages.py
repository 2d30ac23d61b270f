"""Browsing a summit's people, and a person's page."""

import re

import pytest

from summit import clock
from summit.access import Audience
from summit.organizations.models import OrganizationKind
from summit.summits.models import StanceKind, SummitState
from tests.queries import counted_queries


def names(answer):
    """The people of a list, in its order."""
    assert answer.status_code == 200
    listed = re.search(r'<div id="people".*', answer.text, re.DOTALL)
    return re.findall(r"<h2><a [^>]*>([^<]*)</a>", listed.group(0))


@pytest.fixture
def summit(make):
    return make.summit("Summit 2026")


@pytest.fixture
def ana(make, summit):
    return make.attendee(summit, "Ana")


def test_people_are_found_by_name_organization_and_topic(make, sign_in, session, summit, ana):
    museum = make.organization("Harbor Museum")
    make.attendee(summit, "Ben Cole", organization=museum)
    cleo = make.person("Cleo Diaz")
    make.attendance(summit, cleo).talk_about = "Rockets from bottles"
    session.commit()
    client = sign_in(ana)

    found = {
        words: names(client.get(f"/summits/{summit.slug}/people?q={words}"))
        for words in ("cole", "HARBOR", "bottles", "cole museum", "cole bottles", "%25")
    }

    assert found == {
        "cole": ["Ben Cole"],
        "HARBOR": ["Ben Cole"],
        "bottles": ["Cleo Diaz"],
        "cole museum": ["Ben Cole"],
        "cole bottles": [],
        "%25": [],
    }


def test_people_are_filtered_by_kind_and_place(make, sign_in, summit, ana):
    museum = make.organization("Harbor Museum", OrganizationKind.MUSEUM, "Portland, OR")
    make.attendee(summit, "Ben", organization=museum)
    make.attendee(summit, "Cleo", organization=make.organization("Hill School", OrganizationKind.SCHOOL, "Austin, TX"))
    client = sign_in(ana)

    assert names(client.get(f"/summits/{summit.slug}/people?kind=museum")) == ["Ben"]
    assert names(client.get(f"/summits/{summit.slug}/people?place=austin")) == ["Cleo"]
    assert names(client.get(f"/summits/{summit.slug}/people?kind=museum&place=austin")) == []
    assert names(client.get(f"/summits/{summit.slug}/people?kind=nonsense")) == ["Ana", "Ben", "Cleo"]


def test_people_are_filtered_by_what_they_state(make, sign_in, summit, ana):
    labs, maps = make.challenge("Labs"), make.challenge("Maps")
    ben, cleo = make.attendee(summit, "Ben"), make.attendee(summit, "Cleo")
    make.stance(summit, ben, labs, StanceKind.OFFER, audience=Audience.SUMMIT)
    make.stance(summit, cleo, labs, StanceKind.ASK, audience=Audience.SUMMIT)
    make.stance(summit, cleo, maps, StanceKind.OFFER, audience=Audience.SUMMIT)
    client = sign_in(ana)

    assert names(client.get(f"/summits/{summit.slug}/people?challenge=labs")) == ["Ben", "Cleo"]
    assert names(client.get(f"/summits/{summit.slug}/people?challenge=labs&stance=offer")) == ["Ben"]
    assert names(client.get(f"/summits/{summit.slug}/people?stance=offer")) == ["Ben", "Cleo"]
    assert names(client.get(f"/summits/{summit.slug}/people?challenge=no-such")) == []


@pytest.mark.parametrize("audience", [Audience.ONLY_ME, Audience.ORGANIZERS, Audience.MATCHES])
def test_a_hidden_stance_is_found_by_no_filter_search_or_page(make, sign_in, summit, ana, audience):
    labs = make.challenge("Lab safety")
    ben = make.attendee(summit, "Ben")
    make.stance(summit, ben, labs, StanceKind.ASK, text="Our burners leak", audience=audience)
    base = f"/summits/{summit.slug}/people"
    mine, ours = sign_in(ben), sign_in(ana)
    assert names(mine.get(f"{base}?challenge=lab-safety&stance=ask")) == ["Ben"]
    assert "Our burners leak" in mine.get(f"{base}/{ben.id}").text

    assert names(ours.get(f"{base}?challenge=lab-safety&stance=ask")) == []
    assert names(ours.get(f"{base}?stance=ask")) == []
    assert names(ours.get(f"{base}?q=burners")) == names(ours.get(f"{base}?q=safety")) == []
    page = ours.get(f"{base}/{ben.id}")
    assert page.status_code == 200
    assert "burners" not in page.text
    assert "Lab safety" not in page.text
    assert "chip ask" not in ours.get(base).text


def test_organizers_find_what_is_for_them_and_not_what_is_for_its_author_only(make, sign_in, organizer, summit):
    labs = make.challenge("Labs")
    for name, audience in (("Ben", Audience.ORGANIZERS), ("Cleo", Audience.ONLY_ME)):
        make.stance(summit, make.attendee(summit, name), labs, audience=audience)

    assert names(sign_in(organizer).get(f"/summits/{summit.slug}/people?challenge=labs")) == ["Ben"]


def test_a_match_reads_what_is_for_matches(make, sign_in, summit, ana):
    labs = make.challenge("Labs")
    ben = make.attendee(summit, "Ben")
    make.stance(summit, ben, labs, text="Where to begin?")
    client = sign_in(ana)
    before = client.get(f"/summits/{summit.slug}/people/{ben.id}").text

    make.introduction(summit, ana, ben)
    after = client.get(f"/summits/{summit.slug}/people/{ben.id}").text

    assert ("Where to begin?" in before, "Where to begin?" in after) == (False, True)
    assert ("You are a match" in before, "You are a match" in after) == (False, True)


def test_a_long_list_has_pages_with_stable_addresses(make, sign_in, summit, ana):
    for number in range(70):
        make.attendee(summit, f"Person {number:02}")
    client = sign_in(ana)

    pages = [names(client.get(f"/summits/{summit.slug}/people?page={number}&q=person")) for number in ("1", "2", "3")]

    assert [len(page) for page in pages] == [30, 30, 10]
    assert [name for page in pages for name in page] == [f"Person {number:02}" for number in range(70)]
    assert (
        f'href="/summits/{summit.slug}/people?page=2&amp;q=person"'
        in client.get(f"/summits/{summit.slug}/people?q=person&kind=").text
    )


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999", "٣", "9" * 40])
def test_an_impossible_page_shows_a_page_that_exists(sign_in, summit, ana, page):
    assert names(sign_in(ana).get(f"/summits/{summit.slug}/people?page={page}")) == ["Ana"]


def test_who_withdrew_or_was_disabled_is_not_among_the_people(make, sign_in, session, summit, ana):
    gone, disabled = make.person("Gone"), make.attendee(summit, "Locked", disabled_at=clock.now())
    make.attendance(summit, gone).withdrawn_at = clock.now()
    session.commit()
    client = sign_in(ana)

    assert names(client.get(f"/summits/{summit.slug}/people")) == ["Ana"]
    assert [client.get(f"/summits/{summit.slug}/people/{each.id}").status_code for each in (gone, disabled)] == [
        404,
        404,
    ]


def test_people_of_another_summit_get_404_on_every_page(make, sign_in, summit, ana):
    other = make.summit("Other summit")
    ben = make.attendee(other, "Ben")
    client = sign_in(ben)

    statuses = [
        client.get(f"/summits/{summit.slug}{path}").status_code
        for path in ("", "/people", f"/people/{ana.id}", "/stances")
    ]

    assert statuses == [404] * 4
    assert sign_in(ana).get(f"/summits/{summit.slug}/people/{ben.id}").status_code == 404


def test_nobody_sees_a_summit_without_signing_in(sign_in, summit, ana):
    client = sign_in(None)

    answers = [client.get(f"/summits/{summit.slug}{path}") for path in ("", "/people", f"/people/{ana.id}", "/stances")]

    assert {answer.status_code for answer in answers} == {302}
    assert all("/sign-in" in answer.location for answer in answers)


def test_a_persons_page_offers_to_connect_and_leads_to_the_connection_once_there_is_one(make, sign_in, summit, ana):
    ben = make.attendee(summit, "Ben")
    client, address = sign_in(ana), f"/summits/{summit.slug}/people/{ben.id}"
    before = client.get(address).text

    connection = make.connection(summit, ana, ben)
    after = client.get(address).text

    assert f'href="{address}/connect"' in before
    assert f'href="/connections/{connection.id}"' in after
    assert f'href="{address}/connect"' not in after


def test_nobody_is_offered_to_connect_with_themselves(sign_in, summit, ana):
    page = sign_in(ana).get(f"/summits/{summit.slug}/people/{ana.id}").text

    assert "/connect" not in page.replace(f"/summits/{summit.slug}/connect", "").replace("/connections", "")


def test_a_closed_summit_can_be_read(make, sign_in):
    summit = make.summit("Old", state=SummitState.CLOSED)
    ana = make.attendee(summit, "Ana")
    client = sign_in(ana)

    pages = [client.get(f"/summits/{summit.slug}{path}") for path in ("", "/people", f"/people/{ana.id}", "/stances")]

    assert [page.status_code for page in pages] == [200] * 4
    assert "is closed" in pages[0].text
    assert '<button type="submit" name="kind"' not in pages[3].text


def test_the_summits_page_shows_its_days_and_times_in_its_own_zone(make, sign_in, session):
    summit = make.summit("Summit 2026")
    ana = make.person("Ana", time_zone="Pacific/Auckland")
    make.attendance(summit, ana).checked_in_at = clock.now()
    session.commit()

    page = sign_in(ana).get(f"/summits/{summit.slug}").text.replace("\u202f", " ").replace("\u2009", "")

    assert "Oct 13–15, 2026" in page or "October 13–15, 2026" in page
    assert "10:00 AM" in page
    assert "America/Chicago" in page


@pytest.mark.parametrize("path", ["", "/people", "/people/{other}", "/stances"])
def test_a_page_takes_few_queries_whatever_the_number_of_rows(make, sign_in, summit, ana, path):
    museum = make.organization("Museum", place="Portland")
    challenges = [make.challenge(f"Challenge {number}", make.theme()) for number in range(4)]
    client = sign_in(ana)

    def count():
        other = make.attendee(summit, organization=museum)
        make.introduction(summit, ana, other)
        for challenge in challenges:
            make.stance(summit, other, challenge, StanceKind.OFFER, audience=Audience.SUMMIT)
        with counted_queries() as queries:
            assert client.get(f"/summits/{summit.slug}{path.format(other=other.id)}").status_code == 200
        return len(queries)

    few = count()
    for challenge in challenges:
        make.stance(summit, ana, challenge)
    for _more in range(4):
        count()

    assert count() == few <= 12
