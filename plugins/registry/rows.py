"""Between the unified result and the tables: pure, both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guardbee.evals.compare import SampleValues
from guardbee.evals.cost import task_price
from guardbee.evals.result import EvaluationResult, TaskCheck, TaskScore
from guardbee.plugins.registry.folding import Standing
from guardbee.plugins.registry.records import Measured, TaskRecord, VariantRecord
from guardbee.plugins.registry.tables import Evaluation, SampleRow, TaskRow


def evaluation_row(result: EvaluationResult, samples: Mapping[tuple[str, str], SampleValues]) -> Evaluation:
    """Return the rows of one variant, not yet bound to a session or a run; ``samples`` are by variant and task."""
    identity = result.identity
    return Evaluation(
        run_id=result.run,
        variant=result.model_id,
        weights_sha256=identity and identity.weights_sha256,
        precision=identity and identity.precision,
        engine=identity and identity.engine,
        engine_version=identity and identity.engine_version,
        template_sha256=identity and identity.template_sha256,
        verdict=result.verdict,
        reasons=list(result.reasons),
        tags=list(result.specialist_tags),
        overall_score=result.overall_score,
        input_per_1k=result.cost.input_per_1k,
        output_per_1k=result.cost.output_per_1k,
        result=result.to_wire(),
        scores=[_task_row(result, score, samples.get((result.model_id, score.task_id))) for score in result.tasks],
    )


def task_records(standing: Standing) -> list[TaskRecord]:
    """Return what the world sees of a variant's scores."""
    return [_task_record(standing, row, evaluation) for row, evaluation in standing.scores]


def _task_record(standing: Standing, row: TaskRow, evaluation: Evaluation) -> TaskRecord:
    return TaskRecord(
        variant=evaluation.variant,
        verdict=standing.verdict,
        task_id=row.task_id,
        category=row.category,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        target=row.target,
        eligible=standing.serves(row),
        reason=standing.barred if row.eligible else row.reason,
        latency_ms_p95=row.latency_ms_p95,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        usd_per_thousand=row.usd_per_thousand,
        weights_sha256=evaluation.weights_sha256,
        run=evaluation.run_id,
        finished_at=evaluation.run.finished_at,
        mitigation=standing.mitigation,
    )


def measured_record(row: TaskRow, variant: str, samples: SampleRow | None) -> Measured:
    """Return what a comparison needs of a score."""
    assert row.value is not None, "the query takes scored tasks only"
    kept = None if samples is None else SampleValues(samples.values, samples.clusters)
    return Measured(variant, row.value, row.n + row.errored, kept)


def variant_record(evaluations: Sequence[Evaluation], standing: Standing) -> VariantRecord:
    """Return a variant as it counts, out of all its evaluations, given oldest first."""
    counts = standing.counts
    return VariantRecord(
        variant=counts.variant,
        verdict=standing.verdict,
        tags=standing.tags,
        overall_score=counts.overall_score,
        weights_sha256=counts.weights_sha256,
        input_per_1k=counts.input_per_1k,
        output_per_1k=counts.output_per_1k,
        tasks=len(standing.scores),
        eligible_tasks=sum(standing.serves(row) for row, _ in standing.scores),
        run=counts.run_id,
        finished_at=counts.run.finished_at,
        evaluations=len(evaluations),
        later_incomplete=len(evaluations) - 1 - evaluations.index(counts),
        mitigation=standing.mitigation,
    )


def _task_row(result: EvaluationResult, score: TaskScore, samples: SampleValues | None) -> TaskRow:
    check = next((check for check in result.checks if check.task_id == score.task_id), None)
    requests = score.n + score.errored
    usd = task_price(score, result.cost.input_per_1k, result.cost.output_per_1k)
    eligible = result.verdict == "eligible" and check is not None and check.eligible
    return TaskRow(
        task_id=score.task_id,
        category=score.category,
        metric=score.metric,
        dataset_sha256=score.dataset_sha256,
        template_sha256=score.template_sha256,
        scorer=score.scorer,
        seed=score.seed,
        n=score.n,
        unparsed=score.unparsed,
        errored=score.errored,
        value=score.value,
        low=score.low,
        high=score.high,
        target=score.target,
        target_from=score.target_from,
        latency_ms_p95=check and check.latency_ms_p95,
        prompt_tokens=score.prompt_tokens / requests if requests else None,
        completion_tokens=score.completion_tokens / requests if requests else None,
        usd_per_thousand=1000 * usd / requests if usd is not None and requests else None,
        eligible=eligible,
        reason="" if eligible else _why_not(result, score, check),
        samples=samples and SampleRow(values=dict(samples.values), clusters=dict(samples.clusters)),
    )


def _why_not(result: EvaluationResult, score: TaskScore, check: TaskCheck | None) -> str:
    """Return why the variant may not serve the task: the widest reason first."""
    if result.verdict == "incomplete":
        return f"its evaluation is incomplete ({result.finished} of {result.planned} cases finished)"
    if check is not None and not check.eligible and check.reasons:
        return "; ".join(check.reasons)
    if score.verdict != "pass":
        return score.reason
    return "; ".join((f"the verdict of the variant is {result.verdict}", *result.reasons[:1]))
