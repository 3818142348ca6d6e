"""Several tasks, one error rate: Holm's procedure, and what it does to the verdicts of a variant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from guardbee.evals.multiplicity import held_together, holm, p_at_most
from tests.factories import task_score


@pytest.mark.parametrize(("right", "n", "target"), [(90, 100, 0.8), (18, 20, 0.5), (0, 10, 0.3), (30, 30, 0.9)])
def test_the_p_value_of_right_or_wrong_scores_is_exact(right: int, n: int, target: float) -> None:
    """The binomial tail, as scipy's own test gives it."""
    values = [1.0] * right + [0.0] * (n - right)
    expected = stats.binomtest(right, n, target, alternative="greater").pvalue
    assert p_at_most(values, target) == pytest.approx(expected)


def test_clusters_are_what_counts() -> None:
    """Thirty answers copied ten times say as much as thirty answers."""
    answers = [float(i % 5 != 0) for i in range(30)]
    copied = [value for value in answers for _ in range(10)]
    names = [str(i) for i in range(30) for _ in range(10)]
    assert p_at_most(copied, 0.7, clusters=names) == pytest.approx(p_at_most(answers, 0.7), abs=0.06)
    assert p_at_most(copied, 0.7) < 0.001 < p_at_most(copied, 0.7, clusters=names)


@pytest.mark.parametrize("level", [0.05, 0.05 / 8])
def test_few_clusters_do_not_flatter(level: float) -> None:
    """Twenty clusters of five that resemble each other, at the target: so small a p value is as rare as it says."""
    rng, runs, found = np.random.default_rng(2), 2_000, 0
    names = [str(i // 5) for i in range(100)]
    for _ in range(runs):
        rates = np.repeat(rng.beta(1.125, 0.375, 20), 5)
        found += p_at_most(list((rng.random(100) < rates).astype(float)), 0.75, clusters=names) <= level
    assert found / runs <= level + 1.96 * (level * (1 - level) / runs) ** 0.5


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_between_one_test_and_bonferroni(p_values: list[float]) -> None:
    """What Bonferroni lets stand stands, what a single test would not does not, and the order of p values is kept."""
    stands = [found for found, _ in holm(p_values, 0.05)]
    for found, p_value in zip(stands, p_values, strict=True):
        assert found or p_value > 0.05 / len(p_values)
        assert not found or p_value <= 0.05
    kept = [p for p, found in zip(p_values, stands, strict=True) if found]
    assert all(found or p >= max(kept, default=0) for p, found in zip(p_values, stands, strict=True))


def test_holms_own_example() -> None:
    """.01, .04, .03, .005 at .05: the two smallest stand, .03 is held against .025."""
    assert [found for found, _ in holm([0.01, 0.04, 0.03, 0.005], 0.05)] == [True, False, False, True]


def test_a_pass_that_is_luck_among_eight_is_undecided() -> None:
    """It passes alone; among eight tasks its p value is too large, and the reason says how many samples it needs."""
    tasks = [task_score(task_id="lucky", p_value=0.02)]
    tasks += [task_score(task_id=f"t{i}", p_value=0.5, verdict="undecided") for i in range(7)]
    (alone,) = held_together(tasks[:1], 0.05)
    assert alone.verdict == "pass"
    among = held_together(tasks, 0.05)[0]
    assert among.verdict == "undecided"
    assert "among 8 tasks" in among.reason
    assert among.more_samples
    assert among.more_samples > 0


def test_clear_passes_stand_together() -> None:
    """Eight clear passes cost each other nothing, and failed tasks keep their verdict."""
    tasks = [task_score(task_id=f"t{i}", p_value=1e-5) for i in range(8)]
    tasks.append(task_score(task_id="bad", p_value=0.999, verdict="fail"))
    assert [task.verdict for task in held_together(tasks, 0.05)] == ["pass"] * 8 + ["fail"]


def test_a_pass_without_a_p_value_does_not_stand() -> None:
    """Absence is no evidence."""
    assert held_together([task_score(p_value=None)], 0.05)[0].verdict == "undecided"


def test_eight_tasks_at_their_targets_rarely_pass() -> None:
    """Drawn 300 times: any of eight tasks just at their targets passes in at most 5 % of the runs, but for chance."""
    rng, runs, wrong = np.random.default_rng(0), 300, 0
    for _ in range(runs):
        p_values = [p_at_most(list((rng.random(100) < 0.75).astype(float)), 0.75) for _ in range(8)]
        wrong += any(found for found, _ in holm(p_values, 0.05))
    assert wrong / runs <= 0.05 + 1.96 * (0.05 * 0.95 / runs) ** 0.5
