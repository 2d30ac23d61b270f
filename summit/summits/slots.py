"""When and where people meet at a summit: its slots and its tables, as the organizers lay them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Invalid, NotFound
from summit.summits.attendance import bump_revision, require_open
from summit.summits.models import Slot, SlotUse, Summit, Table

MOST_SLOTS = 64
MOST_AT_ONCE = 20
MOST_TABLES = 3000
LONGEST_SLOT, LONGEST_BREAK = 240, 480


@dataclass(frozen=True)
class Series:
    """Slots one after another: on a day, from a time of the summit's zone on; lengths in minutes."""

    day: date
    start: time
    minutes: int
    pause: int
    number: int
    use: SlotUse = SlotUse.MEETINGS


def slots_of(session: Session, summit: Summit, *, use: SlotUse | None = None) -> Sequence[Slot]:
    """Return a summit's slots by their start, all or those for one use."""
    slots = select(Slot).where(Slot.summit_id == summit.id).order_by(Slot.starts_at)
    return session.scalars(slots if use is None else slots.where(Slot.use == use)).all()


def tables_of(session: Session, summit: Summit) -> Sequence[Table]:
    """Return a summit's tables by their number."""
    return session.scalars(select(Table).where(Table.summit_id == summit.id).order_by(Table.number)).all()


def add_slots(session: Session, summit: Summit, series: Series, *, by: int | None, now: datetime) -> list[Slot]:
    """Add slots one after another.

    Raises:
        Invalid: naming each field that can't be taken; also when a slot would overlap one that is there.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    there = slots_of(session, summit)
    _refuse(_problems(summit, series, len(there)))
    times = _times(series, ZoneInfo(summit.time_zone))
    if any(start < slot.ends_at and slot.starts_at < end for start, end in times for slot in there):
        _refuse({"start": _("This overlaps slots that are there. Take another time, or remove those first.")})
    if times[-1][0].astimezone(ZoneInfo(summit.time_zone)).date() > summit.ends_on:
        _refuse({"number": _("The last of them would begin after the summit. Take fewer, or shorter ones.")})
    added = [Slot(summit_id=summit.id, starts_at=start, ends_at=end, use=series.use) for start, end in times]
    session.add_all(added)
    session.flush()
    bump_revision(session, summit)
    _record(session, "add slots", summit, by=by, now=now, number=len(added))
    return added


def remove_slot(session: Session, summit: Summit, slot_id: int, *, by: int | None, now: datetime) -> None:
    """Remove a slot, and what is planned in it.

    Raises:
        NotFound: when it is none of this summit's.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    slot = session.scalar(select(Slot).where(Slot.summit_id == summit.id, Slot.id == slot_id))
    if slot is None:
        raise NotFound(_("There is no such slot. Perhaps somebody removed it just now."))
    session.delete(slot)
    session.flush()
    bump_revision(session, summit)
    _record(session, "remove slot", summit, by=by, now=now, number=1)


def set_tables(session: Session, summit: Summit, number: int, *, by: int | None, now: datetime) -> None:
    """Say how many tables there are; those with the highest numbers come and go, with what is planned at them.

    Raises:
        Invalid: when the number is out of range.
        WrongTime: when the summit is closed.
    """
    require_open(summit)
    if not 0 <= number <= MOST_TABLES:
        _refuse({"tables": _("Give a number from 0 to %(most)s.", most=MOST_TABLES)})
    there = session.scalar(select(func.max(Table.number)).where(Table.summit_id == summit.id)) or 0
    if number > there:
        session.execute(insert(Table), [{"summit_id": summit.id, "number": each + 1} for each in range(there, number)])
    else:
        session.execute(delete(Table).where(Table.summit_id == summit.id, Table.number > number))
    bump_revision(session, summit)
    _record(session, "set tables", summit, by=by, now=now, number=number)


def _times(series: Series, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    first = datetime.combine(series.day, series.start, zone).astimezone(ZoneInfo("UTC"))
    step = timedelta(minutes=series.minutes + series.pause)
    length = timedelta(minutes=series.minutes)
    return [(first + n * step, first + n * step + length) for n in range(series.number)]


def _problems(summit: Summit, series: Series, there: int) -> dict[str, str]:
    most = min(MOST_AT_ONCE, MOST_SLOTS - there)
    checks = (
        ("day", summit.starts_on <= series.day <= summit.ends_on, _("Choose a day of the summit.")),
        ("minutes", 1 <= series.minutes <= LONGEST_SLOT, _("Give 1 to %(most)s minutes.", most=LONGEST_SLOT)),
        ("pause", 0 <= series.pause <= LONGEST_BREAK, _("Give 0 to %(most)s minutes.", most=LONGEST_BREAK)),
        ("number", 1 <= series.number <= most, _("Give a number from 1 to %(most)s.", most=most)),
    )
    return {name: problem for name, holds, problem in checks if not holds}


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid(_("The schedule was not changed."), problems)


def _record(session: Session, action: str, summit: Summit, *, by: int | None, now: datetime, number: int) -> None:
    audit.record(
        session,
        action,
        actor_id=by,
        subject_kind="summit",
        subject_id=summit.id,
        at=now,
        detail={"number": number},
    )
