"""A task of lm-evaluation-harness, imported, has the score here that it has there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from guardbee.conf.schema import Data
from guardbee.evals.sample import Row
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.runtime import TransformersRuntime
from guardbee.plugins.importing import Wishes, read, translate
from tests.parity.compare import ask, compared
from tests.peer import Peer

CITIES = ("Paris", "London", "Rome", "a bee", "the entrance of a hive")


def _rows(kind: str, split: str, n: int) -> list[dict[str, Any]]:
    made = []
    for i in range(n):
        options = list(CITIES[: 2 + i % 4])
        right: dict[str, Any] = {"choices": options, "label": i % len(options)}
        made.append({"question": f"{split} {i}?"} | (right if kind == "mc" else {"answer": options[-1]}))
    return made


BASE = """
dataset_path: json
test_split: test
fewshot_split: dev
fewshot_config: {sampler: first_n}
num_fewshot: 2
doc_to_text: "Question: {{question}}\\nAnswer:"
metadata: {version: 1.0}
"""
THEIRS = {
    "mc": """
task: evals_local_mc
include: base.yaml
dataset_kwargs: {data_files: {dev: data/mc_dev.jsonl, test: data/mc_test.jsonl}}
output_type: multiple_choice
description: "Answer the question.\\n\\n"
doc_to_choice: choices
doc_to_target: label
target_delimiter: " "
fewshot_delimiter: "\\n\\n"
metric_list:
  - {metric: acc, aggregation: mean, higher_is_better: true}
  - {metric: acc_norm, aggregation: mean, higher_is_better: true}
""",
    "gen": """
task: evals_local_gen
include: base.yaml
dataset_kwargs: {data_files: {dev: data/gen_dev.jsonl, test: data/gen_test.jsonl}}
output_type: generate_until
doc_to_target: answer
generation_kwargs: {until: ["\\n", "Question:"], do_sample: false, temperature: 0.0, max_gen_toks: 16}
filter_list:
  - {name: strip, filter: [{function: remove_whitespace}, {function: take_first}]}
  - {name: raw, filter: [{function: take_first}]}
metric_list:
  - {metric: exact_match, aggregation: mean, higher_is_better: true, ignore_case: true, ignore_punctuation: true}
""",
}


@pytest.fixture(name="folder")
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory, from where ``data_files`` are looked for."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "wishes"),
    [
        ("mc", Wishes(metric="acc")),
        ("mc", Wishes(metric="acc_norm")),
        ("mc", Wishes(metric="acc", chat=True)),
        ("gen", Wishes(filter="strip")),
        ("gen", Wishes(filter="raw", chat=True)),
    ],
    ids=["acc", "acc_norm", "acc, chat", "filtered", "unfiltered, chat"],
)
def test_an_imported_task_scores_as_it_did(
    name: str, wishes: Wishes, engine: TransformersRuntime, peer: Peer, folder: Path
) -> None:
    """Both tools, from the same file: prompts, log-likelihoods, texts and score."""
    (folder / "data").mkdir()
    for split, n in (("dev", 3), ("test", 9)):
        lines = "".join(json.dumps(row) + "\n" for row in _rows(name, split, n))
        (folder / "data" / f"{name}_{split}.jsonl").write_text(lines)
    (folder / "base.yaml").write_text(BASE)
    path = folder / f"{name}.yaml"
    path.write_text(THEIRS[name])

    task = translate(read(path), path, wishes).task
    ours = ask(task, rows_of(task.data), engine, limit=100, shots=rows_of(task.fewshot_config.data))
    said = yaml.safe_load(BASE) | yaml.safe_load(THEIRS[name])
    del said["include"]
    # The harness keeps its rows' order, we choose ours: the same rows, in our order.
    (folder / "data" / f"{name}_test.jsonl").write_text("".join(json.dumps(it.row) + "\n" for it in ours.samples))
    said["dataset_kwargs"]["cache_dir"] = str(folder / "cache")
    if wishes.filter:
        said["filter_list"] = [it for it in said["filter_list"] if it["name"] == wishes.filter]
    theirs = peer.run([said], folder, chat=wishes.chat)[said["task"]]

    found = compared(task, ours, theirs)
    assert (found.n, found.prompts_differ, found.texts_differ) == (9, 0, 0)
    assert found.rounding <= 1, found
    assert found.ours == found.theirs


def rows_of(data: Data | None) -> list[Row]:
    """Return the rows of a data set of local files."""
    assert data
    return load_rows(data, lambda file: Path(file.parts[0].removeprefix("file:")), seed=0)[0]
