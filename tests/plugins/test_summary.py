"""The table at the end of a run: a comparison, what could have been seen, and samples that were saved."""

from __future__ import annotations

from guardbee.evals.result import CategoryQuality
from guardbee.plugins.summary import render
from tests.factories import comparison, evaluation_result, latency, performance, task_check, task_score


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
    timed = evaluation_result(performance=performance(latency(ttft_ms_p50=123.4, tpot_ms_p50=45.67)))
    assert "first token 123 ms, each further 45.7 ms" in render([timed], width=200, colour=False)
    assert "first token" not in render([evaluation_result()], width=200, colour=False)
