"""A local server that answers like SendGrid's `mail/send`: 202, or whatever a test tells it to."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

# Instead of a status: close the connection without an answer; take it and stay silent.
DROP, HANG = -1, -2
HANGING_SECONDS = 3.0


class SendGridServer:
    """Counts what it accepted by the custom argument `message`; a context manager."""

    def __init__(self, delay: float = 0.0) -> None:
        self.requests: list[dict[str, Any]] = []
        self.request_headers: list[dict[str, str]] = []
        self.accepted: Counter[str] = Counter()
        self.answers: list[int] = []
        self.answer_headers: dict[str, str] = {}
        self.decide: Callable[[str], int] | None = None
        self.delay = delay
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> "SendGridServer":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: dict[str, Any]) -> int:
        """Note a request and return what to answer; accepting it is noted before the answer leaves, as in life."""
        public_id = body["personalizations"][0].get("custom_args", body.get("custom_args", {}))["message"]
        with self._lock:
            self.requests.append(body)
            status = self.answers.pop(0) if self.answers else self.decide(public_id) if self.decide else 202
            if status in (202, DROP, HANG):
                self.accepted[public_id] += 1
            return status

    def _handler(server) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler's
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
                server.request_headers.append(dict(self.headers))
                # Whoever follows a redirect comes without a body; 500 tells them apart from all that we answer.
                status = server.answer(json.loads(raw)) if raw else 500
                time.sleep(HANGING_SECONDS if status == HANG else server.delay)
                self.close_connection = True
                if status in (DROP, HANG):
                    return
                said = b"" if status == 202 else b'{"errors": [{"message": "said the server"}]}'
                self.send_response(status)
                for name, value in {"X-Message-Id": "sg-1", **server.answer_headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def do_GET(self) -> None:
                self.do_POST()

            def log_message(self, *_arguments: object) -> None:
                pass

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except OSError:
                    self.close_connection = True

        return Handler
