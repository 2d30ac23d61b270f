"""The audit trail: who did what, append-only. It knows persons by number only, since it lies below their room."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from summit.database import AwareDateTime, Base


class AuditEntry(Base):
    """One thing that somebody did."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject_kind", "subject_id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(AwareDateTime)
    actor_id: Mapped[int | None] = mapped_column(default=None)
    action: Mapped[str] = mapped_column(String(80))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(default=None)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


def record(
    session: Session,
    action: str,
    *,
    actor_id: int | None,
    subject_kind: str,
    subject_id: int | None,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    """Append what happened: `action` is a verb with its object (`publish match run`), `actor_id` a person or None.

    `detail` holds numbers and states only, never free text that somebody wrote: the trail outlives erasure.
    """
    session.add(
        AuditEntry(
            at=at,
            actor_id=actor_id,
            action=action,
            subject_kind=subject_kind,
            subject_id=subject_id,
            detail=detail or {},
        )
    )
