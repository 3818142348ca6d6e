"""What can the candidate do? One case a task, every sample scored and kept."""

from __future__ import annotations

from guardbee.conf.schema import Config
from guardbee.evals.assess import Standard, ask_until_certain, looks, sample_values, task_score
from guardbee.fixtures.inputs import AskedTask
from guardbee.fixtures.models import identity_record
from guardbee.fixtures.runtime.cached import CachedRuntime
from guardbee.plugins.baseline import FindBaseline, beside
from guardbee.plugins.collect import CaseRecorder


def test_quality(
    case: CaseRecorder, runtime: CachedRuntime, task: AskedTask, plan: Config, find_baseline: FindBaseline
) -> None:
    """Hold a task's score against its target."""
    kind, before = task.task, runtime.hits
    general = find_baseline(task)
    standard = Standard(
        gate=plan.gate,
        planned=len(task.samples),
        tasks=len(plan.grid.task),
        baseline=general.value if general else None,
        corpus=kind.corpus,
        looks=looks(task.samples, kind.corpus, plan.gate),
    )
    replies = ask_until_certain(kind, task.samples, runtime.answer, standard, seed=plan.seed)
    case.samples(task.lines(replies))
    bound = {"dataset_sha256": task.dataset_sha256, "template_sha256": kind.template_sha256, "scorer": kind.scorer}
    record = task_score(kind.config, replies, bound, standard, seed=plan.seed)
    ours = sample_values([reply.sample for reply in replies], [reply.score for reply in replies])
    case.finish(
        record.verdict,
        record.reason,
        task=beside(record, ours, general, plan),
        identity=identity_record(runtime.identity),
        reused=runtime.hits - before,
        values=ours.values,
        clusters=ours.clusters,
    )
