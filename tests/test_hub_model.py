"""A candidate of the Hugging Face Hub, from its repository to its verdict, against a hub on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.hub_server import HubServer

Evaluate = Any  # the function of conftest.py; test folders are no packages, so its type has no import path

REPO = "microsoft/Phi-3-mini-4k-instruct"
CARD = b"---\nlicense: mit\npipeline_tag: text-generation\n---\n# Tiny\n\nRandom weights of the Phi-3 architecture.\n"
TEMPLATE = (
    "{% for message in messages %}{{ '<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}"
)
MARKS = ["<|endoftext|>", "<|user|>", "<|system|>", "<|assistant|>", "<|end|>"]
FEW = (
    "model=phi-3-mini",
    "task=tweet_sentiment,humaneval",
    "task.limit=4",
    "safety=canary_leak",
    "safety.n=2",
    "performance=option",
    "performance.rounds=3",
)


@pytest.fixture(scope="module", name="repository")
def _repository(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Make a very small model of the Phi-3 architecture with random weights, as files of a repository."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import Phi3Config, Phi3ForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    bytewise = Tokenizer(models.BPE(vocab={letter: number for number, letter in enumerate(letters)}, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bytewise.decoder = decoders.ByteLevel()
    bytewise.add_special_tokens(MARKS)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=bytewise, eos_token=MARKS[-1], pad_token=MARKS[0], chat_template=TEMPLATE
    )
    torch.manual_seed(0)
    config = Phi3Config(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=4096,
        sliding_window=2047,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.pad_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    folder = tmp_path_factory.mktemp("phi3")
    Phi3ForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "README.md").write_bytes(CARD)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module", name="hub")
def _hub(repository: dict[str, bytes]) -> Iterator[HubServer]:
    """Serve it under the name of the real one."""
    with HubServer({REPO: repository}) as server:
        yield server


@pytest.fixture(scope="module", name="store_folder")
def _store_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a model store of its own: what it holds came from this hub."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module", name="first")
def _first(evaluate: Evaluate, hub: HubServer, store_folder: Path) -> Any:
    """Evaluate it, with an empty store."""
    return evaluate(*FEW, HF_ENDPOINT=hub.url, GUARDBEE_MODELS_CACHE=str(store_folder))


@pytest.mark.slow
def test_a_model_of_the_hub_is_evaluated(first: Any, hub: HubServer) -> None:
    """Downloaded at the commit of its branch, checked, loaded and asked; so few samples decide nothing."""
    assert first.code == 10, first.output
    assert "Traceback" not in first.output
    (result,) = first.results
    assert (result["verdict"], result["finished"]) == ("observe", result["planned"]), first.output
    assert result["candidate"]["revision"] == hub.commit(REPO)
    assert result["candidate"]["source"] == f"hf:{REPO}@main"
    assert f"pin it as hf:{REPO}@{hub.commit(REPO)}" in " ".join(first.output.split())
    checks = {finding["check"]: finding["verdict"] for finding in result["compliance"]}
    assert (checks["artifacts"], checks["licence"]) == ("pass", "pass"), first.output
    assert {task["taskId"]: task["errored"] for task in result["tasks"]} == {"tweet_sentiment": 0, "humaneval": 0}


@pytest.mark.slow
def test_without_the_hub_it_is_evaluated_out_of_the_store(first: Any, evaluate: Evaluate, store_folder: Path) -> None:
    """The second run meets a hub that does not answer, and gives the same scores at the same commit."""
    second = evaluate(*FEW, HF_ENDPOINT="http://127.0.0.1:9", GUARDBEE_MODELS_CACHE=str(store_folder))
    assert second.code == first.code, second.output
    assert second.results[0]["candidate"] == first.results[0]["candidate"]
    assert json.dumps(second.results[0]["tasks"]) == json.dumps(first.results[0]["tasks"])


@pytest.mark.slow
def test_transformers_reads_the_same_model_out_of_the_view(first: Any, store_folder: Path) -> None:
    """Offline, by its name on the hub: configuration, tokenizer and weights."""
    assert first.results
    code = (
        "import transformers as t\n"
        f"name = {REPO!r}\n"
        "model = t.AutoModelForCausalLM.from_pretrained(name)\n"
        "print(model.config.model_type, len(t.AutoTokenizer.from_pretrained(name)), model.num_parameters())"
    )
    environment = {**os.environ, "HF_HUB_CACHE": str(store_folder / "hub"), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[:2] == ["phi3", str(256 + len(MARKS))]
