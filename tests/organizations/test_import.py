"""Importing organizations and their commitments."""

from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from summit import clock
from summit.commitments.importing import import_organizations, plan_organizations
from summit.commitments.models import Commitment, CommitmentCategory
from summit.errors import Invalid
from summit.import_report import FieldChange, ImportReport
from summit.organizations.models import Organization, OrganizationKind
from tests.factories import Factory

HEADER = "organization\tkind\tcity_state\tcommitment_text\tamount\tunit\tcategory\tyear_joined\n"


def run(session: Session, text: str) -> ImportReport:
    report = import_organizations(session, text.encode(), by=None, now=clock.now())
    session.commit()
    session.expire_all()
    return report


def test_an_organization_comes_in_with_its_commitment(session: Session) -> None:
    run(
        session,
        HEADER + "Two Rivers\tschool network\tNice\tTrain 1,500 teachers\t1,500\tteachers\tincrease supply\t2011\n",
    )

    organization = session.scalars(select(Organization)).one()
    assert (organization.slug, organization.kind, organization.place, organization.year_joined) == (
        "two-rivers",
        OrganizationKind.SCHOOL_NETWORK,
        "Nice",
        2011,
    )
    commitment = session.scalars(select(Commitment)).one()
    assert (commitment.statement, commitment.target, commitment.unit, commitment.category) == (
        "Train 1,500 teachers",
        Decimal(1500),
        "teachers",
        CommitmentCategory.INCREASE_SUPPLY,
    )


def test_a_tagged_text_is_a_description_and_no_commitment(session: Session) -> None:
    run(session, HEADER + "Two Rivers\tgovernment\t\t[program] Free kits\t\t\tunknown\t\n")

    assert session.scalars(select(Organization.description)).all() == ["[program] Free kits"]
    assert session.scalar(select(func.count(Commitment.id))) == 0


def test_a_blank_text_is_a_partner_without_a_commitment(session: Session) -> None:
    run(session, HEADER + "Two Rivers\tmuseum\t\t\t\t\tbuild the movement\t\n")

    assert session.scalars(select(Organization.is_partner)).all() == [True]
    assert session.scalar(select(func.count(Commitment.id))) == 0


def test_importing_twice_changes_nothing(session: Session) -> None:
    text = HEADER + "A\tmuseum\tNice\tTrain 5\t5\tteachers\tunknown\t2011\nB\t\t\t[funder] Pays\t\t\t\t\n"
    run(session, text)

    again = run(session, text)

    assert (len(again.created), len(again.changed), again.unchanged) == (0, 0, 2)


def test_a_second_row_adds_a_second_commitment(session: Session) -> None:
    text = HEADER + "A\tmuseum\t\tTrain 5\t\t\t\t\na\t\t\tKeep 5\t\t\t\t\n"

    report = run(session, text)

    assert (len(report.created), len(report.changed)) == (1, 1)
    assert set(session.scalars(select(Commitment.statement))) == {"Train 5", "Keep 5"}
    assert session.scalar(select(func.count(Organization.id))) == 1


def test_a_changed_amount_changes_the_commitment(session: Session, make: Factory) -> None:
    run(session, HEADER + "A\tmuseum\t\tTrain many\t5\t\t\t\n")

    report = run(session, HEADER + "A\tmuseum\tNice\tTrain many\t6.5\t\t\t\n")

    assert report.changed[0].fields == (FieldChange("place", "", "Nice"), FieldChange("amount", "5", "6.5"))
    assert session.scalars(select(Commitment.target)).all() == [Decimal("6.5")]


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        ("\tmuseum\t\t\t\t\t\t\n", 2, "organization"),
        ("A\tguild\t\t\t\t\t\t\n", 2, "kind"),
        ("A\tmuseum\t\tTrain\tmany\t\t\t\n", 2, "amount"),
        ("A\tmuseum\t\tTrain\t-5\t\t\t\n", 2, "amount"),
        ("A\tmuseum\t\tTrain\t5\t\tfly\t\n", 2, "category"),
        ("A\tmuseum\t\t\t\t\t\tlong ago\n", 2, "year_joined"),
        (f"A\tmuseum\t\t{'x' * 251}\t\t\t\t\n", 2, "commitment_text"),
        ("A\tmuseum\t\t\t\t\t\t\na\tdistrict\t\t\t\t\t\t\n", 3, "kind"),
        ("A\t\t\tTrain\t\t\t\t\nA\t\t\tTrain\t\t\t\t\n", 3, "commitment_text"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(session: Session, rows: str, row: int, column: str) -> None:
    report = plan_organizations(session, (HEADER + rows).encode()).report
    with pytest.raises(Invalid):
        run(session, HEADER + "Good\tmuseum\t\t\t\t\t\t\n" + rows)

    assert [(problem.row, problem.column) for problem in report.problems] == [(row, column)]
    assert session.scalar(select(func.count(Organization.id))) == 0


def test_the_real_organizations_come_in_without_a_refusal(app: Flask, session: Session, shared_data: Path) -> None:
    arguments = ["organizations", "import", str(shared_data / "organizations.tsv")]

    first = app.test_cli_runner().invoke(args=arguments)
    session.rollback()
    second = app.test_cli_runner().invoke(args=arguments)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.splitlines()[-1] == "183 created, 0 changed, 0 unchanged, 0 refused."
    assert second.stdout.splitlines()[-1] == "0 created, 0 changed, 183 unchanged, 0 refused."
    assert session.scalar(select(func.count(Commitment.id))) == 32
    assert not session.scalars(select(Commitment.id).where(Commitment.statement.startswith("["))).all()
