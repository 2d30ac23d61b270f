"""The local provider: mails go into a mailbox of our own, so that everything can be tried without an account."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from summit.mail.models import LocalMail
from summit.mail.providers.outcome import Answer, Outcome, OutgoingMail


class LocalProvider:
    """Accepts everything; the mail is in the mailbox when, and only when, its message is settled."""

    name = "local"

    def send(self, mail: OutgoingMail) -> Outcome:
        """Accept the mail; `keep` puts it into the mailbox."""
        return Outcome(Answer.ACCEPTED, provider_message_id=mail.public_id)

    def keep(self, session: Session, mail: OutgoingMail, *, now: datetime) -> None:
        """Put the mail into the mailbox, once."""
        if session.scalar(select(LocalMail.id).where(LocalMail.public_id == mail.public_id)) is not None:
            return
        session.add(
            LocalMail(
                public_id=mail.public_id,
                to_address=mail.to_address,
                to_name=mail.to_name,
                subject=mail.subject,
                text=mail.text,
                html=mail.html,
                headers=mail.headers,
                delivered_at=now,
            )
        )
        session.flush()
