"""Providers: what leaves, and what their answers mean."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from summit.mail.providers import chosen_provider
from summit.mail.providers.http import retry_after
from summit.mail.providers.outcome import Answer, OutgoingMail
from summit.mail.providers.sendgrid import SendGridProvider
from summit.mail.providers.smtp import SmtpProvider
from tests.conftest import settings_for
from tests.mail.sendgrid_server import SendGridServer

MAIL = OutgoingMail(
    public_id="0123456789abcdef",
    from_address="summit@example.org",
    from_name="Sümmit",
    to_address="ana@example.org",
    to_name="Ana Ruíz",
    subject="Hast du Zeit für Ben?",
    text="Öffne http://summit.test/act/x",
    html="<p>Öffne <a href='http://summit.test/act/x'>das</a></p>",
    headers={
        "List-Unsubscribe": "<http://summit.test/unsubscribe/x>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "References": "<connection-1@example.org>",
        "Message-ID": "<0123456789abcdef@example.org>",
    },
)
URL = "sqlite:////tmp/unused.db"


@pytest.fixture
def server() -> Iterator[SendGridServer]:
    with SendGridServer() as running:
        yield running


def sendgrid_provider(server: SendGridServer) -> SendGridProvider:
    settings = settings_for(URL, SENDGRID_API_KEY="SG.the-key", SENDGRID_HOST=server.url)
    return SendGridProvider(settings, timeout=0.5)


def test_the_settings_choose_the_provider():
    local = settings_for(URL)
    smtp = settings_for(URL, SMTP_URL="smtp://mail.example.org")
    sendgrid = settings_for(URL, SENDGRID_API_KEY="SG.the-key")

    assert [chosen_provider(each).name for each in (local, smtp, sendgrid)] == ["local", "smtp", "sendgrid"]


def test_sendgrid_gets_the_mail_both_parts_its_headers_and_our_number_only(server):
    outcome = sendgrid_provider(server).send(MAIL)

    (body,) = server.requests
    assert (outcome.answer, outcome.provider_message_id) == (Answer.ACCEPTED, "sg-1")
    assert body["from"] == {"email": "summit@example.org", "name": "Sümmit"}
    assert body["personalizations"] == [{"to": [{"email": "ana@example.org", "name": "Ana Ruíz"}]}]
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    assert body["content"][0]["value"] == MAIL.text
    assert body["headers"] == MAIL.headers
    assert body["custom_args"] == {"message": MAIL.public_id}
    assert body["tracking_settings"]["click_tracking"]["enable"] is False
    assert body["tracking_settings"]["open_tracking"]["enable"] is False


def test_sendgrid_redirecting_gets_no_second_request_and_no_key(server):
    with SendGridServer() as elsewhere:
        server.answers = [302]
        server.answer_headers = {"Location": elsewhere.url}

        outcome = sendgrid_provider(server).send(MAIL)

        assert outcome.answer is Answer.UNAUTHORISED
        assert "SENDGRID_HOST" in outcome.detail
        assert elsewhere.request_headers == []
    assert len(server.request_headers) == 1


def test_the_key_is_never_logged(server, caplog):
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("python_http_client").setLevel(logging.DEBUG)
        sendgrid_provider(server).send(MAIL)
        server.answers = [401]
        outcome = sendgrid_provider(server).send(MAIL)

    assert server.request_headers[0]["Authorization"] == "Bearer SG.the-key"
    assert "the-key" not in caplog.text + outcome.detail


def test_a_server_that_never_accepts_a_connection_has_got_nothing():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings = settings_for(
            URL, SENDGRID_API_KEY="SG.key", SENDGRID_HOST=f"http://127.0.0.1:{probe.getsockname()[1]}"
        )

        outcome = SendGridProvider(settings, timeout=0.5).send(MAIL)

    assert outcome.answer is Answer.REFUSED


def test_a_reset_after_the_request_left_is_no_clear_answer():
    listener = socket.create_server(("127.0.0.1", 0))
    settings = settings_for(
        URL, SENDGRID_API_KEY="SG.key", SENDGRID_HOST=f"http://127.0.0.1:{listener.getsockname()[1]}"
    )

    def reset():
        connection, _address = listener.accept()
        connection.recv(100)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        connection.close()

    thread = threading.Thread(target=reset)
    thread.start()
    outcome = SendGridProvider(settings, timeout=2).send(MAIL)
    thread.join()
    listener.close()

    assert outcome.answer is Answer.UNKNOWN


@contextmanager
def answering(*chunks: bytes, every: float = 0.0, forever: bytes = b"") -> Iterator[SendGridProvider]:
    """A server that takes a request and answers with these bytes, then with `forever` again and again, then resets."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def answer() -> None:
        connection, _address = listener.accept()
        with connection, suppress(OSError):
            connection.recv(100_000)
            for chunk in chunks:
                connection.sendall(chunk)
                time.sleep(every)
            while forever and not ended.wait(every):
                connection.sendall(forever)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    thread = threading.Thread(target=answer)
    thread.start()
    host = f"http://127.0.0.1:{listener.getsockname()[1]}"
    yield SendGridProvider(settings_for(URL, SENDGRID_API_KEY="SG.key", SENDGRID_HOST=host), timeout=0.5)
    ended.set()
    thread.join()
    listener.close()


def test_a_byte_now_and_then_does_not_hold_up_a_worker_for_ever():
    with answering(b"HTTP/1.1 2", every=0.05, forever=b"0") as provider:
        begun = time.monotonic()
        outcome = provider.send(MAIL)
        took = time.monotonic() - begun

    assert outcome.answer is Answer.UNKNOWN
    assert took < 5


@pytest.mark.parametrize(
    ("status", "answer"),
    [("202 Accepted", Answer.ACCEPTED), ("429 Too Many Requests", Answer.REFUSED), ("400 Bad", Answer.REJECTED)],
)
def test_an_answer_that_breaks_off_after_its_status_is_an_answer(status, answer):
    with answering(f"HTTP/1.1 {status}\r\nContent-Length: 500\r\n\r\n{{".encode(), every=0.05) as provider:
        outcome = provider.send(MAIL)

    assert outcome.answer is answer


def test_garbage_is_no_clear_answer():
    with answering(b"\x00\xff what?\r\n\r\n", every=0.05) as provider:
        outcome = provider.send(MAIL)

    assert outcome.answer is Answer.UNKNOWN


@pytest.mark.parametrize("value", ["", "soon", "²", "-5", "1e9", "Wed, 99 Foo 99999 99:99:99 +9999", " ", ",", "\x00"])
def test_a_wait_that_nobody_can_read_is_none(value):
    assert retry_after({"Retry-After": value}, datetime(2026, 10, 14, tzinfo=UTC)) is None


def test_a_request_that_the_server_gave_up_waiting_for_can_be_sent_again(server):
    server.answers = [408]

    assert sendgrid_provider(server).send(MAIL).answer is Answer.REFUSED


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Post:
    """A mail server's mind: what it answers, and what it got."""

    def __init__(self) -> None:
        self.mail_answer = "250 OK"
        self.rcpt_answer = "250 OK"
        self.data_answer = "250 taken as 77"
        self.got: list[bytes] = []

    async def handle_MAIL(self, _server, _session, envelope, address, _options):
        if self.mail_answer.startswith("250"):
            envelope.mail_from = address
        return self.mail_answer

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if self.rcpt_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt_answer

    async def handle_DATA(self, server, _session, envelope):
        self.got.append(envelope.content)
        if self.data_answer == "silence":
            server.transport.abort()
        return self.data_answer


@pytest.fixture
def post() -> Iterator[Post]:
    mind = Post()

    def knows(_server, _session, _envelope, _mechanism, login):
        return AuthResult(success=login.password == b"right", handled=False)

    mind.controller = Controller(
        mind,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=knows,
        auth_require_tls=False,
    )
    mind.controller.start()
    yield mind
    mind.controller.stop()


def smtp_provider(post: Post, credentials: str = "") -> SmtpProvider:
    return SmtpProvider(settings_for(URL, SMTP_URL=f"smtp://{credentials}127.0.0.1:{post.controller.port}"), timeout=1)


def test_smtp_hands_over_both_parts_and_all_headers(post):
    outcome = smtp_provider(post).send(MAIL)

    (raw,) = post.got
    mail = message_from_bytes(raw, policy=default)
    assert outcome.answer is Answer.ACCEPTED
    assert "77" in outcome.provider_message_id
    assert (mail["Subject"], mail["To"]) == (MAIL.subject, "Ana Ruíz <ana@example.org>")
    assert {name: mail[name] for name in MAIL.headers} == MAIL.headers
    assert mail.get_body(("plain",)).get_content().strip() == MAIL.text
    assert "<p>Öffne" in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("stage", "reply", "answer"),
    [
        ("rcpt_answer", "451 later", Answer.REFUSED),
        ("rcpt_answer", "550 no such user", Answer.REJECTED),
        ("data_answer", "452 full", Answer.REFUSED),
        ("data_answer", "554 not this", Answer.REJECTED),
        ("data_answer", "silence", Answer.UNKNOWN),
    ],
)
def test_smtp_answers_are_read_by_when_they_come(post, stage, reply, answer):
    setattr(post, stage, reply)

    outcome = smtp_provider(post).send(MAIL)

    assert outcome.answer is answer


@pytest.mark.parametrize(
    ("stage", "reply", "answer"),
    [
        ("mail_answer", "550 this sender may not", Answer.UNAUTHORISED),
        ("mail_answer", "530 sign in first", Answer.UNAUTHORISED),
        ("rcpt_answer", "530 sign in first", Answer.UNAUTHORISED),
        ("mail_answer", "451 later", Answer.REFUSED),
    ],
)
def test_what_a_mail_server_has_against_us_costs_no_mail(post, stage, reply, answer):
    setattr(post, stage, reply)

    outcome = smtp_provider(post).send(MAIL)

    assert outcome.answer is answer


def test_a_wrong_password_is_about_our_settings(post):
    refused = smtp_provider(post, "summit:wrong@").send(MAIL)
    accepted = smtp_provider(post, "summit:right@").send(MAIL)

    assert (refused.answer, accepted.answer) == (Answer.UNAUTHORISED, Answer.ACCEPTED)
    assert "wrong" not in refused.detail


def test_a_mail_server_that_is_away_has_got_nothing():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        away = SmtpProvider(settings_for(URL, SMTP_URL=f"smtp://127.0.0.1:{probe.getsockname()[1]}"), timeout=0.5)

        outcome = away.send(MAIL)

    assert outcome.answer is Answer.REFUSED


def test_smtp_refuses_to_write_a_header_with_a_line_break(post):
    smuggled = OutgoingMail(**{**vars(MAIL), "subject": "Hello\r\nBcc: everyone@example.org"})

    outcome = smtp_provider(post).send(smuggled)

    assert outcome.answer is Answer.REJECTED
    assert post.got == []
