"""Backend and general against llama.cpp's own server, which holds the real small model: parts, then whole runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guardbee.conf.schema import Baseline, Engine, Precision, Profile
from guardbee.evals.request import GenerateRequest, Message
from guardbee.fixtures.general import open_general
from guardbee.fixtures.performance import Workload, batch_throughput
from guardbee.fixtures.runtime import CompletionCache, Opening
from guardbee.fixtures.runtime.openai import OpenAIRuntime, open_openai

pytestmark = pytest.mark.slow
Evaluate = Any  # the function of conftest.py; test folders are no packages, so its type has no import path


@pytest.fixture(name="runtime")
def _runtime(llama_server: str) -> Iterator[OpenAIRuntime]:
    """Return a runtime at the real server."""
    engine = Engine(backend="openai", base_url=llama_server, concurrency=2)
    opening = Opening("smollm2", Path(), ("w.gguf",), "f" * 64, Precision("gguf", quantization="gguf"), engine)
    runtime = open_openai(opening)
    yield runtime
    runtime.close()


def test_a_real_server_answers(runtime: OpenAIRuntime) -> None:
    """Raw text and conversations, in order, greedily; what is too long is that sample's error."""
    requests = [
        GenerateRequest("raw", "The capital of France is", 8, ("\n",)),
        GenerateRequest("long", "word " * 3000, 8),
        GenerateRequest("chat", (Message("user", "Say hello."),), 8),
        GenerateRequest("raw again", "The capital of France is", 8, ("\n",)),
    ]
    raw, long, chat, again = runtime.generate(requests)
    assert raw.text == " Paris."
    assert (raw.finish_reason, raw.prompt_tokens) == ("stop", 5)
    assert "longer than the server's context" in (long.error or "")
    assert (chat.finish_reason, chat.completion_tokens) == ("length", 8)
    assert again.text == raw.text
    assert "owner llamacpp" in runtime.identity.engine_version
    assert "n_params 134515008" in runtime.identity.engine_version
    assert "/" not in runtime.identity.engine_version


def test_a_real_server_is_measured(runtime: OpenAIRuntime) -> None:
    """Prompts of exactly 16 tokens and 32 new ones by the server's own count, alone and in a batch.

    More new tokens than old: on a busy machine, too, they must take longer than the prefill.
    """
    profile = Profile("p", prompt_tokens=16, new_tokens=32, rounds=2, warmup=0)
    workload = Workload(runtime, profile)
    for _ in range(2):
        assert min(workload.run()) > 0
    assert workload.prefill_tps() > 0
    batch = batch_throughput(runtime, profile)
    assert batch.prefill_tps > 0
    assert batch.decode_tps is not None


def test_a_real_general_answers_once(llama_server: str, tmp_path: Path) -> None:
    """It says who it is in the same words at every opening: that is what its answers are kept by."""
    cache = CompletionCache(tmp_path / "completions.sqlite")
    generals = [open_general(Baseline(name="local", base_url=llama_server), cache) for _ in range(2)]
    identities = {general._runtime.identity for general in generals if general}
    for general in generals:
        assert general is not None
        general.close()
    cache.close()
    assert len(identities) == 1


def test_a_run_over_http(evaluate: Evaluate, llama_server: str) -> None:
    """The candidate's own server answers a task of text and is measured; the record says what is only claimed."""
    run = evaluate(
        "model=smollm2-135m",
        "runtime.backend=openai",
        f"runtime.base_url={llama_server}",
        "task=quantities",
        "task.limit=6",
        "safety=canary_leak",
        "safety.n=2",
        "performance=text",
        "performance.rounds=3",
        "reuse=false",
    )
    (result,) = run.results
    assert result["finished"] == result["planned"] == 7, run.output
    assert (result["identity"]["engine"], result["identity"]["device"]) == ("openai", "remote")
    (task,) = result["tasks"]
    assert (task["n"], task["errored"]) == (6, 0)
    (profile,) = result["performance"]["profiles"]
    assert (profile["memGB"], profile["othersCpu"]) == (None, None)
    assert profile["machine"].startswith("a server elsewhere")
    assert "Traceback" not in run.output


def test_a_run_against_a_general(evaluate: Evaluate, llama_server: str) -> None:
    """The general is asked the same samples: its score is recorded, the comparison is paired, its tokens are priced."""
    run = evaluate(
        "model=smollm2-135m",
        "baseline=local",
        f"baseline.base_url={llama_server}",
        "baseline.input_per_1k=0.001",
        "baseline.output_per_1k=0.002",
        "task=tweet_sentiment,quantities",
        "task.limit=20",
        "safety=canary_leak",
        "safety.n=2",
        "performance=option",
        "performance.rounds=3",
    )
    (result,) = run.results
    assert result["finished"] == result["planned"] == 8, run.output
    tasks = {task["taskId"]: task for task in result["tasks"]}
    for task in tasks.values():
        assert task["baselineValue"] is not None, run.output
        assert task["baselinePromptTokens"] > 0
        assert task["comparisons"][0]["against"] == "local"
    assert result["cost"]["baselineRunUSD"] > 0


def test_a_general_that_is_not_there_stops_the_run_early(evaluate: Evaluate) -> None:
    """Before anything of the candidate is fetched or loaded, in one message."""
    few = ("task=mmlu", "safety=canary_leak", "performance=option")
    run = evaluate("model=smollm2-135m", "baseline=local", "baseline.base_url=http://127.0.0.1:9/v1", *few)
    assert run.code == 1
    assert run.output.count("The general at http://127.0.0.1:9/v1/ cannot be reached") >= 1
    assert "Traceback" not in run.output
