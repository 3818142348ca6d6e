"""What a run could have seen: detectable differences, and the samples that a decision still needs."""

from __future__ import annotations

import math

from scipy import special

from guardbee.evals.statistics import Interval

POWER = 0.8
"""The share of runs in which a detectable difference is detected."""


def more_samples(interval: Interval, n: int, target: float) -> int | None:
    """Return how many more samples would move the interval off the target, if the value stayed as it is.

    An interval shrinks with the square root of n. ``None`` where the value lies on the target: no number decides it.
    """
    distance = abs(interval.value - target)
    if distance == 0:
        return None
    half = interval.value - interval.low if interval.value > target else interval.high - interval.value
    return max(1, math.ceil(n * (half / distance) ** 2) - n)


def more_for_level(n: int, p_value: float, level: float) -> int | None:
    """Return how many more samples would bring a one-sided p value down to a level, at the observed effect.

    ``None`` where nothing speaks for an effect (a p value of one half or more).
    """
    have, need = -float(special.ndtri(p_value)), -float(special.ndtri(level))
    return max(1, math.ceil(n * (need / have) ** 2) - n) if have > 0 else None


def detectable(low: float, high: float, confidence: float) -> float:
    """Return the smallest difference that a two-sided interval of this width shows in four of five runs.

    For the interval of a score: how far the true score must lie from its target. For that of a paired difference: how
    far two models must lie apart on the same samples.
    """
    z = float(special.ndtri(0.5 + confidence / 2))
    return (z + float(special.ndtri(POWER))) * (high - low) / (2 * z)


def detectable_unpaired(low: float, high: float, confidence: float) -> float:
    """Return the same for two models, each on as many samples of its own: both scores vary."""
    return math.sqrt(2) * detectable(low, high, confidence)
