"""Tasks: what is asked and how an answer is scored. One file a kind of answer; data sets are ``conf/task/*.yaml``.

A new data set of a known kind is a YAML; a new kind is a module here and a line in ``KINDS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from guardbee.conf import schema
from guardbee.evals.execution import Execute
from guardbee.evals.names import known
from guardbee.evals.tasks.base import Task
from guardbee.evals.tasks.choice import ChoiceTask
from guardbee.evals.tasks.code import CodeTask
from guardbee.evals.tasks.function_call import FunctionCallTask
from guardbee.evals.tasks.quantities import QuantitiesTask
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

KINDS: Mapping[str, Callable[[schema.Task, Execute | None], Task]] = {
    "choice": lambda config, _: ChoiceTask(config),
    "code": lambda config, execute: CodeTask(config, execute=execute),
    "function_call": lambda config, _: FunctionCallTask(config),
    "quantities": lambda config, _: QuantitiesTask(config),
    "text": lambda config, _: TextTask(config),
}


def make_task(config: schema.Task, *, execute: Execute | None = None) -> Task:
    """Return the task that a YAML describes; ``execute`` runs programs, needed by the kind ``code`` alone.

    Raises:
        ConfigurationError: if kind, category or metric is unknown, a template is invalid, or ``execute`` is missing.
    """
    place = f"the task '{config.name}'"
    known(dict.fromkeys(CATEGORIES), config.category, kind="category", place=place)
    return known(KINDS, config.kind, kind="kind", place=place)(config, execute)
