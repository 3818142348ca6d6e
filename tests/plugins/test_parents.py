"""A quantized variant beside its parent: of the same run, else of the registry, of the same weights only."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from guardbee.conf.schema import Config
from guardbee.evals.compare import SampleValues
from guardbee.evals.result import CaseReport
from guardbee.plugins.parents import with_parents
from guardbee.plugins.registry import Registry
from tests.factories import evaluation_result, identity, task_score

RIGHT = {str(i): 1.0 for i in range(100)}
HALF = {str(i): float(i % 2) for i in range(100)}


def report(variant: str, values: dict[str, float], **over: Any) -> CaseReport:
    """Return the report of one task."""
    fields = {"kind": "quality", "subject": "banking_intents", "verdict": "pass", "reason": "", "seconds": 1.0}
    return CaseReport(variant=variant, task=task_score(**over), identity=identity(), values=values, **fields)


@pytest.fixture(name="plan")
def _plan(tmp_path: Path) -> Config:
    return Config(registry=f"sqlite:///{tmp_path}/registry.sqlite")


def test_a_smaller_copy_is_compared_with_its_parent_of_the_run(plan: Config) -> None:
    """On the same samples, whichever was reported first; the parent has none itself."""
    small, full = with_parents([report("m@int8", HALF), report("m@fp32", RIGHT)], plan)
    (found,) = small.task.comparisons
    assert (found.kind, found.against, found.n, found.verdict) == ("parent", "m@fp32", 100, "inferior")
    assert found.difference == pytest.approx(-0.5)
    assert full.task.comparisons == ()


@pytest.mark.parametrize("other", [{"seed": 1}, {"dataset_sha256": "x"}, {"template_sha256": "x"}, {"scorer": "x/2"}])
def test_other_samples_are_not_compared(other: dict[str, Any], plan: Config) -> None:
    """Another seed, data set, prompt or scorer: no comparison."""
    small, _ = with_parents([report("m@int8", HALF), report("m@fp32", RIGHT, **other)], plan)
    assert small.task.comparisons == ()


@pytest.mark.parametrize(("weights", "found"), [("a1" * 32, 1), ("other", 0)])
def test_a_parent_of_an_earlier_run_counts_if_it_has_the_same_weights(weights: str, found: int, plan: Config) -> None:
    """The registry keeps scores by sample; those of another revision are of another model."""
    with Registry.open(plan.registry or "") as registry:
        registry.record(
            [evaluation_result(model_id="m@fp32", identity=identity(weights_sha256=weights))],
            finished_at=datetime.now(UTC),
            samples={("m@fp32", "banking_intents"): SampleValues(RIGHT)},
        )
    (small,) = with_parents([report("m@int8", HALF)], plan)
    assert len(small.task.comparisons) == found


def test_without_a_parent_there_is_no_comparison(plan: Config) -> None:
    """No parent, no registry, another model's parent: nothing is made up, nothing is written."""
    small, _ = with_parents([report("m@int8", HALF), report("other@fp32", RIGHT)], plan)
    assert small.task.comparisons == ()
    assert not Path((plan.registry or "").removeprefix("sqlite:///")).exists()
