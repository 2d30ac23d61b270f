"""Pages above the rooms: home, health, and the navigation of every page."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from summit.access import Rule, allow, viewer
from summit.database import db, session
from summit.schema import database_problem, schema_of
from summit.summits.finding import current_summit, current_summit_with
from summit.web import settings

blueprint = Blueprint("pages", __name__)


@dataclass(frozen=True)
class Tab:
    """A place in the navigation."""

    name: str
    label: str
    icon: str
    url: str


@blueprint.get("/healthz")
@allow(Rule.ANYONE)
def healthz() -> Response:
    """Say that the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@allow(Rule.ANYONE)
def readyz() -> ResponseReturnValue:
    """Say whether the database answers and has the schema that this program needs."""
    if database_problem(db.engine):
        remedy = "see that DATABASE_URL is right and its server runs, then: flask db upgrade"
        return jsonify(status="no database, or not with the schema this version needs", remedy=remedy), 503
    return jsonify(status="ready", schema=schema_of(db.engine))


@blueprint.get("/")
@allow(Rule.ANYONE)
def home() -> ResponseReturnValue:
    """Lead the viewer to where they would go next, or say what Summit is."""
    who = viewer()
    if who.person_id is None:
        return render_template("home.html")
    summit = current_summit(session())
    if summit is not None and who.is_organizer:
        return redirect(url_for("organizing.desk", slug=summit.slug))
    return redirect(url_for("people.me"))


@blueprint.get("/privacy")
@allow(Rule.ANYONE)
def privacy() -> ResponseReturnValue:
    """Say who sees what."""
    return render_template("privacy.html")


@blueprint.get("/organize/styleguide")
@allow(Rule.ORGANIZERS)
def styleguide() -> ResponseReturnValue:
    """Show every component, for whoever works on the pages."""
    return render_template("layout/styleguide.html")


def init_navigation(app: Flask) -> None:
    """Give every template the navigation that fits its viewer."""
    app.context_processor(navigation)


def navigation() -> dict[str, Any]:
    """Return the tabs of the phone's bar and of the organizer's desk, and the network's name."""
    base: dict[str, Any] = {
        "network_name": settings().network_name,
        "nav_tabs": [],
        "desk_tabs": [],
        "summit_url": "",
        "privacy_url": url_for("pages.privacy"),
    }
    who = viewer()
    if who.person_id is None:
        return base
    summit, attends = current_summit_with(session(), who.person_id)
    if not attends and not who.is_organizer:
        summit = None  # nothing of it is theirs: its tabs would lead to "not found"
    base["summit_name"] = summit.name if summit else ""
    base["summit_url"] = url_for("summits.page", slug=summit.slug) if summit else ""
    base["nav_tabs"] = _phone_tabs(summit.slug if summit else None)
    if who.is_organizer:
        base["desk_tabs"] = _desk_tabs(summit.slug if summit else None)
    return base


def _phone_tabs(slug: str | None) -> list[Tab]:
    personal = [
        Tab("connections", _("Connections"), "ties", url_for("connections.index")),
        Tab("me", _("Me"), "me", url_for("people.me")),
    ]
    if slug is None:
        return personal
    return [
        Tab("matches", _("Matches"), "list", url_for("matching.matches", slug=slug)),
        Tab("people", _("People"), "people", url_for("summits.people", slug=slug)),
        Tab("meet", _("Meet"), "code", url_for("connections.connect", slug=slug)),
        *personal,
    ]


def _desk_tabs(slug: str | None) -> list[Tab]:
    always = [
        Tab("messages", _("Messages"), "mail", url_for("mail.messages")),
        Tab("challenges", _("Challenges"), "share", url_for("challenges.index")),
        Tab("summits", _("Summits"), "calendar", url_for("organizing.summits")),
    ]
    if slug is None:
        return always
    return [
        Tab("desk", _("Desk"), "list", url_for("organizing.desk", slug=slug)),
        Tab("attendees", _("People"), "people", url_for("organizing.attendees", slug=slug)),
        Tab("matching", _("Matching"), "ties", url_for("matching_desk.runs", slug=slug)),
        Tab("schedule", _("Schedule"), "calendar", url_for("schedule_desk.page", slug=slug)),
        Tab("nudges", _("Nudges"), "clock", url_for("nudges.campaigns", slug=slug)),
        *always,
    ]
