"""How often do the intervals hold the truth? Exact where it can be, simulated where it cannot.

Run from the repository's root: ``python -m tests.benchmarks.coverage [--runs 2000]``.

Exact: every n from 20 to 1000, p = .02, .03 … .98; the coverage is summed over all outcomes. Simulated: graded scores
of several shapes, clustered scores, paired differences; one line each, with the Monte-Carlo error of the share. Ends
with 1 where a target is missed: two-sided 95 % at least .91 everywhere and between .945 and .97 on average over p for
every n; one-sided exact bounds at least .95 everywhere.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy import stats

from guardbee.conf.schema import Gate
from guardbee.evals.compare import SampleValues, Terms, compare
from guardbee.evals.statistics import exact_lower, exact_upper, mean_interval, proportion

P = np.round(np.arange(0.02, 0.981, 0.01), 2)
Draw = Callable[[np.random.Generator, int], np.ndarray]

GRADED: dict[str, tuple[Draw, float]] = {
    "bell, mean .40": (lambda rng, n: rng.beta(2, 3, n), 0.4),
    "like ROUGE-L, mean .17": (lambda rng, n: rng.beta(6, 30, n), 6 / 36),
    "skewed, mean .11": (lambda rng, n: rng.beta(0.5, 4, n), 0.5 / 4.5),
    "at both ends, mean .50": (lambda rng, n: rng.beta(0.3, 0.3, n), 0.5),
    "80 % zeros, mean .10": (lambda rng, n: np.where(rng.random(n) < 0.8, 0, rng.beta(2, 2, n)), 0.1),
    "like F1, mean .91": (
        lambda rng, n: np.where(rng.random(n) < 0.85, 1, rng.choice([0, 0.5, 0.67], n)),
        0.85 + 0.15 * 1.17 / 3,
    ),
}


def exact(lows: np.ndarray, highs: np.ndarray, n: int, p: np.ndarray = P) -> np.ndarray:
    """Return the probability, for each p, that an interval given for each count of n holds p."""
    masses = stats.binom.pmf(np.arange(n + 1)[:, None], n, p[None, :])
    return (masses * ((lows[:, None] <= p) & (p <= highs[:, None]))).sum(axis=0)


def two_sided(n: int) -> np.ndarray:
    """Return the exact coverage of the 95 % interval of a proportion, for each p."""
    found = [proportion(k, n) for k in range(n + 1)]
    return exact(np.array([i.low for i in found]), np.array([i.high for i in found]), n)


def one_sided(n: int) -> np.ndarray:
    """Return the smaller of the exact coverages of both one-sided 95 % bounds, for each p."""
    upper = np.array([exact_upper(k, n) for k in range(n + 1)])
    lower = np.array([exact_lower(k, n) for k in range(n + 1)])
    return np.minimum(exact(np.zeros(n + 1), upper, n), exact(lower, np.ones(n + 1), n))


def clustered(rng: np.random.Generator, count: int, p: float, icc: float) -> tuple[list[float], list[str]]:
    """Return right-or-wrong scores in clusters of 1 to 7 with an intra-class correlation (beta-binomial)."""
    sizes = rng.integers(1, 8, count)
    names = np.repeat(np.arange(count), sizes)
    rates = rng.beta(p * (1 / icc - 1), (1 - p) * (1 / icc - 1), count)
    return list((rng.random(len(names)) < rates[names]).astype(float)), [str(name) for name in names]


def say(line: str) -> None:
    """Print a line at once: the whole takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def share(hits: int, runs: int) -> str:
    """Return a share with its Monte-Carlo error."""
    rate = hits / runs
    return f"{rate:.3f} ± {1.96 * math.sqrt(rate * (1 - rate) / runs):.3f}"


def graded(runs: int) -> None:
    """Print the coverage for graded scores."""
    for name, (draw, mean) in GRADED.items():
        cells = []
        for n in (20, 50, 100, 300):
            rng = np.random.default_rng(n)
            found = [mean_interval(list(draw(rng, n)), seed=i) for i in range(runs)]
            cells.append(f"n={n} {share(sum(i.low <= mean <= i.high for i in found), runs)}")
        say(f"graded, {name:<24} {'  '.join(cells)}")


def in_clusters(runs: int) -> None:
    """Print the coverage for clustered scores."""
    for p, icc in ((0.5, 0.1), (0.5, 0.5), (0.8, 0.3), (0.95, 0.1), (0.95, 0.5)):
        cells = []
        for count in (8, 15, 30, 60):
            rng, hits = np.random.default_rng(count), 0
            for i in range(runs):
                values, names = clustered(rng, count, p, icc)
                interval = mean_interval(values, clusters=names, seed=i)
                hits += interval.low <= p <= interval.high
            cells.append(f"clusters={count} {share(hits, runs)}")
        say(f"clustered, p={p} correlation={icc:<4}    {'  '.join(cells)}")


def paired(runs: int) -> None:
    """Print the coverage of the paired difference, and how often equals are found different."""
    gate = Gate()
    for wins, losses in ((0.02, 0.02), (0.05, 0.10), (0.20, 0.10)):
        cells = []
        for n in (30, 100, 300):
            rng, hits, found = np.random.default_rng(n), 0, 0
            for i in range(runs):
                d = rng.choice([1, -1, 0], n, p=[wins, losses, 1 - wins - losses])
                ours = SampleValues({str(j): float(v == 1) for j, v in enumerate(d)})
                theirs = SampleValues({str(j): float(v == -1) for j, v in enumerate(d)})
                made = compare(ours, theirs, kind="parent", against="parent", terms=Terms(gate, n, i))
                assert made is not None
                hits += made.low <= wins - losses <= made.high
                found += made.p_value <= 0.05
            cells.append(f"n={n} {share(hits, runs)} (p <= .05: {found / runs:.3f})")
        say(f"paired, wins {wins} losses {losses:<12} {'  '.join(cells)}")


def main() -> int:
    """Print all of it; return whether a target was missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=2_000)
    options = parser.parse_args()
    begun = time.perf_counter()
    means, least, bounds = [], [], []
    for n in range(20, 1001):
        covered = two_sided(n)
        means.append(float(covered.mean()))
        least.append((float(covered.min()), n, float(P[covered.argmin()])))
        bounds.append((float(one_sided(n).min()), n))
    worst = min(least)
    say(f"exact, two-sided 95 %: mean over p {min(means):.4f} … {max(means):.4f} over n = 20 … 1000")
    say(f"exact, two-sided 95 %: smallest {worst[0]:.4f} at n = {worst[1]}, p = {worst[2]}")
    say(f"exact, one-sided 95 % bounds: smallest {min(bounds)[0]:.4f} at n = {min(bounds)[1]}")
    graded(options.runs)
    in_clusters(options.runs)
    paired(options.runs)
    say(f"{time.perf_counter() - begun:.0f} s")
    held = min(means) >= 0.945 and max(means) <= 0.97 and worst[0] >= 0.91 and min(bounds)[0] >= 0.95
    say("every target of the exact part holds" if held else "A TARGET IS MISSED")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
