"""Paired comparisons: against published figures, and properties that hold for every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from guardbee.conf.schema import Gate, QualityGate
from guardbee.evals.compare import SampleValues, Terms, compare, mcnemar, tango
from guardbee.evals.result import Comparison

GATE = Gate(quality=QualityGate(margin=0.05))


def of(ours: dict[str, float], theirs: dict[str, float], *, planned: int = 0, **clusters: str) -> Comparison:
    """Return the comparison of two models that share samples; of all that were planned, unless more were."""
    terms = Terms(GATE, planned or min(len(ours), len(theirs)), seed=0)
    found = compare(SampleValues(ours, clusters), SampleValues(theirs), kind="parent", against="m@fp32", terms=terms)
    assert found is not None
    return found


def table(both: int, wins: int, losses: int, neither: int) -> tuple[dict[str, float], dict[str, float]]:
    """Return right-or-wrong scores with these counts of pairs."""
    pairs = [(1.0, 1.0)] * both + [(1.0, 0.0)] * wins + [(0.0, 1.0)] * losses + [(0.0, 0.0)] * neither
    return {str(i): a for i, (a, _) in enumerate(pairs)}, {str(i): b for i, (_, b) in enumerate(pairs)}


@pytest.mark.parametrize(
    ("wins", "losses", "p_value"),
    [(0, 0, 1.0), (6, 0, 0.03125), (0, 6, 0.03125), (1, 5, 0.21875), (5, 5, 1.0), (12, 2, 0.012939453125)],
)
def test_mcnemars_test_is_the_binomial_test_of_what_differs(wins: int, losses: int, p_value: float) -> None:
    """Two-sided and exact; twice the smaller binomial tail."""
    assert mcnemar(wins, losses) == pytest.approx(p_value)


def score_statistic(wins: int, losses: int, n: int, delta: float) -> float:
    """Return Tango's statistic with the nuisance parameter found by maximising the likelihood on a grid."""
    only_theirs = np.linspace(max(0.0, -delta) + 1e-9, (1 - delta) / 2 - 1e-9, 400_001)
    only_ours = only_theirs + delta
    same = 1 - only_ours - only_theirs
    likelihood = special.xlogy(wins, only_ours) + special.xlogy(losses, only_theirs)
    best = only_theirs[np.argmax(likelihood + special.xlogy(n - wins - losses, same))]
    return float((wins - losses - n * delta) / np.sqrt(n * (2 * best + delta * (1 - delta))))


@pytest.mark.parametrize(("wins", "losses", "n"), [(12, 2, 50), (9, 5, 50), (0, 3, 40), (1, 30, 100)])
def test_tangos_interval_ends_where_the_score_test_rejects(wins: int, losses: int, n: int) -> None:
    """At either end the statistic, from the likelihood itself, is the normal quantile."""
    low, high = tango(wins, losses, n, 0.95)
    assert score_statistic(wins, losses, n, low) == pytest.approx(1.96, abs=2e-3)
    assert score_statistic(wins, losses, n, high) == pytest.approx(-1.96, abs=2e-3)


def test_no_difference_in_n_pairs_is_not_no_difference() -> None:
    """Where no pair differs, the interval is z² / (n + z²) on both sides: 6.6 points for 54 pairs."""
    assert tango(0, 0, 54, 0.95) == (pytest.approx(-0.0664, abs=5e-5), pytest.approx(0.0664, abs=5e-5))


def test_a_hundred_equal_answers_are_non_inferior() -> None:
    """Nothing differs in 100 samples: the loss is at most 3.7 points, which the margin of 5 allows."""
    found = of(*table(60, 0, 0, 40))
    assert (found.verdict, found.p_value, found.difference) == ("non_inferior", 1.0, 0.0)
    assert found.low == pytest.approx(-0.037, abs=1e-3)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [((60, 0, 0, 10), "undecided"), ((300, 3, 30, 67), "undecided"), ((200, 5, 80, 15), "inferior")],
)
def test_a_loss_is_judged_against_the_margin(counts: tuple[int, int, int, int], verdict: str) -> None:
    """Too few samples, an interval across the margin, and one wholly below it."""
    assert of(*table(*counts)).verdict == verdict


def test_only_common_samples_are_compared() -> None:
    """A model that was stopped early is compared where it was asked; one with nothing in common not at all."""
    ours, theirs = table(30, 5, 5, 10)
    shorter = {key: value for key, value in ours.items() if int(key) < 20}
    assert of(shorter, theirs).n == 20
    nothing = compare(
        SampleValues({"x": 1.0}), SampleValues(theirs), kind="parent", against="p", terms=Terms(GATE, 1, 0)
    )
    assert nothing is None


def test_a_comparison_that_was_stopped_early_is_wider_and_holds() -> None:
    """Forty of a hundred planned samples: the confidence sequence of the differences, wider than Tango's interval."""
    ours, theirs = table(10, 24, 2, 4)
    whole, stopped = of(ours, theirs), of(ours, theirs, planned=100)
    assert stopped.low < whole.low < whole.difference < whole.high < stopped.high
    assert whole.p_value < stopped.p_value
    assert stopped.difference == whole.difference


def test_looking_at_differences_keeps_the_error() -> None:
    """Equals that are looked at four times are found different in at most 5 % of 200 runs, but for chance."""
    rng, wrong = np.random.default_rng(4), 0
    for _ in range(200):
        d = rng.choice([1.0, -1.0, 0.0], 100, p=[0.15, 0.15, 0.7])
        ours = {str(i): float(value > 0) for i, value in enumerate(d)}
        theirs = {str(i): float(value < 0) for i, value in enumerate(d)}
        looks = [dict(list(ours.items())[:n]) for n in (20, 40, 60, 80)]
        wrong += any(not found.low <= 0 <= found.high for found in (of(o, theirs, planned=100) for o in looks))
    assert wrong / 200 <= 0.05 + 1.96 * (0.05 * 0.95 / 200) ** 0.5


def test_dependent_samples_widen_the_difference() -> None:
    """Ten copies of each pair are as many pairs, not ten times as many."""
    ours, theirs = table(40, 12, 4, 24)
    copies = {f"{key}-{i}": value for key, value in ours.items() for i in range(10)}
    others = {f"{key}-{i}": value for key, value in theirs.items() for i in range(10)}
    clusters = {key: key.split("-")[0] for key in copies}
    alone, clustered = of(copies, others), of(copies, others, **clusters)
    assert clustered.high - clustered.low > 2 * (alone.high - alone.low)
    assert clustered.p_value > alone.p_value


values = st.dictionaries(st.integers(0, 40).map(str), st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1)


@given(values)
@settings(deadline=None)  # the first bootstrap imports scipy.stats
def test_swapping_the_two_turns_the_difference_around(pairs: dict[str, tuple[float, float]]) -> None:
    """Whatever the scores are: the interval holds the difference, within [-1, 1], and is symmetric in who is who."""
    ours = {key: a for key, (a, _) in pairs.items()}
    theirs = {key: b for key, (_, b) in pairs.items()}
    one, other = of(ours, theirs), of(theirs, ours)
    assert -1 <= one.low <= one.difference <= one.high <= 1
    assert one.difference == pytest.approx(-other.difference)
    assert one.p_value == pytest.approx(other.p_value)
    if len({a - b for a, b in pairs.values()}) < 20:  # above, a bootstrap decides, and draws
        assert (one.low, one.high) == (pytest.approx(-other.high, abs=1e-6), pytest.approx(-other.low, abs=1e-6))


def test_graded_differences_are_bootstrapped_in_pairs() -> None:
    """A small, steady gain over fifty samples of very different difficulty is seen; unpaired it would drown."""
    theirs = {str(i): i / 60 for i in range(50)}
    ours = {key: value + 0.01 + 0.002 * (int(key) % 7) for key, value in theirs.items()}
    found = of(ours, theirs)
    assert 0 < found.low < found.difference < found.high < 0.03
    assert found.p_value < 0.001
