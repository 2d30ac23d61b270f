"""HTTP for a provider's client: no redirect is followed, and a connection that was never made is told apart.

Only then is it certain that nothing left, so that asking again can't send a mail twice.
"""

import http.client
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST_WAIT = timedelta(hours=24)


class NotConnectedError(Exception):
    """No connection was made: nothing of the request left. Not an OSError, which urllib would wrap."""


class _Connection(http.client.HTTPConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            raise NotConnectedError(str(error)) from error


class _SecureConnection(http.client.HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except OSError as error:
            raise NotConnectedError(str(error)) from error


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Connection, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_SecureConnection, req)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: following it would send our key to wherever it points."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


def careful_opener() -> urllib.request.OpenerDirector:
    """Return an opener that follows no redirects and raises `NotConnectedError` when nothing left."""
    return urllib.request.build_opener(_Http, _Https, _NoRedirect)


def retry_after(headers: Mapping[str, str] | None, now: datetime) -> timedelta | None:
    """Return how long to wait, from a `Retry-After` in seconds or as a date (RFC 9110 §10.2.3); a day at most."""
    value = (headers.get("Retry-After") or "").strip() if headers else ""
    if value.isdigit():
        return min(timedelta(seconds=int(value[:9])), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta()), LONGEST_WAIT)
