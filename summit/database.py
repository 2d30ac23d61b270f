"""The database: base class, types and the settings that make SQLite and PostgreSQL keep the same promises."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import psycopg
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Enum, MetaData, event, text
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from summit import clock

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"autoflush": True, "expire_on_commit": False})


def session() -> Session:
    """Return the session of the running request, command or tick."""
    current: Session = db.session()
    return current


class AwareDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC on the way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Mark as UTC on the way out."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enumeration(kind: type[StrEnum], name: str) -> Enum:
    """Return a column type for a `StrEnum`: its values as text, checked by the database (`name` names the check)."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Promise not to write: on SQLite the transaction then takes no write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def database_now(session: Session) -> datetime:
    """Return the database server's time, aware, in UTC, turned as far as our own clock is.

    Leases and due times are compared with this, since the clocks of several hosts differ.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        stamp = connection.execute(text("select strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
        moment = datetime.fromisoformat(stamp).replace(tzinfo=UTC)
    else:
        moment = connection.execute(text("select clock_timestamp()")).scalar_one()
    return moment.astimezone(UTC) + clock.shift()


@event.listens_for(Engine, "connect")
def _prepare_postgresql(connection: Any, _record: ConnectionPoolEntry) -> None:
    """Let go of what a process holds that was stopped in the middle: its locks would keep all others waiting."""
    if isinstance(connection, psycopg.Connection):
        connection.execute("set idle_in_transaction_session_timeout = '60s'")
        connection.commit()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: ConnectionPoolEntry) -> None:
    """Take the transaction into our own hands and switch on what SQLite leaves off."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    for pragma in ("journal_mode=wal", "synchronous=normal", "foreign_keys=on", "busy_timeout=15000"):
        connection.execute(f"pragma {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Begin with the write lock: a read transaction that turns into a write fails at once on SQLite."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
