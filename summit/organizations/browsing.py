"""Finding organizations: by words, kind and place."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from summit.errors import NotFound
from summit.listing import holds_words
from summit.organizations.models import Organization, OrganizationKind


@dataclass(frozen=True)
class OrganizationFilter:
    """What somebody looks for; empty means everything."""

    words: str = ""
    kind: OrganizationKind | None = None
    place: str = ""


def find_organizations(wanted: OrganizationFilter) -> Select[Organization]:
    """Return the ordered statement for the organizations that fit."""
    statement = select(Organization).where(holds_words(wanted.words, Organization.name, Organization.place))
    if wanted.kind is not None:
        statement = statement.where(Organization.kind == wanted.kind)
    if wanted.place:
        statement = statement.where(holds_words(wanted.place, Organization.place))
    return statement.order_by(Organization.name_key, Organization.id)


def organization_by_slug(session: Session, slug: str) -> Organization:
    """Return the organization with this slug.

    Raises:
        NotFound: when there is none.
    """
    organization = session.scalar(select(Organization).where(Organization.slug == slug))
    if organization is None:
        raise NotFound(_("There is no such organization."))
    return organization


def places(session: Session) -> list[str]:
    """Return the places organizations are at, by name."""
    named = select(Organization.place).where(Organization.place != "").distinct().order_by(Organization.place)
    return list(session.scalars(named))


def read_kind(text: str | None) -> OrganizationKind | None:
    """Read a kind from an address; whatever is no kind means any."""
    return OrganizationKind(text) if text in set(OrganizationKind) else None


def kind_label(kind: OrganizationKind) -> str:
    """Return a kind in words."""
    return {
        OrganizationKind.UNIVERSITY: _("University"),
        OrganizationKind.DISTRICT: _("School district"),
        OrganizationKind.SCHOOL: _("School"),
        OrganizationKind.SCHOOL_NETWORK: _("School network"),
        OrganizationKind.MUSEUM: _("Museum"),
        OrganizationKind.NONPROFIT: _("Nonprofit"),
        OrganizationKind.COMPANY: _("Company"),
        OrganizationKind.FOUNDATION: _("Foundation"),
        OrganizationKind.AGENCY: _("Public agency"),
        OrganizationKind.MEDIA: _("Media"),
        OrganizationKind.ASSOCIATION: _("Association"),
        OrganizationKind.OTHER: _("Other"),
    }[kind]
