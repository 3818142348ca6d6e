"""The target out of the registry: only where the general was scored on the very same samples."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from guardbee.conf.schema import Baseline, Config, QualityGate, Task
from guardbee.evals.assess import target_of
from guardbee.evals.compare import SampleValues
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, errored, scored
from guardbee.evals.tasks import make_task
from guardbee.fixtures.general import General, Usage
from guardbee.fixtures.inputs import AskedTask
from guardbee.plugins.baseline import BaselineScore, beside, of_general, of_registry
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
        scorer=same.task.scorer,
        seed=0,
    )
    with Registry.open(url) as registry:
        registry.record([evaluation_result(model_id="general@fp32", tasks=(score,))], finished_at=datetime.now(UTC))
    return Config(registry=url, baseline=Baseline(name="general"))


def test_the_target_is_a_share_of_the_generals_score(plan: Config) -> None:
    """0.85 x 0.8, whatever the gate's absolute target is."""
    gate = QualityGate(targets={"routing": 0.5})
    found = of_registry(plan, asked())
    assert found is not None
    assert target_of(TASK, gate, found.value) == (pytest.approx(0.68), "baseline")
    assert target_of(TASK, gate, None) == (0.5, "gate")


@pytest.mark.parametrize(
    "other",
    [asked(n=99), asked(doc_to_text="Now: {{ question }}"), asked(name="towns")],
    ids=["fewer samples", "another prompt", "another task"],
)
def test_other_samples_are_no_baseline(plan: Config, other: AskedTask) -> None:
    """Another number of samples, another prompt, another task: nothing to compare with."""
    assert of_registry(plan, other) is None


def test_an_unknown_general_has_no_score(plan: Config) -> None:
    """A price list alone is no measured quality."""
    plan.baseline.name = "gpt-4o-mini"
    assert of_registry(plan, asked()) is None


class Answering:
    """A general that was asked: right on the first ``right`` samples, without an answer on the last ``failed``."""

    name = "general"

    def __init__(self, right: int, failed: int = 0) -> None:
        self.right = right
        self.failed = failed

    def scores(self, task: AskedTask) -> list[Score]:
        """See ``General``."""
        known = len(task.samples) - self.failed
        found = [scored(float(i < self.right), "yes") for i in range(known)]
        return [*found, *(errored("timeout") for _ in range(self.failed))]

    def usage(self, task: AskedTask) -> dict[str, Usage]:
        """See ``General``: ten tokens in and two out for each sample."""
        return {sample.id: Usage(10, 2) for sample in task.samples}


def general(right: int, failed: int = 0) -> General:
    """Return such a general as the type that it stands for."""
    return cast("General", Answering(right, failed))


def test_a_general_of_the_run_is_a_target_and_a_partner() -> None:
    """Its value is the target's; the candidate is compared with it sample by sample, on those it was asked."""
    plan = Config(baseline=Baseline(name="general"))
    found = of_general(general(90), asked(), most_errors=0.02)
    assert found is not None
    assert found.value == pytest.approx(0.9)
    ours = SampleValues({str(i): float(i < 20) for i in range(40)})
    record = beside(task_score(), ours, found, plan)
    (comparison,) = record.comparisons
    assert (comparison.kind, comparison.against, comparison.n) == ("baseline", "general", 40)
    assert comparison.difference == pytest.approx(-0.5)
    assert comparison.verdict == "inferior"
    assert (record.baseline_prompt_tokens, record.baseline_completion_tokens) == (400, 80)


@pytest.mark.parametrize(("failed", "known"), [(2, True), (3, False), (100, False)])
def test_a_general_that_failed_too_often_is_no_target(failed: int, known: bool) -> None:
    """More than 2 % without an answer: its score would rest on the rest."""
    assert (of_general(general(50, failed), asked(), most_errors=0.02) is not None) is known


def test_without_a_baseline_a_record_stays_as_it_is() -> None:
    """Nothing is compared, nothing is charged; a score without samples gives a target and no comparison."""
    plan = Config()
    ours = SampleValues({"0": 1.0})
    assert beside(task_score(), ours, None, plan) == task_score()
    assert beside(task_score(), ours, BaselineScore("general@fp32", 0.8, None), plan).comparisons == ()
