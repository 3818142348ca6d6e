"""Two models on the same samples: the difference, how sure it is, and whether a loss matters.

Paired, because what makes a sample hard makes it hard for both: an unpaired comparison needs two to three times as many
samples for the same difference (Miller 2024, arXiv 2411.00640).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy import optimize, special

from guardbee.conf.schema import Gate
from guardbee.evals import sequential
from guardbee.evals.power import detectable
from guardbee.evals.quality import Comparison, NonInferiority
from guardbee.evals.statistics import MIN_BOOTSTRAP, Array, bootstrap

_FLIPS = 10_000


@dataclass(frozen=True)
class SampleValues:
    """The scores of a model by sample id, between 0 and 1; samples that failed on our side are not in it."""

    values: Mapping[str, float]
    clusters: Mapping[str, str] = field(default_factory=dict)
    """Of those samples that share one with another; the id itself for all others."""


@dataclass(frozen=True)
class Terms:
    """What a comparison is held against, and how many samples the plan has."""

    gate: Gate
    planned: int
    seed: int


def compare(
    ours: SampleValues, theirs: SampleValues, *, kind: Literal["baseline", "parent"], against: str, terms: Terms
) -> Comparison | None:
    """Return the paired comparison on the samples that both were scored on; ``None`` where there are none.

    Right-or-wrong scores without clusters: exact McNemar test (McNemar 1947; the binomial test of the samples that only
    one got right) and Tango's score interval (1998). Else: a sign-flip test over clusters, and what Student's and the
    BCa bootstrap interval of the paired differences span together; Tango's interval over the clusters where fewer than
    ``MIN_BOOTSTRAP`` of them differ at all.

    Where fewer samples are common than were planned, one of the two was stopped on what was seen: then a confidence
    sequence of the differences, in the order of ``ours``, which holds whenever that was (``sequential.py``).
    """
    gate, ids = terms.gate.quality, [i for i in ours.values if i in theirs.values]
    if not ids:
        return None
    differences = np.array([ours.values[i] - theirs.values[i] for i in ids])
    names = [ours.clusters.get(i, i) for i in ids]
    independent = len(set(names)) == len(ids)
    if independent and len(ids) < (1 - gate.max_unassessed) * terms.planned:
        low, high, p_value = _stopped(differences, gate.confidence)
    else:
        early = independent and terms.gate.stop == "early"
        confidence = sequential.final_confidence(gate.confidence) if early else gate.confidence
        low, high, p_value = _complete(differences, names, confidence, terms.seed)
    difference = float(differences.mean())
    low, high = min(difference, low), max(difference, high)
    return Comparison(
        kind=kind,
        against=against,
        n=len(ids),
        difference=difference,
        low=low,
        high=high,
        p_value=p_value,
        margin=gate.margin,
        verdict=_verdict(low, high, gate.margin),
        detectable=detectable(low, high, gate.confidence),
    )


def _complete(differences: Array, names: Sequence[str], confidence: float, seed: int) -> tuple[float, float, float]:
    """Return low, high and p value where all planned samples are there."""
    sums, sizes = _by_unit(differences, names)
    if len(sums) == len(differences) and np.isin(differences, (-1.0, 0.0, 1.0)).all():
        wins, losses = float((differences > 0).sum()), float((differences < 0).sum())
        return *tango(wins, losses, len(differences), confidence), mcnemar(int(wins), int(losses))
    return *_graded(sums, sizes, confidence, seed), _sign_flip(sums, seed)


def _stopped(differences: Array, confidence: float) -> tuple[float, float, float]:
    """Return low, high and p value of independent differences that hold at every look, in the order asked."""
    shares = [float(share) for share in (differences + 1) / 2]  # bets are on scores between 0 and 1
    found = sequential.evidence(shares, 0.5, confidence)
    below = sequential.p_at_most([1 - share for share in shares], 0.5)
    return 2 * found.interval.low - 1, 2 * found.interval.high - 1, min(1.0, 2 * min(found.p_at_most, below))


def mcnemar(wins: int, losses: int) -> float:
    """Return the two-sided exact p value of "both are right equally often"; 1 where they never differ."""
    discordant, fewer = wins + losses, min(wins, losses)
    return min(1.0, 2 * float(special.bdtr(fewer, discordant, 0.5))) if discordant else 1.0


def tango(wins: float, losses: float, n: int, confidence: float) -> tuple[float, float]:
    """Return Tango's score interval of a paired difference of proportions (Statistics in Medicine 17, 1998).

    ``wins`` and ``losses`` may be sums of positive and negative differences of graded scores: these vary at most as
    much as coins with the same means, so the interval is then wider than it needs to be, never narrower.
    """
    z = float(special.ndtri(0.5 + confidence / 2))
    difference = (wins - losses) / n

    def beyond(delta: float, side: int) -> float:
        # Probability of "only theirs is right" that is most likely where the true difference is delta (Tango 1998).
        b = -wins - losses + (2 * n - wins + losses) * delta
        c = -losses * delta * (1 - delta)
        only_theirs = (math.sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
        variance = n * max(0.0, 2 * only_theirs + delta * (1 - delta))
        return side * (wins - losses - n * delta) - z * math.sqrt(variance)

    # At the difference itself both sides may be 0 (no pair differs), which is a root but no end of the interval.
    edge, inside = 1 - 1e-12, 1e-9
    low, high = -1.0, 1.0
    if beyond(-edge, 1) > 0:
        low = optimize.brentq(lambda delta: beyond(delta, 1), -edge, difference - inside)
    if beyond(edge, -1) > 0:
        high = optimize.brentq(lambda delta: beyond(delta, -1), difference + inside, edge)
    return float(low), float(high)


def _verdict(low: float, high: float, margin: float) -> NonInferiority:
    if low > -margin:
        return "non_inferior"
    return "inferior" if high < -margin else "undecided"


def _by_unit(differences: Array, names: Sequence[str]) -> tuple[Array, Array]:
    """Return the sum and the size of each cluster."""
    members: dict[str, list[float]] = {}
    for name, difference in zip(names, differences, strict=True):
        members.setdefault(name, []).append(float(difference))
    return np.array([sum(found) for found in members.values()]), np.array([float(len(m)) for m in members.values()])


def _graded(sums: Array, sizes: Array, confidence: float, seed: int) -> tuple[float, float]:
    count, means = len(sums), sums / sizes
    if np.count_nonzero(means) < MIN_BOOTSTRAP or np.ptp(means) == 0:
        return tango(float(means.clip(min=0).sum()), float(-means.clip(max=0).sum()), count, confidence)
    mean = sums.sum() / sizes.sum()
    residuals = sums - mean * sizes
    error = math.sqrt(count / (count - 1) * float(residuals @ residuals)) / sizes.sum()
    half = float(special.stdtrit(count - 1, 0.5 + confidence / 2)) * error
    low, high = bootstrap((sums, sizes), _ratio, confidence=confidence, seed=seed)
    return max(-1.0, min(mean - half, low)), min(1.0, max(mean + half, high))


def _ratio(sums: Array, sizes: Array, axis: int = -1) -> Array:
    ratio: Array = np.sum(sums, axis=axis) / np.sum(sizes, axis=axis)
    return ratio


def _sign_flip(sums: Array, seed: int) -> float:
    """Return the two-sided p value of "whose answers are whose does not matter", by drawn swaps of whole clusters."""
    moved = sums[sums != 0]
    if not moved.size:
        return 1.0
    signs = np.random.default_rng(seed).integers(0, 2, (_FLIPS, moved.size), dtype=np.int8) * 2 - 1
    reached = np.abs(signs @ moved) >= abs(moved.sum()) - 1e-9
    return float((reached.sum() + 1) / (_FLIPS + 1))
