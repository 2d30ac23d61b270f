"""Access: roles, audiences and the rule beside each view. What no rule allows is denied.

This module knows roles and audiences, not rooms: each room supplies `visible_to(viewer)`, a filter over its own tables
that belongs into the query itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, TypeVar

from flask import abort, current_app
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., Any])
RULE = "_access_rule"


class Role(StrEnum):
    """What a person may do in the network."""

    PARTNER = "partner"
    ORGANIZER = "organizer"
    ADMIN = "admin"


class Audience(StrEnum):
    """Who may read a thing, from narrow to wide."""

    ONLY_ME = "only_me"
    PAIR = "pair"
    ORGANIZERS = "organizers"
    MATCHES = "matches"
    SUMMIT = "summit"
    NETWORK = "network"
    PUBLIC = "public"


class Rule(StrEnum):
    """Who may call a view."""

    ANYONE = "anyone"
    BEARER = "bearer"  # whoever holds a link or a signature that the view itself checks
    SIGNED_IN = "signed_in"
    ORGANIZERS = "organizers"
    ADMINS = "admins"


@dataclass(frozen=True)
class Viewer:
    """Who is looking: a person with a role, or nobody signed in (`person_id` is None)."""

    person_id: int | None
    role: Role | None

    @property
    def is_organizer(self) -> bool:
        """Say whether the viewer looks after the network."""
        return self.role in (Role.ORGANIZER, Role.ADMIN)


NOBODY = Viewer(None, None)


def viewer() -> Viewer:
    """Return who is looking at the running request."""
    if not current_user.is_authenticated:
        return NOBODY
    return Viewer(current_user.id, current_user.role)


def is_allowed(rule: Rule, who: Viewer) -> bool:
    """Say whether `who` may call a view under `rule`."""
    match rule:
        case Rule.ANYONE | Rule.BEARER:
            return True
        case Rule.SIGNED_IN:
            return who.person_id is not None
        case Rule.ORGANIZERS:
            return who.is_organizer
        case Rule.ADMINS:
            return who.role is Role.ADMIN


def allow(rule: Rule) -> Callable[[View], View]:
    """Declare who may call the decorated view; it stands directly below the route."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            who = viewer()
            if is_allowed(rule, who):
                return view(*args, **kwargs)
            if who.person_id is None:
                return current_app.login_manager.unauthorized()  # type: ignore[attr-defined]  # Flask-Login adds it
            # An organizer's page is no secret; an object that isn't the viewer's is answered with 404 by its own query.
            abort(403)

        setattr(guarded, RULE, rule)
        return guarded  # type: ignore[return-value]  # wraps() keeps the view's own type

    return decorate


def rule_of(view: Callable[..., Any]) -> Rule | None:
    """Return the rule a view carries, or None."""
    return getattr(view, RULE, None)
