"""What can go wrong, by kind. One place (`summit.web`, `summit.cli`) turns these into answers.

A message says what happened and what to do about it, in words for the person who reads it.
"""


class SummitError(Exception):
    """The root of everything we raise on purpose. `status` is the HTTP status the edge answers with."""

    status = 500

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(SummitError):
    """There is no such thing, or it is not for this viewer (we do not say which)."""

    status = 404


class Invalid(SummitError):
    """The input can't be taken as it is. `fields` maps a field's name to what is wrong with it."""

    status = 422

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = fields or {}


class Conflict(SummitError):
    """It is there already, or was changed meanwhile."""

    status = 409


class Forbidden(SummitError):
    """The viewer may know of it, but may not do this."""

    status = 403


class WrongTime(SummitError):
    """Too early or too late: a closed summit, an expired link, a settled step."""

    status = 409


class TooMany(SummitError):
    """Asked too often; wait a while."""

    status = 429
