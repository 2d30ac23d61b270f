"""What an import of a spreadsheet does, or would do: created, changed, unchanged, refused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from summit.errors import Invalid
from summit.spreadsheets import RowProblem

Progress = Callable[[int, int], None]
"""Is told how many of how many rows are done."""


@dataclass(frozen=True)
class FieldChange:
    """One field: what it holds and what it will hold."""

    field: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.field}: {self.old or '–'} → {self.new or '–'}"


@dataclass(frozen=True)
class RowChange:
    """What a row changes about the thing it names."""

    row: int
    name: str
    fields: tuple[FieldChange, ...]

    def __str__(self) -> str:
        return _(
            "row %(row)s, %(name)s: %(fields)s", row=self.row, name=self.name, fields="; ".join(map(str, self.fields))
        )


@dataclass(frozen=True)
class ImportReport:
    """The whole import. `also` are sentences about what else it creates or fills in; notices change nothing."""

    created: tuple[RowChange, ...] = ()
    changed: tuple[RowChange, ...] = ()
    unchanged: int = 0
    problems: tuple[RowProblem, ...] = ()
    also: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """Return how many rows can't be taken (a file that can't be read counts as one)."""
        return len({problem.row for problem in self.problems})

    @property
    def changes_something(self) -> bool:
        """Say whether anything would be different afterwards."""
        return bool(self.created or self.changed or self.also)

    @property
    def summary(self) -> str:
        """Say the four counts in one line."""
        return _(
            "%(created)s created, %(changed)s changed, %(unchanged)s unchanged, %(refused)s refused.",
            created=len(self.created),
            changed=len(self.changed),
            unchanged=self.unchanged,
            refused=self.refused,
        )

    def lines(self) -> Iterable[str]:
        """List everything but the problems, a line each, for a terminal."""
        yield from (_("notice: %(text)s", text=notice) for notice in self.notices)
        yield from (_("create: %(row)s", row=str(change)) for change in self.created)
        yield from (_("change: %(row)s", row=str(change)) for change in self.changed)
        yield from (_("also: %(text)s", text=sentence) for sentence in self.also)
        yield self.summary

    def require_clean(self) -> None:
        """Refuse the whole file when any row has a problem: nothing is written of it.

        Raises:
            Invalid: with every problem under its place.
        """
        if not self.problems:
            return
        fields: dict[str, str] = {}
        for found in self.problems:
            sentence = f"{found.problem} {found.remedy}"
            fields[found.place] = f"{fields[found.place]} {sentence}" if found.place in fields else sentence
        message = ngettext(
            "Nothing was imported: %(num)s problem.", "Nothing was imported: %(num)s problems.", len(self.problems)
        )
        raise Invalid(message, fields)


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""
