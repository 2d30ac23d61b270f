"""How organizations are named: when two spellings are one, and what their kinds are called in spreadsheets."""

from summit.organizations.models import OrganizationKind

KIND_ALIASES = {
    "government": OrganizationKind.AGENCY,
    "government_agency": OrganizationKind.AGENCY,
    "college": OrganizationKind.UNIVERSITY,
    "school_district": OrganizationKind.DISTRICT,
    "non_profit": OrganizationKind.NONPROFIT,
    "business": OrganizationKind.COMPANY,
    "funder": OrganizationKind.FOUNDATION,
    "science_center": OrganizationKind.MUSEUM,
    "unknown": OrganizationKind.OTHER,
}


def name_key(name: str) -> str:
    """Return what two spellings of one organization's name have in common: lower case, single spaces."""
    return " ".join(name.lower().split())


def kind_named(text: str) -> OrganizationKind | None:
    """Return the kind that a spreadsheet calls `text`, or None when it is none of ours."""
    word = "_".join(text.lower().replace("-", " ").split())
    if word in KIND_ALIASES:
        return KIND_ALIASES[word]
    return OrganizationKind(word) if word in list(OrganizationKind) else None


def kind_words() -> str:
    """List the kinds as a spreadsheet may spell them."""
    return ", ".join(kind.value for kind in OrganizationKind)
