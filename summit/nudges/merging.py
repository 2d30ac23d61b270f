"""Merge fields: `{{ name }}` in a campaign's words, with what to write instead when a person has none."""

import re
from collections.abc import Mapping

from flask_babel import gettext as _

from summit.connections.wording import first_name
from summit.errors import Invalid
from summit.people.models import Person
from summit.summits.models import Summit

FIELD = re.compile(r"\{\{\s*(?P<name>[A-Za-z_]+)\s*(?:\|\s*(?P<fallback>[^{}|\s][^{}|]*?)\s*)?\}\}")
KNOWN = ("first_name", "name", "organization", "title", "summit")
# Not everybody has one: then the words after the bar are written.
MAY_BE_EMPTY = frozenset({"organization", "title"})


def check_fields(**texts: str) -> None:
    """Refuse words with a field that we don't know, or that would be empty for somebody.

    Raises:
        Invalid: naming the field, and what to write instead.
    """
    problems = {name: problem for name, text in texts.items() if (problem := _problem(text))}
    if problems:
        raise Invalid(_("A field in the words can't be filled in."), problems)


def merge(text: str, values: Mapping[str, str]) -> str:
    """Fill in the fields of words that were checked."""
    return FIELD.sub(lambda found: values.get(found["name"]) or found["fallback"] or "", text)


def values_of(person: Person, summit: Summit) -> dict[str, str]:
    """Return what a person's fields are filled with. `person` needs its organization loaded."""
    return {
        "first_name": first_name(person),
        "name": person.name,
        "organization": person.organization.name if person.organization else "",
        "title": person.title,
        "summit": summit.name,
    }


def _problem(text: str) -> str:
    """Say what is wrong with the fields of these words; empty when nothing is."""
    known = ", ".join(f"{{{{ {name} }}}}" for name in KNOWN)
    for found in FIELD.finditer(text):
        name = found["name"]
        if name not in KNOWN:
            return _("There is no field {{ %(name)s }}. Use one of %(known)s.", name=name, known=known)
        if name in MAY_BE_EMPTY and not found["fallback"]:
            return _(
                "Not everybody has {{ %(name)s }}. Say what to write then, like {{ %(name)s | your team }}.", name=name
            )
    if "{{" in (rest := FIELD.sub("", text)) or "}}" in rest:
        return _("A field looks like {{ first_name }}. Close every {{ with }}, and use one of %(known)s.", known=known)
    return ""
