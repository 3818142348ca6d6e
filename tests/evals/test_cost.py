from __future__ import annotations

import pytest

from guardbee.conf.schema import Baseline, Hardware
from guardbee.evals.cost import price, saving
from tests.factories import latency, task_score

HARDWARE = Hardware(name="cpu", usd_per_hour=3.6, price_source="a list")
GENERAL = Baseline(name="general", input_per_1k=0.01, output_per_1k=0.1)


def test_prices_follow_from_throughput() -> None:
    """A machine of 0.001 dollars a second that reads 1,000 tokens in it charges that; the dearest profile counts."""
    profiles = [latency(batch_prefill_tps=1000.0, batch_tps=100.0), latency(batch_prefill_tps=2000.0, batch_tps=None)]
    cost = price(profiles, [task_score(prompt_tokens=2000, completion_tokens=100)], HARDWARE, GENERAL)
    assert (cost.input_per_1k, cost.output_per_1k) == (pytest.approx(0.001), pytest.approx(0.01))
    assert cost.estimated_run_usd == pytest.approx(2 * 0.001 + 0.1 * 0.01)


@pytest.mark.parametrize(
    ("tokens", "theirs"),
    [
        ({}, 5 * 0.01 + 1 * 0.1),
        ({"completion_tokens": 0}, 5 * 0.01 + 0.1 * 0.1),
        ({"baseline_prompt_tokens": 3000, "baseline_completion_tokens": 200}, 3 * 0.01 + 0.2 * 0.1),
    ],
    ids=["the-candidate's", "a-choice", "its-own"],
)
def test_a_general_is_charged_for_its_own_tokens_where_it_was_asked(tokens: dict[str, int], theirs: float) -> None:
    """Else for the candidate's, and for one token a sample where the candidate chose without writing."""
    task = task_score(n=100, **{"prompt_tokens": 5000, "completion_tokens": 1000} | tokens)
    cost = price([latency(batch_prefill_tps=1000.0, batch_tps=100.0)], [task], HARDWARE, GENERAL)
    ours = 5 * 0.001 + task.completion_tokens / 1000 * 0.01
    assert saving(task, cost, GENERAL) == pytest.approx(1 - ours / theirs)
    assert cost.baseline_run_usd == (pytest.approx(theirs) if "baseline_prompt_tokens" in tokens else None)


def test_without_a_price_nothing_is_saved() -> None:
    """Absence is not zero, also where the general was asked."""
    task = task_score(baseline_prompt_tokens=10, baseline_completion_tokens=1)
    local = Baseline(name="local")
    cost = price([latency(batch_prefill_tps=1000.0)], [task], HARDWARE, local)
    assert (saving(task, cost, local), cost.baseline_run_usd, cost.baseline) == (None, None, None)
