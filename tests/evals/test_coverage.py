"""The exact part of the coverage benchmark, for fewer n: the intervals hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest

from guardbee.evals.statistics import mean_interval, proportion
from tests.benchmarks.coverage import clustered, one_sided, two_sided


@pytest.mark.parametrize("n", [20, 21, 24, 37, 50, 79, 100, 200, 300, 1000])
def test_the_interval_of_a_proportion_covers(n: int) -> None:
    """Nominal 95 %: between 94.5 % and 97 % on average over p = .02 … .98, nowhere below 91 %; summed, not drawn."""
    covered = two_sided(n)
    assert 0.945 <= covered.mean() <= 0.97
    assert covered.min() >= 0.91


@pytest.mark.parametrize("n", [20, 59, 100, 300])
def test_the_bounds_of_hard_limits_never_cover_less_than_they_say(n: int) -> None:
    """One-sided 95 %, everywhere."""
    assert one_sided(n).min() >= 0.95


def test_all_right_is_no_proof_of_always_right() -> None:
    """Wilson's end at 20 of 20 stands, the narrower one of Jeffreys does not replace it."""
    assert proportion(20, 20).low == pytest.approx(0.839, abs=5e-4)


def test_few_clusters_cover_as_said() -> None:
    """Fifteen clusters of right-or-wrong scores that resemble each other: at least 91 % of the intervals hold .8."""
    rng = np.random.default_rng(1)
    drawn = [clustered(rng, 15, 0.8, 0.3) for _ in range(300)]
    found = [mean_interval(values, clusters=names) for values, names in drawn]
    assert sum(i.low <= 0.8 <= i.high for i in found) / 300 >= 0.91
