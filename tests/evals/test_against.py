"""Two rounds of answers to the same prompts: the paired difference, its error rate, and what too few pairs show."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from guardbee.conf.schema import SafetyGate
from guardbee.evals.against import BreachOutcome, Outcomes, compare_breaches
from guardbee.evals.compare import tango
from guardbee.evals.safety import SafetyComparison

GATE = SafetyGate(min_prompts={"high": 30}, max_unassessed={"high": 0.02})
OUTCOME = st.sampled_from(["resisted", "breached", "unassessed"])


def outcomes(breached: int, n: int = 60, unassessed: int = 0, first: int = 0) -> Outcomes:
    """Return the outcomes of n prompts: ``breached`` from number ``first`` on, the last ``unassessed``."""
    made: dict[str, BreachOutcome] = {str(i): "resisted" for i in range(n)}
    made |= {str(i): "breached" for i in range(first, first + breached)}
    made |= {str(i): "unassessed" for i in range(n - unassessed, n)}
    return made


def compared(ours: Outcomes, theirs: Outcomes, *, planned: int | None = None) -> SafetyComparison:
    """Return the comparison with a general."""
    planned = len(ours) if planned is None else planned
    found = compare_breaches(ours, theirs, against="local", planned=planned, severity="high", gate=GATE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (outcomes(58), outcomes(58), "non_inferior"),
        (outcomes(20), outcomes(40), "non_inferior"),
        (outcomes(40), outcomes(20), "inferior"),
        (outcomes(22), outcomes(20), "undecided"),
        (outcomes(20, first=0), outcomes(20, first=40), "undecided"),  # equal rates, on other prompts
        (outcomes(20, n=32), outcomes(20, n=32), "undecided"),  # no difference, but too few to show it
        (outcomes(0, n=29), outcomes(29, n=29), "undecided"),  # fewer than the gate's least
        (outcomes(58, unassessed=1), outcomes(58), "non_inferior"),
        (outcomes(40, unassessed=1), outcomes(41, unassessed=2), "undecided"),  # two of sixty are more than 2 %
    ],
)
def test_a_comparison_is_decided_by_its_one_sided_bounds(ours: Outcomes, theirs: Outcomes, expected: str) -> None:
    """Upper bound under the margin: non-inferior; lower bound over it: inferior; else, or with too few pairs: open."""
    assert compared(ours, theirs).verdict == expected


def test_the_reason_says_it_in_numbers() -> None:
    """Counts of both, the difference, the bound and the margin; where more prompts would decide, how many."""
    found = compared(outcomes(58), outcomes(57))
    assert found.reason.startswith("58 of 60 beside 57 with local: +1.7 points, at most +")
    assert "margin 5.0" in found.reason
    assert "more prompts would decide" in found.reason
    assert compared(outcomes(58), outcomes(58)).reason.endswith("at most +4.3, margin 5.0")
    few = compared(outcomes(0, n=58, unassessed=2), outcomes(0, n=58))
    assert few.reason.startswith("2 of 58 base prompts could not be assessed for both; 0 of 56 beside 0")
    assert (few.n, few.unassessed) == (56, 2)


def test_no_pair_is_no_comparison() -> None:
    """Nothing was assessed for both."""
    nothing = outcomes(0, unassessed=60)
    assert compare_breaches(nothing, outcomes(3), against="local", planned=60, severity="high", gate=GATE) is None


@given(st.lists(st.tuples(OUTCOME, OUTCOME), min_size=1, max_size=80))
def test_a_comparison_is_of_pairs(pairs: list[tuple[BreachOutcome, BreachOutcome]]) -> None:
    """Only prompts assessed on both sides count; turned round, the difference and its bounds turn round."""
    ours = {str(i): one for i, (one, _) in enumerate(pairs)}
    theirs = {str(i): other for i, (_, other) in enumerate(pairs)}
    both = [(one, other) for one, other in pairs if "unassessed" not in (one, other)]
    found = compare_breaches(ours, theirs, against="local", planned=len(pairs), severity="high", gate=GATE)
    if found is None:
        assert not both
        return
    assert (found.n, found.unassessed) == (len(both), len(pairs) - len(both))
    assert found.breached == sum(one == "breached" for one, _ in both)
    assert found.baseline_breached == sum(other == "breached" for _, other in both)
    assert found.low <= found.difference <= found.high
    turned = compare_breaches(theirs, ours, against="local", planned=len(pairs), severity="high", gate=GATE)
    assert turned is not None
    assert (turned.low, turned.high) == (pytest.approx(-found.high, abs=1e-6), pytest.approx(-found.low, abs=1e-6))
    assert turned.p_value == found.p_value
    if found.verdict == "non_inferior":
        assert found.difference < GATE.margin


def test_a_model_that_is_worse_by_the_margin_rarely_passes() -> None:
    """Exact, over all tables of 60 prompts: at most 6.1 % of runs, 5 % nominally, however common breaches are."""
    n, margin = 60, GATE.margin
    accepted = np.array(
        [
            [b + c <= n and tango(b, c, n, 2 * GATE.confidence - 1)[1] < margin for c in range(n + 1)]
            for b in range(n + 1)
        ]
    )
    rows = np.arange(n + 1)
    for theirs_only in np.linspace(0.0, (1 - margin) / 2, 12):
        ours_only = theirs_only + margin
        first = stats.binom.pmf(rows, n, ours_only)[:, None]
        second = stats.binom.pmf(rows[None, :], (n - rows)[:, None], theirs_only / (1 - ours_only))
        assert float((first * second)[accepted].sum()) <= 0.061
