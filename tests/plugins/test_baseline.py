"""The target out of the registry: only where the general was scored on the very same samples."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from guardbee.conf.schema import Baseline, Config, QualityGate, Task
from guardbee.evals.assess import target_of
from guardbee.evals.sample import Sample
from guardbee.evals.tasks import make_task
from guardbee.fixtures.inputs import AskedTask
from guardbee.plugins.baseline import baseline_score
from guardbee.plugins.registry import Registry
from tests.factories import evaluation_result, task_score

TASK = Task(
    name="capitals",
    category="routing",
    kind="choice",
    doc_to_text="{{ question }}",
    doc_to_target="{{ answer }}",
    doc_to_choice=["yes", "no"],
    metric="acc",
)


def asked(n: int = 100, **over: object) -> AskedTask:
    """Return a task with n samples."""
    task = make_task(Task(**vars(TASK) | over))  # type: ignore[arg-type]  # a few changed fields
    return AskedTask(task, [Sample(str(i), {}, str(i)) for i in range(n)], "d" * 64)


@pytest.fixture(name="plan")
def _plan(tmp_path: Path) -> Config:
    """Return a plan whose registry has the general's score on the 100 samples of the task."""
    url = f"sqlite:///{tmp_path}/registry.sqlite"
    same = asked()
    score = task_score(
        task_id="capitals",
        value=0.8,
        n=100,
        dataset_sha256=same.dataset_sha256,
        template_sha256=same.task.template_sha256,
        seed=0,
    )
    with Registry.open(url) as registry:
        registry.record([evaluation_result(model_id="general@fp32", tasks=(score,))], finished_at=datetime.now(UTC))
    return Config(registry=url, baseline=Baseline(name="general"))


def test_the_target_is_a_share_of_the_generals_score(plan: Config) -> None:
    """0.85 x 0.8, whatever the gate's absolute target is."""
    gate = QualityGate(targets={"routing": 0.5})
    found = baseline_score(plan, asked())
    assert target_of(TASK, gate, found) == (pytest.approx(0.68), "baseline")
    assert target_of(TASK, gate, None) == (0.5, "gate")


@pytest.mark.parametrize(
    "other",
    [asked(n=99), asked(doc_to_text="Now: {{ question }}"), asked(name="towns")],
    ids=["fewer samples", "another prompt", "another task"],
)
def test_other_samples_are_no_baseline(plan: Config, other: AskedTask) -> None:
    """Another number of samples, another prompt, another task: nothing to compare with."""
    assert baseline_score(plan, other) is None


def test_an_unknown_general_has_no_score(plan: Config) -> None:
    """A price list alone is no measured quality."""
    plan.baseline.name = "gpt-4o-mini"
    assert baseline_score(plan, asked()) is None
