"""Which figures about small groups are withheld, and which others with them."""

from collections.abc import Sequence

FEWEST = 5
"""The smallest group of people about whom a figure is shown."""


def withheld(sizes: Sequence[int]) -> list[bool]:
    """Say for each group of a whole whether its figures are withheld.

    Groups of fewer than five are, unless they are empty. If what they hold together could be worked out by taking the
    others from the whole, and is about fewer than five or about one group alone, the next smallest goes with them.
    """
    hidden = {index for index, size in enumerate(sizes) if 0 < size < FEWEST}
    others = sorted((size, index) for index, size in enumerate(sizes) if size >= FEWEST)
    while others and hidden and (len(hidden) == 1 or sum(sizes[index] for index in hidden) < FEWEST):
        hidden.add(others.pop(0)[1])
    return [index in hidden for index in range(len(sizes))]
