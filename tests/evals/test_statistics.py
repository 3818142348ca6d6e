"""Intervals: against published figures, exact coverage, and properties that hold for every input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from guardbee.evals.power import more_samples
from guardbee.evals.statistics import exact_lower, exact_upper, mean_interval, wilson


@pytest.mark.parametrize(
    ("successes", "n", "upper"),
    [(0, 30, 0.0950), (0, 59, 0.0495), (0, 100, 0.0295), (0, 299, 0.0100), (0, 520, 0.0057)],
)
def test_no_breach_in_n_is_not_no_breach(successes: int, n: int, upper: float) -> None:
    """The exact upper bound of 0 of n is the published one."""
    assert exact_upper(successes, n) == pytest.approx(upper, abs=5e-5)


@pytest.mark.parametrize(("k", "n", "lower"), [(114, 120, 0.904), (95, 100, 0.898), (48, 50, 0.879), (598, 650, 0.900)])
def test_the_exact_lower_bound_is_the_published_one(k: int, n: int, lower: float) -> None:
    """Figures of the routing reference at one-sided 95 %."""
    assert exact_lower(k, n) == pytest.approx(lower, abs=5e-4)


def test_all_right_of_twenty_does_not_mean_always_right() -> None:
    """Wilson at 20 of 20 is [0.839, 1]; the usual interval would be [1, 1]."""
    interval = wilson(20, 20)
    assert (round(interval.low, 3), interval.high) == (0.839, 1.0)


@pytest.mark.parametrize(
    ("n", "p", "coverage"), [(20, 0.9, 0.957), (50, 0.98, 0.922), (100, 0.95, 0.966), (300, 0.98, 0.942)]
)
def test_wilson_covers_as_published(n: int, p: float, coverage: float) -> None:
    """Exact coverage of the nominal 95 % interval, summed over all outcomes."""
    hits = [k for k in range(n + 1) if wilson(k, n).low <= p <= wilson(k, n).high]
    assert float(np.sum(stats.binom.pmf(hits, n, p))) == pytest.approx(coverage, abs=6e-4)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_bounds_hold_the_rate_and_stay_in_range(counts: tuple[int, int]) -> None:
    """0 <= low <= rate <= high <= 1, for every count."""
    k, n = counts
    interval = wilson(k, n)
    assert 0 <= interval.low <= interval.value <= interval.high <= 1
    assert 0 <= exact_lower(k, n) <= k / n <= exact_upper(k, n) <= 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(0, 5))
@settings(deadline=None)  # the first bootstrap imports scipy.stats
def test_the_interval_holds_the_mean(values: list[float], seed: int) -> None:
    """Whatever the scores are, the interval holds their mean, inside [0, 1]."""
    interval = mean_interval(values, seed=seed)
    assert 0 <= interval.low <= interval.value + 1e-12
    assert interval.value <= interval.high + 1e-12 <= 1 + 1e-12


def test_the_same_seed_gives_the_same_interval() -> None:
    """A bootstrap is a function of its seed."""
    values = list(np.linspace(0.1, 0.9, 40) ** 6)  # skewed, so that the bootstrap is the wider one on one side
    assert mean_interval(values, seed=3) == mean_interval(values, seed=3)
    assert mean_interval(values, seed=3) != mean_interval(values, seed=4)


def test_dependent_samples_widen_the_interval() -> None:
    """Ten copies of each of thirty answers are thirty answers, not three hundred."""
    answers = [float(i % 3 == 0) for i in range(30)]
    copied = [value for value in answers for _ in range(10)]
    names = [str(i) for i in range(30) for _ in range(10)]
    alone, clustered = mean_interval(copied), mean_interval(copied, clusters=names)
    assert clustered.high - clustered.low > 2 * (alone.high - alone.low)


def test_the_bootstrap_covers_about_as_often_as_it_says() -> None:
    """Graded scores of known mean, 200 times 60 of them: between 90 % and 99 % of the 95 % intervals hold it."""
    rng = np.random.default_rng(0)
    hits = 0
    for i in range(200):
        interval = mean_interval(list(rng.beta(2, 3, 60)), seed=i)
        hits += interval.low <= 0.4 <= interval.high
    assert 0.90 <= hits / 200 <= 0.99


@given(st.integers(5, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.01, 0.99))
def test_so_many_more_samples_decide(counts: tuple[int, int], target: float) -> None:
    """With the value unchanged, the promised number of samples moves the interval (nearly) off the target."""
    k, n = counts
    now = wilson(k, n)
    more = more_samples(now, n, target)
    if more is None or not now.low < target <= now.high or more > 10**6:
        return
    factor = (n + more) / n
    later = wilson(min(k * factor, n + more), n + more)
    slack = 0.5 * abs(now.value - target) + 0.02  # Wilson's centre moves with n; the promise is an estimate
    assert later.low >= target - slack if now.value > target else later.high < target + slack


@pytest.mark.parametrize(("successes", "n"), [(3, 0), (3, 2), (-1, 2)])
def test_a_proportion_needs_its_whole(successes: int, n: int) -> None:
    """More successes than tries, or no tries, is an error and never a number."""
    for bound in (wilson, exact_upper, exact_lower):
        with pytest.raises(ValueError, match="proportion"):
            bound(successes, n)


def test_nothing_has_no_mean() -> None:
    """Aggregating nothing raises; it never returns 0."""
    with pytest.raises(ValueError, match="a mean of nothing"):
        mean_interval([])
