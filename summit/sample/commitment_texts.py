"""The shape of a promise to the network, and what fills its places."""

from typing import NamedTuple

from summit.commitments.models import CommitmentCategory as Category


class CommitmentText(NamedTuple):
    """A promise with places for its figures: `{n}` the target, `{b}` the baseline, `{year}`, and whom it is for."""

    category: Category
    statement: str
    unit: str
    # Targets are drawn from here: smallest, largest, step.
    targets: tuple[int, int, int]
    baseline: str


SUBJECTS = (
    "physics",
    "chemistry",
    "mathematics",
    "computer science",
    "biology",
    "earth science",
    "engineering",
    "middle-grades science",
)

RECEIVERS = (
    "rural schools",
    "schools that lost a third of their teachers",
    "small high schools",
    "the schools that find it hardest to hire",
    "schools on tribal lands and near them",
    "city schools with open positions in August",
    "schools with many multilingual learners",
    "districts without a science coach",
)
