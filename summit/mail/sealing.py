"""Sealing: what must not be read from the outbox is stored encrypted, and forgotten once sent."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

# What templates write where the secret belongs; safe in text, in html and inside an address.
SEALED_MARKER = "__SEALED__"


def seal(secret_key: str, secret: str) -> str:
    """Encrypt a secret for the outbox."""
    return _cipher(secret_key).encrypt(secret.encode()).decode()


def unseal(secret_key: str, sealed: str) -> str | None:
    """Return the secret, or None when it was sealed with another key (SECRET_KEY was changed since)."""
    try:
        return _cipher(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _cipher(secret_key: str) -> Fernet:
    """Derive a key for this one purpose, so that it is none of those that sign links and sessions."""
    digest = hashlib.sha256(b"summit mail sealing\x00" + secret_key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
