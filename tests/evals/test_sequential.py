"""Stopping early: the error rate is kept however often one looks, and clear cases stop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardbee.conf.schema import Gate, QualityGate
from guardbee.evals.assess import looks
from guardbee.evals.sample import Sample
from guardbee.evals.sequential import batch_sizes, certain, evidence, shuffled


def ever_excluded(draws: np.ndarray, mean: float, confidence: float) -> bool:
    """Return whether the confidence sequence leaves the true mean out at any look."""
    ends = np.cumsum(batch_sizes(len(draws), 20))
    intervals = [evidence(list(draws[:end]), mean, confidence).interval for end in ends]
    return any(not interval.low <= mean <= interval.high for interval in intervals)


@pytest.mark.parametrize(
    ("mean", "shape"),
    [(0.5, "coins"), (0.95, "coins"), (0.1, "coins"), (0.4, "graded")],
)
def test_looking_ten_times_keeps_the_error(mean: float, shape: str) -> None:
    """At a level where early looks may err in 10 % of the runs, they do in no more, over all looks together."""
    rng, runs = np.random.default_rng(0), 120
    confidence = 0.5  # EARLY, a fifth, of one half
    wrong = 0
    for _ in range(runs):
        draws = (rng.random(100) < mean).astype(float) if shape == "coins" else rng.beta(2, 3, 100)
        wrong += ever_excluded(draws, mean, confidence)
    assert wrong / runs <= 0.10 + 1.96 * (0.1 * 0.9 / runs) ** 0.5


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.floats(0.05, 0.95))
@settings(max_examples=50, deadline=None)  # a machine that is busy elsewhere is no fault
def test_the_evidence_holds_the_mean_and_is_a_probability(values: list[float], target: float) -> None:
    """Whatever was scored: the interval holds the observed mean within [0, 1]."""
    found = evidence(values, target, 0.95)
    assert 0 <= found.interval.low <= found.interval.value <= found.interval.high <= 1
    assert 0 < found.p_at_most <= 1


@pytest.mark.parametrize(
    ("right", "wrong", "target", "expected"),
    [(40, 0, 0.5, True), (0, 20, 0.5, True), (14, 6, 0.6, False), (12, 8, 0.6, False)],
)
def test_only_a_clear_case_is_certain(right: int, wrong: int, target: float, expected: bool) -> None:
    """Far above and far below the target it is; near it, it is not."""
    values = [1.0] * right + [0.0] * wrong
    assert certain(values, target, confidence=0.95, level=0.05) is expected


def test_a_pass_among_many_tasks_needs_more() -> None:
    """What is certain for one task need not be among a thousand."""
    values = [1.0] * 12
    assert certain(values, 0.5, confidence=0.95, level=0.05)
    assert not certain(values, 0.5, confidence=0.95, level=0.05 / 1000)


@given(st.integers(1, 2000), st.integers(1, 200))
def test_batches_are_the_whole(planned: int, least: int) -> None:
    """They add up to the plan, in at most ten looks, none but the last smaller than asked for."""
    sizes = batch_sizes(planned, least)
    assert sum(sizes) == planned
    assert len(sizes) <= 10
    assert all(size >= least for size in sizes[:-1])


def samples(n: int, cluster: str = "", stratum: str = "") -> list[Sample]:
    """Return samples; every other one of a stratum, two in a cluster where asked for."""
    return [Sample(str(i), {}, cluster + str(i // 2) if cluster else str(i), stratum * (i % 2)) for i in range(n)]


@pytest.mark.parametrize(
    ("given", "stop", "corpus", "expected"),
    [
        (samples(100), "early", None, (20, 20, 20, 20, 20)),
        (samples(100), "never", None, ()),
        (samples(20), "early", None, ()),
        (samples(100, cluster="c"), "early", None, ()),
        (samples(100), "early", lambda pairs: float(len(pairs)), ()),
    ],
    ids=["early", "never", "too few", "clusters", "a metric over all"],
)
def test_only_independent_scores_are_looked_at(
    given: list[Sample], stop: str, corpus: object, expected: tuple[int, ...]
) -> None:
    """Clusters and metrics that are no means are asked in full."""
    assert looks(given, corpus, Gate(stop=stop, quality=QualityGate(min_samples=20))) == expected  # type: ignore[arg-type]  # a metric


def test_strata_are_mixed_before_anybody_looks() -> None:
    """The order depends on seed and id alone, not on the turn of the strata."""
    plain, striped = samples(50), samples(50, stratum="rare")
    assert [s.id for s in shuffled(plain, 1)] == [s.id for s in shuffled(list(reversed(striped)), 1)]
    assert [s.id for s in shuffled(plain, 1)] != [s.id for s in shuffled(plain, 2)]
