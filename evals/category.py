"""What the tasks of a category come to, each by its weight, and whether the category may be served at all."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from guardbee.conf.schema import QualityGate
from guardbee.evals.quality import CategoryQuality, TaskScore


def categories(tasks: Sequence[TaskScore], gate: QualityGate) -> tuple[CategoryQuality, ...]:
    """Return the quality of each category with a score, sorted by name.

    The means are of values as they were measured, across metrics: a summary to look at. They take rights away (below
    the gate's minimum) and give none, so that chance in them lets nobody in.
    """
    names = sorted({task.category for task in tasks})
    return tuple(found for name in names if (found := _category(name, tasks, gate)))


def overall(found: Sequence[CategoryQuality]) -> float | None:
    """Return the mean of the categories, each weighing the same; ``None`` where no task was scored."""
    return fmean(category.value for category in found) if found else None


def _category(name: str, tasks: Sequence[TaskScore], gate: QualityGate) -> CategoryQuality | None:
    scored = [(task.value, task.weight) for task in tasks if task.category == name and task.value is not None]
    weight = sum(weight for _, weight in scored)
    if weight <= 0:
        return None
    value = sum(value * weight for value, weight in scored) / weight
    minimum = gate.minimums.get(name)
    met = None if minimum is None else value >= minimum
    return CategoryQuality(category=name, value=value, tasks=len(scored), minimum=minimum, met=met)
