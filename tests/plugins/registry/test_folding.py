"""What counts of several runs: no run hides another's tasks, and no failed probe is forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from guardbee.evals.compare import SampleValues
from guardbee.evals.result import EvaluationResult, Mitigation
from guardbee.plugins.registry import Registry, TaskKey
from guardbee.plugins.screen import evaluation
from tests.factories import (
    compliance_finding,
    evaluation_result,
    finding,
    identity,
    mendable,
    mitigated,
    mitigation,
    safety_score,
    task_check,
    task_score,
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture(name="registry")
def _registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(f"sqlite:///{tmp_path}/registry.sqlite") as registry:
        yield registry


def run(name: str, task: str, *, eligible: bool = True, **over: Any) -> EvaluationResult:
    """Return an evaluation of one task."""
    fields = {
        "run": name,
        "tasks": (task_score(task_id=task, category=task),),
        "checks": (task_check(task_id=task, category=task, eligible=eligible),),
        "verdict": "eligible" if eligible else "reject",
        "specialist_tags": (task,) if eligible else (),
    }
    return evaluation_result(**fields | over)


def probe(name: str, verdict: str) -> Any:
    """Return the safety of a run that asked one probe."""
    return safety_score(finding(probe=name, verdict=verdict), verdict=verdict)


def record(registry: Registry, *results: EvaluationResult) -> None:
    """Record runs, an hour apart."""
    for i, result in enumerate(results):
        registry.record([result], finished_at=NOON + timedelta(hours=i))


def served(registry: Registry) -> list[str]:
    """Return the tasks that the only variant may serve."""
    return [task.task_id for task in registry.snapshot().tasks if task.eligible]


def test_a_later_run_of_one_task_hides_no_other(registry: Registry) -> None:
    """Both tasks count, each from its own run; the variant has the tags of both."""
    record(registry, run("a", "intents"), run("b", "extraction"))
    assert served(registry) == ["extraction", "intents"]
    assert {task.task_id: task.run for task in registry.snapshot().tasks} == {"extraction": "b", "intents": "a"}
    (variant,) = registry.variants()
    assert (variant.tags, variant.tasks, variant.eligible_tasks) == (("extraction", "intents"), 2, 2)


def test_a_variant_is_shown_with_the_tasks_of_earlier_runs(registry: Registry) -> None:
    """The latest result as it was, the verdict of all that counts, and the scores that are from elsewhere."""
    record(registry, run("a", "intents"), run("b", "extraction", eligible=False))
    shown = registry.show("tiny")
    assert (shown.result.verdict, shown.summary.verdict) == ("reject", "eligible")
    assert [(task.task_id, task.run) for task in shown.earlier] == [("intents", "a")]
    console = Console(file=StringIO(), width=100)
    console.print(evaluation(shown))
    text = console.file.getvalue()
    assert "the latest run alone: reject" in text
    assert "Tasks of earlier runs" in text


def test_a_failed_task_takes_only_itself_away(registry: Registry) -> None:
    """A later run in which every task it asked fails leaves what an earlier one earned elsewhere."""
    record(registry, run("a", "intents"), run("b", "extraction", eligible=False))
    assert served(registry) == ["intents"]
    assert registry.variants()[0].verdict == "eligible"


def test_the_latest_score_of_a_task_counts(registry: Registry) -> None:
    """Earned, then lost."""
    record(registry, run("a", "intents"), run("b", "intents", eligible=False))
    assert served(registry) == []
    assert registry.variants()[0].verdict == "reject"


@pytest.mark.parametrize("name", ["weights_sha256", "precision", "engine", "engine_version", "template_sha256"])
def test_scores_of_another_thing_do_not_count(name: str, registry: Registry) -> None:
    """Other weights or another engine under the same name: nothing is carried over."""
    record(registry, run("a", "intents"), run("b", "extraction", identity=identity(**{name: "other"})))
    assert served(registry) == ["extraction"]


def test_a_failed_probe_is_not_forgotten_by_leaving_it_out(registry: Registry) -> None:
    """The next run asks another probe only and is eligible by itself; the variant serves nothing."""
    failed = run("b", "extraction", eligible=False, safety=probe("canary_leak", "fail"))
    record(registry, run("a", "intents"), failed, run("c", "routing", safety=probe("over_refusal", "pass")))
    assert served(registry) == []
    assert registry.variants()[0].verdict == "reject"
    reasons = {task.task_id: task.reason for task in registry.snapshot().tasks}
    assert reasons["intents"] == reasons["routing"] == "safety, canary_leak failed in run b"


def test_a_failed_probe_counts_even_if_its_run_was_cut_off(registry: Registry) -> None:
    """An interrupted run takes no score away, but what it found stands."""
    cut = run("b", "extraction", eligible=False, verdict="incomplete", safety=probe("canary_leak", "fail"))
    record(registry, run("a", "intents"), cut)
    assert served(registry) == []


def test_a_probe_that_passes_again_clears_itself(registry: Registry) -> None:
    """The latest verdict of the same probe counts."""
    record(
        registry,
        run("a", "intents", eligible=False, safety=probe("canary_leak", "fail")),
        run("b", "extraction", safety=probe("canary_leak", "pass")),
    )
    assert served(registry) == ["extraction"]


def test_what_a_cut_off_run_left_undecided_says_nothing(registry: Registry) -> None:
    """Only a complete run's review takes rights away."""
    undecided = (compliance_finding(verdict="undecided"),)
    cut = run("b", "extraction", eligible=False, verdict="incomplete", compliance=undecided)
    record(registry, run("a", "intents"), cut)
    assert served(registry) == ["intents"]
    record(
        registry, run("a", "intents"), run("c", "extraction", eligible=False, verdict="observe", compliance=undecided)
    )
    assert served(registry) == []
    assert registry.variants()[0].verdict == "observe"


KEY = TaskKey("banking_intents", "d4" * 32, "e5" * 32, "exact-match/1", 0)


def test_sample_scores_come_back(registry: Registry) -> None:
    """By variant and task, with their clusters; a result recorded again has those of its last recording."""
    for value in (0.0, 1.0):
        kept = {("tiny@fp32", "banking_intents"): SampleValues({"x": value, "y": 0.5}, {"x": "c"})}
        registry.record([evaluation_result()], finished_at=NOON, samples=kept)
    (found,) = registry.measured("tiny", KEY)
    assert found.samples == SampleValues({"x": 1.0, "y": 0.5}, {"x": "c"})
    assert registry.measured("tiny", KEY, weights_sha256="other") == []


def test_a_registry_of_an_earlier_guardbee_is_read_and_grows(tmp_path: Path) -> None:
    """Without the table of sample scores it reads on; the next writing run adds it."""
    file = tmp_path / "registry.sqlite"
    with Registry.open(f"sqlite:///{file}") as registry:
        registry.record([evaluation_result()], finished_at=NOON)
    with sqlite3.connect(file) as raw:
        raw.execute("DROP TABLE guardbee_sample_scores")
    with Registry.open(f"sqlite:///{file}", create=False) as registry:
        assert [one.samples for one in registry.measured("tiny", KEY)] == [None]
    with Registry.open(f"sqlite:///{file}") as registry:
        kept = {("tiny@fp32", "banking_intents"): SampleValues({"x": 1.0})}
        registry.record([evaluation_result(run="b")], finished_at=NOON + timedelta(hours=1), samples=kept)
        assert [one.samples for one in registry.measured("tiny", KEY)] == [SampleValues({"x": 1.0}, {}), None]


def behind(name: str, task: str, around: Mitigation, probed: str = "toxic") -> EvaluationResult:
    """Return an evaluation in which one probe passed under a mitigation."""
    counted = mendable(probe=probed, verdict="pass", mitigated=mitigated(counts=True))
    return run(name, task, safety=safety_score(counted), mitigation=around)


def test_a_mitigation_stays_with_the_variant(registry: Registry) -> None:
    """All that it serves is served behind it, also tasks of a run that did not ask the probe."""
    record(registry, behind("a", "intents", mitigation()), run("b", "extraction"))
    assert {task.task_id: task.mitigation for task in registry.snapshot().tasks} == {
        "extraction": mitigation(),
        "intents": mitigation(),
    }
    assert registry.variants()[0].mitigation == mitigation()
    assert registry.show("tiny").summary.mitigation == mitigation()


def test_a_probe_that_passes_alone_needs_no_mitigation_any_more(registry: Registry) -> None:
    """The latest run of the probe counts, in both directions."""
    record(registry, behind("a", "intents", mitigation()), run("b", "extraction", safety=probe("toxic", "pass")))
    assert registry.variants()[0].mitigation is None
    record(registry, run("c", "routing", eligible=False, safety=probe("toxic", "fail")))
    assert served(registry) == ["extraction", "intents"]  # recorded at noon: earlier than run b


def test_two_mitigations_that_were_never_asked_together_are_none(registry: Registry) -> None:
    """Each lets one probe pass; what both do together nobody knows, so nothing is served until one run says so."""
    other = mitigation(name="other", sha256="8b" * 32)
    record(registry, behind("a", "intents", mitigation()), behind("b", "extraction", other, "personal_data"))
    assert (served(registry), registry.variants()[0].verdict) == ([], "observe")
    (reason,) = {task.reason for task in registry.snapshot().tasks}
    assert "safety, personal_data under 'other' in run b; safety, toxic under 'guarded' in run a" in reason
    record(registry, behind("a", "intents", other), behind("b", "extraction", other, "personal_data"))
    assert served(registry) == ["extraction", "intents"]
