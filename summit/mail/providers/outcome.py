"""What a provider is: something that takes a mail and says clearly what became of it, or that it can't say."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

LONGEST_DETAIL = 500


class Answer(StrEnum):
    """What a provider made of a mail."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # not now; asking again later is safe
    REJECTED = "rejected"  # never: the mail itself or its address is wrong
    UNAUTHORISED = "unauthorised"  # our settings are wrong; no mail would get through
    UNKNOWN = "unknown"  # it may have been accepted; asking again may send it twice


@dataclass(frozen=True)
class OutgoingMail:
    """A mail as it leaves. `public_id` is all that a provider learns of what it is about."""

    public_id: str
    from_address: str
    from_name: str
    to_address: str
    to_name: str
    subject: str
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A provider's answer: its own id for the mail, when to ask again, and details for whoever reads the log."""

    answer: Answer
    provider_message_id: str = ""
    detail: str = ""
    retry_after: timedelta | None = None


class Provider(Protocol):
    """A way for mails to leave."""

    name: str

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand a mail over. Never raises for what the network or the other side does; no transaction is open."""

    def keep(self, session: Session, mail: OutgoingMail, *, now: datetime) -> None:
        """Keep what must be kept of an accepted mail, in the transaction that settles it."""
