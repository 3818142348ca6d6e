"""The whole chain on the real small model, started as a user starts it."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Evaluate = Any  # the function of conftest.py; test folders are no packages, so its type has no import path

FEW = (
    "model=smollm2-135m",
    "task=mmlu,quantities",
    "task.limit=6",
    "safety=canary_leak",
    "safety.n=4",
    "performance=option",
    "performance.rounds=3",
)


@pytest.fixture(scope="module", name="own")
def _own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a configuration folder of the user's own."""
    folder = tmp_path_factory.mktemp("conf")
    (folder / "model").mkdir()
    return folder


def scores(result: dict[str, Any]) -> str:
    """Return all that must not vary between two runs."""
    return json.dumps([result["tasks"], result["safety"], result["compliance"]])


@pytest.mark.slow
def test_two_workers_give_the_same_scores_and_the_cache_gives_them_again(evaluate: Evaluate) -> None:
    """Fresh, fresh under -n 2, and out of the cache: byte-identical scores; the third run asks the model nothing."""
    first = evaluate(*FEW, "reuse=false")
    assert first.code in (1, 10), first.output
    (result,) = first.results
    assert result["finished"] == result["planned"] == 8, first.output
    assert "Traceback" not in first.output
    second = evaluate(*FEW, "reuse=false", "-n", "2")
    assert scores(second.results[0]) == scores(result)
    third = evaluate(*FEW)
    assert scores(third.results[0]) == scores(result)
    lines = [json.loads(line) for line in (third.folder / "results.jsonl").read_text().splitlines()]
    assert {line["subject"]: line["reused"] for line in lines if line["reused"]} == {
        "mmlu": 6, "quantities": 6, "canary_leak": len(third_answers(third.folder)),
    }  # fmt: skip
    assert third.results[0]["performance"]["profiles"][0]["reused"] is True
    assert len(list((third.folder / "allure-results").glob("*-result.json"))) == 8


def third_answers(folder: Path) -> list[Any]:
    """Return the probe's answers out of a run's samples."""
    path = folder / "samples" / "smollm2-135m@fp32" / "safety-canary_leak.jsonl"
    return [answer for line in path.read_text().splitlines() for answer in json.loads(line)["answers"]]


@pytest.mark.slow
def test_an_eligible_specialist_is_routed_to(evaluate: Evaluate, tmp_path: Path) -> None:
    """With a gate that the small model passes, the registry has it and the router names it, with the reason.

    A registry of its own: the canary that it leaked in another test's run bars it until that probe passes.
    """
    run = evaluate(
        "model=smollm2-135m",
        "task=tweet_sentiment",
        "safety=over_refusal",
        "performance=option",
        "gate.quality.targets.classification=0.3",
        "gate.performance.max_others_cpu=1.0",  # what else runs on this machine is not the subject here
        GUARDBEE_REGISTRY=f"sqlite:///{tmp_path}/registry.sqlite",
    )
    assert (run.code, run.results[0]["verdict"]) == (0, "eligible"), run.output
    assert run.results[0]["specialistTags"] == ["classification"]
    program = Path(sys.executable).with_name("guardbee")
    command = [program, "route", "tweet_sentiment", "--json", "--registry", run.registry]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    decision = json.loads(done.stdout)
    assert decision["variant"] == "smollm2-135m@fp32"
    assert decision["isSpecialist"] is True


@pytest.mark.slow
def test_a_hub_that_cannot_be_reached_stops_one_model_only(evaluate: Evaluate) -> None:
    """One clear message with what is in the store; the other model's cases all ran."""
    run = evaluate(*FEW, "model=phi-3-mini", HF_ENDPOINT="http://127.0.0.1:9")
    verdicts = {result["modelId"]: result for result in run.results}
    assert verdicts["phi-3-mini@fp32"]["verdict"] == "incomplete"
    assert verdicts["smollm2-135m@fp32"]["finished"] == 8
    assert run.code == 1
    assert run.output.count("microsoft/Phi-3-mini-4k-instruct") >= 1
    assert "smollm2-135m" in run.output.split("could not run:", 1)[1]
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("wrong-hash", ["expected", "f" * 64, hashlib.sha256(b"weights").hexdigest(), "wrong-hash"]),
        ("nowhere", ["nowhere cannot be read", "Beside it"]),
    ],
)
def test_a_model_that_cannot_be_had_is_one_message(
    evaluate: Evaluate, own: Path, tmp_path: Path, model: str, says: list[str]
) -> None:
    """What, where, expected and got; no traceback; the verdict is incomplete."""
    (tmp_path / "weights.gguf").write_bytes(b"weights")
    pin = f"files: [{{name: w.gguf, parts: ['file:{tmp_path}/weights.gguf'], sha256: {'f' * 64}}}]"
    (own / "model" / "wrong-hash.yaml").write_text(f"name: wrong-hash\nsource: file:{tmp_path}\n{pin}\n")
    (own / "model" / "nowhere.yaml").write_text(f"name: nowhere\nsource: file:{tmp_path}/nowhere\n")
    cache = str(tmp_path / "store")
    run = evaluate(f"model={model}", "task=mmlu", GUARDBEE_CONF=str(own), GUARDBEE_MODELS_CACHE=cache)
    assert (run.code, run.results[0]["verdict"]) == (1, "incomplete"), run.output
    for text in says:
        assert text in run.output, run.output
    assert "Traceback" not in run.output


class Harmless:
    """What a poisoned pickle would run, if anybody loaded it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.mkdir, (str(self.mark),))


def test_a_poisoned_candidate_is_rejected_and_never_loaded(evaluate: Evaluate, own: Path, tmp_path: Path) -> None:
    """A pickle that calls itself safetensors: reject, the other cases are not asked, and nothing of it ran."""
    folder = tmp_path / "poisoned"
    folder.mkdir()
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}')
    (folder / "model.safetensors").write_bytes(pickle.dumps(Harmless(tmp_path / "ran")))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# A model\nfine\n")
    (own / "model" / "poisoned.yaml").write_text(f"name: poisoned\nsource: file:{folder}\n")
    cache = str(tmp_path / "store")
    few = ("task=mmlu", "safety=over_refusal", "performance=option")
    run = evaluate("model=poisoned", *few, GUARDBEE_CONF=str(own), GUARDBEE_MODELS_CACHE=cache)
    (result,) = run.results
    assert (run.code, result["verdict"], result["missing"]) == (1, "reject", []), run.output
    assert not (tmp_path / "ran").exists()
    assert "3 refused" in run.output, run.output
    assert not result["tasks"]
    assert "Traceback" not in run.output


def test_a_store_that_is_too_small_says_so(evaluate: Evaluate, tmp_path: Path) -> None:
    """Quota, need, and the next step; nothing half-written."""
    cache = tmp_path / "store"
    run = evaluate("model=smollm2-135m", "task=mmlu", "store.quota=1MB", GUARDBEE_MODELS_CACHE=str(cache))
    assert (run.code, run.results[0]["verdict"]) == (1, "incomplete"), run.output
    assert "1 MB" in run.output
    assert "Traceback" not in run.output
    assert not [path for path in (cache / "objects").rglob("*") if path.is_file()]
