"""What can the candidate do? One case a task, every sample scored and kept."""

from __future__ import annotations

from guardbee.conf.schema import Config
from guardbee.evals.assess import task_score
from guardbee.fixtures.inputs import AskedTask
from guardbee.fixtures.models import identity_record
from guardbee.fixtures.runtime.cached import CachedRuntime
from guardbee.plugins.baseline import BaselineScore
from guardbee.plugins.collect import CaseRecorder


def test_quality(
    case: CaseRecorder, runtime: CachedRuntime, task: AskedTask, plan: Config, baseline_score: BaselineScore
) -> None:
    """Hold a task's score against its target."""
    kind, samples, before = task.task, task.samples, runtime.hits
    requests = kind.requests(samples)
    completions = runtime.answer(requests)
    scores = [kind.score(sample, completion) for sample, completion in zip(samples, completions, strict=True)]
    case.samples(task.lines(requests, completions, scores))
    record = task_score(
        kind.config,
        samples,
        scores,
        completions,
        gate=plan.gate.quality,
        bound={
            "dataset_sha256": task.dataset_sha256,
            "template_sha256": kind.template_sha256,
            "scorer": kind.scorer,
        },
        seed=plan.seed,
        baseline=baseline_score(task),
    )
    identity = identity_record(runtime.identity)
    case.finish(record.verdict, record.reason, task=record, identity=identity, reused=runtime.hits - before)
