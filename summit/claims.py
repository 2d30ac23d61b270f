"""Claims: lease a due row to exactly one worker, on both databases; and the workers' heartbeat.

A claim is one statement. On PostgreSQL a materialised CTE with `FOR UPDATE SKIP LOCKED` (without `MATERIALIZED` the
update may take more rows than its limit); on SQLite the transaction already holds the write lock (`BEGIN IMMEDIATE`).
The lease carries a random token: every later write names it and must hit exactly one row.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnExpressionArgument, CursorResult, String, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from summit.database import AwareDateTime, Base, database_now


class Heartbeat(Base):
    """When a worker's tick of some name last ran."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    ticked_at: Mapped[datetime] = mapped_column(AwareDateTime)


@dataclass(frozen=True)
class Lease:
    """What a claim won: the rows' ids, the token that guards them and when it runs out."""

    ids: tuple[int, ...]
    token: str
    until: datetime


def claim(
    session: Session,
    table: type[Base],
    due: ColumnExpressionArgument[bool],
    *,
    order_by: Sequence[ColumnExpressionArgument[Any]],
    limit: int,
    lease: timedelta,
    values: dict[str, Any],
) -> Lease:
    """Lease up to `limit` rows of `table` that are `due` and return them; empty when there are none.

    The table needs the columns `id`, `lease_token` and `lease_until`; `values` are set on the claimed rows as well.
    The caller commits, which makes the lease durable.
    """
    token = secrets.token_hex(16)
    until = database_now(session) + lease
    columns = cast(Any, table)
    picked = select(columns.id).where(due).order_by(*order_by).limit(limit)
    if session.connection().dialect.name == "postgresql":
        chosen = (
            picked.with_for_update(skip_locked=True).cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")
        )
        picked = select(chosen.c.id)
    statement = (
        update(table)
        .where(columns.id.in_(picked))
        .values(lease_token=token, lease_until=until, **values)
        .returning(columns.id)
        .execution_options(synchronize_session=False)
    )
    return Lease(tuple(sorted(session.execute(statement).scalars())), token, until)


def write_claimed(session: Session, table: type[Base], row_id: int, token: str, values: dict[str, Any]) -> bool:
    """Write to a claimed row if the claim still holds; return whether exactly this one row was written."""
    columns = cast(Any, table)
    statement = (
        update(table)
        .where(columns.id == row_id, columns.lease_token == token)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount == 1


def beat(session: Session, name: str) -> None:
    """Note that the tick `name` ran just now, by the database's clock."""
    ticked = {"ticked_at": database_now(session)}
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Heartbeat).values(name=name, **ticked)
    # Two workers that start together both tick for the first time.
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=ticked))


def silent_since(session: Session) -> datetime | None:
    """Return when any worker last ticked, or None when none ever did."""
    return session.execute(select(Heartbeat.ticked_at).order_by(Heartbeat.ticked_at.desc()).limit(1)).scalar()
