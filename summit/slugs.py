"""Slugs: how a name looks in an address."""

import re
import unicodedata
from collections.abc import Collection

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Say whether the text can stand in an address as it is."""
    return SLUG.fullmatch(text) is not None


def slug_for(name: str, *, taken: Collection[str], longest: int, otherwise: str) -> str:
    """Return a slug for a name that is none of the `taken` ones; `otherwise` where the name has no Latin letter."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))[: longest - 6].strip("-") or otherwise
    slug, count = base, 1
    while slug in taken:
        count += 1
        slug = f"{base}-{count}"
    return slug
