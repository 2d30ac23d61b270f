"""Importing challenges and themes. A challenge is known by its slug where the sheet has one, otherwise by its title."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session, selectinload

from summit import audit
from summit.challenges.models import Challenge, ChallengeTheme, Theme
from summit.import_report import FieldChange, ImportReport, RowChange
from summit.slugs import is_slug, slug_for
from summit.spreadsheets import Row, RowProblem, one_line, read_table

REQUIRED = ("title",)
OPTIONAL = ("theme", "slug", "description", "version")
ALIASES = {"challenge": "title", "themes": "theme"}
LONGEST = {"title": 200, "slug": 160, "version": 40, "description": 10_000}
LONGEST_THEME = 120
NO_THEME = "unknown"


@dataclass(frozen=True)
class ChallengeRow:
    """What a row says; an empty text, or no theme, says nothing."""

    row: int
    title: str
    slug: str
    description: str
    version: str
    themes: tuple[str, ...]


@dataclass(frozen=True)
class ChallengePlan:
    """The whole import, before it is carried out: each row with the challenge that is there already."""

    rows: list[tuple[ChallengeRow, Challenge | None]]
    themes: dict[str, Theme]
    new_themes: dict[str, str]
    report: ImportReport


def plan_challenges(session: Session, data: bytes) -> ChallengePlan:
    """Compare a challenge spreadsheet with the map; the plan's report says what would change and what is wrong."""
    table = read_table(data, required=REQUIRED, known=OPTIONAL, aliases=ALIASES)
    rows = [_read(row) for row in table.rows]
    known = list(session.scalars(select(Challenge).options(selectinload(Challenge.themes))))
    themes = {_folded(theme.name): theme for theme in session.scalars(select(Theme))}
    paired = _pair(rows, known)
    changes = {row.row: tuple(_changes(row, challenge)) for row, challenge in paired}
    problems = [*table.problems, *(problem for row in rows for problem in _problems(row)), *_clashes(paired, known)]
    new_themes: dict[str, str] = {}
    for row in rows:
        for name in row.themes:
            if _folded(name) not in themes:
                new_themes.setdefault(_folded(name), name)
    report = ImportReport(
        created=tuple(RowChange(row.row, row.title, changes[row.row]) for row, there in paired if there is None),
        changed=tuple(
            RowChange(row.row, row.title, changes[row.row]) for row, there in paired if there and changes[row.row]
        ),
        unchanged=sum(there is not None and not changes[row.row] for row, there in paired),
        problems=tuple(sorted(problems, key=lambda found: found.row)),
        also=tuple(_also(new_themes)),
        notices=table.notices,
    )
    return ChallengePlan(paired, themes, new_themes, report)


def import_challenges(session: Session, data: bytes, *, by: int | None, now: datetime) -> ImportReport:
    """Import a challenge spreadsheet. Importing the same file again changes nothing.

    Raises:
        Invalid: when any row has a problem; nothing is written then.
    """
    plan = plan_challenges(session, data)
    plan.report.require_clean()
    if not plan.report.changes_something:
        return plan.report
    themes = _create_themes(session, plan)
    slugs = set(session.scalars(select(Challenge.slug)))
    for row, there in plan.rows:
        challenge = there or _create(session, row, slugs)
        challenge.title = row.title
        challenge.description = row.description or challenge.description
        challenge.version = row.version or challenge.version
        session.flush()
        if row.themes:
            _set_themes(session, challenge, [themes[_folded(name)].id for name in row.themes])
    detail = {"created": len(plan.report.created), "changed": len(plan.report.changed)}
    audit.record(
        session, "import challenges", actor_id=by, subject_kind="challenge", subject_id=None, at=now, detail=detail
    )
    return plan.report


def _folded(text: str) -> str:
    return one_line(text).casefold()


def _read(row: Row) -> ChallengeRow:
    names = [one_line(name) for name in row["theme"].split(";")]
    themes = {_folded(name): name for name in names if name and _folded(name) != NO_THEME}
    return ChallengeRow(
        row=row.number,
        title=one_line(row["title"]),
        slug=row["slug"].lower(),
        description=row["description"],
        version=one_line(row["version"]),
        themes=tuple(themes.values()),
    )


def _pair(rows: list[ChallengeRow], known: list[Challenge]) -> list[tuple[ChallengeRow, Challenge | None]]:
    by_slug = {challenge.slug: challenge for challenge in known}
    by_title = {_folded(challenge.title): challenge for challenge in known}
    return [(row, by_slug.get(row.slug) if row.slug else by_title.get(_folded(row.title))) for row in rows]


def _changes(row: ChallengeRow, there: Challenge | None) -> Iterator[FieldChange]:
    fields = (
        ("title", there.title if there else "", row.title),
        ("slug", there.slug if there else "", row.slug),
        ("description", there.description if there else "", row.description),
        ("version", there.version if there else "", row.version),
    )
    for name, old, new in fields:
        if new and new != old:
            yield FieldChange(name, old, new)
    before = [theme.name for theme in there.themes] if there else []
    if row.themes and {_folded(name) for name in before} != {_folded(name) for name in row.themes}:
        yield FieldChange("theme", "; ".join(before), "; ".join(row.themes))


def _problems(row: ChallengeRow) -> Iterator[RowProblem]:
    if not row.title:
        yield RowProblem(row.row, "title", _("It is empty."), _("Give the challenge a title."))
    for name, most in LONGEST.items():
        length = len(getattr(row, name))
        if length > most:
            problem, remedy = _("It has %(length)s characters.", length=length), _("Shorten it to %(most)s.", most=most)
            yield RowProblem(row.row, name, problem, remedy)
    for theme in row.themes:
        if len(theme) > LONGEST_THEME:
            problem = _("A theme’s name has %(length)s characters.", length=len(theme))
            yield RowProblem(row.row, "theme", problem, _("Shorten it to %(most)s.", most=LONGEST_THEME))
    if row.slug and not is_slug(row.slug):
        yield RowProblem(
            row.row,
            "slug",
            _("“%(slug)s” can’t stand in an address.", slug=row.slug[:80]),
            _("Use small letters, digits and single hyphens, or leave it empty."),
        )


def _clashes(paired: list[tuple[ChallengeRow, Challenge | None]], known: list[Challenge]) -> Iterator[RowProblem]:
    """Find two rows for one challenge, and titles that belong to another challenge."""
    owners = {_folded(challenge.title): challenge for challenge in known}
    first: dict[str, int] = {}
    for row, there in paired:
        for column, name in (("title", _folded(row.title)), ("slug", row.slug)):
            key = f"{column} {name}"
            if name and first.setdefault(key, row.row) != row.row:
                problem = _("The same stands in row %(row)s already.", row=first[key])
                yield RowProblem(row.row, column, problem, _("Keep one row for each challenge."))
        owner = owners.get(_folded(row.title))
        if owner is not None and owner is not there:
            yield RowProblem(
                row.row,
                "title",
                _("Another challenge has this title; its slug is %(slug)s.", slug=owner.slug),
                _("Use that slug, or another title."),
            )


def _also(new_themes: dict[str, str]) -> Iterator[str]:
    if new_themes:
        names = ", ".join(new_themes.values())
        yield ngettext("%(num)s new theme: %(names)s", "%(num)s new themes: %(names)s", len(new_themes), names=names)


def _create_themes(session: Session, plan: ChallengePlan) -> dict[str, Theme]:
    slugs = {theme.slug for theme in plan.themes.values()}
    position = session.scalar(select(func.coalesce(func.max(Theme.position), 0))) or 0
    themes = dict(plan.themes)
    for key, name in plan.new_themes.items():
        position += 1
        slug = slug_for(name, taken=slugs, longest=120, otherwise="theme")
        slugs.add(slug)
        themes[key] = Theme(slug=slug, name=name, position=position)
        session.add(themes[key])
    session.flush()
    return themes


def _create(session: Session, row: ChallengeRow, slugs: set[str]) -> Challenge:
    slug = row.slug or slug_for(row.title, taken=slugs, longest=160, otherwise="challenge")
    slugs.add(slug)
    challenge = Challenge(slug=slug, title=row.title, description="", version="")
    session.add(challenge)
    return challenge


def _set_themes(session: Session, challenge: Challenge, theme_ids: list[int]) -> None:
    session.execute(delete(ChallengeTheme).where(ChallengeTheme.challenge_id == challenge.id))
    session.execute(
        insert(ChallengeTheme), [{"challenge_id": challenge.id, "theme_id": theme_id} for theme_id in theme_ids]
    )
