"""The value of a task with its interval and its p value.

Of a mean, of a metric over all samples at once, or of a case that may have been stopped early.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from guardbee.evals import sequential
from guardbee.evals.multiplicity import p_at_most
from guardbee.evals.statistics import Array, Interval, mean_interval, proportion
from guardbee.evals.tasks.task import Corpus

_RESAMPLES = 1_000
"""Of a corpus metric, which costs a pass over all samples each."""


@dataclass(frozen=True)
class Estimate:
    """``p_at_most``: one-sided, of "the true value is at most the target"."""

    interval: Interval
    p_at_most: float


def of_mean(
    values: Sequence[float], target: float, *, clusters: Sequence[str], confidence: float, seed: int
) -> Estimate:
    """Return the estimate of a mean of scores, all samples asked.

    Raises:
        ValueError: if there are no values.
    """
    interval = mean_interval(values, clusters=clusters, confidence=confidence, seed=seed)
    return Estimate(interval, p_at_most(values, target, clusters=clusters))


def of_looked_at(values: Sequence[float], target: float, *, stopped: bool, confidence: float, seed: int) -> Estimate:
    """Return the estimate of a mean that was looked at while samples were asked; both hold whenever that stopped.

    Stopped: the confidence sequence. Run through: the ordinary interval at the level that early looks left over.

    Raises:
        ValueError: if there are no values.
    """
    if stopped:
        early = sequential.evidence(values, target, confidence)
        return Estimate(early.interval, early.p_at_most)
    interval = mean_interval(values, confidence=sequential.final_confidence(confidence), seed=seed)
    late = p_at_most(values, target) / (1 - sequential.EARLY)
    return Estimate(interval, min(1.0, sequential.p_at_most(values, target), late))


def of_corpus(
    pairs: Sequence[tuple[str, str]],
    corpus: Corpus,
    target: float,
    *,
    clusters: Sequence[str],
    confidence: float,
    seed: int,
) -> Estimate:
    """Return the estimate of a metric that is no mean, by resampling whole clusters of (answer, reference).

    The interval spans the percentile interval and value ± Student's quantile times the bootstrap's standard error,
    which is the wider one for few clusters. Where no resample differs, the clusters are taken as coins.

    Raises:
        ValueError: if there are no pairs.
    """
    if not len(pairs):
        raise ValueError("no answers: a metric of nothing is not a number")
    value = min(1.0, max(0.0, corpus(pairs)))
    members: dict[str, list[int]] = {}
    for i, name in enumerate(clusters):
        members.setdefault(name, []).append(i)
    drawn = _resampled(pairs, corpus, list(members.values()), seed)
    error, count = float(drawn.std(ddof=1)), len(members)
    if error == 0 or count < 2:  # noqa: PLR2004 - one unit has no spread
        hits = value * count
        p_value = 1.0 if hits <= 0 else float(special.betainc(hits, count - hits + 1, min(1.0, max(0.0, target))))
        return Estimate(proportion(hits, count, confidence), p_value)
    half = float(special.stdtrit(count - 1, 0.5 + confidence / 2)) * error
    tail = 50 * (1 - confidence)
    low, high = (float(q) for q in np.percentile(drawn, [tail, 100 - tail]))
    interval = Interval(value, max(0.0, min(value, low, value - half)), min(1.0, max(value, high, value + half)))
    return Estimate(interval, float(special.stdtr(count - 1, (target - value) / error)))


def _resampled(pairs: Sequence[tuple[str, str]], corpus: Corpus, members: Sequence[Sequence[int]], seed: int) -> Array:
    generator = np.random.default_rng(seed)
    draws = generator.integers(0, len(members), (_RESAMPLES, len(members)))
    return np.array([corpus([pairs[i] for unit in draw for i in members[unit]]) for draw in draws])
