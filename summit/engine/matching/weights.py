"""How many points each reason for a match is worth."""

import math
from dataclasses import dataclass, fields, replace


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
    kept: points of a promise that the two kept to each other, for the next step together.
    lapsed: points of a promise between the two that lapsed, for a fresh start.
    proven: what an offer gains, as a share, when a colleague adapted what came of it.
    text: points of two people who wrote the very same.
    place: points of being from the same place, when one of the two has stated nothing.
    common_ties: points of knowing the same people, when one of the two has stated nothing.
    """

    help: float = 10.0
    shared_struggle: float = 4.0
    shared_work: float = 4.0
    influence: float = 0.5
    one_sided: float = 0.25
    reach_kind: float = 0.15
    reach_far: float = 0.15
    promise: float = 5.0
    kept: float = 1.5
    lapsed: float = 0.75
    proven: float = 0.25
    text: float = 3.0
    place: float = 0.5
    common_ties: float = 1.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"The weight {field.name} is {value}; it must be a finite number, 0 or more.")
        for name in ("influence", "one_sided"):
            if getattr(self, name) > 1:
                raise ValueError(f"The weight {name} is {getattr(self, name)}; it is a share and must be 1 at most.")

    def leaning(self, balance: float) -> "Weights":
        """Return weights that lean towards one's own challenges (-1), as they are (0), or new people elsewhere (1).

        Reach across kinds and ties grows threefold towards 1 and vanishes towards -1; what ties people to their own
        place, circle and past goes the other way.
        """
        if not -1 <= balance <= 1:
            raise ValueError(f"The balance is {balance}; it runs from -1 (own challenges) to 1 (new people).")
        outward = 1 + balance if balance < 0 else 1 + 2 * balance
        inward = 1 - balance if balance > 0 else 1.0
        return replace(
            self,
            reach_kind=self.reach_kind * outward,
            reach_far=self.reach_far * outward,
            kept=self.kept * inward,
            place=self.place * inward,
            common_ties=self.common_ties * inward,
        )
