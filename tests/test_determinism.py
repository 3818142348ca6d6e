"""The same command gives the same scores: twice in one process, and over two workers, to the last byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.runtime.conftest import save_model, save_tokenizer

Evaluate = Any  # the function of conftest.py; test folders are no packages, so its type has no import path

ASKED = (
    "model=tiny-a,tiny-b",
    "precision=fp32",
    "task=weekdays,word_problems",
    "task.limit=8",
    "reuse=false",
    "-k",
    "quality",
)


@pytest.fixture(scope="module", name="own")
def _own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a configuration folder with two tiny models of random weights; the tasks generate their data."""
    folder = tmp_path_factory.mktemp("conf")
    (folder / "model").mkdir()
    for name in ("tiny-a", "tiny-b"):
        files = tmp_path_factory.mktemp(name)
        save_tokenizer(files)
        save_model(files, max_position_embeddings=2048, intermediate_size=48 if name == "tiny-a" else 64)
        (files / "README.md").write_text("---\nlicense: mit\n---\n# Tiny\n\nRandom weights.\n")
        (folder / "model" / f"{name}.yaml").write_text(f"name: {name}\nsource: file:{files}\nlicense: mit\n")
    return folder


@pytest.mark.slow
def test_a_command_gives_the_same_scores_again_and_over_two_workers(
    evaluate: Evaluate, own: Path, tmp_path: Path
) -> None:
    """Scores, intervals, p values, every sample's line: byte-identical in fp32, though everything is asked anew."""
    environment = {"GUARDBEE_CONF": str(own), "GUARDBEE_MODELS_CACHE": str(tmp_path / "store")}
    runs = [evaluate(*ASKED, *more, **environment) for more in ((), (), ("-n", "2"))]
    assert all("Traceback" not in run.output for run in runs), runs[0].output
    first, again, spread = (scores(run) for run in runs)
    assert len(json.loads(first)["tiny-b@fp32"]["tasks"]) == 2, runs[0].output
    assert again == first
    assert spread == first


def scores(run: Any) -> str:
    """Return the tasks of every variant, and the samples of every case, as text."""
    found = {
        result["modelId"]: {
            "tasks": result["tasks"],
            "samples": {path.name: path.read_text() for path in sorted(samples(run, result["modelId"]))},
        }
        for result in run.results
    }
    return json.dumps(found, sort_keys=True)


def samples(run: Any, variant: str) -> list[Path]:
    """Return the files of a variant's samples; there are some."""
    files = list((run.folder / "samples" / variant).glob("*.jsonl"))
    assert len(files) == 2, run.output
    return files
