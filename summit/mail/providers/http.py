"""HTTP for a provider's client: one request, no redirect, one answer; and what is certain about it is told apart.

When no connection was made nothing left, so that asking again can't send a mail twice. Once the status was seen the
answer is known, however the rest of it breaks off.
"""

import http.client
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any

from summit.mail.providers.deadline import Deadline

LONGEST_WAIT = timedelta(hours=24)
LONGEST_BODY = 65_536


class NotConnectedError(Exception):
    """No connection was made: nothing of the request left. Not an OSError, which urllib would wrap."""


@dataclass(frozen=True)
class HttpAnswer:
    """An answer, whatever its status; with the methods by which the sendgrid package reads one."""

    status: int
    headers: Message
    body: bytes

    def getcode(self) -> int:
        """Return the status."""
        return self.status

    def info(self) -> Message:
        """Return the headers."""
        return self.headers

    def read(self) -> bytes:
        """Return the body, as far as it came."""
        return self.body


def ask_once(request: urllib.request.Request, *, timeout: float, longest: float) -> HttpAnswer:
    """Send a request and return the answer: each wait `timeout` seconds at most, all together `longest`.

    Raises:
        NotConnectedError: when nothing left.
        OSError, HTTPException: when it may have arrived and there is no answer.
    """
    with Deadline(longest) as deadline:
        opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.ProxyHandler(), _Http(deadline), _Https(deadline)):
            opener.add_handler(handler)
        with opener.open(request, timeout=timeout) as response:
            return HttpAnswer(response.status, response.headers, _body_of(response))


def retry_after(headers: Mapping[str, str] | None, now: datetime) -> timedelta | None:
    """Return how long to wait, from a `Retry-After` in seconds or as a date (RFC 9110 §10.2.3); a day at most."""
    value = (headers.get("Retry-After") or "").strip() if headers else ""
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), LONGEST_WAIT)


def _body_of(response: http.client.HTTPResponse) -> bytes:
    """Read what explains an answer; its status counts without."""
    try:
        return response.read(LONGEST_BODY)
    except (OSError, http.client.HTTPException):
        return b""


class _Http(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Connection, deadline=self._deadline), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_SecureConnection, deadline=self._deadline), req)


class _Connection(http.client.HTTPConnection):
    def __init__(self, *arguments: Any, deadline: Deadline, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline = deadline

    def connect(self) -> None:
        _connect(super().connect)
        self._deadline.watch(self.sock)


class _SecureConnection(http.client.HTTPSConnection):
    def __init__(self, *arguments: Any, deadline: Deadline, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._deadline = deadline

    def connect(self) -> None:
        _connect(super().connect)
        self._deadline.watch(self.sock)


def _connect(connect: Callable[[], None]) -> None:
    try:
        connect()
    except OSError as error:
        raise NotConnectedError(str(error)) from error
