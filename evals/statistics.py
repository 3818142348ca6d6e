"""Intervals and bounds for small samples, seeded and pure.

Why these and not mean ± 1.96 standard errors: below a few hundred samples that interval is far too narrow near 0 and 1
(Bowyer, Aitchison, Ivanova 2025, arXiv 2503.01747); at 20 of 20 it says [1, 1].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

MIN_BOOTSTRAP = 20
"""Below this many units the bootstrap is too narrow; the Wilson interval is used instead."""
RESAMPLES = 5_000


@dataclass(frozen=True)
class Interval:
    """``low <= value <= high``, all within [0, 1]."""

    value: float
    low: float
    high: float


def wilson(successes: float, n: int, confidence: float = 0.95) -> Interval:
    """Return the two-sided Wilson score interval of a proportion (Wilson 1927).

    ``successes`` may be a sum of scores between 0 and 1: a bounded variable varies at most as much as a coin of the
    same mean, so the interval is then wider than it needs to be, never narrower.

    Raises:
        ValueError: if there is nothing to take a proportion of, or more successes than tries.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"a proportion needs 0 <= successes <= n and n > 0, got {successes} of {n}")
    z = float(special.ndtri(0.5 + confidence / 2))
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # The clamps remove rounding dust at 0 of n and n of n, where the bound is 0 or 1 exactly.
    return Interval(p, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))


def exact_upper(successes: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson upper bound: 0 of 59 gives 0.0495, 0 of 299 gives 0.0100."""
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"a proportion needs 0 <= successes <= n and n > 0, got {successes} of {n}")
    return 1.0 if successes == n else float(special.betaincinv(successes + 1, n - successes, confidence))


def exact_lower(successes: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson lower bound."""
    return 1.0 - exact_upper(n - successes, n, confidence)


def mean_interval(
    values: Sequence[float], *, clusters: Sequence[str] | None = None, confidence: float = 0.95, seed: int = 0
) -> Interval:
    """Return the mean of scores between 0 and 1 with its two-sided interval.

    Independent right-or-wrong scores: Wilson. Graded or clustered ones: BCa bootstrap (Efron 1987) over the samples, or
    over whole clusters where several samples share a source. Where the bootstrap is undefined (all values equal) or too
    narrow (fewer than ``MIN_BOOTSTRAP`` units): Wilson, with the number of clusters as n.

    Raises:
        ValueError: if there are no values.
    """
    if not values:
        raise ValueError("no values: a mean of nothing is not a number")
    sums, sizes = _by_cluster(values, clusters)
    value = min(1.0, float(np.mean(values)))  # a mean of ones may come out a rounding error above
    independent = len(sums) == len(values)
    if independent and all(v in (0.0, 1.0) for v in values):
        return wilson(sum(values), len(values), confidence)
    if len(sums) < MIN_BOOTSTRAP or len(set(values)) == 1:
        return wilson(value * len(sums), len(sums), confidence)
    from scipy import stats  # most of a second: not for the processes that never bootstrap

    found = stats.bootstrap(
        (sums, sizes),
        lambda s, w, axis=-1: np.sum(s, axis=axis) / np.sum(w, axis=axis),
        paired=True,
        n_resamples=RESAMPLES,
        confidence_level=confidence,
        method="BCa",
        batch=500,  # bounds the memory: 500 resamples at a time
        rng=np.random.default_rng(seed),
    ).confidence_interval
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return wilson(value * len(sums), len(sums), confidence)
    return Interval(value, max(0.0, min(value, float(found.low))), min(1.0, max(value, float(found.high))))


def more_samples(interval: Interval, n: int, target: float) -> int | None:
    """Return how many more samples would move the interval off the target, if the value stayed as it is.

    An interval shrinks with the square root of n. ``None`` where the value lies on the target: no number decides it.
    """
    distance = abs(interval.value - target)
    if distance == 0:
        return None
    half = interval.value - interval.low if interval.value > target else interval.high - interval.value
    return max(1, math.ceil(n * (half / distance) ** 2) - n)


def _by_cluster(
    values: Sequence[float], clusters: Sequence[str] | None
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Return the sum and the size of each cluster; every value is one where there are no clusters."""
    names = list(clusters) if clusters is not None else [str(i) for i in range(len(values))]
    sums: dict[str, float] = {}
    sizes: dict[str, float] = {}
    for name, value in zip(names, values, strict=True):
        sums[name] = sums.get(name, 0.0) + value
        sizes[name] = sizes.get(name, 0.0) + 1.0
    return np.array(list(sums.values())), np.array(list(sizes.values()))
