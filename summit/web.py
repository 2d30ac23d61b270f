"""The edge of a request: one transaction, errors made into answers, security headers."""

import uuid
from typing import Any

from flask import Flask, Response, abort, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, Map

from config import Settings
from summit.access import rule_of
from summit.database import db, reading
from summit.errors import Conflict, Invalid, SummitError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)


class RowId(IntegerConverter):
    """A row's id in an address: what no database would take as one is no address of ours, and so 404."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=2**31 - 1)


class SummitFlask(Flask):
    """Flask, with the transaction around the dispatch of a request rather than after it.

    So a constraint that fails at commit still becomes an answer of ours. Nothing is kept of a GET, of an error, or of
    an answer of 400 or more.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.url_map.converters["int"] = RowId

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view in one transaction."""
        if request.method in SAFE_METHODS:
            with reading():
                try:
                    return super().dispatch_request()
                finally:
                    db.session.rollback()
        try:
            answer = self.make_response(super().dispatch_request())
            if answer.status_code < 400:
                db.session.commit()
            else:
                db.session.rollback()
            return answer
        except IntegrityError as error:
            db.session.rollback()
            current_app.logger.info("a constraint refused a request", exc_info=error)
            raise Conflict(_("This was saved already, or changed meanwhile. Reload the page and look.")) from error
        except BaseException:
            db.session.rollback()
            raise


def settings() -> Settings:
    """Return the settings the application was started with."""
    chosen: Settings = current_app.config["SETTINGS"]
    return chosen


def refuse_undeclared_views(app: Flask) -> None:
    """Refuse to start while any view lacks an access rule.

    Raises:
        RuntimeError: naming the views.
    """
    bare = sorted(name for name, view in app.view_functions.items() if rule_of(view) is None and name != "static")
    if bare:
        raise RuntimeError(f"views without an access rule (put @allow(...) below the route): {', '.join(bare)}")


def init_edge(app: Flask) -> None:
    """Register error pages, security headers and request numbers."""
    app.register_error_handler(SummitError, _answer_summit_error)
    app.register_error_handler(DataError, _answer_impossible_value)
    app.register_error_handler(OverflowError, _answer_impossible_value)
    app.register_error_handler(CSRFError, _answer_csrf_error)
    app.register_error_handler(RequestEntityTooLarge, _answer_too_large)
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_fault)
    app.before_request(_number_request)
    app.before_request(_refuse_nul)
    app.after_request(_secure)


def _number_request() -> None:
    g.request_number = uuid.uuid4().hex[:12]
    if "\x00" in request.path:
        abort(404)


def _refuse_nul() -> None:
    """Refuse on every database what PostgreSQL can't store: no mail could be written about it either.

    Raises:
        Invalid: when a field holds it.
    """
    if any("\x00" in value for values in request.form.listvalues() for value in values):
        raise Invalid(_("A text holds a character nobody can type. Take it out."))


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return request.path.startswith("/api/") or best != "text/html"


def error_answer(status: int, title: str, message: str, fields: dict[str, str] | None = None) -> Response:
    """Answer an error as a page, or as RFC 9457 problem details for programs."""
    if _wants_json():
        problem: dict[str, Any] = {"status": status, "title": title, "detail": message}
        if fields:
            problem["fields"] = fields
        answer = jsonify(problem)
        answer.content_type = "application/problem+json"
    else:
        answer = current_app.make_response(
            render_template("layout/error.html", status=status, title=title, message=message, fields=fields or {})
        )
    answer.status_code = status
    return answer


def _title(status: int) -> str:
    titles = {
        400: _("That request can't be understood"),
        403: _("Not for you"),
        404: _("Not found"),
        409: _("That doesn't fit any more"),
        413: _("Too large"),
        422: _("Something is missing or wrong"),
        429: _("Too often"),
        503: _("Not available just now"),
    }
    return titles.get(status, _("Something went wrong"))


def _answer_summit_error(error: SummitError) -> Response:
    return error_answer(error.status, _title(error.status), error.message, getattr(error, "fields", None))


def _answer_impossible_value(error: Exception) -> Response:
    """Answer what only the database refuses: a number too large for it, a character that no text may hold."""
    current_app.logger.info("the database refused a value", exc_info=error)
    return error_answer(422, _title(422), _("A number is far too large, or a text holds a character nobody can type."))


def _answer_csrf_error(error: CSRFError) -> Response:
    return error_answer(400, _title(400), _("This page was open too long. Go back, reload it and try again."))


def _answer_too_large(error: RequestEntityTooLarge) -> Response:
    limit = (current_app.config["MAX_CONTENT_LENGTH"] or 0) // (1024 * 1024)
    return error_answer(413, _title(413), _("This is larger than %(limit)s MB. Send a smaller file.", limit=limit))


def _answer_http_exception(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return current_app.make_response(error.get_response())
    messages = {
        403: _("This page is for organizers. Ask one of them, or go back to your own pages."),
        404: _("There is nothing here, or it is not for you."),
        405: _("That address does not take this kind of request."),
    }
    answer = error_answer(status, _title(status), messages.get(status, error.description or ""))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            answer.headers[name] = value
    return answer


def _answer_fault(error: Exception) -> Response:
    if current_app.testing or current_app.debug:
        raise error
    current_app.logger.exception("request %s failed", g.get("request_number"))
    message = _("The fault is ours. Nothing was saved. If it stays, tell the organizers this number: %(number)s.")
    return error_answer(500, _title(500), message % {"number": g.get("request_number")})


def _secure(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
    if settings().is_production and settings().base_url.startswith("https:"):
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "private, no-store")
    return answer
