"""The list of organizations, and one organization's page with its commitments."""

import re
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from summit.access import Audience
from summit.commitments.models import Commitment, CommitmentCategory
from summit.commitments.promising import promise
from summit.errors import Invalid
from summit.organizations.models import OrganizationKind
from summit.summits.models import StanceKind
from tests.queries import counted_queries


@pytest.fixture
def ana(make):
    return make.person("Ana")


def names(answer):
    assert answer.status_code == 200
    return re.findall(r'<h2 class="name"><a [^>]*>([^<]*)</a>', answer.text)


def test_organizations_are_found_by_name_kind_and_place(make, sign_in, ana):
    make.organization("Harbor Museum", OrganizationKind.MUSEUM, "Portland, OR")
    make.organization("Hill School", OrganizationKind.SCHOOL, "Austin, TX")
    make.organization("École du Lac", OrganizationKind.SCHOOL)
    client = sign_in(ana)

    assert names(client.get("/organizations")) == ["Harbor Museum", "Hill School", "École du Lac"]
    assert names(client.get("/organizations?q=HARBOR")) == ["Harbor Museum"]
    assert names(client.get("/organizations?q=école")) == ["École du Lac"]
    assert names(client.get("/organizations?kind=school")) == ["Hill School", "École du Lac"]
    assert names(client.get("/organizations?kind=school&place=tx")) == ["Hill School"]
    assert names(client.get("/organizations?q=%25")) == []


def test_a_long_list_has_pages(make, sign_in, ana):
    for number in range(31):
        make.organization(f"Organization {number:02}")
    client = sign_in(ana)

    pages = [names(client.get(f"/organizations?page={number}")) for number in (1, 2, 9)]

    assert [len(page) for page in pages] == [30, 1, 1]
    assert pages[1] == ["Organization 30"]


def test_a_commitment_shows_statement_target_with_unit_day_and_baseline(make, session, sign_in, ana):
    museum = make.organization("Harbor Museum", OrganizationKind.MUSEUM, "Portland, OR")
    museum.year_joined = 2014
    promise(
        session,
        museum,
        statement="Train mentors in every district.",
        category=CommitmentCategory.RETAIN_EXCELLENCE,
        unit="mentors",
        target=Decimal(1250),
        due_on=date(2027, 6, 30),
        baseline="About 40 a year.",
    )
    session.commit()

    page = sign_in(ana).get("/organizations/harbor-museum").text

    for words in (
        "Museum · Portland, OR · joined in 2014",
        "Train mentors in every district.",
        "1,250 mentors",
        "Jun 30, 2027",
        "About 40 a year.",
        "Teachers who stay",
    ):
        assert words in page or words.replace("Jun ", "June ") in page


def test_people_of_the_current_summit_are_listed_for_attendees_only(make, sign_in):
    summit, museum = make.summit(), make.organization("Museum")
    ben = make.attendee(summit, "Ben", organization=museum)
    make.person("Cleo", organization=museum)
    attendee, outsider = make.attendee(summit, "Ana"), make.person("Out")

    seen, from_outside = (sign_in(who).get("/organizations/museum").text for who in (attendee, outsider))

    assert ("Ben" in seen, "Cleo" in seen) == (True, False)
    assert f"/people/{ben.id}" in seen
    assert "Ben" not in from_outside
    assert sign_in(None).get("/organizations/museum").status_code == 302


@pytest.mark.parametrize("audience", [Audience.ONLY_ME, Audience.ORGANIZERS, Audience.MATCHES])
def test_hidden_work_is_not_shown_as_an_organizations_work(make, sign_in, audience):
    summit, museum = make.summit(), make.organization("Museum")
    ben, ana = make.attendee(summit, "Ben", organization=museum), make.attendee(summit, "Ana")
    make.stance(summit, ben, make.challenge("Hidden"), StanceKind.WORKING_ON, audience=audience)
    make.stance(summit, ben, make.challenge("Open"), StanceKind.WORKING_ON, audience=Audience.SUMMIT)
    make.stance(summit, ben, make.challenge("Asked"), StanceKind.ASK, audience=Audience.SUMMIT)

    own, others = (sign_in(who).get("/organizations/museum").text for who in (ben, ana))

    assert "Hidden" in own
    assert ("Open" in others, "Hidden" in others, "Asked" in others) == (True, False, False)


def test_an_unknown_organization_is_not_found(sign_in, ana):
    assert sign_in(ana).get("/organizations/no-such").status_code == 404


@pytest.mark.parametrize("path", ["/organizations", "/organizations/museum"])
def test_a_page_takes_few_queries_whatever_the_number_of_rows(make, session, sign_in, path):
    summit, museum = make.summit(), make.organization("Museum")
    client = sign_in(make.attendee(summit, "Ana"))

    def count():
        make.organization()
        person = make.attendee(summit, organization=museum)
        make.stance(summit, person, make.challenge(), StanceKind.WORKING_ON, audience=Audience.SUMMIT)
        promise(session, museum, statement=f"Promise of {person.name}")
        session.commit()
        with counted_queries() as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = count()
    for _more in range(3):
        count()

    assert count() == few <= 12


def test_the_same_promise_twice_is_one_commitment_with_the_later_figures(make, session):
    museum = make.organization("Museum")
    promise(session, museum, statement="Train mentors.", target=Decimal(10))

    promise(session, museum, statement=" Train  mentors. ", target=Decimal(20))

    assert [row.target for row in session.scalars(select(Commitment))] == [20]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"statement": " "}, "statement"),
        ({"statement": "x" * 251}, "statement"),
        ({"statement": "Right", "target": Decimal(-1)}, "target"),
    ],
)
def test_a_commitment_out_of_range_names_its_field(make, session, wrong, field):
    museum = make.organization("Museum")

    with pytest.raises(Invalid) as refused:
        promise(session, museum, **wrong)

    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("wrong", [{"statement": ""}, {"statement": "Right", "target": Decimal(-1)}])
def test_the_database_refuses_such_a_commitment_too(make, session, wrong):
    museum = make.organization("Museum")
    session.add(Commitment(organization_id=museum.id, **wrong))

    with pytest.raises(IntegrityError):
        session.flush()
