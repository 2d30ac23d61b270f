"""The attendee spreadsheet, read without a database."""

import pytest

from summit.organizations.models import OrganizationKind
from summit.summits.attendee_sheet import AttendeeRow, AttendeeSheet, SheetStance, parse_attendees, unknown_emails
from summit.summits.models import StanceKind


def sheet(*lines: str, header: str = "email,name,organization") -> AttendeeSheet:
    return parse_attendees("\n".join((header, *lines)).encode())


def test_a_full_row_is_read() -> None:
    read = parse_attendees(
        b"email;name;organization;organization_kind;place;title;working_on;asks;offers;talk_about;introductions;"
        b"do_not_match;met\n"
        b'Ana@Example.org; Ana  Ruiz ;Two Rivers;school network;Chicago, IL;Lead;"Labs; Mentors: year one:3";Labs : 1;;'
        b'What failed;7;"jon@example.org; MIRA@example.org";jon@example.org\n'
    )

    assert read.problems == ()
    assert read.rows == (
        AttendeeRow(
            row=2,
            email="ana@example.org",
            name="Ana Ruiz",
            organization="Two Rivers",
            organization_kind=OrganizationKind.SCHOOL_NETWORK,
            place="Chicago, IL",
            title="Lead",
            stances=(
                SheetStance(StanceKind.WORKING_ON, "Labs", 2, has_priority=False),
                SheetStance(StanceKind.WORKING_ON, "Mentors: year one", 3),
                SheetStance(StanceKind.ASK, "Labs", 1),
            ),
            talk_about="What failed",
            texts=("What failed",),
            introductions=7,
            do_not_match=("jon@example.org", "mira@example.org"),
            met=("jon@example.org",),
        ),
    )


def test_three_columns_are_enough() -> None:
    (row,) = sheet("ana@example.org,Ana,Two Rivers").rows

    assert (row.introductions, row.introductions_wanted, row.stances, row.organization_kind) == (None, 5, (), None)


def test_a_challenge_said_twice_counts_with_its_higher_priority() -> None:
    (row,) = sheet("a@example.org,A,O,Labs:1; labs:3; Labs", header="email,name,organization,asks").rows

    assert row.stances == (SheetStance(StanceKind.ASK, "labs", 3),)


def test_government_is_an_agency() -> None:
    (row,) = sheet("a@example.org,A,O,Government", header="email,name,organization,organization_kind").rows

    assert row.organization_kind is OrganizationKind.AGENCY


@pytest.mark.parametrize(
    ("header", "cell", "column", "says"),
    [
        ("asks", "Labs:4", "asks", "“4” after the colon of “Labs:4” is no priority."),
        ("offers", "Labs:high", "offers", "“high” after the colon"),
        ("offers", "Labs:0", "offers", "“0” after the colon"),
        ("working_on", ":2", "working_on", "names no challenge"),
        ("introductions", "21", "introductions", "not a whole number from 0 to 20"),
        ("introductions", "-1", "introductions", "not a whole number"),
        ("introductions", "many", "introductions", "not a whole number"),
        ("introductions", "2.5", "introductions", "not a whole number"),
        ("organization_kind", "guild", "organization_kind", "“guild” is none of the kinds."),
        ("do_not_match", "a@example.org", "do_not_match", "own email"),
        ("met", "A@example.org", "met", "own email"),
        ("met", "Jon", "met", "“jon” is no email address."),
        ("talk_about", "x" * 201, "talk_about", "201 characters"),
    ],
)
def test_a_bad_cell_is_named_with_its_remedy(header: str, cell: str, column: str, says: str) -> None:
    read = sheet(f"a@example.org,A,O,{cell}", header=f"email,name,organization,{header}")

    assert read.rows == ()
    assert [(problem.row, problem.column) for problem in read.problems] == [(2, column)]
    assert says in read.problems[0].problem
    assert read.problems[0].remedy


def test_missing_cells_and_bad_emails_are_all_reported() -> None:
    read = sheet(",Ana,O", "b@example.org,,O", "c@example.org,C,", "not an email,D,O")

    assert [(problem.row, problem.column) for problem in read.problems] == [
        (2, "email"),
        (3, "name"),
        (4, "organization"),
        (5, "email"),
    ]


def test_a_second_row_with_the_same_email_is_refused() -> None:
    read = sheet("ana@example.org,Ana,O", "ANA@example.org,Ana,O")

    assert [(problem.row, problem.problem) for problem in read.problems] == [
        (3, "ana@example.org stands in row 2 already.")
    ]


def test_one_organization_can_not_be_of_two_kinds() -> None:
    read = sheet(
        "a@example.org,A,Two Rivers,district",
        "b@example.org,B,two  rivers,museum",
        header="email,name,organization,organization_kind",
    )

    assert [(problem.row, problem.problem) for problem in read.problems] == [
        (3, "two rivers is museum here, but district in row 2.")
    ]


def test_emails_that_nobody_has_are_found() -> None:
    read = sheet(
        "a@example.org,A,O,b@example.org;c@example.org,d@example.org",
        "b@example.org,B,O,,",
        header="email,name,organization,do_not_match,met",
    )

    unknown = unknown_emails(read, known={"d@example.org"})

    assert [(problem.row, problem.column) for problem in unknown] == [(2, "do_not_match")]
    assert "c@example.org" in unknown[0].problem
