"""What a variant costs: measured throughput and the machine's price per hour, against a general's price list."""

from __future__ import annotations

from collections.abc import Sequence

from guardbee.conf.schema import Baseline, Hardware
from guardbee.evals.result import Cost, Latency, TaskScore


def price(profiles: Sequence[Latency], tasks: Sequence[TaskScore], hardware: Hardware, baseline: Baseline) -> Cost:
    """Return the variant's prices per 1,000 tokens in US dollars; ``None`` where nothing was measured.

    The machine is taken to be busy (batch throughput): idle time is the operator's, not the model's. The dearest of the
    profiles counts. Price = dollars an hour / 3600 s / (tokens/s) x 1000.
    """
    second = hardware.usd_per_hour / 3600
    inputs = [second / p.batch_prefill_tps * 1000 for p in profiles if p.batch_prefill_tps > 0]
    outputs = [second / p.batch_tps * 1000 for p in profiles if p.batch_tps]
    input_per_1k, output_per_1k = max(inputs, default=None), max(outputs, default=None)
    runs = [task_price(task, input_per_1k, output_per_1k) for task in tasks]
    known = [usd for usd in runs if usd is not None]
    asked = [_general_price(task, baseline) for task in tasks if task.baseline_prompt_tokens is not None]
    measured = [usd for usd in asked if usd is not None]
    return Cost(
        input_per_1k=input_per_1k,
        output_per_1k=output_per_1k,
        estimated_run_usd=sum(known) if known and len(known) == len(runs) else None,
        hardware=hardware.name,
        baseline=None if baseline.input_per_1k is None else baseline.name,
        baseline_run_usd=sum(measured) if measured else None,
    )


def task_price(task: TaskScore, input_per_1k: float | None, output_per_1k: float | None) -> float | None:
    """Return what the task's samples cost in US dollars; a task that generates nothing needs no output price."""
    if input_per_1k is None or (output_per_1k is None and task.completion_tokens):
        return None
    return (task.prompt_tokens * input_per_1k + task.completion_tokens * (output_per_1k or 0.0)) / 1000


def saving(task: TaskScore, cost: Cost, baseline: Baseline) -> float | None:
    """Return the share of the baseline's price that the variant saves on a task; negative where it is dearer.

    A general that was asked in the run is charged for its own tokens. Else it is charged for the candidate's counts,
    though its own tokenizer would count somewhat differently, and for one generated token where the candidate chose by
    log-likelihood, which is the least that a general without log-likelihoods needs.
    """
    ours = task_price(task, cost.input_per_1k, cost.output_per_1k)
    theirs = _general_price(task, baseline)
    return 1 - ours / theirs if ours is not None and theirs else None


def _general_price(task: TaskScore, baseline: Baseline) -> float | None:
    """Return what the general costs on the task's samples, in US dollars; ``None`` where it has no price."""
    if baseline.input_per_1k is None or baseline.output_per_1k is None:
        return None
    prompt, generated = task.baseline_prompt_tokens, task.baseline_completion_tokens
    if prompt is None or generated is None:
        prompt, generated = task.prompt_tokens, task.completion_tokens or task.n
    return (prompt * baseline.input_per_1k + generated * baseline.output_per_1k) / 1000
