"""A run's report as the organizer's page shows it: groups of people, and everyone's own lists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from summit.engine.matching.fairness import Estimate, Figures
from summit.matching.models import MatchRun


@dataclass(frozen=True)
class GroupRow:
    """A group with its figures, which are None where they are withheld."""

    label: str
    people: int
    share_of_people: float
    figures: Figures | None


@dataclass(frozen=True)
class Comparison:
    """Groups that divide everybody up. `top` is the highest value that any interval reaches, for a common scale."""

    rows: tuple[GroupRow, ...]

    @property
    def top(self) -> float:
        """Return the end of the scale on which the groups' values per person are drawn."""
        return max((row.figures.value_per_person.high for row in self.rows if row.figures), default=0.0)

    @property
    def worse(self) -> tuple[GroupRow, ...]:
        """Return the groups that get less than the others, by more than chance and more than a tenth."""
        return tuple(row for row in self.rows if row.figures and row.figures.is_worse)

    @property
    def is_withholding(self) -> bool:
        """Say whether the figures of some group are withheld."""
        return any(row.figures is None for row in self.rows)


@dataclass(frozen=True)
class OwnListsRow:
    """What would have become of `people` if everybody had taken their own best; see the engine's `own_lists`."""

    people: int
    left_out: int
    left_out_together: int
    swamped: int
    swamped_together: int
    most_wanted_on: int
    most_wanted_ceiling: int


def comparisons(run: MatchRun, label: Callable[[str], str]) -> list[Comparison]:
    """Return how kinds of organizations, and newcomers and returners, compare; empty for a run without a report."""
    groups: dict[str, list[dict[str, Any]]] = run.report.get("groups", {})
    return [Comparison(tuple(_row(stored, label) for stored in rows)) for rows in groups.values() if rows]


def own_lists(run: MatchRun) -> OwnListsRow | None:
    """Return the comparison with own lists, or None for a run without one."""
    stored = run.report.get("own_lists")
    return OwnListsRow(**stored) if stored and stored["people"] else None


def _row(stored: dict[str, Any], label: Callable[[str], str]) -> GroupRow:
    figures = stored["figures"]
    return GroupRow(
        label=label(stored["name"]),
        people=stored["people"],
        share_of_people=stored["share_of_people"],
        figures=None if figures is None else _figures(figures),
    )


def _figures(stored: dict[str, Any]) -> Figures:
    estimates = ("value_per_person", "introductions_per_person")
    return Figures(**{**stored, **{name: Estimate(**stored[name]) for name in estimates}})
