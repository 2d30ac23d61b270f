"""Pages of the room `mail`: the mailbox, the message log, unsubscribing, and the provider's webhook."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _

from config import LOOPBACK
from summit import clock
from summit.access import Rule, allow, viewer
from summit.database import session
from summit.errors import Invalid, NotFound
from summit.extensions import csrf
from summit.listing import page_number, page_of
from summit.mail import deciding
from summit.mail.events import take_events
from summit.mail.links import UNSUBSCRIBE, read_token
from summit.mail.log import Moment, decisions_about, find_logged, messages_with, overview, story_of, suppressions_with
from summit.mail.mailbox import find_mail, framed, list_readers, mails_to, with_links
from summit.mail.models import MessageState, SuppressionReason
from summit.mail.providers.sendgrid_events import SIGNATURE_HEADER, TIMESTAMP_HEADER, check_signature, read_events
from summit.mail.suppressions import find_suppression, lift, suppress
from summit.web import settings

blueprint = Blueprint("mail", __name__)

# A mail may lie in a mailbox for years; its unsubscribe link works all the same.
UNSUBSCRIBE_AGE = timedelta(days=3650)
# The html of a mail is somebody's: no script, nothing from elsewhere, styles inside only, in a frame of ours.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation"
)


@blueprint.get("/mailbox")
@allow(Rule.ANYONE)
def mailbox() -> ResponseReturnValue:
    """List what the local provider delivered, to everybody or to one address."""
    _only_where_it_is_open()
    address = request.args.get("address", "").strip()
    page = page_of(
        session(),
        mails_to(address),
        number=page_number(request.args.get("page")),
        url_for=lambda number: url_for("mail.mailbox", address=address or None, page=number),
    )
    return render_template("mail_pages/mailbox.html", page=page, address=address, readers=list_readers(session()))


@blueprint.get("/mailbox/<public_id>")
@allow(Rule.ANYONE)
def mail_page(public_id: str) -> ResponseReturnValue:
    """Show one mail: as html in a frame, as plain text with our links to click, and its headers."""
    _only_where_it_is_open()
    mail = find_mail(session(), public_id)
    return render_template("mail_pages/mail.html", mail=mail, text=with_links(mail.text, settings().base_url))


@blueprint.get("/mailbox/<public_id>/html")
@allow(Rule.ANYONE)
def mail_html(public_id: str) -> ResponseReturnValue:
    """Serve a mail's html for its frame."""
    _only_where_it_is_open()
    answer = make_response(framed(find_mail(session(), public_id).html))
    answer.headers["Content-Security-Policy"] = MAIL_POLICY
    return answer


def _only_where_it_is_open() -> None:
    """Let organizers in, and anybody while this is plainly somebody's own machine.

    A proxy in front would make everybody look local, and another site's name may be pointed at this machine: both
    show in the request.

    Raises:
        NotFound: to everybody else, and with any other provider.
    """
    chosen = settings()
    if chosen.mail_provider != "local":
        raise NotFound(_("Mails really leave here, so there is no mailbox."))
    hosts = LOOPBACK | {urlsplit(chosen.base_url).hostname}
    is_direct = not ("X-Forwarded-For" in request.headers or "Forwarded" in request.headers)
    is_own = urlsplit(f"//{request.host}").hostname in hosts
    if not viewer().is_organizer and not (chosen.is_on_loopback and not chosen.is_production and is_direct and is_own):
        raise NotFound(_("There is nothing here, or it is not for you."))


@blueprint.get("/unsubscribe/<token>")
@allow(Rule.BEARER)
def unsubscribe_page(token: str) -> ResponseReturnValue:
    """Show the button that stops all mails; opening the page changes nothing, since mail scanners open links too."""
    address = _address_of(token)
    if find_suppression(session(), address) is not None:
        return render_template("mail_pages/unsubscribed.html", address=address)
    return render_template("mail_pages/unsubscribe.html", address=address, token=token)


@blueprint.post("/unsubscribe/<token>")
@allow(Rule.BEARER)
def unsubscribe(token: str) -> ResponseReturnValue:
    """Stop all mails: pressed on the page, or by a mail program on its reader's behalf (RFC 8058 §3.2)."""
    address = _address_of(token)
    suppress(session(), address, SuppressionReason.UNSUBSCRIBE, now=clock.now())
    # Answered without a redirect, which mail programs must not follow.
    return render_template("mail_pages/unsubscribed.html", address=address)


# A mail program has no form of ours to take a CSRF token from; the signed link says what it may do.
csrf.exempt(unsubscribe)


def _address_of(token: str) -> str:
    return str(read_token(settings().secret_key, UNSUBSCRIBE, token, max_age=UNSUBSCRIBE_AGE)["address"])


@blueprint.post("/webhooks/sendgrid")
@allow(Rule.BEARER)
def events() -> ResponseReturnValue:
    """Take in what SendGrid reports; its signature on the raw body is what lets it in."""
    now, body = clock.now(), request.get_data()
    check_signature(
        body,
        signature=request.headers.get(SIGNATURE_HEADER, ""),
        timestamp=request.headers.get(TIMESTAMP_HEADER, ""),
        public_key=settings().sendgrid_webhook_key,
        now=now,
    )
    take_events(session(), read_events(body, now=now), now=now)
    return Response(status=204)


csrf.exempt(events)


@blueprint.get("/organize/messages")
@allow(Rule.ORGANIZERS)
def messages() -> ResponseReturnValue:
    """Show the message log, and above it how the outbox stands."""
    address = request.args.get("address", "").strip()
    state = _state(request.args.get("state"))
    page = page_of(
        session(),
        messages_with(state=state, address=address),
        number=page_number(request.args.get("page")),
        url_for=lambda number: url_for("mail.messages", state=state, address=address or None, page=number),
    )
    standing = overview(session(), now=clock.now())
    return render_template(
        "mail_pages/messages.html",
        page=page,
        standing=standing,
        state=state,
        address=address,
        mailbox_url=url_for("mail.mailbox") if settings().mail_provider == "local" else None,
    )


@blueprint.get("/organize/messages/<int:message_id>")
@allow(Rule.ORGANIZERS)
def message(message_id: int) -> ResponseReturnValue:
    """Show a message's story: when it was written, tried and settled, and what the provider reported."""
    found = find_logged(session(), message_id)
    return render_template(
        "mail_pages/message.html",
        message=found,
        story=_told(story_of(found, decisions_about(session(), message_id), now=clock.now())),
        suppression=find_suppression(session(), found.to_address),
    )


def _told(story: list[Moment]) -> list[dict[str, str]]:
    """Return a story as the timeline wants it, its moments in the viewer's zone."""
    return [
        {"title": each.title, "detail": each.detail, "state": each.state, "when": format_datetime(each.when, "medium")}
        for each in story
    ]


@blueprint.post("/organize/messages/<int:message_id>/decision")
@allow(Rule.ORGANIZERS)
def decide(message_id: int) -> ResponseReturnValue:
    """Say what became of a message of which nobody saw the answer."""
    by, now = viewer().person_id or 0, clock.now()
    match request.form.get("decision"):
        case "arrived":
            deciding.confirm_arrival(session(), message_id, by=by, now=now)
            flash(_("Noted: it arrived."))
        case "send_again":
            deciding.send_again(session(), message_id, by=by, now=now)
            flash(_("It is in the queue again."))
        case _:
            raise Invalid(_("Say whether it arrived or shall be sent again."))
    return redirect(url_for("mail.message", message_id=message_id), 303)


@blueprint.get("/organize/suppressions")
@allow(Rule.ORGANIZERS)
def suppressions() -> ResponseReturnValue:
    """List the addresses that must not be written to, and why."""
    address = request.args.get("address", "").strip()
    page = page_of(
        session(),
        suppressions_with(address=address),
        number=page_number(request.args.get("page")),
        url_for=lambda number: url_for("mail.suppressions", address=address or None, page=number),
    )
    return render_template("mail_pages/suppressions.html", page=page, address=address)


@blueprint.post("/organize/suppressions/lifted")
@allow(Rule.ORGANIZERS)
def lift_suppression() -> ResponseReturnValue:
    """Write to an address again, after its reader asked to be taken back."""
    address = request.form.get("address", "")
    lift(session(), address, by=viewer().person_id or 0, now=clock.now())
    flash(_("%(address)s gets mails again.", address=address))
    return redirect(url_for("mail.suppressions"), 303)


def _state(text: str | None) -> MessageState | None:
    """Read a state from the address; whatever is none means all."""
    return MessageState(text) if text in set(MessageState) else None
