"""Signing in by an emailed link.

Asking for a link only writes down that somebody asked, so that the answer takes the same time and says the same for
any address. A worker answers afterwards. A link holds a random token of which only the hash is stored; it works once,
for ten minutes.
"""

import hashlib
import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from config import Settings
from summit.errors import Conflict, NotFound, TooMany, WrongTime
from summit.mail.outbox import SEALED_MARKER, enqueue
from summit.mail.rendering import render_mail
from summit.people.addresses import normal_address
from summit.people.local_paths import local_path
from summit.people.models import Person, SignInRequest, SignInToken

LIFETIME = timedelta(minutes=10)
WINDOW = timedelta(minutes=15)
MOST_PER_ADDRESS = 5
# A whole hall signs in from behind one address of the network; the limit per person is the one above.
MOST_PER_CLIENT = 300
TOKEN_BYTES = 24
BATCH = 50
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """Somebody who may come in, and where they wanted to go."""

    person: Person
    next_url: str


def request_link(
    session: Session, *, email: str, client: str, next_url: str, now: datetime, secret_key: str
) -> SignInRequest:
    """Write down that somebody at `client` (an address of the network) asked for a link for `email`.

    Nothing here depends on whether the address is known.

    Raises:
        TooMany: when this address or this client asked too often, whether or not the address is known.
    """
    address = normal_address(email)
    email_hash = _keyed_hash(secret_key, "email", address)
    client_hash = _keyed_hash(secret_key, "client", client)
    _one_at_a_time(session, email_hash, client_hash)
    since = now - WINDOW
    asked_for = _count(session, SignInRequest.email_hash == email_hash, since)
    asked_from = _count(session, SignInRequest.client_hash == client_hash, since)
    if asked_for >= MOST_PER_ADDRESS or asked_from >= MOST_PER_CLIENT:
        raise TooMany(_("A link was asked for too often. Wait a quarter of an hour, then ask again."))
    request = SignInRequest(
        email=address,
        email_hash=email_hash,
        client_hash=client_hash,
        next_url=local_path(next_url),
        requested_at=now,
    )
    session.add(request)
    session.flush()
    return request


def make_link(session: Session, person: Person, *, next_url: str, now: datetime, settings: Settings) -> str:
    """Make a link that signs this person in once, and leads them on to `next_url`.

    Raises:
        Conflict: when the person is disabled.
    """
    if person.is_disabled:
        raise Conflict(_("%(email)s is disabled and can't sign in.", email=person.email))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        SignInToken(
            token_hash=token_hash(token),
            person_id=person.id,
            next_url=local_path(next_url),
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    session.flush()
    return f"{settings.base_url}/sign-in/{token}"


def look_at_link(session: Session, token: str, *, now: datetime) -> Entry:
    """Return whom a link would sign in, and change nothing.

    Raises:
        NotFound: when it is none of ours.
        WrongTime: when it was used, has expired, or its person is disabled.
    """
    found = session.scalar(select(SignInToken).where(SignInToken.token_hash == token_hash(token)))
    if found is None:
        raise NotFound(_("We did not make this link."))
    person = session.get_one(Person, found.person_id)
    if found.used_at is not None:
        raise WrongTime(_("This link was used already. Each works once."))
    if found.expires_at <= now or person.is_disabled:
        raise WrongTime(_("This link is no longer good. Each works for ten minutes."))
    return Entry(person, found.next_url)


def use_link(session: Session, token: str, *, now: datetime) -> Entry:
    """Use a link up and return whom it signs in; of two who use it at once, one gets in.

    Raises:
        NotFound: when it is none of ours.
        WrongTime: when it was used, has expired, or its person is disabled.
    """
    entry = look_at_link(session, token, now=now)
    unused = (SignInToken.token_hash == token_hash(token), SignInToken.used_at.is_(None))
    used = session.scalars(update(SignInToken).where(*unused).values(used_at=now).returning(SignInToken.id)).all()
    if len(used) != 1:
        raise WrongTime(_("This link was used already. Each works once."))
    return entry


def answer_requests(session: Session, *, settings: Settings, now: datetime) -> int:
    """Answer who asked for a link, and forget the addresses; return how many requests were answered.

    Only somebody known and not disabled gets a mail. Whoever asked more than ten minutes ago has given up: a link that
    comes out of nowhere looks like an attack.
    """
    waiting = (
        select(SignInRequest)
        .where(SignInRequest.answered_at.is_(None))
        .order_by(SignInRequest.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    requests = session.scalars(waiting).all()
    for request in requests:
        if request.requested_at > now - LIFETIME:
            _answer_surely(session, request, settings=settings, now=now)
        request.email, request.answered_at = None, now
    if requests:
        forget_old(session, now=now)
    session.flush()
    return len(requests)


def _answer_surely(session: Session, request: SignInRequest, *, settings: Settings, now: datetime) -> None:
    """Answer a request; a fault in one is logged, and nobody else waits for it."""
    request_id = request.id
    try:
        with session.begin_nested():
            _answer(session, request, settings=settings, now=now)
    except Exception:
        log.exception("request %s for a sign-in link could not be answered", request_id)


def _answer(session: Session, request: SignInRequest, *, settings: Settings, now: datetime) -> None:
    person = session.scalar(select(Person).where(Person.email == request.email))
    if person is None or person.is_disabled:
        return
    link = make_link(session, person, next_url=request.next_url, now=now, settings=settings)
    mail = render_mail("sign_in", settings=settings, context={"name": person.name, "link": SEALED_MARKER})
    enqueue(
        session,
        key=f"sign-in:{request.id}",
        purpose="sign_in",
        purpose_id=request.id,
        to_address=person.email,
        to_name=" ".join(person.name.split()),
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        due_at=now,
        now=now,
        useful_until=now + LIFETIME,
        sealed=link,
        secret_key=settings.secret_key,
    )


def forget_old(session: Session, *, now: datetime) -> None:
    """Delete what no longer counts: requests past their window and links past their time, a day later."""
    long_ago = now - timedelta(days=1)
    old_requests = delete(SignInRequest).where(
        SignInRequest.answered_at.is_not(None), SignInRequest.requested_at < long_ago
    )
    session.execute(old_requests)
    session.execute(delete(SignInToken).where(SignInToken.expires_at < long_ago))


def token_hash(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _keyed_hash(secret_key: str, purpose: str, text: str) -> str:
    """Hash with our key: without it, nobody can try addresses against what is stored."""
    return hmac.new(secret_key.encode(), f"sign-in {purpose} {text}".encode(), hashlib.sha256).hexdigest()


def _count(session: Session, asked: ColumnElement[bool], since: datetime) -> int:
    counted = select(func.count()).select_from(SignInRequest).where(asked, SignInRequest.requested_at > since)
    return session.execute(counted).scalar_one()


def _one_at_a_time(session: Session, *hashes: str) -> None:
    """Let two requests for one address, or from one client, count one after the other; SQLite always does."""
    if session.connection().dialect.name == "postgresql":
        # Always in the same order, so that two requests can't wait for each other.
        for key in sorted(int(each[:15], 16) for each in hashes):
            session.execute(select(func.pg_advisory_xact_lock(key)))
