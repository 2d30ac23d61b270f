"""Intervals for shares."""

from math import sqrt
from statistics import NormalDist


def wilson(successes: int, n: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a share, as two numbers from 0 to 1.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212. Unlike the textbook interval it
    stays within 0 and 1 and keeps its promise for small n and for shares near the ends. With n = 0 nothing is known:
    the interval is all of 0 to 1.

    Raises:
        ValueError: when `successes` is not within 0 and n, or `confidence` not between 0 and 1.
    """
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes out of {n}: give 0 to n")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence}: give a number between 0 and 1")
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, weight = successes / n, z * z / n
    middle = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * sqrt(share * (1 - share) / n + weight / (4 * n))
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == n else min(1.0, middle + half)
    return low, high
