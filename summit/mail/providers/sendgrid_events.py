"""SendGrid's event webhook: its signature, and what its events mean. Of its fields only those named here are read."""

import base64
import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from summit.errors import Forbidden, Invalid
from summit.mail.events import Meaning, ReportedEvent
from summit.mail.models import SuppressionReason

SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"
MOST_AGE = timedelta(minutes=10)
MEANINGS = {
    "delivered": Meaning.DELIVERED,
    "bounce": Meaning.BOUNCED,
    "dropped": Meaning.DROPPED,
    "spamreport": Meaning.COMPLAINED,
}
SUPPRESSIONS = {
    "bounce": SuppressionReason.BOUNCE,
    "spamreport": SuppressionReason.COMPLAINT,
    "unsubscribe": SuppressionReason.UNSUBSCRIBE,
    "group_unsubscribe": SuppressionReason.UNSUBSCRIBE,
}
# SendGrid drops what is on its own lists; so these belong onto ours.
DROP_REASONS = {
    "bounced address": SuppressionReason.BOUNCE,
    "invalid": SuppressionReason.BOUNCE,
    "spam reporting address": SuppressionReason.COMPLAINT,
    "unsubscribed address": SuppressionReason.UNSUBSCRIBE,
}
log = logging.getLogger(__name__)


def check_signature(body: bytes, *, signature: str, timestamp: str, public_key: str, now: datetime) -> None:
    """Check that SendGrid signed this body (ECDSA over timestamp and raw body), and lately.

    Raises:
        Forbidden: when anything about it is missing, malformed, wrong or stale.
    """
    refusal = Forbidden("The signature is missing, wrong or too old.")
    try:
        age = now - datetime.fromtimestamp(int(timestamp), UTC)
        given = base64.b64decode(signature, validate=True)
    except (ValueError, OverflowError, OSError) as error:
        raise refusal from error
    key = _key(public_key)
    if key is None or abs(age) > MOST_AGE:
        raise refusal
    try:
        key.verify(given, timestamp.encode() + body, ECDSA(SHA256()))
    except InvalidSignature as error:
        raise refusal from error


def _key(public_key: str) -> EllipticCurvePublicKey | None:
    """Read the key as SendGrid shows it: base64, no header lines."""
    try:
        key = load_der_public_key(base64.b64decode(public_key))
    except (ValueError, UnsupportedAlgorithm):
        log.error("events are refused: SENDGRID_WEBHOOK_KEY is missing or not a public key as SendGrid shows it")
        return None
    return key if isinstance(key, EllipticCurvePublicKey) else None


def read_events(body: bytes, *, now: datetime) -> list[ReportedEvent]:
    """Read the events of a body whose signature was checked.

    Raises:
        Invalid: when it is no JSON array.
    """
    try:
        items = json.loads(body)
    except ValueError as error:
        raise Invalid("The body must be a JSON array of events.") from error
    if not isinstance(items, list):
        raise Invalid("The body must be a JSON array of events.")
    return [_read_event(item, now) for item in items if isinstance(item, dict)]


def _read_event(item: dict[str, Any], now: datetime) -> ReportedEvent:
    kind = _word(item, "event")[:40]
    digest = hashlib.sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()
    return ReportedEvent(
        event_id=(_word(item, "sg_event_id") or digest)[:200],
        public_id=_word(item, "message")[:32],
        kind=kind,
        meaning=MEANINGS.get(kind, Meaning.PASSING),
        happened_at=_moment(item.get("timestamp"), now),
        suppresses=_suppression(item, kind),
        detail=_detail(item),
    )


def _suppression(item: dict[str, Any], kind: str) -> SuppressionReason | None:
    """Return why the address must not be written to any more; a `blocked` bounce is about the moment only."""
    if kind == "bounce" and _word(item, "type") == "blocked":
        return None
    if kind == "dropped":
        return DROP_REASONS.get(_word(item, "reason").lower())
    return SUPPRESSIONS.get(kind)


def _detail(item: dict[str, Any]) -> dict[str, Any]:
    """Keep what explains an end, without the address that servers like to repeat in it."""
    address = _word(item, "email")
    words = {name: _word(item, name) for name in ("reason", "type", "status", "response")}
    return {name: (word.replace(address, "…") if address else word)[:300] for name, word in words.items() if word}


def _moment(value: object, now: datetime) -> datetime:
    """Return an event's own time; the moment it came in when it has none that can be."""
    try:
        return datetime.fromtimestamp(int(value), UTC) if isinstance(value, int | float | str) else now
    except (ValueError, OverflowError, OSError):
        return now


def _word(item: dict[str, Any], name: str) -> str:
    """Return a field as text without what a database can't store (half a character, as JSON may hold it, is one)."""
    value = item.get(name)
    text = str(value).encode(errors="replace").decode() if isinstance(value, str | int | float) else ""
    return text.replace("\x00", "")
