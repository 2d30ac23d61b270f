"""Importing attendees: a dry run that tells the truth, all or nothing, and nothing lost of what attendees said."""

import csv
import io
import random
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from summit import clock
from summit.access import Audience, Role
from summit.database import Base
from summit.errors import Invalid, WrongTime
from summit.import_report import FieldChange, ImportReport
from summit.mail.models import Suppression, SuppressionReason
from summit.organizations.models import Organization, OrganizationKind
from summit.people.models import Person
from summit.summits.attendee_import import import_attendees
from summit.summits.attendee_plan import plan_attendees
from summit.summits.models import (
    Acquaintance,
    Attendance,
    Exclusion,
    Stance,
    StanceKind,
    Summit,
    SummitState,
)
from tests.factories import Factory

HEADER = "email,name,organization,organization_kind,place,title,working_on,asks,offers,talk_about,introductions"
ANA = "ana@example.org,Ana Ruiz,Two Rivers,district,Chicago,Lead,Labs,Mentors:3,,What failed,7"
JON = "jon@example.org,Jon Gray,Alder College,university,,,,,mentors:1,,"


def sheet(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *rows)).encode()


@pytest.fixture
def summit(make: Factory) -> Summit:
    make.challenge("Mentors")
    make.challenge("Labs")
    return make.summit()


def run(session: Session, summit: Summit, data: bytes) -> ImportReport:
    report = import_attendees(session, summit, data, by=None, now=clock.now())
    session.commit()
    session.expire_all()
    return report


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return len(report.created), len(report.changed), report.unchanged, report.refused


def everything(session: Session) -> dict[str, int]:
    tables = Base.metadata.tables.values()
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_people_organizations_attendances_and_stances_come_in(session: Session, summit: Summit) -> None:
    report = run(session, summit, sheet(ANA, JON))

    assert counts(report) == (2, 0, 0, 0)
    ana = session.scalars(select(Person).where(Person.email == "ana@example.org")).one()
    assert (ana.name, ana.title, ana.role, ana.time_zone) == ("Ana Ruiz", "Lead", Role.PARTNER, "America/Chicago")
    two_rivers = session.get_one(Organization, ana.organization_id)
    assert (two_rivers.name, two_rivers.slug, two_rivers.kind, two_rivers.place) == (
        "Two Rivers",
        "two-rivers",
        OrganizationKind.DISTRICT,
        "Chicago",
    )
    attendance = session.scalars(select(Attendance).where(Attendance.person_id == ana.id)).one()
    assert (attendance.introductions, attendance.talk_about) == (7, "What failed")
    said = session.execute(select(Stance.kind, Stance.priority, Stance.audience, Stance.text).order_by(Stance.id)).all()
    assert sorted(map(tuple, said)) == [
        (StanceKind.ASK, 3, Audience.MATCHES, ""),
        (StanceKind.OFFER, 1, Audience.SUMMIT, ""),
        (StanceKind.WORKING_ON, 2, Audience.SUMMIT, ""),
    ]
    assert summit.revision == 1


def test_importing_twice_changes_nothing(session: Session, summit: Summit) -> None:
    data = sheet(
        f"{ANA},jon@example.org,jon@example.org",
        f"{JON},,ana@example.org",
        header=f"{HEADER},do_not_match,met",
    )
    run(session, summit, data)
    before = everything(session)

    again = run(session, summit, data)

    assert counts(again) == (0, 0, 2, 0)
    assert again.also == ()
    assert everything(session) == before
    assert (before["exclusion"], before["acquaintance"]) == (1, 1)
    assert summit.revision == 1


def test_a_dry_run_tells_what_would_change_and_writes_nothing(session: Session, summit: Summit) -> None:
    run(session, summit, sheet(ANA))
    before = everything(session)
    changed = ANA.replace("Lead", "Head of science").replace("Two Rivers", "Alder College").replace(",7", ",3")

    report = plan_attendees(
        session, summit, sheet(changed.replace("Mentors:3", "Mentors:1"), JON.replace("university", ""))
    ).report
    session.commit()

    assert counts(report) == (1, 1, 0, 0)
    assert report.changed[0].fields == (
        FieldChange("organization", "Two Rivers", "Alder College"),
        FieldChange("title", "Lead", "Head of science"),
        FieldChange("introductions", "7", "3"),
        FieldChange("asks", "Mentors:3", "Mentors:1"),
    )
    assert report.also == ("1 new organization: Alder College",)
    assert everything(session) == before


def test_a_bad_row_writes_nothing_of_the_whole_file(session: Session, summit: Summit) -> None:
    before = everything(session)

    with pytest.raises(Invalid) as refusal:
        run(session, summit, sheet(ANA, JON.replace("mentors:1", "Mentros:1; Labs:9"), "x,y,z"))
    session.commit()

    assert everything(session) == before
    assert list(refusal.value.fields) == ["row 3, column offers", "row 4, column email"]


def test_an_unknown_challenge_is_answered_with_the_closest_titles(session: Session, summit: Summit) -> None:
    report = plan_attendees(session, summit, sheet(ANA.replace("Mentors:3", "Mentros:3"))).report

    (problem,) = report.problems
    assert (problem.row, problem.column) == (2, "asks")
    assert problem.problem == "There is no challenge “Mentros”."
    assert problem.remedy == "Did you mean “Mentors”?"


def test_a_retired_challenge_is_refused_unless_it_was_said_before(
    session: Session, summit: Summit, make: Factory
) -> None:
    run(session, summit, sheet(ANA))
    old = make.challenge("Chalk")
    old.retired_at = clock.now()
    make.stance(summit, session.scalars(select(Person)).one(), old)

    kept = plan_attendees(session, summit, sheet(ANA.replace("Mentors:3", "Chalk"))).report
    refused = plan_attendees(session, summit, sheet(JON.replace("mentors:1", "Chalk"))).report

    assert kept.problems == ()
    assert [problem.problem for problem in refused.problems] == ["“Chalk” is no longer on the map."]


@pytest.mark.parametrize("column", ["do_not_match", "met"])
def test_an_email_that_nobody_has_is_refused(session: Session, summit: Summit, make: Factory, column: str) -> None:
    make.person("Mira", email="mira@example.org")
    header = f"email,name,organization,{column}"

    report = plan_attendees(
        session,
        summit,
        sheet(
            "ana@example.org,Ana,O,MIRA@example.org;jon@example.org;nobody@example.org",
            "jon@example.org,Jon,O,ana@example.org",
            header=header,
        ),
    ).report

    assert [(problem.row, problem.column) for problem in report.problems] == [(2, column)]
    assert "nobody@example.org" in report.problems[0].problem


def test_a_bad_row_is_not_blamed_twice(session: Session, summit: Summit) -> None:
    rows = ("ana@example.org,Ana,O,jon@example.org", "jon@example.org,,O,")

    report = plan_attendees(session, summit, sheet(*rows, header="email,name,organization,met")).report

    assert [(problem.row, problem.column) for problem in report.problems] == [(3, "name")]


def test_what_attendees_said_themselves_stays(session: Session, summit: Summit, make: Factory) -> None:
    run(session, summit, sheet(ANA))
    ask = session.scalars(select(Stance).where(Stance.kind == StanceKind.ASK)).one()
    work = session.scalars(select(Stance).where(Stance.kind == StanceKind.WORKING_ON)).one()
    ask.text, ask.audience = "We lose half of them.", Audience.ORGANIZERS
    work.priority = 3
    make.stance(summit, session.get_one(Person, ask.person_id), make.challenge("Rural science"))

    report = run(session, summit, sheet("ana@example.org,Ana Ruiz,Two Rivers,,,,Labs,Mentors:3,,,"))

    assert counts(report) == (0, 0, 1, 0)
    session.refresh(ask)
    session.refresh(work)
    assert (ask.text, ask.audience, work.priority) == ("We lose half of them.", Audience.ORGANIZERS, 3)
    assert session.scalar(select(func.count(Stance.id))) == 3
    attendance = session.scalars(select(Attendance)).one()
    assert (attendance.introductions, attendance.talk_about) == (7, "What failed")


def test_somebody_who_withdrew_stays_withdrawn(session: Session, summit: Summit) -> None:
    run(session, summit, sheet(ANA))
    session.scalars(select(Attendance)).one().withdrawn_at = clock.now()
    session.commit()

    report = run(session, summit, sheet(ANA))

    assert counts(report) == (0, 0, 1, 0)
    assert "withdrew" in report.notices[0]
    assert session.scalars(select(Attendance)).one().withdrawn_at is not None


def test_somebody_known_is_registered_with_the_wishes_of_their_profile(
    session: Session, summit: Summit, make: Factory
) -> None:
    mira = make.person("Mira Sol", email="mira@example.org", organization=make.organization("Two Rivers"))
    mira.introductions, mira.talk_about = 9, "Ask me about rotas"
    session.commit()

    report = run(session, summit, sheet("mira@example.org,Mira Sol,TWO  rivers,,,,,,,,"))

    assert report.changed[0].fields == (FieldChange("attendance", "", "registered"),)
    attendance = session.scalars(select(Attendance)).one()
    assert (attendance.person_id, attendance.introductions, attendance.talk_about) == (mira.id, 9, "Ask me about rotas")


def test_a_role_or_a_time_zone_is_never_taken_from_a_sheet(session: Session, summit: Summit, make: Factory) -> None:
    boss = make.person("Ana Ruiz", email="ana@example.org", role=Role.ADMIN, time_zone="Europe/Zurich")

    run(session, summit, sheet(f"{ANA},partner", header=f"{HEADER},role"))

    assert (boss.role, boss.time_zone) == (Role.ADMIN, "Europe/Zurich")


def test_somebody_who_may_not_sign_in_is_refused(session: Session, summit: Summit, make: Factory) -> None:
    make.person("Ana", email="ana@example.org", disabled_at=clock.now())

    report = plan_attendees(session, summit, sheet(ANA)).report

    assert [(problem.row, problem.column) for problem in report.problems] == [(2, "email")]


def test_an_organization_that_is_there_is_only_filled_in(session: Session, summit: Summit, make: Factory) -> None:
    known = make.organization("Two Rivers", kind=OrganizationKind.OTHER)
    settled = make.organization("Alder College", kind=OrganizationKind.SCHOOL, place="Nice")

    report = run(session, summit, sheet(ANA, JON.replace("university,", "university,Berlin")))

    assert (known.kind, known.place) == (OrganizationKind.DISTRICT, "Chicago")
    assert (settled.kind, settled.place) == (OrganizationKind.SCHOOL, "Nice")
    assert report.also == ("Two Rivers: filled in district, Chicago",)


def test_a_suppressed_address_stays_suppressed(session: Session, summit: Summit) -> None:
    session.add(Suppression(address="ana@example.org", reason=SuppressionReason.UNSUBSCRIBE, created_at=clock.now()))
    session.commit()

    run(session, summit, sheet(ANA))

    assert session.scalars(select(Suppression.address)).all() == ["ana@example.org"]


def test_a_closed_summit_refuses(session: Session, make: Factory) -> None:
    closed = make.summit(state=SummitState.CLOSED)

    with pytest.raises(WrongTime):
        run(session, closed, sheet("ana@example.org,Ana,O,,,,,,,,"))

    assert session.scalar(select(func.count(Person.id))) == 0


def test_exclusions_and_acquaintances_are_kept_once(session: Session, summit: Summit, make: Factory) -> None:
    mira = make.person("Mira", email="mira@example.org")

    run(
        session,
        summit,
        sheet(
            "ana@example.org,Ana,O,mira@example.org,jon@example.org",
            "jon@example.org,Jon,O,,ANA@example.org",
            header="email,name,organization,do_not_match,met",
        ),
    )

    ids = dict(session.execute(select(Person.email, Person.id)).all())
    assert session.execute(select(Exclusion.person_id, Exclusion.other_id)).all() == [(ids["ana@example.org"], mira.id)]
    low, high = sorted((ids["ana@example.org"], ids["jon@example.org"]))
    assert session.execute(select(Acquaintance.low_id, Acquaintance.high_id)).all() == [(low, high)]


def big_sheet(people: int, titles: list[str]) -> bytes:
    chance = random.Random(7)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([*HEADER.split(","), "met"])
    for number in range(people):
        stances = ["; ".join(f"{t}:{chance.randint(1, 3)}" for t in chance.sample(titles, 2)) for _ in range(3)]
        email, other = f"person{number}@example.org", f"person{(number + 1) % people}@example.org"
        organization = f"Organization {number % 400}"
        writer.writerow([email, f"Person {number}", organization, "", "", "Lead", *stances, "A line", "5", other])
    return target.getvalue().encode()


def test_five_thousand_rows_come_in_and_tell_how_far_they_are(session: Session, summit: Summit, make: Factory) -> None:
    titles = [make.challenge().title for _ in range(40)]
    data = big_sheet(5000, titles)
    told = []

    report = import_attendees(
        session, summit, data, by=None, now=clock.now(), progress=lambda done, total: told.append((done, total))
    )
    session.commit()

    assert counts(report) == (5000, 0, 0, 0)
    assert session.scalar(select(func.count(Stance.id))) == 30_000
    assert session.scalar(select(func.count(Acquaintance.id))) == 5000
    assert told[-1] == (5000, 5000)


def test_the_command_lists_first_and_imports_then(app: Flask, session: Session, summit: Summit, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(sheet(ANA, JON))
    arguments = ["people", "import", str(file), "--summit", summit.slug]

    listed = app.test_cli_runner().invoke(args=[*arguments, "--dry-run"])
    nobody = session.scalar(select(func.count(Person.id)))
    session.rollback()
    done = app.test_cli_runner().invoke(args=arguments)

    assert (listed.exit_code, nobody, done.exit_code) == (0, 0, 0)
    assert "create: row 2, Ana Ruiz <ana@example.org>: name: – → Ana Ruiz;" in listed.stdout
    assert done.stdout.splitlines()[-1] == "2 created, 0 changed, 0 unchanged, 0 refused."
    assert session.scalar(select(func.count(Person.id))) == 2


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_the_command_fails_with_row_and_column_on_stderr(
    app: Flask, session: Session, summit: Summit, tmp_path: Path, options: list[str]
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(sheet(ANA, "jon@example.org,Jon,O,guild,,,,,,,"))

    result = app.test_cli_runner().invoke(args=["people", "import", str(file), "--summit", summit.slug, *options])

    assert result.exit_code == 1
    assert "Nothing was imported: 1 problem.\n" in result.stderr
    assert "row 3, column organization_kind: “guild” is none of the kinds. Use one of: university" in result.stderr
    assert session.scalar(select(func.count(Person.id))) == 0


def test_the_command_knows_no_summit_by_another_name(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(sheet(ANA))

    result = app.test_cli_runner().invoke(args=["people", "import", str(file), "--summit", "nowhere"])

    assert (result.exit_code, result.stderr) == (1, "There is no such summit.\n")
