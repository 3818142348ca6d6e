from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from guardbee.conf.schema import File
from guardbee.evals.errors import ConfigurationError
from guardbee.fixtures.runtime import backends
from guardbee.fixtures.runtime.backends import Backend
from guardbee.plugins import able
from guardbee.plugins.able import check_backends
from guardbee.plugins.grid import compose

SERVER = ("runtime.backend=openai", "runtime.base_url=http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ((*SERVER, "task=mmlu,humaneval"), "mmlu; choose others (task=humaneval), or use runtime.backend=transformers"),
        ((*SERVER, "task=mmlu"), "choose tasks of another kind"),
        (("precision=gguf", "runtime.backend=transformers"), "use runtime.backend=llamacpp"),
        (("precision=int8", "runtime.backend=llamacpp"), "does not run precision 'int8'"),
        (("precision=fp32,gguf", "runtime.backend=llamacpp"), "does not run precision 'fp32'"),
        (("runtime.backend=lamacpp",), "did you mean llamacpp?"),
    ],
)
def test_what_a_backend_cannot_do_is_said_at_once(overrides: tuple[str, ...], says: str):
    """The error names the tasks, precisions or models concerned, and what would work."""
    with pytest.raises(ConfigurationError) as caught:
        check_backends(compose(overrides))
    assert says in str(caught.value)


def test_a_candidate_without_a_gguf_file_is_said_at_once():
    """Where a model's YAML names its files, llama.cpp needs one of its format among them."""
    config = compose(["precision=gguf"])
    for model in config.grid.model.values():
        model.files = [File(name="model.safetensors")]
    with pytest.raises(ConfigurationError, match="have none: smollm2-135m; use precision=fp32"):
        check_backends(config)


@pytest.mark.parametrize("overrides", [(), ("precision=fp32,gguf", "task=mmlu"), (*SERVER, "task=humaneval")])
def test_what_backends_can_do_passes(overrides: tuple[str, ...]):
    """The default suite, both ways of running a GGUF file, and text tasks at a server are planned."""
    check_backends(compose(overrides))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"measurable": False}, "cannot be measured, as the performance profiles option, text ask"),
        ({"package": "guardbee_never_installed"}, "pip install 'guardbee[gguf]'"),
        ({"verbs": frozenset({"choose"})}, "generates no text"),
    ],
)
def test_a_backend_that_lacks_a_part_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, changes: Mapping[str, Any], says: str
):
    """Not measurable, not installed, not able to write: each with what to do."""
    given: dict[str, Any] = {"verbs": frozenset({"choose", "generate"}), "measurable": True, "open": None}
    poor = {"llamacpp": Backend(**given | {"quantizations": frozenset({"gguf"}), "extra": "gguf"} | changes)}
    for module in (backends, able):
        monkeypatch.setattr(module, "BACKENDS", poor)
    with pytest.raises(ConfigurationError, match="llamacpp") as caught:
        check_backends(compose(["precision=gguf"]))
    assert says in str(caught.value)


def test_a_suite_without_profiles_needs_no_measuring(monkeypatch: pytest.MonkeyPatch):
    """The way out that the message names is one."""
    given: dict[str, Any] = {"verbs": frozenset({"choose", "generate"}), "measurable": False, "open": None}
    for module in (backends, able):
        monkeypatch.setattr(module, "BACKENDS", {"transformers": Backend(**given)})
    check_backends(compose(["suite.performance=[]"]))


@pytest.mark.slow
def test_a_plan_that_cannot_be_is_a_usage_error(evaluate: Callable[..., Any]):
    """Exit code 4, before anything is fetched or loaded."""
    done = evaluate(*SERVER, "model=smollm2-135m", "task=mmlu")
    assert done.code == 4
    assert "gives no log-likelihoods of options" in done.output
    assert done.folder is None
