"""The attendee spreadsheet: what each row says, checked as far as that is possible without a database."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from summit.organizations.models import OrganizationKind
from summit.organizations.naming import kind_named, kind_words, name_key
from summit.people.addresses import is_address, normal_address
from summit.spreadsheets import Row, RowProblem, one_line, read_table
from summit.summits.models import StanceKind

REQUIRED = ("email", "name", "organization")
OPTIONAL = (
    "organization_kind",
    "place",
    "title",
    "working_on",
    "asks",
    "offers",
    "talk_about",
    "introductions",
    "do_not_match",
    "met",
)
ALIASES = {
    "e_mail": "email",
    "email_address": "email",
    "ask": "asks",
    "offer": "offers",
    "kind": "organization_kind",
    "don't_match": "do_not_match",
}
LONGEST = {"name": 120, "organization": 200, "place": 120, "title": 120, "talk_about": 200}
LONGEST_TEXTS = 20_000
"""What `talk_about` may hold where nothing is kept, so that whole abstracts can be compared."""
DEFAULT_INTRODUCTIONS, MOST_INTRODUCTIONS = 5, 20
DEFAULT_PRIORITY = 2
STANCE_COLUMNS = (("working_on", StanceKind.WORKING_ON), ("asks", StanceKind.ASK), ("offers", StanceKind.OFFER))

# A priority follows its colon without a space, so that a title may have a colon of its own ("Mentors: the first year").
ENTRY = re.compile(r"(?P<challenge>.*?)(?:\s*:(?P<priority>\S+)|\s*:\s*(?P<number>[-+]?\d+))?", re.DOTALL)


@dataclass(frozen=True)
class SheetStance:
    """A challenge that a row names by title or slug, as it stands there."""

    kind: StanceKind
    challenge: str
    priority: int
    # Whether the sheet says the priority itself; otherwise it is the usual one.
    has_priority: bool = True


@dataclass(frozen=True)
class AttendeeRow:
    """One attendee. An empty text, or None, means that the row says nothing about it.

    `texts` are the lines of `talk_about`, each a text of its own.
    """

    row: int
    email: str
    name: str
    organization: str
    organization_kind: OrganizationKind | None
    place: str
    title: str
    stances: tuple[SheetStance, ...]
    talk_about: str
    texts: tuple[str, ...]
    introductions: int | None
    do_not_match: tuple[str, ...]
    met: tuple[str, ...]

    @property
    def introductions_wanted(self) -> int:
        """Return how many introductions, five unless the row says otherwise."""
        return DEFAULT_INTRODUCTIONS if self.introductions is None else self.introductions


@dataclass(frozen=True)
class AttendeeSheet:
    """A whole file: the rows without problems, the problems of the others, and every email that has a row."""

    rows: tuple[AttendeeRow, ...]
    problems: tuple[RowProblem, ...]
    notices: tuple[str, ...] = ()
    emails: frozenset[str] = frozenset()


def parse_attendees(data: bytes, *, longest_talk_about: int = LONGEST["talk_about"]) -> AttendeeSheet:
    """Read an attendee spreadsheet without a database; `talk_about` may be as long as the reader can keep."""
    table = read_table(data, required=REQUIRED, known=OPTIONAL, aliases=ALIASES)
    problems = list(table.problems)
    rows = []
    for row in table.rows:
        reader = _RowReader(row, {**LONGEST, "talk_about": longest_talk_about})
        attendee = reader.attendee()
        problems += reader.problems
        if not reader.problems:
            rows.append(attendee)
    problems += _said_twice(table.rows)
    problems += _kinds_that_disagree(rows)
    emails = frozenset(normal_address(row["email"]) for row in table.rows)
    return AttendeeSheet(tuple(rows), tuple(sorted(problems, key=lambda found: found.row)), table.notices, emails)


def unknown_emails(sheet: AttendeeSheet, known: Collection[str] = ()) -> list[RowProblem]:
    """List the emails under `do_not_match` and `met` that neither the file nor `known` has."""
    there = sheet.emails | set(known)
    return [
        RowProblem(
            row.row,
            column,
            _("Nobody has the email %(email)s, neither in this file nor in the network.", email=email),
            _("Correct it, or take it out."),
        )
        for row in sheet.rows
        for column, emails in (("do_not_match", row.do_not_match), ("met", row.met))
        for email in emails
        if email not in there
    ]


class _RowReader:
    """Reads one row and gathers what is wrong with it."""

    def __init__(self, row: Row, longest: Mapping[str, int]) -> None:
        self.row = row
        self.longest = longest
        self.problems: list[RowProblem] = []

    def attendee(self) -> AttendeeRow:
        email = self._email()
        return AttendeeRow(
            row=self.row.number,
            email=email,
            name=self._line("name", required=True),
            organization=self._line("organization", required=True),
            organization_kind=self._kind(),
            place=self._line("place"),
            title=self._line("title"),
            stances=self._stances(),
            talk_about=self._line("talk_about"),
            texts=tuple(text for line in self.row["talk_about"].splitlines() if (text := one_line(line))),
            introductions=self._introductions(),
            do_not_match=self._others("do_not_match", email),
            met=self._others("met", email),
        )

    def _refuse(self, column: str, problem: str, remedy: str) -> None:
        self.problems.append(RowProblem(self.row.number, column, problem, remedy))

    def _line(self, column: str, *, required: bool = False) -> str:
        text = one_line(self.row[column])
        if required and not text:
            self._refuse(column, _("It is empty."), _("Fill it in."))
        elif len(text) > self.longest[column]:
            self._refuse(
                column,
                _("It has %(length)s characters.", length=len(text)),
                _("Shorten it to %(most)s.", most=self.longest[column]),
            )
        return text

    def _email(self) -> str:
        email = normal_address(self.row["email"])
        if not email:
            self._refuse("email", _("It is empty."), _("Every attendee needs an email address of their own."))
        elif not is_address(email):
            self._refuse(
                "email", _("“%(text)s” is no email address.", text=email[:80]), _("Write it like ana@example.org.")
            )
        return email

    def _kind(self) -> OrganizationKind | None:
        text = self.row["organization_kind"]
        kind = kind_named(text) if text else None
        if text and kind is None:
            self._refuse(
                "organization_kind",
                _("“%(text)s” is none of the kinds.", text=text[:80]),
                _("Use one of: %(kinds)s.", kinds=kind_words()),
            )
        return kind

    def _introductions(self) -> int | None:
        text = self.row["introductions"]
        if not text:
            return None
        number = re.fullmatch(r"(\d{1,2})(?:[.,]0+)?", text, re.ASCII)
        if number is None or int(number[1]) > MOST_INTRODUCTIONS:
            self._refuse(
                "introductions",
                _("“%(text)s” is not a whole number from 0 to %(most)s.", text=text[:40], most=MOST_INTRODUCTIONS),
                _("Write such a number, or leave it empty for %(usual)s.", usual=DEFAULT_INTRODUCTIONS),
            )
            return None
        return int(number[1])

    def _stances(self) -> tuple[SheetStance, ...]:
        strongest: dict[tuple[StanceKind, str], SheetStance] = {}
        for column, kind in STANCE_COLUMNS:
            for entry in _entries(self.row[column]):
                stance = self._stance(column, kind, entry)
                key = (kind, stance.challenge.casefold())
                if key not in strongest or strongest[key].priority < stance.priority:
                    strongest[key] = stance
        return tuple(strongest.values())

    def _stance(self, column: str, kind: StanceKind, entry: str) -> SheetStance:
        found = ENTRY.fullmatch(entry)
        assert found is not None, "the pattern takes any text"
        said = found["priority"] or found["number"]
        if said is not None and said not in ("1", "2", "3"):
            self._refuse(
                column,
                _("“%(said)s” after the colon of “%(entry)s” is no priority.", said=said[:20], entry=entry[:120]),
                _("Use :1, :2 or :3 (3 is highest), or name a challenge with a colon in its title by its slug."),
            )
        if not found["challenge"]:
            self._refuse(column, _("“%(entry)s” names no challenge.", entry=entry[:120]), _("Write its title or slug."))
        priority = int(said) if said in ("1", "2", "3") else DEFAULT_PRIORITY
        return SheetStance(kind, found["challenge"], priority, has_priority=said is not None)

    def _others(self, column: str, own: str) -> tuple[str, ...]:
        emails = tuple(dict.fromkeys(normal_address(entry) for entry in _entries(self.row[column])))
        for email in emails:
            if email == own:
                self._refuse(column, _("It names the attendee’s own email."), _("Take it out."))
            elif not is_address(email):
                self._refuse(
                    column,
                    _("“%(text)s” is no email address.", text=email[:80]),
                    _("Write email addresses, separated by semicolons."),
                )
        return emails


def _entries(cell: str) -> list[str]:
    return [entry for part in cell.split(";") if (entry := one_line(part))]


def _said_twice(rows: tuple[Row, ...]) -> list[RowProblem]:
    first: dict[str, int] = {}
    problems = []
    for row in rows:
        email = normal_address(row["email"])
        if email and first.setdefault(email, row.number) != row.number:
            problems.append(
                RowProblem(
                    row.number,
                    "email",
                    _("%(email)s stands in row %(row)s already.", email=email[:80], row=first[email]),
                    _("Keep one row for each person."),
                )
            )
    return problems


def _kinds_that_disagree(rows: list[AttendeeRow]) -> list[RowProblem]:
    first: dict[str, AttendeeRow] = {}
    problems = []
    for row in rows:
        if row.organization_kind is None:
            continue
        before = first.setdefault(name_key(row.organization), row)
        if before.organization_kind is not row.organization_kind:
            problems.append(
                RowProblem(
                    row.row,
                    "organization_kind",
                    _(
                        "%(organization)s is %(kind)s here, but %(before)s in row %(row)s.",
                        organization=row.organization,
                        kind=row.organization_kind.value,
                        before=before.organization_kind,
                        row=before.row,
                    ),
                    _("Give one organization one kind."),
                )
            )
    return problems
