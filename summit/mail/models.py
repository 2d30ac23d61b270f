"""The outbox, what providers reported, suppressed addresses and the local mailbox."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from summit.database import AwareDateTime, Base, enumeration


class MessageState(StrEnum):
    """Where a message stands (see docs/architecture.md for the arrows)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    DROPPED = "dropped"
    COMPLAINED = "complained"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


class Message(Base):
    """One email in the outbox, whatever it is about.

    `key` makes writing it idempotent; `public_id` is what the provider learns of it. `sealed` holds what must not be
    read from the outbox (a sign-in link), encrypted, put in place of its marker while sending and then forgotten.
    `purpose` and `purpose_id` let the room that wrote it be asked once more before it leaves.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(state = 'sending') <= (lease_token is not null)", name="sending_is_leased"),
        Index(None, "state", "due_at"),
        Index(None, "purpose", "purpose_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    purpose: Mapped[str] = mapped_column(String(40))
    purpose_id: Mapped[int | None] = mapped_column(default=None)
    to_address: Mapped[str] = mapped_column(String(254), index=True)
    to_name: Mapped[str] = mapped_column(String(120), default="")
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    sealed: Mapped[str | None] = mapped_column(Text, default=None)
    state: Mapped[MessageState] = mapped_column(enumeration(MessageState, "message_state"), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)
    due_at: Mapped[datetime] = mapped_column(AwareDateTime)
    # After this moment the message is of no use and is cancelled instead of sent.
    useful_until: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    lease_token: Mapped[str | None] = mapped_column(String(32), default=None)
    lease_until: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    settled_at: Mapped[datetime | None] = mapped_column(AwareDateTime, default=None)
    provider: Mapped[str] = mapped_column(String(20), default="")
    provider_message_id: Mapped[str] = mapped_column(String(200), default="")
    # What went wrong last, or why it was cancelled.
    last_error: Mapped[str] = mapped_column(String(500), default="")

    events: Mapped[list["ProviderEvent"]] = relationship(lazy="raise_on_sql", order_by="ProviderEvent.happened_at")


class ProviderEvent(Base):
    """What a provider reported about a message; `event_id` is its own, and comes more than once."""

    __tablename__ = "provider_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(200), unique=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    happened_at: Mapped[datetime] = mapped_column(AwareDateTime)
    received_at: Mapped[datetime] = mapped_column(AwareDateTime)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class SuppressionReason(StrEnum):
    """Why an address must not be written to."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBE = "unsubscribe"


class Suppression(Base):
    """An address that must not be written to. Sign-in links, which a person asks for, pass an unsubscribe only."""

    __tablename__ = "suppression"
    __table_args__ = (CheckConstraint("address = lower(address)", name="address_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(254), unique=True)
    reason: Mapped[SuppressionReason] = mapped_column(enumeration(SuppressionReason, "suppression_reason"))
    created_at: Mapped[datetime] = mapped_column(AwareDateTime)


class LocalMail(Base):
    """What the `local` provider delivered: a mailbox for trying everything without any account."""

    __tablename__ = "local_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Unique, so that whatever happens a message is in the mailbox once.
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    to_address: Mapped[str] = mapped_column(String(254), index=True)
    to_name: Mapped[str] = mapped_column(String(120), default="")
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    delivered_at: Mapped[datetime] = mapped_column(AwareDateTime)


class ProviderAlarm(Base):
    """A provider that takes nothing: it refuses our settings, or is out of order. Gone with the next accepted mail."""

    __tablename__ = "provider_alarm"

    provider: Mapped[str] = mapped_column(String(20), primary_key=True)
    since: Mapped[datetime] = mapped_column(AwareDateTime)
    last_at: Mapped[datetime] = mapped_column(AwareDateTime)
    detail: Mapped[str] = mapped_column(String(500), default="")
