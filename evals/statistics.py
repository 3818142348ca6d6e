"""Intervals and bounds for small samples, seeded and pure. ``tests/benchmarks/coverage.py`` shows how often they hold.

Why these and not mean ± 1.96 standard errors: below a few hundred samples that interval is far too narrow near 0 and 1
(Bowyer, Aitchison, Ivanova 2025, arXiv 2503.01747); at 20 of 20 it says [1, 1].
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

Array = np.ndarray[tuple[int], np.dtype[np.float64]]

MIN_BOOTSTRAP = 20
"""Below this many units the bootstrap is too narrow to be used at all."""
MIN_VARIANCE = 5
"""Below this many units a variance says nothing; the units are then taken as coins."""
RESAMPLES = 5_000


@dataclass(frozen=True)
class Interval:
    """``low <= value <= high``, all within [0, 1]."""

    value: float
    low: float
    high: float


def wilson(successes: float, n: float, z: float = 1.959964) -> Interval:
    """Return the score interval of a proportion (Wilson 1927); ``z`` is the normal quantile of its level.

    ``successes`` may be a sum of scores between 0 and 1: a bounded variable varies at most as much as a coin of the
    same mean, so the interval is then wider than it needs to be, never narrower.

    Raises:
        ValueError: if there is nothing to take a proportion of, or more successes than tries.
    """
    _check_counts(successes, n)
    p = successes / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # The clamps remove rounding dust at 0 of n and n of n, where the bound is 0 or 1 exactly.
    return Interval(p, max(0.0, min(p, centre - half)), min(1.0, max(p, centre + half)))


def proportion(successes: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the two-sided interval of a proportion: what Wilson's and Jeffreys' intervals span together.

    Either alone dips to 0.88 … 0.90 for rare or nearly certain answers, on different sides of them (Brown, Cai,
    DasGupta 2001, who recommend both for small n); together they cover at least 0.92 from n = 20 and p = .02 … .98, and
    0.95 to 0.96 on average over p.
    """
    score = wilson(successes, n, float(special.ndtri(0.5 + confidence / 2)))
    tail = (1 - confidence) / 2
    a, b = successes + 0.5, n - successes + 0.5
    low = 0.0 if successes == 0 else float(special.betaincinv(a, b, tail))
    high = 1.0 if successes == n else float(special.betaincinv(a, b, 1 - tail))
    return Interval(score.value, min(score.low, low), max(score.high, high))


def exact_upper(successes: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson upper bound: 0 of 59 gives 0.0495, 0 of 299 gives 0.0100."""
    _check_counts(successes, n)
    return 1.0 if successes == n else float(special.betaincinv(successes + 1, n - successes, confidence))


def exact_lower(successes: int, n: int, confidence: float = 0.95) -> float:
    """Return the one-sided Clopper-Pearson lower bound."""
    return 1.0 - exact_upper(n - successes, n, confidence)


@dataclass(frozen=True)
class Units:
    """Scores by independent unit: a sample, or a cluster of samples that share a source."""

    sums: Array
    sizes: Array

    @property
    def value(self) -> float:
        """Mean over all samples."""
        return min(1.0, float(self.sums.sum() / self.sizes.sum()))  # ones may come out a rounding error above

    @property
    def coins(self) -> bool:
        """Independent right-or-wrong scores."""
        return bool((self.sizes == 1).all() and np.isin(self.sums, (0.0, 1.0)).all())

    @property
    def variance(self) -> float:
        """Of the mean, from the spread between units (a ratio's linearisation; Miller 2024, arXiv 2411.00640)."""
        count = len(self.sums)
        residuals = self.sums - self.value * self.sizes
        return float(count / (count - 1) * (residuals @ residuals) / self.sizes.sum() ** 2) if count > 1 else 0.0

    @property
    def effective(self) -> float:
        """Number of independent coins of the same mean that would vary as much; that of the units where none varies."""
        variance, value = self.variance, self.value
        if len(self.sums) < MIN_VARIANCE or variance <= 0 or not 0 < value < 1:
            return float(len(self.sums))
        return value * (1 - value) / variance


def units(values: Sequence[float], clusters: Sequence[str] | None = None) -> Units:
    """Return the scores by cluster; every score is a unit where there are no clusters.

    Raises:
        ValueError: if there are no values.
    """
    if not len(values):
        raise ValueError("no values: a mean of nothing is not a number")
    names = [str(i) for i in range(len(values))] if clusters is None else clusters
    sums: dict[str, float] = {}
    sizes: dict[str, float] = {}
    for name, value in zip(names, values, strict=True):
        sums[name] = sums.get(name, 0.0) + value
        sizes[name] = sizes.get(name, 0.0) + 1.0
    return Units(np.array(list(sums.values())), np.array(list(sizes.values())))


def mean_interval(
    values: Sequence[float], *, clusters: Sequence[str] | None = None, confidence: float = 0.95, seed: int = 0
) -> Interval:
    """Return the mean of scores between 0 and 1 with its two-sided interval.

    Independent right-or-wrong scores: ``proportion``. Graded or clustered ones: what two intervals span together,
    Wilson's with the effective number of samples and Student's quantile (Dean, Pagano 2015, for surveys), and the BCa
    bootstrap (Efron 1987) over samples or whole clusters. With fewer than ``MIN_BOOTSTRAP`` units, the first alone;
    where nothing varies or units are fewer than ``MIN_VARIANCE``, ``proportion`` with the units as coins.

    Raises:
        ValueError: if there are no values.
    """
    found = units(values, clusters)
    value, count = found.value, len(found.sums)
    if found.coins or count < MIN_VARIANCE or len(set(values)) == 1:
        return proportion(value * count, count, confidence)
    effective = found.effective
    score = wilson(value * effective, effective, float(special.stdtrit(count - 1, 0.5 + confidence / 2)))
    if count < MIN_BOOTSTRAP:
        return Interval(value, score.low, score.high)
    low, high = bootstrap((found.sums, found.sizes), _ratio, confidence=confidence, seed=seed)
    return Interval(value, max(0.0, min(value, score.low, low)), min(1.0, max(value, score.high, high)))


def bootstrap(
    columns: Sequence[Array], statistic: Callable[..., Array], *, confidence: float, seed: int
) -> tuple[float, float]:
    """Return the BCa interval of a statistic of paired columns; (inf, -inf), which widens nothing, where it has none.

    ``statistic`` takes the columns and an ``axis``.
    """
    from scipy import stats  # most of a second: not for the processes that never bootstrap

    found = stats.bootstrap(
        columns,
        statistic,
        paired=True,
        n_resamples=RESAMPLES,
        confidence_level=confidence,
        method="BCa",
        batch=500,  # bounds the memory: 500 resamples at a time
        rng=np.random.default_rng(seed),
    ).confidence_interval
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return math.inf, -math.inf
    return float(found.low), float(found.high)


def _ratio(sums: Array, sizes: Array, axis: int = -1) -> Array:
    ratio: Array = np.sum(sums, axis=axis) / np.sum(sizes, axis=axis)
    return ratio


def _check_counts(successes: float, n: float) -> None:
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"a proportion needs 0 <= successes <= n and n > 0, got {successes} of {n}")
