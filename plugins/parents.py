"""What a smaller copy of a model lost: each quantized variant beside the same model at full precision.

The parent is the variant at ``fp32`` of the same weights, of this run or, if that has none, as the registry knows it.
The comparison is shown and, where a loss is certainly larger than the margin, remarked upon; it decides nothing: the
variant is held against the same target as any other, and whoever reads the table may prefer the parent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from guardbee.conf.schema import Config
from guardbee.evals.case import split_variant, variant_name
from guardbee.evals.compare import SampleValues, Terms, compare
from guardbee.evals.errors import RegistryError
from guardbee.evals.result import CaseReport, TaskScore
from guardbee.plugins.registry import Registry, TaskKey, registry_url

FULL = "fp32"
"""The precision that every other is a smaller copy of."""


def with_parents(reports: Sequence[CaseReport], config: Config) -> list[CaseReport]:
    """Return the reports, each task of a quantized variant compared with its parent where that was scored."""
    return [_with_parent(report, reports, config) for report in reports]


def _with_parent(report: CaseReport, reports: Iterable[CaseReport], config: Config) -> CaseReport:
    model, precision = split_variant(report.variant)
    if report.task is None or precision == FULL:
        return report
    parent = variant_name(model, FULL)
    theirs = _of_run(report, parent, reports) or _of_registry(report, parent, config)
    if theirs is None:
        return report
    ours = SampleValues(report.values, report.clusters)
    planned = report.task.planned or len(report.values)
    terms = Terms(config.gate, planned, config.seed)
    found = compare(ours, theirs, kind="parent", against=parent, terms=terms)
    if found is None:
        return report
    task = report.task.model_copy(update={"comparisons": (*report.task.comparisons, found)})
    return report.model_copy(update={"task": task})


def key_of(task: TaskScore) -> TaskKey:
    """Return what must be equal for another score to be of the same samples."""
    return TaskKey(task.task_id, task.dataset_sha256, task.template_sha256, task.scorer, task.seed)


def _of_run(report: CaseReport, parent: str, reports: Iterable[CaseReport]) -> SampleValues | None:
    assert report.task is not None
    for other in reports:
        if other.variant == parent and other.task and key_of(other.task) == key_of(report.task):
            return SampleValues(other.values, other.clusters)
    return None


def _of_registry(report: CaseReport, parent: str, config: Config) -> SampleValues | None:
    """Return what the registry has; a registry that cannot be read is told of when the verdicts are entered."""
    assert report.task is not None
    if report.identity is None:
        return None
    try:
        with Registry.open(registry_url(config.registry), create=False) as registry:
            found = registry.measured(parent, key_of(report.task), weights_sha256=report.identity.weights_sha256)
    except RegistryError:
        return None
    return next((one.samples for one in found if one.samples), None)
