"""Spreadsheets: a table out of whatever a spreadsheet program exports as text, or a list of what is wrong with it.

Understood: comma, semicolon or tab (and Excel's `sep=` line); any line ends; line breaks inside quotes; UTF-8 with or
without its mark, UTF-16 with its mark, Windows-1252. A row's number is the one the spreadsheet program shows.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
DELIMITERS = (",", ";", "\t")

ZIP, OLD_OFFICE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
UTF8_MARK, UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
NOT_IN_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n?|sep=([,;\t])\r", re.IGNORECASE)


@dataclass(frozen=True)
class RowProblem:
    """Why something can't be taken: where (row 0 is the file as a whole), what is wrong, and what to do."""

    row: int
    column: str
    problem: str
    remedy: str

    @property
    def place(self) -> str:
        """Say where, in words."""
        if not self.row:
            return _("file")
        if not self.column:
            return _("row %(row)s", row=self.row)
        return _("row %(row)s, column %(column)s", row=self.row, column=self.column)

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}"


@dataclass(frozen=True)
class Row:
    """One row with something in it; a known column that the file lacks reads as empty."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """What a file holds. With problems of the file as a whole there are no rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[RowProblem, ...]
    notices: tuple[str, ...] = ()


class _Unreadable(Exception):
    """The file as a whole, or from a row on, can't be read."""

    def __init__(self, problem: str, remedy: str, row: int = 0) -> None:
        super().__init__(problem)
        self.found = RowProblem(row, "", problem, remedy)


def read_table(
    data: bytes, *, required: Sequence[str], known: Sequence[str], aliases: Mapping[str, str] | None = None
) -> Table:
    """Read a spreadsheet's text export.

    Args:
        data: the file.
        required: columns that must be there.
        known: all columns that mean something; others are reported and ignored.
        aliases: other names of known columns.
    """
    try:
        text, notices = _decode(data)
        names = {**{name: name for name in (*required, *known)}, **(aliases or {})}
        delimiter, text = _delimiter(text, names)
        records = _records(text, delimiter)
        header = _header(records, names, required)
        notices += header.notices
        rows, problems = _rows(records, header)
    except _Unreadable as fault:
        return Table((), (), (fault.found,))
    if not rows and not problems:
        problems.append(RowProblem(0, "", _("There is no row below the header."), _("Fill in at least one row.")))
    return Table(tuple(name for name in header.names if name), tuple(rows), tuple(problems), tuple(notices))


def one_line(text: str) -> str:
    """Return the text with every run of white space made one space."""
    return " ".join(text.split())


def _decode(data: bytes) -> tuple[str, list[str]]:
    """Return the file's text, and a notice where its encoding was guessed."""
    if len(data) > MAX_BYTES:
        megabytes = f"{len(data) / 1024 / 1024:.1f}"
        raise _Unreadable(
            _("This file has %(size)s MB; at most %(limit)s MB are read.", size=megabytes, limit=MAX_BYTES // 1048576),
            _("Remove columns that aren't needed, or split it into several files."),
        )
    if data.startswith((ZIP, OLD_OFFICE)):
        raise _Unreadable(
            _("This is a workbook (or another packed file), not a text file."),
            _("Open it in the spreadsheet program and save the sheet as “CSV UTF-8”."),
        )
    text, notices = _text_of(data)
    if NOT_IN_TEXT.search(text) or data.startswith(PDF):
        raise _not_text()
    if not text.strip():
        raise _Unreadable(_("This file is empty."), _("Choose a file with a header row and at least one row below it."))
    return text, notices


def _text_of(data: bytes) -> tuple[str, list[str]]:
    try:
        if data.startswith(UTF16_MARKS):
            return data.decode("utf-16"), []
        if b"\0" in data:
            raise _not_text()
        return data.removeprefix(UTF8_MARK).decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise _not_text() from None
    return text, [_("The file is not UTF-8; it was read as Windows-1252. Check that names with accents are right.")]


def _not_text() -> _Unreadable:
    return _Unreadable(
        _("This file is not text in an encoding we know."), _("Save the sheet as “CSV UTF-8” and choose that file.")
    )


def _delimiter(text: str, names: Mapping[str, str]) -> tuple[str, str]:
    """Return the delimiter that makes most sense of the header, and the text without a `sep=` line."""
    said = SEPARATOR_LINE.match(text)
    if said:
        return said[1] or said[2], text[said.end() :]

    def sense(delimiter: str) -> tuple[int, int]:
        try:
            header = next((cells for _number, cells in _records(text, delimiter) if any(cells)), [])
        except _Unreadable:  # quoted names with another delimiter between them
            return -1, 0
        return sum(_column(cell) in names for cell in header), len(header)

    return max(DELIMITERS, key=sense), text


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's number and its cells; blank lines are rows too."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield number, [_clean(cell) for cell in cells]
    except csv.Error:
        raise _Unreadable(
            _("The quotation marks of a cell in this row don't fit together, or the cell is far too long."),
            _('A quoted cell begins and ends with ", and a " within it is doubled.'),
            number + 1,
        ) from None


def _clean(cell: str) -> str:
    """Compose accents and bring line ends and blanks into shape."""
    if cell.isascii() and "\r" not in cell:
        return cell.strip()
    composed = unicodedata.normalize("NFC", cell).replace("\r\n", "\n").replace("\r", "\n")
    return composed.replace("\ufeff", "").replace("\u200b", "").replace("\u00a0", " ").strip()


def _column(name: str) -> str:
    """Return a header's name as we compare it."""
    return re.sub(r"[\s\-]+", "_", name.strip().lower())


@dataclass(frozen=True)
class _Header:
    row: int
    # A column's name by position; "" for one that is ignored.
    names: tuple[str, ...]
    notices: list[str]


def _header(records: Iterator[tuple[int, list[str]]], names: Mapping[str, str], required: Sequence[str]) -> _Header:
    row, cells = next(((number, cells) for number, cells in records if any(cells)), (0, []))
    found = tuple(names.get(_column(cell), "") for cell in cells)
    twice = sorted({name for name in found if name and found.count(name) > 1})
    if twice:
        raise _Unreadable(
            _("The header names a column twice: %(columns)s.", columns=", ".join(twice)), _("Keep one of them."), row
        )
    missing = [name for name in required if name not in found]
    if missing:
        seen = ", ".join(one_line(cell)[:40] for cell in cells[:12] if cell)
        raise _Unreadable(
            _("The header lacks: %(columns)s. It has: %(seen)s.", columns=", ".join(missing), seen=seen),
            _("The first row must name the columns, spelled like this."),
            row,
        )
    ignored = [cell[:40] for cell, name in zip(cells, found, strict=True) if cell and not name]
    notices = [_("Not known and ignored: %(columns)s.", columns=", ".join(ignored))] if ignored else []
    return _Header(row, found, notices)


def _rows(records: Iterator[tuple[int, list[str]]], header: _Header) -> tuple[list[Row], list[RowProblem]]:
    rows: list[Row] = []
    problems: list[RowProblem] = []
    width = len(header.names)
    for number, cells in records:
        if not any(cells):
            continue
        if len(rows) >= MAX_ROWS:
            raise _Unreadable(
                _("There are more than %(limit)s rows.", limit=MAX_ROWS), _("Split the file into several."), number
            )
        if any(cells[width:]):
            problems.append(
                RowProblem(
                    number,
                    "",
                    _("It has %(cells)s cells, the header only %(columns)s.", cells=len(cells), columns=width),
                    _("Put quotation marks around a cell that holds the separator, or name the column."),
                )
            )
            continue
        rows.append(Row(number, {name: cell for name, cell in zip(header.names, cells, strict=False) if name}))
    return rows, problems
