"""Stopping early without fooling oneself: evidence that stays valid however often it is looked at.

An ordinary 95 % interval that is looked at after every batch is wrong far more often than one time in twenty. Here the
allowed error is split beforehand: ``EARLY`` of it for all looks before the last, by betting (Waudby-Smith, Ramdas 2024,
"Estimating means of bounded random variables by betting", JRSS-B 86(1)), which holds for independent scores in [0, 1]
of any distribution and at every sample at once; the rest for the ordinary interval, should all samples be asked. By the
union bound the whole errs no more often than one look would.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from guardbee.evals.sample import Sample
from guardbee.evals.statistics import Array, Interval

EARLY = 0.2
"""Share of the allowed error that early stops may use up; the interval of a case that runs through pays for it."""
LOOKS = 10
"""Looks a case, at the most."""
_GRID = 1_001
_BOLDNESS = 0.75
"""Largest share of what could be lost that is put on one sample; any constant below 1 is valid."""


@dataclass(frozen=True)
class Evidence:
    """What the scores so far say of their true mean, valid at every look at once."""

    interval: Interval
    p_at_most: float
    """Of "the true mean is at most the target"; the smallest at any moment so far."""


def final_confidence(confidence: float) -> float:
    """Return the level of the ordinary interval of a case that ran through although it might have been stopped."""
    return 1 - (1 - EARLY) * (1 - confidence)


def batch_sizes(planned: int, least: int) -> list[int]:
    """Return how many samples are asked before each look: at least ``least``, in at most ``LOOKS`` batches."""
    size = max(least, -(-planned // LOOKS))
    return [min(size, planned - start) for start in range(0, planned, size)]


def shuffled(samples: Sequence[Sample], seed: int) -> list[Sample]:
    """Return the samples in the order of the hash of seed and id, which has nothing to do with what they are.

    A selection takes every stratum in turn; looked at in that order, the first of them would not stand for all.
    """
    return sorted(samples, key=lambda sample: hashlib.sha256(f"{seed}|{sample.id}".encode()).digest())


def evidence(values: Sequence[float], target: float, confidence: float) -> Evidence:
    """Return the confidence sequence and the p value at the last of independent scores, given in the order asked.

    The interval errs in at most ``EARLY * (1 - confidence)`` of all runs, at all looks together; the p value is already
    scaled by ``EARLY``, so that it may be taken together with the one of the full sample, scaled by the rest.

    Raises:
        ValueError: if there are no values.
    """
    if not len(values):
        raise ValueError("no values: nothing was bet on")
    scores = np.asarray(values, dtype=np.float64)
    bound = _bound(confidence)
    grid = np.linspace(0.0, 1.0, _GRID)
    above, below = _wealth(scores, grid)
    kept = grid[(above < bound) & (below < bound)]
    mean = float(scores.mean())
    step = 1 / (_GRID - 1)  # an excluded point excludes nothing between it and its neighbour
    low, high = (max(0.0, kept[0] - step), min(1.0, kept[-1] + step)) if kept.size else (mean, mean)
    return Evidence(Interval(mean, min(mean, float(low)), max(mean, float(high))), p_at_most(values, target))


def p_at_most(values: Sequence[float], target: float) -> float:
    """Return the p value of "the true mean is at most the target", valid at every look; see ``evidence``."""
    above, _ = _wealth(np.asarray(values, dtype=np.float64), np.array([target]))
    return min(1.0, math.exp(-float(above[0])) / EARLY)


def certain(values: Sequence[float], target: float, *, confidence: float, level: float) -> bool:
    """Return whether no further sample can change the decision: the mean is at least the target, or below it.

    ``level`` is what a pass must reach among all tasks of the variant (``multiplicity.holm``, its strictest).
    """
    above, below = _wealth(np.asarray(values, dtype=np.float64), np.array([target]))
    if max(above[0], below[0]) < _bound(confidence):
        return False  # the target itself is in the interval: no need to look for its ends
    found = evidence(values, target, confidence)
    return (found.interval.low >= target and found.p_at_most <= level) or found.interval.high < target


def _bound(confidence: float) -> float:
    """Return the logarithm of what a bet must win on either side (Ville's inequality)."""
    return math.log(2 / (EARLY * (1 - confidence)))


def _wealth(scores: Array, means: Array) -> tuple[Array, Array]:
    """Return the largest logarithm so far of what bets for "above" and for "below" each mean have won.

    The stake on a sample depends only on the samples before it: the fraction that would have grown fastest if they had
    come from the distribution seen so far (the paper's approximate GRAPA).
    """
    count = np.arange(1, len(scores) + 1)
    running = (0.5 + np.cumsum(scores)) / (count + 1)
    squares = (0.25 + np.cumsum((scores - running) ** 2)) / (count + 1)
    before = np.concatenate(([0.5], running[:-1]))[:, None]
    spread = np.concatenate(([0.25], squares[:-1]))[:, None]
    stake = (before - means) / (spread + (before - means) ** 2)
    with np.errstate(divide="ignore"):
        most_up, most_down = _BOLDNESS / means, _BOLDNESS / (1 - means)
    up = np.minimum(np.maximum(stake, 0.0), most_up)
    down = np.minimum(np.maximum(-stake, 0.0), most_down)
    gain = scores[:, None] - means
    won_up = np.cumsum(np.log1p(up * gain), axis=0).max(axis=0)
    won_down = np.cumsum(np.log1p(-down * gain), axis=0).max(axis=0)
    return np.maximum(won_up, 0.0), np.maximum(won_down, 0.0)
