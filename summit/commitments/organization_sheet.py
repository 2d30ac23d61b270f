"""The organization spreadsheet: what each row says about an organization and what it promised."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from summit.commitments.models import CommitmentCategory
from summit.organizations.models import OrganizationKind
from summit.organizations.naming import kind_named, kind_words, name_key
from summit.spreadsheets import Row, RowProblem, one_line, read_table

REQUIRED = ("organization",)
OPTIONAL = ("kind", "place", "commitment_text", "amount", "unit", "category", "year_joined")
ALIASES = {"city_state": "place", "name": "organization", "organization_kind": "kind", "commitment": "commitment_text"}
LONGEST = {"organization": 200, "place": 120, "unit": 80, "statement": 250, "description": 10_000}
COLUMN_OF = {"statement": "commitment_text", "description": "commitment_text"}
CATEGORIES = {
    "unknown": CommitmentCategory.OTHER,
    "build_the_movement": CommitmentCategory.BUILD_MOVEMENT,
    **{category.value: category for category in CommitmentCategory},
}
# "[program] …" describes what an organization does; it promises nothing.
TAGGED = re.compile(r"\[[^\]]+\]")
AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,12}(?:\.\d{1,2})?", re.ASCII)
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class OrganizationRow:
    """One row; an empty text, or None, says nothing."""

    row: int
    organization: str
    kind: OrganizationKind | None
    place: str
    year_joined: int | None
    description: str
    statement: str
    target: Decimal | None
    unit: str
    category: CommitmentCategory | None

    @property
    def key(self) -> str:
        """Return what two spellings of the organization's name have in common."""
        return name_key(self.organization)


@dataclass(frozen=True)
class OrganizationSheet:
    """A whole file: every row as far as it can be read, and what is wrong."""

    rows: tuple[OrganizationRow, ...]
    problems: tuple[RowProblem, ...]
    notices: tuple[str, ...]


def parse_organizations(data: bytes) -> OrganizationSheet:
    """Read an organization spreadsheet without a database."""
    table = read_table(data, required=REQUIRED, known=OPTIONAL, aliases=ALIASES)
    problems = list(table.problems)
    rows = []
    for row in table.rows:
        read = _read(row)
        rows.append(read)
        problems += _problems(row, read)
    problems += _contradictions(rows)
    return OrganizationSheet(tuple(rows), tuple(sorted(problems, key=lambda found: found.row)), table.notices)


def _read(row: Row) -> OrganizationRow:
    text = one_line(row["commitment_text"])
    is_description = TAGGED.match(text) is not None
    amount, year = AMOUNT.fullmatch(row["amount"]), row["year_joined"].removesuffix(".0")
    return OrganizationRow(
        row=row.number,
        organization=one_line(row["organization"]),
        kind=kind_named(row["kind"]) if row["kind"] else None,
        place=one_line(row["place"]),
        year_joined=int(year) if _is_year(year) else None,
        description=text if is_description else "",
        statement="" if is_description else text,
        target=Decimal(amount[0].replace(",", "")) if amount else None,
        unit=one_line(row["unit"]),
        category=CATEGORIES.get(_word(row["category"])),
    )


def _word(text: str) -> str:
    return "_".join(text.lower().replace("-", " ").split())


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= LAST_YEAR


def _problems(row: Row, read: OrganizationRow) -> Iterator[RowProblem]:
    if not read.organization:
        yield RowProblem(row.number, "organization", _("It is empty."), _("Give the organization’s name."))
    for name, most in LONGEST.items():
        length = len(getattr(read, name))
        if length > most:
            yield RowProblem(
                row.number,
                COLUMN_OF.get(name, name),
                _("It has %(length)s characters.", length=length),
                _("Shorten it to %(most)s.", most=most),
            )
    checks = (
        ("kind", read.kind is None, _("Use one of: %(kinds)s.", kinds=kind_words())),
        ("amount", read.target is None, _("Write a number like 1500, 1,500 or 2.5, not negative, without a unit.")),
        ("category", read.category is None, _("Use one of: %(names)s.", names=", ".join(CATEGORIES))),
        ("year_joined", read.year_joined is None, _("Write a year like 2011.")),
    )
    for column, is_unread, remedy in checks:
        text = row[column]
        if text and is_unread:
            yield RowProblem(row.number, column, _("“%(text)s” is not understood.", text=text[:80]), remedy)


def _contradictions(rows: list[OrganizationRow]) -> Iterator[RowProblem]:
    """Find rows of one organization that disagree, or say one commitment twice."""
    facts: dict[tuple[str, str], tuple[int, object]] = {}
    for row in rows:
        for column in ("kind", "place", "year_joined", "description"):
            value = getattr(row, column)
            first, said = facts.setdefault((row.key, column), (row.row, value)) if value else (row.row, value)
            if said != value:
                problem = _("Row %(row)s says something else about this organization.", row=first)
                yield RowProblem(row.row, COLUMN_OF.get(column, column), problem, _("Say the same, or leave it empty."))
        if row.statement:
            first, _said = facts.setdefault((row.key, f"statement {row.statement}"), (row.row, True))
            if first != row.row:
                problem = _("Row %(row)s has this commitment already.", row=first)
                yield RowProblem(row.row, "commitment_text", problem, _("Keep one of them."))
