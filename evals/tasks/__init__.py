"""Tasks: what is asked and how an answer is scored. One file a kind of answer; data sets are ``conf/task/*.yaml``.

A new data set of a known kind is a YAML; a new kind is a module here and a line in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardbee.conf import schema
from guardbee.evals.execution import Execute
from guardbee.evals.metric import OpenMetric
from guardbee.evals.names import known
from guardbee.evals.tasks.choice import ChoiceTask
from guardbee.evals.tasks.code import CodeTask
from guardbee.evals.tasks.coverage import CoverageTask
from guardbee.evals.tasks.entities import EntitiesTask
from guardbee.evals.tasks.function_call import FunctionCallTask
from guardbee.evals.tasks.quantities import QuantitiesTask
from guardbee.evals.tasks.record import RecordTask
from guardbee.evals.tasks.task import Task
from guardbee.evals.tasks.text import TextTask

__all__ = ["CATEGORIES", "KINDS", "Task", "make_task"]

CATEGORIES = (
    "classification",
    "extraction",
    "summarization",
    "routing",
    "reasoning-lite",
    "function-calling",
    "code-lite",
    "multilingual-lite",
)

KINDS: Mapping[str, Callable[[schema.Task, Execute | None, OpenMetric | None], Task]] = {
    "choice": lambda config, *_: ChoiceTask(config),
    "code": lambda config, execute, _: CodeTask(config, execute=execute),
    "coverage": lambda config, *_: CoverageTask(config),
    "entities": lambda config, *_: EntitiesTask(config),
    "function_call": lambda config, *_: FunctionCallTask(config),
    "quantities": lambda config, *_: QuantitiesTask(config),
    "record": lambda config, *_: RecordTask(config),
    "text": lambda config, _, open_metric: TextTask(config, open_metric=open_metric),
}


def make_task(config: schema.Task, *, execute: Execute | None = None, open_metric: OpenMetric | None = None) -> Task:
    """Return the task that a YAML describes.

    ``execute`` runs programs, needed by the kind ``code`` alone; ``open_metric`` loads metrics from outside
    (``evaluate:…``), for the kind ``text``.

    Raises:
        ConfigurationError: if kind, category or metric is unknown, a template is invalid, or ``execute`` is missing.
    """
    place = f"the task '{config.name}'"
    known(dict.fromkeys(CATEGORIES), config.category, kind="category", place=place)
    return known(KINDS, config.kind, kind="kind", place=place)(config, execute, open_metric)
