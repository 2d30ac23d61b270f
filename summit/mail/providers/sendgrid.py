"""SendGrid: one request a mail, with a timeout, no redirects, and a clear reading of every answer."""

import http.client
import json
import logging
import urllib.request
from datetime import datetime
from typing import Any

import python_http_client
import sendgrid
from sendgrid.helpers.mail import (
    ClickTracking,
    CustomArg,
    Email,
    Header,
    HtmlContent,
    Mail,
    OpenTracking,
    PlainTextContent,
    Subject,
    SubscriptionTracking,
    To,
    TrackingSettings,
)
from sqlalchemy.orm import Session

from config import Settings
from summit import clock
from summit.mail.providers.http import HttpAnswer, NotConnectedError, ask_once, retry_after
from summit.mail.providers.outcome import Answer, Outcome, OutgoingMail

TIMEOUT_SECONDS = 15
# A whole request takes so many times the timeout at most, which is less than a message's lease.
MOST_TIMEOUTS = 3
# The client logs whole requests, our key included.
logging.getLogger("python_http_client.client").disabled = True


class _CarefulClient(python_http_client.Client):  # type: ignore[misc]  # it has no types
    """The client of the sendgrid package, asking in our own way: it would follow redirects and wait forever."""

    def _build_client(self, name: str | None = None) -> "_CarefulClient":
        path = [*self._url_path, name] if name else self._url_path
        return _CarefulClient(
            host=self.host,
            version=self._version,
            request_headers=self.request_headers,
            url_path=path,
            append_slash=self.append_slash,
            timeout=self.timeout,
        )

    def _make_request(
        self, _opener: Any, request: urllib.request.Request, timeout: float = TIMEOUT_SECONDS
    ) -> HttpAnswer:
        return ask_once(request, timeout=timeout, longest=MOST_TIMEOUTS * timeout)


class SendGridProvider:
    """Sends through SendGrid's API (v3, mail/send)."""

    name = "sendgrid"

    def __init__(self, settings: Settings, *, timeout: float = TIMEOUT_SECONDS) -> None:
        self._api = sendgrid.SendGridAPIClient(settings.sendgrid_api_key, host=settings.sendgrid_host.rstrip("/"))
        self._timeout = timeout
        self._api.client = _CarefulClient(
            host=self._api.host, request_headers=self._api._default_headers, version=3, timeout=timeout
        )

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand a mail over; only 202 is a yes."""
        try:
            body = _request_body(mail)
        except ValueError as error:
            return Outcome(Answer.REJECTED, detail=str(error))
        try:
            response = self._api.client.mail.send.post(request_body=body, timeout=self._timeout)
        except NotConnectedError as error:
            return Outcome(Answer.REFUSED, detail=f"could not connect: {error}")
        except (OSError, http.client.HTTPException) as error:
            return Outcome(Answer.UNKNOWN, detail=f"no answer: {type(error).__name__} {error}".strip())
        return _read(response)

    def keep(self, session: Session, mail: OutgoingMail, *, now: datetime) -> None:
        """Keep nothing: SendGrid has it."""


def _read(response: python_http_client.client.Response) -> Outcome:
    """Read an answer; only 202 is a yes."""
    status = response.status_code
    if status == 202:
        return Outcome(Answer.ACCEPTED, provider_message_id=response.headers.get("X-Message-Id") or "")
    if 200 <= status < 300:
        return Outcome(Answer.UNKNOWN, detail=f"answered {status} instead of 202")
    detail = f"answered {status}: {_explanation(response.body)}".rstrip(": ")
    # 408: it waited for the rest of the request in vain.
    if status in (408, 429, 503):
        return Outcome(Answer.REFUSED, detail=detail, retry_after=retry_after(response.headers, clock.now()))
    if status in (401, 403):
        return Outcome(Answer.UNAUTHORISED, detail=f"{detail}. Check SENDGRID_API_KEY and the sender MAIL_FROM.")
    if status < 400 or status in (404, 405):
        return Outcome(Answer.UNAUTHORISED, detail=f"{detail}. This is not SendGrid: check SENDGRID_HOST.")
    return Outcome(Answer.UNKNOWN if status >= 500 else Answer.REJECTED, detail=detail)


def _explanation(body: bytes) -> str:
    """Return SendGrid's own first sentence about what is wrong."""
    try:
        return str(json.loads(body)["errors"][0]["message"])[:300]
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def _request_body(mail: OutgoingMail) -> dict[str, Any]:
    """Build the request; without tracking, since links and pictures of others tell on the reader."""
    message = Mail(
        from_email=Email(mail.from_address, mail.from_name),
        to_emails=To(mail.to_address, mail.to_name or None),
        subject=Subject(mail.subject),
        plain_text_content=PlainTextContent(mail.text),
        html_content=HtmlContent(mail.html),
    )
    for name, value in mail.headers.items():
        message.add_header(Header(name, value))
    message.add_custom_arg(CustomArg("message", mail.public_id))
    message.tracking_settings = TrackingSettings(
        click_tracking=ClickTracking(False, False),
        open_tracking=OpenTracking(False),
        subscription_tracking=SubscriptionTracking(False),
    )
    body: dict[str, Any] = message.get()
    return body
