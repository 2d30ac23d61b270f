"""How many points each reason for a match is worth."""

import math
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Weights:
    """The weights of the terms of a score; every one is documented in docs/matching.md.

    help: points of an ask and an offer on the rarest challenge, both at priority 3.
    shared_struggle: the same for two asks on one challenge.
    shared_work: the same for two people who work on one challenge.
    influence: share of `help` that an offer is worth when it only meets the ask along an arrow of strength 1.
    one_sided: share of a gain that counts although the other side gains nothing; the rest counts only as far as the
        other side gains as much. 0 counts the lesser gain only, 1 adds both gains up.
    reach_kind: what two different kinds of organization add, as a share of the shared topics.
    reach_far: what being far apart in the network of past ties adds, as a share of the shared topics (half of it at
        two steps, nothing at one).
    promise: points of an open next step between the two.
    """

    help: float = 10.0
    shared_struggle: float = 4.0
    shared_work: float = 4.0
    influence: float = 0.5
    one_sided: float = 0.25
    reach_kind: float = 0.15
    reach_far: float = 0.15
    promise: float = 5.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"The weight {field.name} is {value}; it must be a finite number, 0 or more.")
        for name in ("influence", "one_sided"):
            if getattr(self, name) > 1:
                raise ValueError(f"The weight {name} is {getattr(self, name)}; it is a share and must be 1 at most.")
