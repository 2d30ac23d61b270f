"""Rendering: a mail's subject, plain text and html from templates, with or without a request.

The environment is our own rather than the application's, since mails are mostly written in a worker. Whatever depends
on the recipient (their zone, links with tokens) comes in through the context.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import get_locale, gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config import ROOT, Settings


@dataclass(frozen=True)
class RenderedMail:
    """A mail ready for the outbox."""

    subject: str
    text: str
    html: str


def render_mail(template: str, *, settings: Settings, context: dict[str, Any]) -> RenderedMail:
    """Render `templates/mail/<template>/` (`subject.txt`, `body.txt`, `body.html`).

    The templates know the network's name, its postal address and the base of its links besides the context. A name
    that is missing from the context is an error.
    """
    known = {
        "network_name": settings.network_name,
        "postal_address": settings.postal_address,
        "base_url": settings.base_url,
        **context,
    }
    folder = f"mail/{template}"
    return RenderedMail(
        subject=" ".join(_environment().get_template(f"{folder}/subject.txt").render(known).split()),
        text=_tidy(_environment().get_template(f"{folder}/body.txt").render(known)),
        html=_environment().get_template(f"{folder}/body.html").render(known).strip() + "\n",
    )


@cache
def _environment() -> Environment:
    """Return the environment of all mails; only html is escaped, since nothing else would unescape it."""
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=lambda name: name is not None and name.endswith(".html"),  # noqa: S701 - text has nothing to escape
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.globals["get_locale"] = get_locale
    return environment


def _tidy(text: str) -> str:
    """Close the gaps that conditions leave; `-- ` before the foot keeps its space (RFC 3676 §4.3)."""
    lines = [line if line == "-- " else line.rstrip() for line in text.strip().splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"
