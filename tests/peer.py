"""lm-evaluation-harness beside Guardbee: the same weights, rows and prompts through both, in one process, offline.

Where the two differ on purpose, and how:

* Examples: ours never contain a copy of the asked row, and random ones are drawn for each sample alone
  (``evals/tasks/fewshot.py``). Its random sampler depends on the order and number of the samples.
* Ends: ours stop at the end of a turn as the chat template writes it, also where ``generation_config.json`` does not
  name it; sampling and penalties of that file are not applied (``fixtures/runtime/transformers.py``).
* Marks: a chat template's text is encoded without further marks, as transformers does; the harness adds the tokenizer's
  own before one that does not begin with it.
* Truncation: a choice that is too long loses the same tokens for all its options; the harness cuts each option's row.
* A reference that is an option's text and a number as well means the text here, and the number of an option there.
* Nothing to ask or score (an empty prompt, an option without a token of its own) is an error of the sample, here.
* A template that refuses a system message: ours puts its text before the question, the harness drops it.
* Text is decoded as the tokens say; a tokenizer's wish to tidy up the spaces afterwards is not followed.
* Answers that a filter cannot read are unparsed: they score 0, as there, and are counted.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import socket
import unittest.mock
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guardbee.conf.schema import Task as Config
from guardbee.evals.sample import Row

_FLAGS = ("ignore_case", "ignore_punctuation", "ignore_numbers", "regexes_to_ignore")
_RULES = {"acc": ("acc", "acc_norm"), "acc_norm": ("acc", "acc_norm"), "exact_match": ("exact_match",)}


@dataclass(frozen=True)
class PeerAnswer:
    """What the harness logged for one row."""

    prompt_sha256: str
    logprobs: tuple[float, ...]
    """Of each option; empty where text was generated."""
    text: str
    values: dict[str, float]
    """By metric."""


@dataclass(frozen=True)
class PeerRun:
    """One task through the harness: its answers in the order of the rows, and its scores by metric."""

    answers: tuple[PeerAnswer, ...]
    scores: dict[str, float]


def described(config: Config, rows: Sequence[Row], shots: Sequence[Row], folder: Path) -> dict[str, Any]:
    """Return a task of ours in the harness's words, with its rows written below ``folder``.

    Literal examples of ours become its ``samples``. Not every task can be said: nested columns with different keys do
    not survive its reader.
    """
    files = {"test": _written(folder / f"{config.name}_test.jsonl", rows)}
    if shots:
        files["dev"] = _written(folder / f"{config.name}_dev.jsonl", shots)
    said: dict[str, Any] = {
        "task": config.name,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": files, "cache_dir": str(folder / "cache")},
        "test_split": "test",
        "num_fewshot": config.num_fewshot,
        "description": config.description or "",
        "doc_to_text": config.doc_to_text,
        "doc_to_target": config.doc_to_target,
        "target_delimiter": config.target_delimiter,
        "fewshot_delimiter": config.fewshot_delimiter,
        "fewshot_config": {"sampler": "first_n"},
        "metric_list": [_metric(config, metric) for metric in _RULES[config.metric]],
        "metadata": {"version": 1.0},
    }
    if config.num_fewshot:
        said["fewshot_split"] = "dev"
    elif config.shots:
        texts = [{"u": shot.user, "a": shot.assistant} for shot in config.shots]
        said["fewshot_config"] |= {"samples": texts, "doc_to_text": "{{u}}", "doc_to_target": "{{a}}"}
        said["fewshot_config"] |= {"doc_to_choice": ["unused"]}  # else it looks for the task's columns in the examples
        said["num_fewshot"] = len(texts)
    return said | (_of_choice(config) if config.kind == "choice" else _of_text(config))


class Peer:
    """The harness with one model in it. ``batch_size`` is its own: rows of one forward pass."""

    def __init__(self, model: Path, *, batch_size: int = 8, threads: int | None = None) -> None:
        with aside():
            import torch
            from lm_eval.models.huggingface import HFLM

            if threads:
                torch.set_num_threads(threads)
            # The device is CUDA unless said.
            self.lm: Any = HFLM(str(model), device="cpu", dtype="float32", batch_size=batch_size)
            self.lm.get_model_info = dict  # it would ask the hub for a commit

    def run(self, tasks: Sequence[dict[str, Any]], folder: Path, *, chat: bool) -> dict[str, PeerRun]:
        """Evaluate tasks as ``described`` gives them; a conversation shows its examples as turns."""
        home = folder / "tasks"
        home.mkdir(exist_ok=True)
        for said in tasks:
            # JSON is YAML.
            (home / f"{said['task']}.yaml").write_text(json.dumps(said), encoding="utf-8")
        names = [said["task"] for said in tasks]
        with aside():
            from lm_eval import simple_evaluate
            from lm_eval.tasks import TaskManager

            manager = TaskManager(include_path=str(home), include_defaults=False)
            found: Any = simple_evaluate(
                model=self.lm,
                tasks=names,
                task_manager=manager,
                apply_chat_template=chat,
                fewshot_as_multiturn=chat,
                bootstrap_iters=0,
            )
        return {name: _read(found["samples"][name], found["results"][name]) for name in names}


@contextlib.contextmanager
def aside() -> Iterator[None]:
    """Keep its bars, logs, warnings and settings away from other tests, and all of it from the network.

    The hub's own switch for that is read once, at import, and would stay on for everybody else.
    """
    environment = dict(os.environ)
    with warnings.catch_warnings(), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), _offline():
            logging.disable(logging.CRITICAL)
            try:
                yield
            finally:
                logging.disable(logging.NOTSET)
                os.environ.clear()
                os.environ.update(environment)


@contextlib.contextmanager
def _offline() -> Iterator[None]:
    def refuse(_: socket.socket, address: object) -> None:
        raise OSError(f"lm-evaluation-harness wants to reach {address}")

    with unittest.mock.patch.object(socket.socket, "connect", refuse):
        yield


def _read(samples: list[dict[str, Any]], results: dict[str, Any]) -> PeerRun:
    answers = []
    for it in sorted(samples, key=lambda sample: int(sample["doc_id"])):
        scored = [response[0] for response in it["resps"]]
        is_text = isinstance(scored[0], str)
        answers.append(
            PeerAnswer(
                prompt_sha256=it["prompt_hash"],
                logprobs=() if is_text else tuple(float(logprob) for logprob, _ in scored),
                text=scored[0] if is_text else "",
                values={name: float(it[name]) for name in it["metrics"]},
            )
        )
    scores = {key.partition(",")[0]: float(value) for key, value in results.items() if key in _values(results)}
    return PeerRun(tuple(answers), scores)


def _values(results: dict[str, Any]) -> list[str]:
    return [key for key in results if "," in key and "stderr" not in key]


def _written(path: Path, rows: Sequence[Row]) -> str:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def _metric(config: Config, name: str) -> dict[str, Any]:
    said = {"metric": name, "aggregation": "mean", "higher_is_better": True}
    if name != "exact_match":
        return said
    return said | {flag: value for flag in _FLAGS if (value := getattr(config.metric_kwargs, flag))}


def _of_choice(config: Config) -> dict[str, Any]:
    options = config.doc_to_choice
    return {
        "output_type": "multiple_choice",
        "doc_to_choice": "{{ " + options + " }}" if isinstance(options, str) else options,
    }


def _of_text(config: Config) -> dict[str, Any]:
    how = config.generation_kwargs
    steps = [_step(vars(step)) for step in config.filter]
    return {
        "output_type": "generate_until",
        "generation_kwargs": {"until": how.until, "max_gen_toks": how.max_gen_toks, "do_sample": False},
        "filter_list": [{"name": "ours", "filter": [*steps, {"function": "take_first"}]}],
    }


def _step(said: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in said.items() if value is not None}
    return given if said["function"] == "regex" else {"function": said["function"]}
