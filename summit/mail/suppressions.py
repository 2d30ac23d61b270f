"""Suppressions: addresses that must not be written to."""

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from summit import audit
from summit.errors import Conflict, NotFound
from summit.mail.models import Message, MessageState, Suppression, SuppressionReason
from summit.mail.states import move

# A complaint outweighs a bounce, and a bounce an unsubscribe, which alone its reader can take back.
WEIGHT = {SuppressionReason.UNSUBSCRIBE: 0, SuppressionReason.BOUNCE: 1, SuppressionReason.COMPLAINT: 2}
# From here on all suppressions are read at once: a statement takes only so many parameters.
MANY = 1000
# The purpose of a mail that its reader asked for a moment ago.
SIGN_IN = "sign_in"


def find_suppression(session: Session, address: str) -> Suppression | None:
    """Return the suppression of an address."""
    return session.scalar(select(Suppression).where(Suppression.address == address.strip().lower()))


def is_suppressed(session: Session, address: str, *, passes_unsubscribe: bool = False) -> bool:
    """Say whether an address must not be written to; what a person asked for passes an unsubscribe."""
    found = find_suppression(session, address)
    if found is None:
        return False
    return not (passes_unsubscribe and found.reason is SuppressionReason.UNSUBSCRIBE)


def suppressed_among(session: Session, addresses: Iterable[str]) -> set[str]:
    """Return those of the addresses, in lower case, that must not be written to."""
    asked = {address.strip().lower() for address in addresses}
    suppressed = session.scalars(select(Suppression.address)) if len(asked) > MANY else None
    if suppressed is None:
        suppressed = session.scalars(select(Suppression.address).where(Suppression.address.in_(asked)))
    return asked & set(suppressed)


def suppress(session: Session, address: str, reason: SuppressionReason, *, now: datetime) -> Suppression:
    """Write no more to an address, and cancel what is queued for it (except sign-in links after an unsubscribe).

    Of two reasons the graver one stays.
    """
    address = address.strip().lower()
    values = {"address": address, "reason": reason, "created_at": now}
    dialect = postgresql if session.connection().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(Suppression).values(**values).on_conflict_do_nothing(index_elements=["address"]))
    found = session.scalars(select(Suppression).where(Suppression.address == address)).one()
    if WEIGHT[reason] > WEIGHT[found.reason]:
        found.reason, found.created_at = reason, now
    _cancel_queued(session, found, now=now)
    session.flush()
    return found


def lift(session: Session, address: str, *, by: int, now: datetime) -> None:
    """Write to an address again after its reader unsubscribed and asked to be taken back.

    Raises:
        NotFound: when it isn't suppressed.
        Conflict: when it bounced or complained; that isn't ours to take back.
    """
    found = find_suppression(session, address)
    if found is None:
        raise NotFound(_("%(address)s is not on the list of suppressed addresses.", address=address))
    if found.reason is not SuppressionReason.UNSUBSCRIBE:
        raise Conflict(
            _(
                "%(address)s bounced or complained, so it stays suppressed. Ask the person for another address.",
                address=address,
            )
        )
    audit.record(session, "lift suppression", actor_id=by, subject_kind="suppression", subject_id=found.id, at=now)
    session.delete(found)
    session.flush()


def _cancel_queued(session: Session, suppression: Suppression, *, now: datetime) -> None:
    query = select(Message.id).where(Message.to_address == suppression.address, Message.state == MessageState.QUEUED)
    if suppression.reason is SuppressionReason.UNSUBSCRIBE:
        query = query.where(Message.purpose != SIGN_IN)
    because = _("the address is suppressed (%(reason)s)", reason=suppression.reason.value)
    for message_id in session.scalars(query).all():
        move(session, message_id, MessageState.CANCELLED, now=now, last_error=because)
