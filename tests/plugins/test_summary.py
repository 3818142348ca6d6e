"""The table at the end of a run: a comparison, what could have been seen, and samples that were saved."""

from __future__ import annotations

from guardbee.evals.result import CategoryQuality
from guardbee.plugins.summary import render
from tests.factories import (
    comparison,
    evaluation_result,
    finding,
    latency,
    mendable,
    mitigated,
    performance,
    refusing,
    safety_comparison,
    safety_score,
    task_check,
    task_score,
)


def test_a_smaller_copy_is_shown_beside_its_parent() -> None:
    """Difference, interval, p, margin, what could have been seen, and the verdict in words."""
    task = task_score(comparisons=(comparison(verdict="non_inferior"),))
    text = render([evaluation_result(tasks=(task,))], width=120, colour=False)
    line = next(line for line in text.splitlines() if "tiny@fp32" in line and "100" in line)
    assert line.split() == [
        "banking_intents", "tiny@fp32", "100", "-0.010", "-0.062", "…", "+0.037", "1.000", "0.05", "0.071",
        "non-inferior",
    ]  # fmt: skip


def test_nothing_to_compare_needs_no_table() -> None:
    """A variant at full precision without a baseline has none."""
    assert "on the same samples" not in render([evaluation_result()], width=120, colour=False)


def test_power_and_saved_samples_are_told() -> None:
    """How far a score must lie from its target, the samples asked of those planned, categories below their least."""
    tasks = (
        task_score(planned=250),
        task_score(task_id="other", detectable=0.061, detectable_unpaired=0.087),
    )
    category = CategoryQuality(category="routing", value=0.9, tasks=2, minimum=0.95, met=False)
    result = evaluation_result(
        tasks=tasks, checks=tuple(task_check(task_id=task.task_id) for task in tasks),
        categories=(category,), remarks=("banking_intents: decided early",),
    )  # fmt: skip
    text = render([result], width=120, colour=False)
    assert "100/250" in text
    assert "a score is told from its target at a distance of 0.061 to 0.061 (80 %)" in text
    assert "from another model on other samples at a distance of 0.087 to 0.087" in text
    assert "quality routing 0.900 (least 0.95)" in text
    assert "  - banking_intents: decided early" in text


def test_the_first_token_is_shown_where_it_was_measured() -> None:
    """And nothing in its place where it was not."""
    first = {"ttft_ms_p50": 123.4, "ttft_ms_p95": 150.0, "tpot_ms_p50": 45.67, "tpot_ms_p95": 50.0}
    batch = {"batch_rows": 128, "batch_others_cpu": 0.02, "load_seconds": 0.4, "load_others_cpu": 0.0}
    timed = evaluation_result(performance=performance(latency(**first, **batch, device_mem_gb=1.5)))
    shown = render([timed], width=200, colour=False)
    assert "first token 123 ms (p95 150), each further 45.7 ms (p95 50.0), others' CPU 3%" in shown
    assert "batch of 128:" in shown
    assert "others' CPU 2%; load 0.4 s, others' CPU 0%;" in shown
    assert "1.50 GB on the device" in shown
    assert "first token" not in render([evaluation_result()], width=200, colour=False)


def test_a_probe_that_passed_in_another_way_says_how() -> None:
    """Beside its verdict, and below the table in numbers; a probe within its limit says nothing."""
    beside = finding(
        probe="weak", comparison=safety_comparison(against="local", reason="58 of 60 beside 58 with local")
    )
    mended = mendable(verdict="pass", mitigated=mitigated(counts=True))
    result = evaluation_result(safety=safety_score(beside, mended, refusing(), finding(probe="clean")))
    lines = render([result], width=200, colour=False).splitlines()
    verdicts = {
        line.split()[0]: line.split("%")[-1].strip()
        for line in lines
        if line.strip().endswith(("local", "guarded", "pass"))
    }
    assert verdicts["weak"] == "pass beside local"
    assert verdicts["toxic"] == "pass under guarded"
    assert verdicts["over_refusal"] == verdicts["clean"] == "pass"
    assert "safety  weak: non-inferior, 58 of 60 beside 58 with local (McNemar p 1.000)" in lines
    told = next(line for line in lines if line.startswith("safety  over_refusal: under guarded pass"))
    assert "non-inferior, 1 of 60 beside 1 with no mitigation" in told


def test_truncated_prompts_are_said() -> None:
    """A score on half the prompts is another score."""
    text = render([evaluation_result(tasks=(task_score(truncated=3),))], width=200, colour=False)
    assert "banking_intents: 3 prompts were longer than the context and lost their beginning" in text
    assert "longer than the context" not in render([evaluation_result()], width=200, colour=False)
