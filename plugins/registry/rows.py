"""Between the unified result and the tables: pure, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from guardbee.evals.cost import task_price
from guardbee.evals.result import EvaluationResult, TaskCheck, TaskScore, Verdict
from guardbee.plugins.registry.records import TaskRecord, VariantRecord
from guardbee.plugins.registry.tables import Evaluation, TaskRow


def evaluation_row(result: EvaluationResult) -> Evaluation:
    """Return the rows of one variant, not yet bound to a session or a run."""
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
        scores=[_task_row(result, score) for score in result.tasks],
    )


def task_record(row: TaskRow, evaluation: Evaluation) -> TaskRecord:
    """Return what the world sees of a score."""
    return TaskRecord(
        variant=evaluation.variant,
        verdict=cast("Verdict", evaluation.verdict),
        task_id=row.task_id,
        category=row.category,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        target=row.target,
        eligible=row.eligible,
        reason=row.reason,
        latency_ms_p95=row.latency_ms_p95,
        prompt_tokens=row.prompt_tokens,
        completion_tokens=row.completion_tokens,
        usd_per_thousand=row.usd_per_thousand,
        weights_sha256=evaluation.weights_sha256,
        run=evaluation.run_id,
        finished_at=evaluation.run.finished_at,
    )


def variant_record(evaluations: Sequence[Evaluation]) -> VariantRecord:
    """Return what counts of all evaluations of one variant, given oldest first; at least one."""
    counts = counting(evaluations)
    later = evaluations[evaluations.index(counts) + 1 :]
    return VariantRecord(
        variant=counts.variant,
        verdict=cast("Verdict", counts.verdict),
        tags=tuple(counts.tags),
        overall_score=counts.overall_score,
        weights_sha256=counts.weights_sha256,
        input_per_1k=counts.input_per_1k,
        output_per_1k=counts.output_per_1k,
        tasks=len(counts.scores),
        eligible_tasks=sum(score.eligible for score in counts.scores),
        run=counts.run_id,
        finished_at=counts.run.finished_at,
        evaluations=len(evaluations),
        later_incomplete=len(later),
    )


def counting(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Return the evaluation that counts: the last with a verdict; the last at all where every one is incomplete."""
    complete = [evaluation for evaluation in evaluations if evaluation.verdict != "incomplete"]
    return (complete or evaluations)[-1]


def _task_row(result: EvaluationResult, score: TaskScore) -> TaskRow:
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
