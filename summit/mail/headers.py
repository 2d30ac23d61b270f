"""Headers of a mail: unsubscribing with one click, threads, and none that somebody smuggles in."""

import re

from summit.errors import Invalid

LINE_BREAK = re.compile(r"[\r\n\v\f\x00\x1c-\x1e\x85\u2028\u2029]")


def unsubscribe_headers(url: str) -> dict[str, str]:
    """Return the headers that let a mail program unsubscribe with one click (RFC 8058 §3.1)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def thread_headers(thread: str, mail_from: str) -> dict[str, str]:
    """Return the headers that keep every mail about one thing in one thread: `thread` is like `connection-17`.

    They refer to a root that was never sent; mail programs group by it all the same (RFC 5256 §3, "dummy" roots).
    """
    root = f"<{thread}@{mail_domain(mail_from)}>"
    return {"References": root, "In-Reply-To": root}


def message_id_header(public_id: str, mail_from: str) -> dict[str, str]:
    """Return the message's own id: the same on every try, so that mail programs show a repeated one once."""
    return {"Message-ID": f"<{public_id}@{mail_domain(mail_from)}>"}


def mail_domain(mail_from: str) -> str:
    """Return the domain of the sender's address."""
    return mail_from.rpartition("@")[2].strip("> ").lower() or "localhost"


def refuse_line_breaks(**parts: str) -> None:
    """Refuse a line break in what becomes a header: it would end the header and begin another.

    Raises:
        Invalid: naming the part.
    """
    for name, value in parts.items():
        if LINE_BREAK.search(value):
            raise Invalid(f"A mail's {name} must be one line. Remove the line break.", {name: "must be one line"})
