"""The application: reads as a table of contents."""

from contextlib import suppress
from pathlib import Path

from flask import Flask, request
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from summit import pages
from summit.challenges.views import blueprint as challenges
from summit.cli import register_commands
from summit.connections.follow_up_views import blueprint as follow_ups
from summit.connections.note_views import blueprint as notes
from summit.connections.step_views import blueprint as next_steps
from summit.connections.views import blueprint as connections
from summit.database import db
from summit.extensions import babel, csrf, login_manager, migrate
from summit.mail.views import blueprint as mail
from summit.matching.organizer_views import blueprint as matching_desk
from summit.matching.schedule_desk_views import blueprint as schedule_desk
from summit.matching.schedule_views import blueprint as schedule
from summit.matching.views import blueprint as matching
from summit.moments import FILTERS
from summit.nudges.organizer_views import blueprint as campaigns
from summit.nudges.views import blueprint as nudges
from summit.organizations.views import blueprint as organizations
from summit.organizing.organizer_views import blueprint as arranging
from summit.organizing.views import blueprint as organizing
from summit.people.sessions import load_signed_in
from summit.people.views import blueprint as people
from summit.summits.organizer_views import blueprint as summits_desk
from summit.summits.views import blueprint as summits
from summit.web import SummitFlask, init_edge, refuse_undeclared_views

LOCALES = ("en",)
BLUEPRINTS = (
    people,
    organizations,
    challenges,
    summits,
    summits_desk,
    matching,
    matching_desk,
    schedule,
    schedule_desk,
    connections,
    next_steps,
    follow_ups,
    notes,
    nudges,
    campaigns,
    mail,
    organizing,
    arranging,
)


def create_app(settings: Settings) -> Flask:
    """Build the application from its settings.

    Raises:
        RuntimeError: if a view carries no access rule.
    """
    app = SummitFlask("summit", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "summit" / "static"))
    _configure(app, settings)
    _init_extensions(app, settings)
    init_edge(app)
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]  # as Flask says
    app.register_blueprint(pages.blueprint)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    pages.init_navigation(app)
    register_commands(app)
    refuse_undeclared_views(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_pre_ping": not settings.database_url.startswith("sqlite"),
            # A failing statement is logged; what it was about is nobody's business there.
            "hide_parameters": True,
        },
        MAX_CONTENT_LENGTH=10 * 1024 * 1024,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.base_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 90,
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=3600 if settings.is_production else 0,
        BABEL_DEFAULT_LOCALE=LOCALES[0],
        BABEL_DEFAULT_TIMEZONE=settings.network_timezone,
    )
    if settings.database_url.startswith("sqlite:///"):
        with suppress(OSError):  # whoever needs the database says so, and not every command does
            Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def _init_extensions(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.login_view = "people.sign_in"
    login_manager.login_message = None
    login_manager.user_loader(load_signed_in)
    babel.init_app(
        app,
        default_timezone=settings.network_timezone,
        locale_selector=lambda: request.accept_languages.best_match(LOCALES) if request else LOCALES[0],
        timezone_selector=lambda: (
            current_user.time_zone if request and current_user.is_authenticated else settings.network_timezone
        ),
    )
    app.jinja_env.globals["get_locale"] = get_locale
    app.jinja_env.filters.update(FILTERS)
