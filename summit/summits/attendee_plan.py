"""What an attendee spreadsheet would change: every row compared with what is there, nothing written.

The import adds and updates, it never removes. A column or a cell that is missing says nothing. What an attendee said
themselves about a stance (its text and audience, or a priority where the sheet gives none) stays; somebody who withdrew
stays withdrawn. Of an organization that is there already, only what is not known yet is filled in.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from summit.challenges.models import Challenge
from summit.import_report import FieldChange, ImportReport, RowChange
from summit.organizations.models import Organization, OrganizationKind
from summit.organizations.naming import name_key
from summit.people.models import Person
from summit.spreadsheets import RowProblem
from summit.summits.attendee_known import Known, read_known
from summit.summits.attendee_sheet import STANCE_COLUMNS, AttendeeRow, SheetStance, parse_attendees, unknown_emails
from summit.summits.models import Attendance, Stance, StanceKind, Summit

COLUMN_OF = {kind: column for column, kind in STANCE_COLUMNS}
MOST_NAMED = 12


@dataclass(frozen=True)
class NewStance:
    """A stance that is not there yet."""

    challenge_id: int
    kind: StanceKind
    priority: int


@dataclass
class RowPlan:
    """What to do about one row. Without `person` and `attendance` these are created."""

    row: AttendeeRow
    person: Person | None
    attendance: Attendance | None
    new_stances: list[NewStance] = field(default_factory=list)
    priorities: list[tuple[Stance, int]] = field(default_factory=list)
    exclusions: list[str] = field(default_factory=list)
    acquaintances: list[str] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)


@dataclass
class OrganizationPlan:
    """An organization to create (`known` is None), or what to fill in about it."""

    name: str
    known: Organization | None
    kind: OrganizationKind | None = None
    place: str = ""

    @property
    def changes_something(self) -> bool:
        """Say whether there is anything to do."""
        return self.known is None or self.kind is not None or bool(self.place)


@dataclass(frozen=True)
class AttendeePlan:
    """The whole import, before it is carried out."""

    rows: list[RowPlan]
    organizations: dict[str, OrganizationPlan]
    known: Known
    report: ImportReport


def plan_attendees(session: Session, summit: Summit, data: bytes) -> AttendeePlan:
    """Compare an attendee spreadsheet with the summit; the plan's report says what would change and what is wrong."""
    sheet = parse_attendees(data)
    known = read_known(session, summit, sheet)
    problems = [*sheet.problems, *unknown_emails(sheet, known.people)]
    notices = list(sheet.notices)
    organizations = _plan_organizations(sheet.rows, known)
    plans = []
    for row in sheet.rows:
        plan = _plan_row(row, known)
        problems += _problems(plan, known)
        notices += _notices(plan)
        plans.append(plan)
    report = ImportReport(
        created=tuple(_change(plan) for plan in plans if plan.person is None),
        changed=tuple(_change(plan) for plan in plans if plan.person is not None and plan.changes),
        unchanged=sum(plan.person is not None and not plan.changes for plan in plans),
        problems=tuple(sorted(problems, key=lambda found: found.row)),
        also=tuple(_also(organizations)),
        notices=tuple(notices),
    )
    return AttendeePlan(plans, organizations, known, report)


def _change(plan: RowPlan) -> RowChange:
    return RowChange(plan.row.row, f"{plan.row.name} <{plan.row.email}>", tuple(plan.changes))


def _plan_row(row: AttendeeRow, known: Known) -> RowPlan:
    person = known.people.get(row.email)
    plan = RowPlan(row, person, known.attendances.get(person.id) if person else None)
    plan.changes += _person_changes(row, person, known)
    plan.changes += _attendance_changes(row, plan)
    for said, challenge in _challenges(row, known):
        _plan_stance(plan, said, challenge, known)
    _plan_pairs(plan, known)
    return plan


def _person_changes(row: AttendeeRow, person: Person | None, known: Known) -> Iterator[FieldChange]:
    employer = known.organization_names.get(person.organization_id or 0, "") if person else ""
    fields = (
        ("name", person.name if person else "", row.name),
        ("organization", employer, row.organization),
        ("title", person.title if person else "", row.title),
    )
    for name, old, new in fields:
        same = name_key(old) == name_key(new) if name == "organization" else old == new
        if new and not same:
            yield FieldChange(name, old, new)


def _attendance_changes(row: AttendeeRow, plan: RowPlan) -> Iterator[FieldChange]:
    attendance = plan.attendance
    if attendance is None and plan.person is not None:
        yield FieldChange(_("attendance"), "", _("registered"))
    old_line = attendance.talk_about if attendance else ""
    if row.talk_about and row.talk_about != old_line:
        yield FieldChange("talk_about", old_line, row.talk_about)
    old_number = attendance.introductions if attendance else None
    if row.introductions is not None and row.introductions != old_number:
        yield FieldChange("introductions", "" if old_number is None else str(old_number), str(row.introductions))


def _challenges(row: AttendeeRow, known: Known) -> list[tuple[SheetStance, Challenge]]:
    """Return each challenge once for each kind (title and slug may both be there): the higher priority stands."""
    found: dict[tuple[StanceKind, int], tuple[SheetStance, Challenge]] = {}
    for said in row.stances:
        challenge = known.challenges.find(said.challenge)
        if challenge is None:
            continue
        key = (said.kind, challenge.id)
        if key not in found or found[key][0].priority < said.priority:
            found[key] = (said, challenge)
    return list(found.values())


def _plan_stance(plan: RowPlan, said: SheetStance, challenge: Challenge, known: Known) -> None:
    before = known.stances.get((plan.person.id, challenge.id, said.kind)) if plan.person else None
    column = COLUMN_OF[said.kind]
    if before is None:
        plan.new_stances.append(NewStance(challenge.id, said.kind, said.priority))
        plan.changes.append(FieldChange(column, "", f"{challenge.title}:{said.priority}"))
    elif said.has_priority and before.priority != said.priority:
        plan.priorities.append((before, said.priority))
        plan.changes.append(
            FieldChange(column, f"{challenge.title}:{before.priority}", f"{challenge.title}:{said.priority}")
        )


def _plan_pairs(plan: RowPlan, known: Known) -> None:
    me = plan.person.id if plan.person else 0
    for email in plan.row.do_not_match:
        other = known.people.get(email)
        if not me or other is None or (me, other.id) not in known.exclusions:
            plan.exclusions.append(email)
            plan.changes.append(FieldChange("do_not_match", "", email))
    for email in plan.row.met:
        other = known.people.get(email)
        if not me or other is None or (min(me, other.id), max(me, other.id)) not in known.acquaintances:
            plan.acquaintances.append(email)
            plan.changes.append(FieldChange("met", "", email))


def _problems(plan: RowPlan, known: Known) -> Iterator[RowProblem]:
    row = plan.row
    if plan.person is not None and plan.person.is_disabled:
        yield RowProblem(
            row.row,
            "email",
            _("%(email)s may no longer sign in.", email=row.email),
            _("Take the row out, or let the person in again first: flask people enable %(email)s.", email=row.email),
        )
    for said in row.stances:
        challenge = known.challenges.find(said.challenge)
        if challenge is None:
            yield _unknown_challenge(row, said, known)
    for new in plan.new_stances:
        retired = known.challenges.retired.get(new.challenge_id)
        if retired is not None:
            yield RowProblem(
                row.row,
                COLUMN_OF[new.kind],
                _("“%(title)s” is no longer on the map.", title=retired.title),
                _("Name another challenge, or take it out."),
            )


def _unknown_challenge(row: AttendeeRow, said: SheetStance, known: Known) -> RowProblem:
    close = known.challenges.close_to(said.challenge)
    remedy = (
        _("Did you mean %(titles)s?", titles=_(" or ").join(f"“{title}”" for title in close))
        if close
        else _("Use a title or slug from the list of challenges, or import the challenge first.")
    )
    problem = _("There is no challenge “%(name)s”.", name=said.challenge[:200])
    return RowProblem(row.row, COLUMN_OF[said.kind], problem, remedy)


def _notices(plan: RowPlan) -> Iterator[str]:
    if plan.attendance is not None and plan.attendance.withdrawn_at is not None:
        yield _(
            "Row %(row)s: %(name)s withdrew and stays so. Register them again on the list of attendees if they come.",
            row=plan.row.row,
            name=plan.row.name,
        )


def _plan_organizations(rows: tuple[AttendeeRow, ...], known: Known) -> dict[str, OrganizationPlan]:
    plans: dict[str, OrganizationPlan] = {}
    for row in rows:
        key = name_key(row.organization)
        plan = plans.setdefault(key, OrganizationPlan(row.organization, known.organizations.get(key)))
        before = plan.known
        if row.organization_kind and (before is None or before.kind is OrganizationKind.OTHER != row.organization_kind):
            plan.kind = row.organization_kind
        if row.place and not plan.place and (before is None or not before.place):
            plan.place = row.place
    return plans


def _also(organizations: dict[str, OrganizationPlan]) -> Iterator[str]:
    new = sorted(plan.name for plan in organizations.values() if plan.known is None)
    if new:
        names = ", ".join(new[:MOST_NAMED]) + (" …" if len(new) > MOST_NAMED else "")
        yield ngettext(
            "%(num)s new organization: %(names)s", "%(num)s new organizations: %(names)s", len(new), names=names
        )
    for plan in organizations.values():
        if plan.known is not None and plan.changes_something:
            told = ", ".join(filter(None, (plan.kind, plan.place)))
            yield _("%(name)s: filled in %(told)s", name=plan.name, told=told)
