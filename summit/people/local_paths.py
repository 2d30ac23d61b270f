"""Where a person may be led after signing in: only to a page of ours."""

import re
from urllib.parse import urlsplit

LONGEST = 500
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def local_path(address: str | None) -> str:
    """Return the address if it is a path on this site, else an empty string.

    Browsers read `//host` and `/\\host` as other hosts, and drop line breaks and tabs before they look.
    """
    address = address or ""
    if not address.startswith("/") or address.startswith("//") or _UNSAFE.search(address) or len(address) > LONGEST:
        return ""
    parts = urlsplit(address)
    return "" if parts.scheme or parts.netloc else address
