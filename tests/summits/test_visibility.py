"""Who may read a stance: every audience against every kind of viewer."""

import pytest
from sqlalchemy import select

from summit import clock
from summit.access import NOBODY, Role, Viewer
from summit.summits.models import Attendance, Stance
from summit.summits.stances import AUDIENCES
from summit.summits.visibility import visible_stances

EVERY = {str(audience) for audience in AUDIENCES}
EXPECTED = {
    "owner": EVERY,
    "organizer": EVERY - {"only_me"},
    "admin": EVERY - {"only_me"},
    "match": {"matches", "summit", "network"},
    "attendee": {"summit", "network"},
    "match elsewhere": {"network"},
    "withdrawn match": {"network"},
    "outsider": {"network"},
    "nobody": set(),
}


@pytest.fixture
def world(make, session):
    """One person with a stance for each audience, and everybody who may or may not read them."""
    summit, last_year = make.summit("This"), make.summit("Last")
    owner = make.attendee(summit, "Owner")
    for audience in AUDIENCES:
        make.stance(summit, owner, make.challenge(f"For {audience}"), audience=audience)
    match, attendee, elsewhere, withdrawn = (make.person(name) for name in ("Match", "Attendee", "Elsewhere", "Gone"))
    make.attendance(summit, match)
    make.attendance(summit, attendee)
    make.attendance(last_year, elsewhere)
    make.attendance(last_year, owner)
    make.attendance(summit, withdrawn).withdrawn_at = clock.now()
    make.introduction(summit, owner, match)
    make.introduction(summit, owner, withdrawn)
    make.introduction(last_year, owner, elsewhere)
    session.commit()
    return {
        "owner": Viewer(owner.id, Role.PARTNER),
        "organizer": Viewer(make.person("Olga", role=Role.ORGANIZER).id, Role.ORGANIZER),
        "admin": Viewer(make.person("Ada", role=Role.ADMIN).id, Role.ADMIN),
        "match": Viewer(match.id, Role.PARTNER),
        "attendee": Viewer(attendee.id, Role.PARTNER),
        "match elsewhere": Viewer(elsewhere.id, Role.PARTNER),
        "withdrawn match": Viewer(withdrawn.id, Role.PARTNER),
        "outsider": Viewer(make.person("Out").id, Role.PARTNER),
        "nobody": NOBODY,
    }


@pytest.mark.parametrize("who", EXPECTED)
def test_each_viewer_reads_exactly_the_audiences_they_belong_to(session, world, who):
    audiences = select(Stance.audience).where(visible_stances(world[who]))

    assert {str(audience) for audience in session.scalars(audiences)} == EXPECTED[who]


def test_the_filter_means_the_same_inside_a_query_over_attendances(session, world):
    stated = select(Stance.person_id).where(visible_stances(world["match elsewhere"]), Stance.audience == "summit")

    found = session.scalars(select(Attendance).where(Attendance.person_id.in_(stated))).all()

    assert found == []
