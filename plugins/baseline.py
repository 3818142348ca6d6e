"""What the general scored on the very same samples: asked in this run, or kept in the registry by an earlier one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from guardbee.conf.schema import Config
from guardbee.evals.assess import corpus_pairs, sample_values
from guardbee.evals.compare import SampleValues, Terms, compare
from guardbee.evals.result import TaskScore
from guardbee.evals.score import assessed_values
from guardbee.fixtures.general import General, Usage
from guardbee.fixtures.inputs import AskedTask
from guardbee.plugins.registry import Registry, TaskKey, registry_url


@dataclass(frozen=True)
class BaselineScore:
    """``value`` is what a target is a share of; ``samples`` are what a candidate is compared with, one by one."""

    name: str
    value: float
    samples: SampleValues | None
    usage: Mapping[str, Usage] | None = None
    """Its tokens by sample id, where it was asked in this run."""


FindBaseline = Callable[[AskedTask], BaselineScore | None]


def of_registry(plan: Config, task: AskedTask) -> BaselineScore | None:
    """Return the latest score of the model that is called like the plan's baseline; ``None`` where there is none.

    Raises:
        RegistryError: if the registry cannot be read; better now than when the verdict is to be entered.
    """
    kind = task.task
    key = TaskKey(kind.config.name, task.dataset_sha256, kind.template_sha256, kind.scorer, plan.seed)
    with Registry.open(registry_url(plan.registry), create=False) as registry:
        found = registry.measured(plan.baseline.name, key)
    same = next((one for one in found if one.requests == len(task.samples)), None)
    return None if same is None else BaselineScore(same.variant, same.value, same.samples)


def of_general(general: General, task: AskedTask, most_errors: float) -> BaselineScore | None:
    """Ask a general every sample and return its score; ``None`` where too many of its answers failed.

    ``most_errors`` is the share of samples that may fail on our side: a target must not rest on the rest.

    Raises:
        BackendError: if its endpoint is gone.
    """
    scores = general.scores(task)
    values = assessed_values(scores)
    if not values or len(scores) - len(values) > most_errors * len(scores):
        return None
    value = sum(values) / len(values)
    if corpus := task.task.corpus:
        references = [task.task.reference(sample) for sample in task.samples]
        value = corpus(corpus_pairs(list(zip(scores, references, strict=True))))
    return BaselineScore(general.name, value, sample_values(task.samples, scores), general.usage(task))


def beside(record: TaskScore, ours: SampleValues, baseline: BaselineScore | None, plan: Config) -> TaskScore:
    """Return a record with its comparison to the baseline, and what that needed for the samples which were asked."""
    if baseline is None:
        return record
    update: dict[str, Any] = {}
    if baseline.samples:
        terms = Terms(plan.gate, record.planned or len(ours.values), plan.seed)
        found = compare(ours, baseline.samples, kind="baseline", against=baseline.name, terms=terms)
        update["comparisons"] = (found,) if found else ()
    if baseline.usage:
        used = [usage for sample_id, usage in baseline.usage.items() if sample_id in ours.values]
        update["baseline_prompt_tokens"] = sum(usage.prompt_tokens for usage in used)
        update["baseline_completion_tokens"] = sum(usage.completion_tokens for usage in used)
    return record.model_copy(update=update)


@pytest.fixture(scope="session", name="find_baseline")
def _find_baseline(plan: Config, general: General | None) -> FindBaseline:
    """Return the function for this run's plan."""
    if general is None:
        return lambda task: of_registry(plan, task)
    most = plan.gate.quality.max_unassessed
    return lambda task: of_general(general, task, most)
