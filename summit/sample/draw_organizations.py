"""Draw the partner organizations and what they promised."""

from datetime import date
from random import Random

from summit.sample.allies_commitments import ALLIES
from summit.sample.commitment_texts import RECEIVERS, SUBJECTS
from summit.sample.educators_commitments import EDUCATORS
from summit.sample.network import DrawnCommitment, DrawnOrganization
from summit.sample.organization_texts import ORGANIZATIONS, PATTERNS, TOWN_ENDS, TOWN_STARTS, OrganizationText
from summit.sample.person_texts import ZONE_OF_STATE
from summit.sample.protagonists import PROTAGONISTS

FIRST_YEAR = 2011
COMMITMENTS = EDUCATORS | ALLIES
STATES = " ".join(ZONE_OF_STATE.values()).split()
STARTS, ENDS = TOWN_STARTS.split(), TOWN_ENDS.split()


def organization_count(people: int) -> int:
    """Return how many partners a network of so many people has: 150 for 210, growing more slowly than the people."""
    wanted: int = round(150 * (people / 210) ** 0.75)
    return max(len(_needed()), min(people, wanted))


def draw_organizations(*, people: int, seed: int, today: date) -> tuple[DrawnOrganization, ...]:
    """Draw the partners of a network of `people` people; those of the protagonists come first."""
    rng = Random(f"{seed}:organizations")
    texts = _texts(rng, organization_count(people))
    stated: set[str] = set()
    return tuple(_organization(rng, text, today, stated) for text in texts)


def _organization(rng: Random, text: OrganizationText, today: date, stated: set[str]) -> DrawnOrganization:
    joined = _year_joined(rng, text.name in _needed(), today)
    return DrawnOrganization(
        name=text.name,
        kind=text.kind,
        place=text.place,
        year_joined=joined,
        commitments=_commitments(rng, text, max(joined + 1, today.year - 1), today.year + 3, stated),
    )


def _needed() -> frozenset[str]:
    return frozenset(person.organization for person in PROTAGONISTS if person.organization)


def _texts(rng: Random, count: int) -> list[OrganizationText]:
    """Choose from those written by hand; compose more when they don't suffice."""
    written = sorted(ORGANIZATIONS, key=lambda text: text.name not in _needed())
    needed, rest = written[: len(_needed())], written[len(_needed()) :]
    rng.shuffle(rest)
    texts = (needed + rest)[:count]
    names = {text.name for text in texts}
    while len(texts) < count:
        composed = _compose(rng)
        if composed.name not in names:
            names.add(composed.name)
            texts.append(composed)
    return texts


def _compose(rng: Random) -> OrganizationText:
    kind = rng.choice(ORGANIZATIONS).kind
    start, end = rng.choice(STARTS), rng.choice(ENDS)
    # "Stonestone" and "Walll..." read badly.
    town = start + (end[1:] if start[-1] == end[0] else end)
    return OrganizationText(rng.choice(PATTERNS[kind]).format(town=town), kind, f"{town}, {rng.choice(STATES)}")


def _year_joined(rng: Random, is_needed: bool, today: date) -> int:
    """Draw a year: a founding wave, and some each year since. The protagonists' organizations joined early."""
    if is_needed:
        return rng.randint(FIRST_YEAR, today.year - 3)
    if rng.random() < 0.3:
        return FIRST_YEAR
    return rng.randint(FIRST_YEAR, today.year)


def _commitments(
    rng: Random, text: OrganizationText, first_due: int, last_due: int, stated: set[str]
) -> tuple[DrawnCommitment, ...]:
    """Draw none for a third of the organizations, one or two for the others.

    No statement is made twice, unless the network is so large that a dozen tries find no new one.
    """
    count = rng.choices((0, 1, 2), (33, 44, 23))[0]
    drawn: list[DrawnCommitment] = []
    tries = 0
    while len(drawn) < count:
        commitment = _commitment(rng, text, rng.randint(first_due, last_due))
        tries += 1
        is_new = commitment.statement not in stated or tries > 12
        if is_new and all(commitment.unit != other.unit for other in drawn):
            stated.add(commitment.statement)
            drawn.append(commitment)
    return tuple(drawn)


def _commitment(rng: Random, organization: OrganizationText, due_in: int) -> DrawnCommitment:
    text = rng.choice(COMMITMENTS[organization.kind])
    target = rng.randrange(text.targets[0], text.targets[1] + 1, text.targets[2])
    slots = {
        "n": f"{target:,}",
        "b": f"{max(2, round(target * rng.uniform(0.2, 0.5))):,}",
        "year": str(due_in),
        "subject": rng.choice(SUBJECTS),
        "who": rng.choice(RECEIVERS),
        "place": organization.place.split(",")[0],
    }
    return DrawnCommitment(
        statement=text.statement.format_map(slots),
        category=text.category,
        unit=text.unit,
        target=target,
        due_on=date(due_in, *rng.choice(((6, 30), (12, 31)))),
        baseline=text.baseline.format_map(slots),
    )
