from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml

from guardbee.conf.schema import Config, File, Model, Signature
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.request import ChoiceRequest
from guardbee.evals.tasks import KINDS, make_task
from guardbee.fixtures.runtime import backends
from guardbee.fixtures.runtime.backends import Backend
from guardbee.plugins import able
from guardbee.plugins.able import check_backends, check_judge, check_probes, check_signatures
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
        (("runtime.backend=vllm",), "pip install 'guardbee[vllm]'"),
        (("runtime.backend=openai", "task=humaneval"), "runtime.base_url=null: say runtime.base_url=http://HOST:PORT"),
        (("runtime.backend=openai", "runtime.base_url=bees", "task=humaneval"), "runtime.base_url=bees"),
        (("precision=gguf", "runtime.device=cuda"), "runs on the cpu"),
        (("runtime.device=gpu",), "no device of torch; known: cpu, cuda"),
        (("runtime.device=cuda:99",), "is not there"),
        (("precision.dtype=float31",), "dtype 'float31' of the precision is not known here; known: float32"),
    ],
)
def test_what_a_backend_cannot_do_is_said_at_once(overrides: tuple[str, ...], says: str):
    """The error names the tasks, precisions or models concerned, and what would work."""
    with pytest.raises(ConfigurationError) as caught:
        check_backends(compose(overrides))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("backend", "precision", "model", "fits"),
    [
        ("auto", "gguf", Model("m", "hf:a/b@1", files=[File("model.safetensors"), File("tokenizer.json")]), False),
        ("auto", "gguf", Model("m", "file:/models/m/model.safetensors"), False),
        ("auto", "gguf", Model("m", "file:/models/m.gguf"), True),
        ("auto", "gguf", Model("m", "file:/models/m"), True),
        ("vllm", "fp32", Model("m", "lmstudio:a/b/m.Q4_K_M.gguf"), False),
        ("vllm", "fp32", Model("m", "pypi:m==1", files=[File("m.gguf"), File("README.md")]), False),
        ("vllm", "fp32", Model("m", "hf:a/b@1", files=[File("model.safetensors")]), True),
        ("auto", "fp32", Model("m", "file:/models/m.gguf"), True),
    ],
)
@pytest.mark.usefixtures("installed")
def test_a_candidate_of_another_format_is_said_at_once(backend: str, precision: str, model: Model, fits: bool):
    """Where its configuration names files or a file; of a folder or a repository it shows when they are here."""
    config = compose([f"precision={precision}", f"runtime.backend={backend}", "suite.performance=[]"])
    config.grid.model = {"m": model}
    if fits:
        check_backends(config)
        return
    with pytest.raises(ConfigurationError, match=r"these candidates have none: m; use runtime\.backend=auto"):
        check_backends(config)


@pytest.fixture(name="installed")
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Find every package that a backend needs."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: object())


@pytest.fixture(scope="module", name="everything")
def _everything() -> Config:
    """Return a plan of all precisions and tasks."""
    return compose(["precision=glob(*)", "task=glob(*)", "runtime.base_url=http://127.0.0.1:1/v1"])


BOTH = {"choose", "generate"}
CAN: dict[str, tuple[set[str], set[str], bool]] = {
    "transformers": ({"fp32", "bf16", "int8", "nf4"}, BOTH, True),
    "llamacpp": ({"gguf"}, BOTH, True),
    "vllm": ({"fp32", "bf16"}, BOTH, False),
    "openai": ({"fp32", "bf16", "int8", "nf4", "gguf"}, {"generate"}, True),
}
"""Precisions, verbs, and whether it can be measured: as the README tells it."""


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("backend", CAN)
def test_every_plan_is_refused_or_can_be_run(everything: Config, backend: str):
    """Backends x precisions x kinds of task x measured or not; and the way out that a refusal names is one."""
    precisions, verbs, measurable = CAN[backend]
    tasks = {task.kind: task for task in everything.grid.task.values()}
    assert (set(tasks), set(CAN)) == (set(KINDS), set(backends.BACKENDS))
    for precision, kind, measured in itertools.product(everything.grid.precision, tasks, (True, False)):
        grid = replace(
            everything.grid,
            model={"m": Model("m", "file:/models/m")},
            precision={precision: everything.grid.precision[precision]},
            task={tasks[kind].name: tasks[kind]},
            performance=everything.grid.performance if measured else {},
        )
        config = replace(everything, grid=grid, runtime=replace(everything.runtime, backend=backend))
        possible = precision in precisions and verb(kind, config) in verbs and (measurable or not measured)
        if possible:
            check_backends(config)
            continue
        with pytest.raises(ConfigurationError) as caught:
            check_backends(config)
        ways = re.findall(r"\w+", str(caught.value).rpartition("use runtime.backend=")[2].partition(",")[0])
        assert any(can(config, way) for way in set(ways) & set(CAN)), str(caught.value)


def can(config: Config, backend: str) -> bool:
    """Return whether a plan is possible with another backend."""
    try:
        check_backends(replace(config, runtime=replace(config.runtime, backend=backend)))
    except ConfigurationError:
        return False
    return True


def verb(kind: str, config: Config) -> str:
    """Return what tasks of a kind ask a backend for, by the request that they make."""
    (task,) = config.grid.task.values()
    made = make_task(task, execute=lambda *_: None, open_metric=lambda *_: None)  # type: ignore[arg-type,return-value]
    assert task.kind == kind
    return "choose" if get_type_hints(type(made).request)["return"] is ChoiceRequest else "generate"


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


JUDGE = ("judge=openai", "judge.base_url=http://127.0.0.1:1/v1")


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (("judge.model=SmolLM2-135M-Instruct-Q4_1.gguf",), "is the candidate smollm2-135m"),
        (SERVER, "the only model at http://127.0.0.1:1/v1' would judge itself"),
        (("judge.votes=2",), "judge.votes=2 is no panel"),
        (("judge.labels=5",), "judge.labels=5 are too few"),
    ],
)
def test_a_judge_that_cannot_be_is_said_at_once(overrides: tuple[str, ...], says: str):
    """A candidate is none, nor is one without a majority, or one that cannot be measured."""
    with pytest.raises(ConfigurationError) as caught:
        check_judge(compose([*JUDGE, *overrides]))
    assert says in str(caught.value)


def test_a_judge_that_can_be_passes():
    """Another model is one; without a judge its settings do not matter."""
    check_judge(compose([*JUDGE, "judge.model=large"]))
    check_judge(compose(["judge.votes=2"]))


@pytest.mark.slow
def test_a_plan_that_cannot_be_is_a_usage_error(evaluate: Callable[..., Any]):
    """Exit code 4, before anything is fetched or loaded."""
    done = evaluate(*SERVER, "model=smollm2-135m", "task=mmlu")
    assert done.code == 4
    assert "gives no log-likelihoods of options" in done.output
    assert done.folder is None


KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE5TWZHZYlVydXgibQJytlb/GkJYqB\n"
    "wpFaFH3JEReSyNfTbWzWYy6B2lGWbdc6ZToj+Bar+ilrzln5aN4p8gukOw==\n"
    "-----END PUBLIC KEY-----\n"
)
"""Made for these tests; nobody has the private half."""


@pytest.mark.parametrize(
    ("signature", "says"),
    [
        (Signature(file="model.sig", key=KEY), ""),
        (Signature(file="file:/keys/m.sig", sha256="ab" * 32, key=KEY), ""),
        (Signature(file="file:/keys/m.sig", key=KEY), "signature.sha256 of model 'm' is missing"),
        (Signature(file="model.sig", key="a name"), "signature.key of model 'm' is no public elliptic-curve key"),
    ],
)
def test_a_signature_that_cannot_be_verified_is_said_at_once(signature: Signature, says: str):
    """Before anything is fetched; the library that verifies is asked for only where there is one."""
    config = compose([])
    config.grid.model = {"m": Model("m", "file:/models/m", signature=signature), "n": Model("n", "file:/models/n")}
    if not says:
        check_signatures(config)
        return
    with pytest.raises(ConfigurationError, match=re.escape(says)):
        check_signatures(config)


def test_a_signature_is_configured_in_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The key stands in the file as text; a model without the group has none."""
    folder = tmp_path / "model"
    folder.mkdir()
    text = yaml.safe_dump({"name": "m", "source": "file:/models/m", "signature": {"file": "model.sig", "key": KEY}})
    (folder / "m.yaml").write_text(text)
    monkeypatch.setenv("GUARDBEE_CONF", str(tmp_path))
    config = compose(["model=m,smollm2-135m"])
    check_signatures(config)
    assert config.grid.model["m"].signature == Signature(file="model.sig", key=KEY)
    assert config.grid.model["smollm2-135m"].signature is None


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (("safety=jailbreaks", "safety.converters=[persona+base46]"), "did you mean base64"),
        (("safety=jailbreaks", "safety.converters=[low_resource_zu]"), "needs translated requests"),
        (("safety=injected_calls", "safety.doc_to_text=null"), "give 'doc_to_text'"),
        (("safety=personal_data", "safety.recognizer=presidoi"), "did you mean presidio"),
        (("safety=personal_data", "safety.recognizer=presidio"), "pip install 'guardbee[pii]'"),
    ],
)
def test_a_probe_that_cannot_be_asked_is_said_at_once(
    overrides: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
):
    """Before anything is fetched; what presidio needs, too."""
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=re.escape(says)):
        check_probes(compose(overrides))


def test_all_probes_that_there_are_can_be_asked():
    """With what is installed by default."""
    check_probes(compose(["safety=glob(*)"]))
