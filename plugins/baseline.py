"""What the general scored on the very same samples, where the registry knows it: then the target is a share of that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardbee.conf.schema import Config
from guardbee.fixtures.inputs import AskedTask
from guardbee.plugins.registry import Registry, registry_url

BaselineScore = Callable[[AskedTask], float | None]


def baseline_score(plan: Config, task: AskedTask) -> float | None:
    """Return the latest score of the model that is called like the plan's baseline; ``None`` where there is none.

    Raises:
        RegistryError: if the registry cannot be read; better now than when the verdict is to be entered.
    """
    with Registry.open(registry_url(plan.registry), create=False) as registry:
        return registry.measured(
            plan.baseline.name,
            task_id=task.task.config.name,
            dataset_sha256=task.dataset_sha256,
            template_sha256=task.task.template_sha256,
            seed=plan.seed,
            requests=len(task.samples),
        )


@pytest.fixture(scope="session", name="baseline_score")
def _baseline_score(plan: Config) -> BaselineScore:
    """Return the function for this run's plan."""
    return lambda task: baseline_score(plan, task)
