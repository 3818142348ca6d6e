"""From overrides to a configuration: what is chosen, what is set, and what every mistake says."""

from __future__ import annotations

from pathlib import Path

import pytest

from guardbee.evals.case import COMPLIANCE_CHECKS, plan_cases, variants
from guardbee.evals.errors import ConfigurationError
from guardbee.plugins import grid


def test_nothing_said_is_the_pilot_suite() -> None:
    """All eight categories, the probes and the profiles, on the embedded model."""
    config = grid.compose([])
    assert variants(config.grid) == ["smollm2-135m@fp32"]
    assert len({task.category for task in config.grid.task.values()}) == 8
    cases = plan_cases(config.grid, "smollm2-135m@fp32")
    assert {case.kind for case in cases} == {"compliance", "quality", "safety", "performance"}
    assert [case.subject for case in cases[:4]] == list(COMPLIANCE_CHECKS)


@pytest.mark.parametrize(
    ("overrides", "models", "tasks"),
    [
        (["model=tinyllama", "task=mmlu"], ["tinyllama"], ["mmlu"]),
        (["model=tinyllama,smollm2-135m", "task=mmlu"], ["tinyllama", "smollm2-135m"], ["mmlu"]),
        (["model=tinyllama", "model=smollm2-135m", "task=mmlu"], ["tinyllama", "smollm2-135m"], ["mmlu"]),
        (["model={tinyllama,smollm2-135m}", "task=mmlu"], ["tinyllama", "smollm2-135m"], ["mmlu"]),
        (["model=glob(smol*)", "task=[mmlu,humaneval]"], ["smollm2-135m"], ["mmlu", "humaneval"]),
        (["model=tinyllama,glob(smol*)", "task=mmlu,mmlu"], ["tinyllama", "smollm2-135m"], ["mmlu"]),
    ],
)
def test_axes_expand(overrides: list[str], models: list[str], tasks: list[str]) -> None:
    """Lists, globs, repeats and braces are unions, in the order given."""
    config = grid.compose(overrides)
    assert (list(config.grid.model), list(config.grid.task)) == (models, tasks)


def test_a_setting_of_an_axis_reaches_every_choice() -> None:
    """task.limit=5 is a limit of each task."""
    config = grid.compose(["task=mmlu,humaneval", "task.limit=5", "++safety.n=3", "seed=7"])
    assert [task.limit for task in config.grid.task.values()] == [5, 5]
    assert {probe.n for probe in config.grid.safety.values()} == {3}
    assert config.seed == 7


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("model=smolm2-135m", ["unknown model 'smolm2-135m'", "did you mean smollm2-135m", "available", "tinyllama"]),
        ("task=mmul", ["unknown task 'mmul'", "mmlu", "available in conf/task/"]),
        ("task=glob(zz*)", ["no task matches glob(zz*)", "available"]),
        ("task.limt=5", ["'task.limt'", "did you mean limit", "available: name"]),
        ("task.limit=many", ["'many'", "Integer"]),
        ("+task.newkey=1", ["'newkey'", "available"]),
        ("+gate.atleast=1", ["'atleast'", "available"]),
        ("gate.stop=sometimes", ["gate.stop='sometimes'", "available: early, never"]),
        ("seeed=1", ["'seeed'", "did you mean seed", "model"]),
        ("suite=pilott", ["suite/pilott", "pilot"]),
        ("model=range(1,3)", ["only names, lists, choice() and glob()"]),
        ("model=null", ["unknown model 'null'"]),
        ("~model", ["cannot be deleted"]),
        ("model=(", ["model=("]),
        ("evals/missing=dir/test_x.py", ["evals/missing"]),
    ],
)
def test_a_mistake_is_named_with_the_alternatives(override: str, says: list[str]) -> None:
    """One message: the name, the near misses, what is available; none of the run's inner node names."""
    with pytest.raises(ConfigurationError) as caught:
        grid.compose([override])
    for text in says:
        assert text in str(caught.value)
    assert "grid." not in str(caught.value)


def test_a_configuration_survives_the_way_to_a_worker() -> None:
    """Text out, the same dataclasses back."""
    config = grid.compose(["suite=smoke"])
    assert grid.from_json(grid.to_json(config)) == config


@pytest.mark.parametrize("group", grid.AXES)
def test_every_option_composes(group: str) -> None:
    """Each file of each group fits the schema, and calls itself by its file's name."""
    config = grid.compose([f"{group}=glob(*)"])
    assert list(getattr(config.grid, group)) == grid.available(group)


def test_a_task_without_a_limit_of_time_needs_one_of_its_category() -> None:
    """Neither the task nor the gate says how long a request may take: refused before anything runs."""
    config = grid.compose(["task=mmlu"])
    config.grid.task["mmlu"].sla_p95_ms = None
    grid._agree(config)
    del config.gate.performance.sla_p95_ms["reasoning-lite"]
    with pytest.raises(ConfigurationError, match=r"task 'mmlu' says no sla_p95_ms.*'reasoning-lite'; known: class"):
        grid._agree(config)


@pytest.mark.parametrize("key", ["limits", "min_prompts", "max_unassessed"])
def test_a_gate_says_something_of_every_severity(key: str) -> None:
    """A severity without a limit, a least number of prompts or an allowance for errors is refused, also unasked for."""
    with pytest.raises(ConfigurationError, match=f"conf/gate/standard.yaml: safety.{key} says nothing of severity low"):
        grid.compose([f"~gate.safety.{key}.low"])


def test_a_probe_of_an_unknown_severity_is_refused() -> None:
    """With those that there are."""
    with pytest.raises(ConfigurationError, match=r"'over_refusal' has severity 'grave'; the gate knows critical, high"):
        grid.compose(["safety=over_refusal", "safety.severity=grave"])


def test_a_mitigation_that_does_nothing_is_refused() -> None:
    """Before anything runs."""
    with pytest.raises(ConfigurationError, match=r"conf/mitigation/guarded.yaml does nothing"):
        grid.compose(["mitigation=guarded", "mitigation.system=null", "mitigation.redact=[]"])


@pytest.mark.parametrize("group", ["suite", "gate", "judge", "mitigation", "baseline", "hardware", "store"])
def test_every_choice_composes(group: str) -> None:
    """The same for the groups that have one choice."""
    for name in grid.available(group):
        grid.compose([f"{group}={name}"])


def test_users_have_a_folder_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model in $GUARDBEE_CONF is found beside the project's."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "mine.yaml").write_text("name: mine\nsource: file:/srv/mine\n")
    monkeypatch.setenv(grid.OWN_CONF, str(tmp_path))
    config = grid.compose(["model=mine,tinyllama"])
    assert config.grid.model["mine"].source == "file:/srv/mine"


def test_a_file_that_calls_itself_otherwise_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are how results find their plan: file and name must agree."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "mine.yaml").write_text("name: yours\nsource: file:/srv/mine\n")
    monkeypatch.setenv(grid.OWN_CONF, str(tmp_path))
    with pytest.raises(ConfigurationError, match="calls itself 'yours'"):
        grid.compose(["model=mine"])
