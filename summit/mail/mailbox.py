"""The mailbox: what the local provider delivered, to be read and clicked."""

import re
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup, escape
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from summit.errors import NotFound
from summit.mail.models import LocalMail

HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class Reader:
    """Somebody who has mail here."""

    address: str
    name: str
    count: int


def mails_to(address: str) -> Select[LocalMail]:
    """Select the mails to an address, or to all when it is empty; newest first."""
    query = select(LocalMail).order_by(LocalMail.id.desc())
    return query.where(LocalMail.to_address == address.strip().lower()) if address.strip() else query


def list_readers(session: Session) -> list[Reader]:
    """Return who has mail here, by address."""
    query = (
        select(LocalMail.to_address, func.max(LocalMail.to_name), func.count())
        .group_by(LocalMail.to_address)
        .order_by(LocalMail.to_address)
    )
    return [Reader(address, name, count) for address, name, count in session.execute(query)]


def find_mail(session: Session, public_id: str) -> LocalMail:
    """Return a mail.

    Raises:
        NotFound: when there is none.
    """
    mail = session.scalar(select(LocalMail).where(LocalMail.public_id == public_id))
    if mail is None:
        raise NotFound(_("There is no such mail."))
    return mail


def with_links(text: str, base_url: str) -> Markup:
    """Return a plain text with our own addresses as links; their paths only, so that they lead to this very server."""
    # Neither another port, nor a longer name that only begins like ours; and no full stop that ends the sentence.
    not_longer = r"(?![\w@-]|[.:]\w)"
    path = r"(?P<path>/[^\s<>\"']*[^\s<>\"'.,;:!?)]|/)?"
    pattern = re.compile(re.escape(base_url) + not_longer + path)
    parts: list[Markup] = []
    end = 0
    for found in pattern.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(Markup('<a href="{}">{}</a>').format(found["path"] or "/", found[0]))
        end = found.end()
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def framed(html: str) -> str:
    """Return a mail's html for a frame: its links open in the whole window rather than inside the frame."""
    target = '<base target="_top">'
    if HEAD.search(html):
        return HEAD.sub(lambda found: found[0] + target, html, count=1)
    return f"<!doctype html><html><head>{target}</head><body>{html}</body></html>"
