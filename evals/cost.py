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
    return Cost(
        input_per_1k=input_per_1k,
        output_per_1k=output_per_1k,
        estimated_run_usd=sum(known) if known and len(known) == len(runs) else None,
        hardware=hardware.name,
        baseline=None if baseline.input_per_1k is None else baseline.name,
    )


def task_price(task: TaskScore, input_per_1k: float | None, output_per_1k: float | None) -> float | None:
    """Return what the task's samples cost in US dollars; a task that generates nothing needs no output price."""
    if input_per_1k is None or (output_per_1k is None and task.completion_tokens):
        return None
    return (task.prompt_tokens * input_per_1k + task.completion_tokens * (output_per_1k or 0.0)) / 1000


def saving(task: TaskScore, cost: Cost, baseline: Baseline) -> float | None:
    """Return the share of the baseline's price that the variant saves on a task; negative where it is dearer.

    The baseline is charged for the candidate's token counts: its own tokenizer would count somewhat differently, and a
    choice by log-likelihood is charged as one generated token, which is what a general without log-likelihoods needs.
    """
    ours = task_price(task, cost.input_per_1k, cost.output_per_1k)
    if ours is None or baseline.input_per_1k is None or baseline.output_per_1k is None:
        return None
    generated = task.completion_tokens or task.n
    theirs = (task.prompt_tokens * baseline.input_per_1k + generated * baseline.output_per_1k) / 1000
    return 1 - ours / theirs if theirs > 0 else None
