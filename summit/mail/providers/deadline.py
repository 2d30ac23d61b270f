"""A deadline for a whole conversation: a socket's timeout begins anew with every byte that trickles in."""

import socket
import threading
from contextlib import suppress


class Deadline:
    """A context manager that ends the connection it watches when the time is up; reading from it then fails."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._watched: socket.socket | None = None

    def __enter__(self) -> "Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()

    def watch(self, connection: socket.socket) -> None:
        """End this connection when the time is up; of several, the last."""
        self._watched = connection

    def _end(self) -> None:
        if self._watched is not None:
            with suppress(OSError):
                # Of the plain socket, also below TLS: that layer is in the middle of reading.
                socket.socket.shutdown(self._watched, socket.SHUT_RDWR)
