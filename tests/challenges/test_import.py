"""Importing challenges and themes."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from summit import clock
from summit.challenges.importing import import_challenges, plan_challenges
from summit.challenges.models import Challenge, Theme
from summit.errors import Invalid
from summit.import_report import FieldChange, ImportReport
from tests.factories import Factory


def run(session: Session, text: str) -> ImportReport:
    report = import_challenges(session, text.encode(), by=None, now=clock.now())
    session.commit()
    session.expire_all()
    return report


def themes_of(session: Session) -> dict[str, list[str]]:
    challenges = session.scalars(select(Challenge).options(selectinload(Challenge.themes)))
    return {challenge.title: [theme.name for theme in challenge.themes] for challenge in challenges}


def test_challenges_come_in_under_their_themes(session: Session) -> None:
    report = run(
        session,
        "challenge\ttheme\tversion\n"
        "Labs in small schools\tPreparation\t2016\n"
        "Mentors\tProfessional Growth; Preparation\t2016\n"
        "Chalk\tunknown\t2016\n",
    )

    assert len(report.created) == 3
    assert report.also == ("2 new themes: Preparation, Professional Growth",)
    assert themes_of(session) == {
        "Labs in small schools": ["Preparation"],
        "Mentors": ["Preparation", "Professional Growth"],
        "Chalk": [],
    }
    assert set(session.scalars(select(Challenge.slug))) == {"labs-in-small-schools", "mentors", "chalk"}


def test_importing_twice_changes_nothing(session: Session) -> None:
    text = "title;theme;description\nMentors;preparation;Why they leave\nLabs;;\n"
    run(session, text)

    again = run(session, text)

    assert (len(again.created), len(again.changed), again.unchanged, again.also) == (0, 0, 2, ())


def test_a_slug_keeps_a_challenge_when_its_title_changes(session: Session, make: Factory) -> None:
    known = make.challenge("Mentors", make.theme("Preparation"))

    report = run(session, "slug,title,theme\nmentors,Keeping mentors,Prestige\n")

    assert report.changed[0].fields == (
        FieldChange("title", "Mentors", "Keeping mentors"),
        FieldChange("theme", "Preparation", "Prestige"),
    )
    assert known.title == "Keeping mentors"
    assert themes_of(session) == {"Keeping mentors": ["Prestige"]}


def test_a_missing_cell_removes_nothing(session: Session, make: Factory) -> None:
    known = make.challenge("Mentors", make.theme("Preparation"))
    known.description = "Why they leave"
    session.commit()

    report = run(session, "title,theme,description\nmentors,,\n")

    assert [change.fields for change in report.changed] == [(FieldChange("title", "Mentors", "mentors"),)]
    assert known.description == "Why they leave"
    assert themes_of(session) == {"mentors": ["Preparation"]}


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        ("title,theme\n,Preparation\n", 2, "title"),
        ("title,theme\nMentors,\nmentors,\n", 3, "title"),
        ("title,slug\nMentors,m\nLabs,m\n", 3, "slug"),
        ("title,slug\nMentors,Not a slug!\n", 2, "slug"),
        (f"title,slug\n{'x' * 201},m\n", 2, "title"),
        ("title,slug\nThere already,another-slug\n", 2, "title"),
        (f"title,theme\nMentors,{'x' * 121}\n", 2, "theme"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(
    session: Session, make: Factory, text: str, row: int, column: str
) -> None:
    make.challenge("There already")

    report = plan_challenges(session, text.encode()).report
    with pytest.raises(Invalid):
        run(session, text)

    assert [(problem.row, problem.column) for problem in report.problems] == [(row, column)]
    assert session.scalar(select(func.count(Challenge.id))) == 1


def test_the_real_challenges_come_in_without_a_refusal(app: Flask, session: Session, shared_data: Path) -> None:
    arguments = ["challenges", "import", str(shared_data / "challenges.tsv")]

    first = app.test_cli_runner().invoke(args=arguments)
    session.rollback()
    second = app.test_cli_runner().invoke(args=arguments)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.splitlines()[-1] == "52 created, 0 changed, 0 unchanged, 0 refused."
    assert second.stdout.splitlines()[-1] == "0 created, 0 changed, 52 unchanged, 0 refused."
    assert session.scalar(select(func.count(Theme.id))) == 7
    themes = themes_of(session)
    assert sum(not names for names in themes.values()) == 2
    assert sum(len(names) == 2 for names in themes.values()) == 4
