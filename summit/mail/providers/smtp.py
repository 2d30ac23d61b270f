"""SMTP: one connection a mail; what happens before the text is handed over can be asked again, after it can't."""

import smtplib
import ssl
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from sqlalchemy.orm import Session

from config import LOOPBACK, Settings
from summit import clock
from summit.mail.providers.deadline import Deadline
from summit.mail.providers.outcome import Answer, Outcome, OutgoingMail

TIMEOUT_SECONDS = 15
# A whole conversation takes so many times the timeout at most, which is less than a message's lease.
MOST_TIMEOUTS = 3
# "Authentication required" (RFC 4954 §6).
NOT_SIGNED_IN = 530


class SmtpProvider:
    """Sends through a mail server: `smtp://user:password@host:port` (encrypted when offered) or `smtps://`."""

    name = "smtp"

    def __init__(self, settings: Settings, *, timeout: float = TIMEOUT_SECONDS) -> None:
        url = urlsplit(settings.smtp_url)
        self._is_encrypted = url.scheme == "smtps"
        self._host = url.hostname or "localhost"
        self._port = url.port or (465 if self._is_encrypted else 587)
        self._user = unquote(url.username or "")
        self._password = unquote(url.password or "")
        self._timeout = timeout

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand a mail over."""
        try:
            content = _written(mail)
        except (ValueError, UnicodeError) as error:
            return Outcome(Answer.REJECTED, detail=f"can't be written as a mail: {error}")
        with Deadline(MOST_TIMEOUTS * self._timeout) as deadline:
            return self._converse(mail, content, deadline)

    def _converse(self, mail: OutgoingMail, content: bytes, deadline: Deadline) -> Outcome:
        try:
            server = self._connect(deadline)
        except smtplib.SMTPAuthenticationError as error:
            return Outcome(Answer.UNAUTHORISED, detail=f"{_said(error)}. Check user and password in SMTP_URL.")
        except (_NoEncryptionError, smtplib.SMTPNotSupportedError) as error:
            return Outcome(Answer.UNAUTHORISED, detail=f"{error} Check SMTP_URL.")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Answer.REFUSED, detail=f"could not connect: {error}")
        try:
            return _hand_over(server, mail, content)
        finally:
            _leave(server)

    def keep(self, session: Session, mail: OutgoingMail, *, now: datetime) -> None:
        """Keep nothing: the mail server has it."""

    def _connect(self, deadline: Deadline) -> smtplib.SMTP:
        """Connect, encrypt and sign in."""
        context = ssl.create_default_context()
        if self._is_encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            _watch(server, deadline)
            server.ehlo_or_helo_if_needed()
            if not self._is_encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                _watch(server, deadline)
                server.ehlo()
            elif not self._is_encrypted and self._user and self._host not in LOOPBACK:
                raise _NoEncryptionError("The server offers no encryption, so the password stays here.")
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            _leave(server)
            raise
        return server


def _watch(server: smtplib.SMTP, deadline: Deadline) -> None:
    if server.sock is not None:
        deadline.watch(server.sock)


class _NoEncryptionError(Exception):
    """Signing in would show the password to everybody on the way."""


def _hand_over(server: smtplib.SMTP, mail: OutgoingMail, content: bytes) -> Outcome:
    """Say from whom, to whom and what; until the last of these, nothing has been sent."""
    try:
        objection = _objection(server, mail)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Answer.REFUSED, detail=f"lost before sending: {error}")
    if objection is not None:
        return objection
    try:
        code, reply = server.data(content)
    except smtplib.SMTPDataError as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        return Outcome(Answer.UNKNOWN, detail=f"no answer after sending: {error}")
    if code != 250:
        return _refusal(code, reply)
    return Outcome(Answer.ACCEPTED, provider_message_id=_text(reply)[:200])


def _objection(server: smtplib.SMTP, mail: OutgoingMail) -> Outcome | None:
    """Say from whom and to whom; return what the server has against it."""
    code, reply = server.mail(mail.from_address)
    is_about_us = code >= 500
    if code == 250:
        code, reply = server.rcpt(mail.to_address)
        is_about_us = code == NOT_SIGNED_IN
    if code in (250, 251):
        return None
    refusal = _refusal(code, reply)
    if not is_about_us:
        return refusal
    # The sender's address is our own, and signing in is our business: no mail would get through.
    return Outcome(Answer.UNAUTHORISED, detail=f"{refusal.detail}. Check MAIL_FROM and SMTP_URL.")


def _refusal(code: int, reply: bytes | str) -> Outcome:
    """Read a no: 4xx is for now, 5xx for good (RFC 5321 §4.2.1); anything else is no answer."""
    detail = f"answered {code}: {_text(reply)}"
    if 400 <= code < 500:
        return Outcome(Answer.REFUSED, detail=detail)
    return Outcome(Answer.REJECTED if 500 <= code < 600 else Answer.UNKNOWN, detail=detail)


def _said(error: smtplib.SMTPResponseException) -> str:
    return f"answered {error.smtp_code}: {_text(error.smtp_error)}"


def _text(reply: bytes | str) -> str:
    return reply.decode(errors="replace") if isinstance(reply, bytes) else reply


def _leave(server: smtplib.SMTP) -> None:
    """Say goodbye, if somebody still listens."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _written(mail: OutgoingMail) -> bytes:
    """Write the mail as it travels: headers, plain text, html."""
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(mail.from_name, addr_spec=mail.from_address)
    message["To"] = Address(mail.to_name, addr_spec=mail.to_address)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(clock.now())
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message.as_bytes()
