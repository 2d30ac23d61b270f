"""Every setting, read from the environment once, at start; all errors are reported together."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

ROOT = Path(__file__).resolve().parent
DEVELOPMENT_KEY = "development-only-key-never-use-this-in-production"
PROVIDERS = ("local", "smtp", "sendgrid")
TEXT_ENCODERS = ("none", "minilm")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class SettingsError(Exception):
    """The environment can't be used as it is; the message lists every problem, a line each."""


def _setting(default: str, meaning: str, *, secret: bool = False) -> str:
    """Declare a setting: its default, what it means, and whether `flask settings` must hide it."""
    value: str = field(default=default, metadata={"meaning": meaning, "secret": secret})
    return value


@dataclass(frozen=True)
class Settings:
    """The settings. A field's name in capitals is the environment variable's name (`port` is `PORT`)."""

    database_url: str = _setting("", "where the data lives; a SQLite file in instance/ unless said", secret=True)
    secret_key: str = _setting("", "signs sessions and links; 32 characters or more in production", secret=True)
    port: int = field(default=5000, metadata={"meaning": "the port the web process listens on", "secret": False})
    host: str = _setting("127.0.0.1", "the address the web process listens on")
    trusted_proxies: int = field(
        default=0,
        metadata={"meaning": "how many proxies stand before the web process and say who asks", "secret": False},
    )
    base_url: str = _setting("", "the address people reach Summit at; used in every link in an email")
    network_name: str = _setting("Summit", "the network's name, shown in the page's head and as the mails' sender")
    network_timezone: str = _setting("UTC", "the time zone for people and summits that have none of their own")
    mail_provider: str = _setting("", "local, smtp or sendgrid; inferred from what else is set")
    mail_from: str = _setting("summit@example.org", "the address mails are sent from")
    postal_address: str = _setting("", "the postal address in the foot of every reminder")
    sendgrid_api_key: str = _setting("", "SendGrid's API key", secret=True)
    sendgrid_host: str = _setting("https://api.sendgrid.com", "SendGrid's address")
    sendgrid_webhook_key: str = _setting("", "the public key that SendGrid signs its event webhook with")
    smtp_url: str = _setting("", "smtp://user:password@host:port or smtps://…", secret=True)
    text_encoder: str = _setting(
        "none", "what compares texts beside their words: none, or minilm (script/setup encoder)"
    )
    summit_env: str = _setting("", "development or production; development by default on loopback addresses only")

    @property
    def is_production(self) -> bool:
        """Say whether real people use this."""
        return self.summit_env == "production"

    @property
    def is_on_loopback(self) -> bool:
        """Say whether only this machine can reach the web process."""
        return self.host in LOOPBACK

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read and check the settings.

        Raises:
            SettingsError: naming every setting that is wrong, and what to do.
        """
        given = {item.name: environment.get(item.name.upper(), "").strip() for item in fields(cls)}
        problems: list[str] = []
        port = _number("PORT", given.pop("port"), 5000, range(1, 65536), problems)
        proxies = _number("TRUSTED_PROXIES", given.pop("trusted_proxies"), 0, range(11), problems)
        values = {name: value for name, value in given.items() if value}
        settings = cls(**values, port=port, trusted_proxies=proxies)
        settings = _with_defaults(settings)
        problems += _problems(settings)
        if problems:
            raise SettingsError("\n".join(problems))
        return settings


def _number(name: str, text: str, default: int, allowed: range, problems: list[str]) -> int:
    """Read a whole number; a wrong one is added to the problems."""
    if text and not (text.isdigit() and int(text) in allowed):
        problems.append(f"{name} is {text!r}: give a number from {allowed[0]} to {allowed[-1]}.")
        return default
    return int(text or default)


def _with_defaults(settings: Settings) -> Settings:
    """Fill in what follows from other settings."""
    values = {item.name: getattr(settings, item.name) for item in fields(settings)}
    # A proxy may stand before a loopback address: a BASE_URL that others can reach means production just as well.
    is_ours_alone = settings.is_on_loopback and (not settings.base_url or _host_of(settings.base_url) in LOOPBACK)
    values["summit_env"] = settings.summit_env or ("development" if is_ours_alone else "production")
    development = values["summit_env"] == "development"
    values["secret_key"] = settings.secret_key or (DEVELOPMENT_KEY if development else "")
    values["base_url"] = (settings.base_url or (f"http://127.0.0.1:{settings.port}" if development else "")).rstrip("/")
    values["database_url"] = normal_database_url(
        settings.database_url or f"sqlite:///{ROOT / 'instance' / 'summit.db'}"
    )
    inferred = "sendgrid" if settings.sendgrid_api_key else "smtp" if settings.smtp_url else "local"
    values["mail_provider"] = settings.mail_provider or inferred
    return Settings(**values)


def _host_of(url: str) -> str:
    """Return the host of an address, empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def normal_database_url(url: str) -> str:
    """Return the address with the driver we use: psycopg 3 for PostgreSQL."""
    return re.sub(r"^postgres(ql)?(\+psycopg2?)?://", "postgresql+psycopg://", url)


def _problems(settings: Settings) -> list[str]:
    """List what is wrong with the settings, a sentence each."""
    checks = (
        (settings.summit_env in ("development", "production"), "SUMMIT_ENV must be development or production."),
        (settings.mail_provider in PROVIDERS, f"MAIL_PROVIDER must be one of {', '.join(PROVIDERS)}."),
        (settings.text_encoder in TEXT_ENCODERS, f"TEXT_ENCODER must be one of {', '.join(TEXT_ENCODERS)}."),
        (
            settings.network_timezone in available_timezones(),
            f"NETWORK_TIMEZONE is {settings.network_timezone!r}: give a name like America/New_York.",
        ),
        (
            settings.mail_provider != "sendgrid" or bool(settings.sendgrid_api_key),
            "SENDGRID_API_KEY is missing: set it, or choose MAIL_PROVIDER=local.",
        ),
        (
            settings.mail_provider != "smtp" or urlsplit(settings.smtp_url).scheme in ("smtp", "smtps"),
            "SMTP_URL must begin with smtp:// or smtps://, like smtp://user:password@mail.example.org:587.",
        ),
        (
            settings.database_url.startswith(("sqlite:", "postgresql+psycopg:")),
            "DATABASE_URL must begin with sqlite:/// or postgresql://.",
        ),
        (
            not settings.base_url
            or (settings.base_url.startswith(("http://", "https://")) and bool(_host_of(settings.base_url))),
            "BASE_URL must begin with http:// or https://, and name a host.",
        ),
        ("@" in settings.mail_from, "MAIL_FROM must be an email address."),
    )
    problems = [message for holds, message in checks if not holds]
    return problems + (_production_problems(settings) if settings.is_production else [])


def _production_problems(settings: Settings) -> list[str]:
    """List what a production start needs and has not."""
    key = settings.secret_key
    checks = (
        (
            len(key) >= 32 and len(set(key)) >= 10 and key != DEVELOPMENT_KEY,
            (
                "SECRET_KEY is missing or weak: make one with "
                '`python -c "import secrets; print(secrets.token_urlsafe(48))"` and set it in the environment.'
            ),
        ),
        (bool(settings.base_url), "BASE_URL is missing: set the address that people reach Summit at."),
        (
            settings.mail_provider == "local" or bool(settings.postal_address),
            "POSTAL_ADDRESS is missing: reminders must carry one.",
        ),
    )
    return [message for holds, message in checks if not holds]
