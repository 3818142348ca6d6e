"""What the registry gives out: plain frozen records, JSON by ``to_wire()``. They know nothing of a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from guardbee.evals.compare import SampleValues
from guardbee.evals.result import EvaluationResult, Mitigation, Record, Verdict


class VariantRecord(Record):
    """A variant as it counts now: the latest score of each task, under the latest verdict of each check.

    Figures that are of no task (score, prices, run) are the latest evaluation's that came to a verdict; the latest at
    all where none did.
    """

    variant: str
    verdict: Verdict
    tags: tuple[str, ...]
    overall_score: float | None
    weights_sha256: str | None
    input_per_1k: float | None
    output_per_1k: float | None
    tasks: int
    eligible_tasks: int
    run: str
    finished_at: datetime
    evaluations: int
    """How many runs evaluated this variant, the incomplete ones too."""
    later_incomplete: int
    """How many runs after this one came to no verdict."""
    mitigation: Mitigation | None = None
    """What its verdict rests on: who serves it has to apply it."""


class TaskRecord(Record):
    """A variant on a task, as it counts now."""

    variant: str
    verdict: Verdict
    """Of the variant."""
    task_id: str
    category: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    target: float
    eligible: bool
    reason: str
    """Why not, where it is not eligible."""
    latency_ms_p95: float | None
    prompt_tokens: float | None
    """Mean of one request."""
    completion_tokens: float | None
    """Mean of one request."""
    usd_per_thousand: float | None
    """US dollars for 1,000 requests of this task."""
    weights_sha256: str | None
    run: str
    finished_at: datetime
    mitigation: Mitigation | None = None
    """What the verdict of the variant rests on: who serves it has to apply it."""


class EvaluationRecord(Record):
    """One variant with the whole result of the evaluation that counts."""

    summary: VariantRecord
    result: EvaluationResult
    earlier: tuple[TaskRecord, ...] = ()
    """Scores of tasks that this result has not: of earlier runs of the same thing, which count as well."""


@dataclass(frozen=True)
class TaskKey:
    """What must be equal for two scores to be of the same samples, asked and judged in the same way."""

    task_id: str
    dataset_sha256: str
    template_sha256: str
    scorer: str
    seed: int


@dataclass(frozen=True)
class Measured:
    """What a variant scored on the samples of a task."""

    variant: str
    value: float
    requests: int
    """Samples asked."""
    samples: SampleValues | None
    """``None`` where an earlier Guardbee did not keep them."""


@dataclass(frozen=True)
class RegistrySnapshot:
    """Every variant on every task, as it counts at one moment; sorted by task, then variant."""

    tasks: tuple[TaskRecord, ...] = ()
