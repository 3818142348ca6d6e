"""Every task of conf/task can be made, is pinned and attributed, and gives a perfect answer the full score."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from guardbee.conf.schema import Data, File, Generation, Shot, Task
from guardbee.evals.execution import Execution
from guardbee.evals.request import ChoiceCompletion, ChoiceRequest, TextCompletion
from guardbee.evals.tasks import CATEGORIES, make_task
from guardbee.fixtures.data.readers import READERS

FOLDER = Path(__file__).parents[3] / "conf" / "task"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
LOCATOR = re.compile(r"pypi:[\w-]+==[\w.]+(/[\w.-]+\.(whl|tar\.gz))?![\w./-]+(![\w./-]+)?")

FUNCTION = {
    "name": "math.area",
    "description": "Area of a triangle.",
    "parameters": {
        "type": "object",
        "properties": {
            "base": {"type": "integer", "description": "The base."},
            "points": {"type": "array", "items": {"type": "number"}, "description": "Corners."},
        },
        "required": ["base"],
    },
}
CALL = {"id": "simple_python_0", "category": "simple_python", "question": "Area of base 10?", "functions": [FUNCTION]}
# One row of each data set, as its reader gives it, and an answer that is right.
ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "clinical_notes": (
        {"ID": "6", "section_header": "X", "section_text": "No surgery.", "dialogue": "Doctor: Any?\nPatient: No."},
        "No surgery.",
    ),
    "contract_clauses": ({"contract": "This is secret.", "question": "About secrecy?", "answer": "True"}, "Yes"),
    "function_calls": (
        CALL | {"answer": {"math.area": {"base": [10], "points": [[1, 2.5], ""]}}},
        '{"name": "math.area", "arguments": {"base": 10}}',
    ),
    "humaneval": (
        {
            "task_id": "HumanEval/0",
            "prompt": "def one():\n",
            "canonical_solution": "    return 1\n",
            "test": "",
            "entry_point": "one",
        },
        "def one():\n    return 1",
    ),
    "language_id": ({"language": "de", "index": 0, "text": "Wo bist du?"}, "German"),
    "mmlu": ({"question": "What is 1 + 1?", "options": "A. 1\nB. 2\nC. 3\nD. 4", "answer": "B. 2"}, "B"),
    "quantities": (
        {"req": "two meters", "res": [{"value": 2, "unit": "metre", "surface": "two meters"}]},
        '[{"value": 2, "unit": "meters"}]',
    ),
    "tool_routing": (CALL | {"answer": None}, "none"),
    "tweet_sentiment": ({"id": "1", "mean": -2.1, "text": "OMG."}, "negative"),
}


def load(name: str) -> Task:
    """Return the configuration in a YAML as the schema's dataclasses; a key that they do not have fails."""
    said = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    data = said.pop("data")
    data["files"] = [File(**file) for file in data["files"]]
    shots = [Shot(**shot) for shot in said.pop("shots", [])]
    how = Generation(**said.pop("generation_kwargs", {}))
    return Task(**said, data=Data(**data), shots=shots, generation_kwargs=how)


def test_every_category_has_a_task() -> None:
    """Eight categories, none empty, and a row here for every task."""
    assert {load(name).category for name in NAMES} == set(CATEGORIES)
    assert sorted(ROWS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_its_files_are_pinned_and_attributed(name: str) -> None:
    """By version and hash, with a licence and a citation; the name is the file's."""
    config = load(name)
    assert config.name == name
    assert config.data.reader in READERS
    assert config.data.license
    assert len(config.data.citation) > 10
    assert config.data.files
    for file in config.data.files:
        assert re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert all(LOCATOR.fullmatch(part) for part in file.parts), file.parts


@pytest.mark.parametrize("name", NAMES)
def test_a_perfect_answer_has_the_full_score(name: str) -> None:
    """The templates fit the rows, and the scorer the reference."""
    row, answer = ROWS[name]
    task = make_task(load(name), execute=lambda _: Execution("passed", "", 0.0))
    sample = task.samples([row], seed=0, limit=None)[0]
    request = task.requests([sample])[0]
    if isinstance(request, ChoiceRequest):
        logprobs = tuple(0.0 if option == answer else -50.0 for option in request.options)
        score = task.score(sample, ChoiceCompletion("x", logprobs, 1, ""))
    else:
        assert not any(stop in answer.removesuffix("\n") for stop in request.stop), "a stop would cut a right answer"
        score = task.score(sample, TextCompletion("x", answer, "stop", 1, 1, ""))
    assert (score.outcome, score.value, score.answer is not None) == ("scored", 1.0, True)
