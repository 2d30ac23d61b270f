"""Spreadsheets: whatever a spreadsheet program exports is understood, or refused with a sentence that helps."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit.spreadsheets import MAX_BYTES, RowProblem, Table, read_table

LINES = ["email,name", "ana@example.org,Ana", "jörg@example.org,Jörg"]


def read(data: bytes) -> Table:
    return read_table(data, required=("email", "name"), known=("note",), aliases={"e_mail": "email"})


def cells(table: Table) -> list[tuple[int, str, str]]:
    return [(row.number, row["email"], row["name"]) for row in table.rows]


EXPECTED = [(2, "ana@example.org", "Ana"), (3, "jörg@example.org", "Jörg")]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_export_of_a_spreadsheet_program_reads_the_same(line_end: str, delimiter: str, encoding: str) -> None:
    text = line_end.join(LINES).replace(",", delimiter) + line_end

    table = read(text.encode(encoding))

    assert cells(table) == EXPECTED
    assert table.problems == ()
    assert len(table.notices) == (1 if encoding == "cp1252" else 0)


def test_a_guessed_encoding_is_said() -> None:
    table = read("\n".join(LINES).encode("latin-1"))

    assert "Windows-1252" in table.notices[0]


def test_excels_separator_line_is_obeyed() -> None:
    table = read(b"sep=;\r\nemail;name\r\nana@example.org;Ana, the first\r\n")

    assert cells(table) == [(2, "ana@example.org", "Ana, the first")]


def test_a_line_break_inside_quotes_stays_in_its_cell_and_in_its_row() -> None:
    table = read(b'email,name,note\r\nana@example.org,"Ana\r\nRuiz",x\r\n\r\njon@example.org,Jon,"said ""hi"""\r\n')

    assert cells(table) == [(2, "ana@example.org", "Ana\nRuiz"), (4, "jon@example.org", "Jon")]
    assert table.rows[1]["note"] == 'said "hi"'


def test_unknown_columns_are_reported_and_ignored() -> None:
    table = read(b"E-mail,Name,T-shirt\nana@example.org,Ana,M\n")

    assert cells(table) == [(2, "ana@example.org", "Ana")]
    assert table.notices == ("Not known and ignored: T-shirt.",)


def test_empty_cells_beyond_the_header_do_no_harm() -> None:
    table = read(b"email,name\nana@example.org,Ana,,\n")

    assert cells(table) == [(2, "ana@example.org", "Ana")]


def test_a_row_with_more_cells_than_the_header_is_named() -> None:
    table = read(b"email,name\nana@example.org,Ruiz, Ana\njon@example.org,Jon\n")

    assert [(problem.row, problem.problem) for problem in table.problems] == [(2, "It has 3 cells, the header only 2.")]


def workbook() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "row", "says"),
    [
        (b"", 0, "empty"),
        (b"\xef\xbb\xbf  \r\n", 0, "empty"),
        (b"email,name\n", 0, "no row below the header"),
        (workbook(), 0, "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", 0, "workbook"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0, "not text"),
        (b"%PDF-1.7 email,name", 0, "not text"),
        (b"email,name\na\x81\x8d,b\n", 0, "not text"),
        (b"email,name\nana@example.org,A\0na\n", 0, "not text"),
        (b"name,place\nAna,Chicago\n", 1, "The header lacks: email. It has: name, place."),
        (b"email,name,E-Mail\na,b,c\n", 1, "names a column twice: email"),
        (b'email,name\nana@example.org,"Ana\njon@example.org,Jon\n', 2, "quotation marks"),
    ],
)
def test_what_can_not_be_read_is_refused_with_a_remedy(data: bytes, row: int, says: str) -> None:
    table = read(data)

    assert table.rows == ()
    assert [problem.row for problem in table.problems] == [row]
    assert says in table.problems[0].problem
    assert table.problems[0].remedy


def test_a_file_of_20_megabytes_is_refused() -> None:
    table = read(b"email,name\n" + b"x" * (2 * MAX_BYTES))

    assert str(table.problems[0]).startswith("file: This file has 20.0 MB; at most 10 MB are read.")


def test_a_problem_says_where() -> None:
    assert str(RowProblem(7, "email", "It is empty.", "Fill it in.")) == "row 7, column email: It is empty. Fill it in."


@given(st.binary(max_size=400))
def test_no_file_makes_it_fall_over(data: bytes) -> None:
    table = read(data)

    assert table.rows or table.problems


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_an_export_with_every_cell_in_quotes_is_understood(delimiter: str) -> None:
    text = "\n".join(delimiter.join(f'"{cell}"' for cell in line.split(",")) for line in LINES)

    assert cells(read(text.encode())) == EXPECTED
