"""Pages of the room `organizations`."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from summit.access import Rule, allow, viewer
from summit.commitments.promising import category_label, commitments_of
from summit.database import session
from summit.listing import page_number, page_of
from summit.organizations.browsing import (
    OrganizationFilter,
    find_organizations,
    kind_label,
    organization_by_slug,
    places,
    read_kind,
)
from summit.organizations.models import OrganizationKind
from summit.summits.browsing import attendees_of_organization, work_of_organization
from summit.summits.finding import attendance_of, current_summit

blueprint = Blueprint("organizations", __name__)


@blueprint.get("/organizations")
@allow(Rule.SIGNED_IN)
def index() -> ResponseReturnValue:
    """Browse the organizations: by words, kind and place."""
    wanted = OrganizationFilter(
        words=request.args.get("q", "").strip(),
        kind=read_kind(request.args.get("kind")),
        place=request.args.get("place", "").strip(),
    )
    asked: dict[str, Any] = {
        name: request.args[name] for name in ("q", "kind", "place") if request.args.get(name, "").strip()
    }
    page = page_of(
        session(),
        find_organizations(wanted),
        number=page_number(request.args.get("page")),
        url_for=lambda number: url_for("organizations.index", **asked, page=number),
    )
    return render_template(
        "organizations/index.html",
        page=page,
        wanted=wanted,
        kinds=[(kind.value, kind_label(kind)) for kind in OrganizationKind],
        places=places(session()),
        kind_label=kind_label,
    )


@blueprint.get("/organizations/<slug>")
@allow(Rule.SIGNED_IN)
def page(slug: str) -> ResponseReturnValue:
    """Show an organization: what it promised, what its people work on, and to those who are there who comes."""
    organization = organization_by_slug(session(), slug)
    summit = current_summit(session())
    attends = summit is not None and attendance_of(session(), summit, viewer().person_id) is not None
    may_know_people = attends or viewer().is_organizer
    return render_template(
        "organizations/page.html",
        organization=organization,
        kind_label=kind_label,
        category_label=category_label,
        commitments=commitments_of(session(), organization),
        current=summit,
        attendees=attendees_of_organization(session(), summit, organization) if summit and may_know_people else [],
        work=work_of_organization(session(), summit, viewer(), organization) if summit else [],
        may_know_people=may_know_people,
    )
