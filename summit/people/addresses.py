"""Email addresses: one spelling for one address."""

import re

LONGEST = 254
_SHAPE = re.compile(r"[^@\s\x00-\x1f\x7f<>,;\"]+@[^@\s\x00-\x1f\x7f<>,;\"]+\.[^@\s\x00-\x1f\x7f<>,;\".]+")


def normal_address(text: str) -> str:
    """Return an address the way it is stored: without the space around it, in lower case."""
    return text.strip().lower()


def is_address(text: str) -> bool:
    """Say whether this looks like one email address; whether it exists, only a mail can tell."""
    return len(text) <= LONGEST and _SHAPE.fullmatch(text) is not None
