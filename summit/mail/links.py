"""Signed links: what a mail may ask for without a sign-in, and nobody else can make up.

A token names its purpose in its signature, so that one made for an unsubscribe link is worth nothing anywhere else.
Its payload can be read by whoever holds it: put numbers in it, and the holder's own address at most.
"""

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from itsdangerous import BadData, SignatureExpired, TimestampSigner, URLSafeTimedSerializer

from config import Settings
from summit import clock
from summit.errors import NotFound, WrongTime

UNSUBSCRIBE = "unsubscribe"


class _Signer(TimestampSigner):
    """Signs with our clock, so that the tests can turn it."""

    def get_timestamp(self) -> int:
        """Return this moment in seconds."""
        return int(clock.now().timestamp())


def signed_token(secret_key: str, purpose: str, payload: dict[str, Any]) -> str:
    """Return a token for an address: only who knows our key can make one for this purpose."""
    token = _serializer(secret_key, purpose).dumps(payload)
    return token if isinstance(token, str) else token.decode()


def read_token(secret_key: str, purpose: str, token: str, *, max_age: timedelta) -> dict[str, Any]:
    """Return the payload of a token.

    Raises:
        WrongTime: when it is older than `max_age`.
        NotFound: when we did not make it, or made it for something else.
    """
    try:
        payload = _serializer(secret_key, purpose).loads(token, max_age=int(max_age.total_seconds()))
    except SignatureExpired as error:
        raise WrongTime(_("This link is too old. Use one from a newer mail.")) from error
    except BadData as error:
        raise NotFound(_("We did not make this link. Copy the whole address from the mail.")) from error
    if not isinstance(payload, dict):
        raise NotFound(_("We did not make this link. Copy the whole address from the mail."))
    return payload


def unsubscribe_url(settings: Settings, address: str) -> str:
    """Return the address of the page, and of the one-click request, that stops all mails to `address`."""
    token = signed_token(settings.secret_key, UNSUBSCRIBE, {"address": address.lower()})
    return f"{settings.base_url}/unsubscribe/{token}"


def _serializer(secret_key: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt=f"summit link {purpose}", signer=_Signer)
