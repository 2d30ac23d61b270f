"""Rounds from a spreadsheet: who is free when, and the schedule of the matches as a sheet."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from flask_babel import gettext as _
from flask_babel import ngettext
from numpy.typing import NDArray

from summit.engine.matching.profiles import MOST_SLOTS
from summit.engine.matching.rounds import Schedule
from summit.errors import Invalid
from summit.people.addresses import normal_address
from summit.spreadsheets import Row, RowProblem, read_table

REQUIRED, OPTIONAL, ALIASES = ("email", "slots"), (), {"e_mail": "email", "free": "slots"}
SCHEDULE_COLUMNS = ("slot", "table", "email_a", "email_b", "email_c")


@dataclass(frozen=True)
class Availability:
    """How many slots there are, numbered from 1, and in which somebody is free; who isn't named always is."""

    slots: int
    free: Mapping[str, frozenset[int]]
    rows: Mapping[str, int]

    def matrix(self, emails: Sequence[str]) -> NDArray[np.bool_]:
        """Return who is free when, shape (people, slots).

        Raises:
            Invalid: naming the rows of people who are not among `emails`.
        """
        strangers = [
            RowProblem(
                self.rows[email],
                "email",
                _("%(email)s is not in the list of attendees.", email=email[:80]),
                _("Add them there, or take this row out."),
            )
            for email in self.free
            if email not in set(emails)
        ]
        _refuse(strangers)
        everywhere = frozenset(range(1, self.slots + 1))
        free = np.zeros((len(emails), self.slots), dtype=np.bool_)
        for person, email in enumerate(emails):
            free[person, [slot - 1 for slot in self.free.get(email, everywhere)]] = True
        return free


def always_free(slots: int) -> Availability:
    """Return that everybody is free in every one of so many slots."""
    return Availability(slots, {}, {})


def read_availability(data: bytes, *, slots: int | None = None) -> Availability:
    """Read a sheet of `email` and `slots`, the numbers of the slots in which somebody is free: `1;2;5`.

    Somebody with an empty cell is never free. There are as many slots as `slots` says, or as the highest number.

    Raises:
        Invalid: naming each problem by row and column.
    """
    table = read_table(data, required=REQUIRED, known=REQUIRED, aliases=ALIASES)
    problems = list(table.problems)
    free: dict[str, frozenset[int]] = {}
    rows: dict[str, int] = {}
    for row in table.rows:
        email = normal_address(row["email"])
        if email in free:
            where = _("%(email)s stands in row %(row)s already.", email=email[:80], row=rows[email])
            problems.append(RowProblem(row.number, "email", where, _("Keep one row for each person.")))
            continue
        numbers = _numbers(row, slots or MOST_SLOTS, problems)
        free[email], rows[email] = frozenset(numbers), row.number
    _refuse(problems)
    return Availability(slots or max((max(numbers, default=0) for numbers in free.values()), default=0), free, rows)


def _numbers(row: Row, most: int, problems: list[RowProblem]) -> list[int]:
    found = []
    for entry in filter(None, (part.strip() for part in row["slots"].split(";"))):
        if entry.isascii() and entry.isdigit() and 1 <= int(entry) <= most:
            found.append(int(entry))
        else:
            said = _("“%(entry)s” is no slot.", entry=entry[:20])
            remedy = _("Write numbers from 1 to %(most)s, separated by semicolons.", most=most)
            problems.append(RowProblem(row.number, "slots", said, remedy))
    return found


def _refuse(problems: list[RowProblem]) -> None:
    if problems:
        message = ngettext(
            "%(num)d problem; nothing was matched.", "%(num)d problems; nothing was matched.", len(problems)
        )
        raise Invalid(message, {each.place: f"{each.problem} {each.remedy}" for each in problems})


def schedule_sheet(emails: Sequence[str], schedule: Schedule) -> str:
    """Write a schedule as CSV, one row a meeting, by slot and table, both counted from 1; `email_c` joins the two."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(SCHEDULE_COLUMNS)
    for meeting in np.lexsort((schedule.table, schedule.slot)):
        slot, table, third = (int(each[meeting]) for each in (schedule.slot, schedule.table, schedule.third))
        if slot >= 0:
            low, high = sorted(emails[person] for person in schedule.pairs[meeting])
            writer.writerow((slot + 1, table + 1, low, high, emails[third] if third >= 0 else ""))
    return text.getvalue()
