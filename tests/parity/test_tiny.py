"""Equal prompts, log-likelihoods, texts and scores as lm-evaluation-harness, on a tiny model with random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guardbee.conf.schema import Data, Fewshot, Filter, Generation, MetricKwargs, Shot, Task
from guardbee.fixtures.runtime import TransformersRuntime
from tests.parity.compare import compare
from tests.peer import Peer

CITIES = ("Paris", "London", "Rome")
ROWS = [
    {"n": n, "q": f"{'Which city' if n % 2 else 'Say, which of the cities'} is number {n}?", "options": options}
    | {"label": n % len(options), "answer": options[n % len(options)]}
    for n in range(12)
    for options in [[*CITIES[: 2 + n % 2], "a bee " + "that stands at the entrance " * (n % 3)]]
]
DEV = [row | {"q": f"Example: {row['q']}", "n": -row["n"]} for row in ROWS[:4]]
LONG = "Guard bees stand at the entrance of a hive. " * 40
"""More tokens than the context of the tiny model has."""
DATA = Data(files=[], reader="jsonl", id="{{ n }}", license="MIT", citation="nobody")
EXAMPLES = Fewshot("first_n", DATA)


def choice(name: str, **fields: Any) -> Task:
    """Return a multiple-choice task."""
    return _task(
        name, "choice", **{"metric": "acc", "doc_to_choice": "options", "doc_to_target": "{{ label }}"} | fields
    )


def text(name: str, **fields: Any) -> Task:
    """Return a task with generated answers."""
    decoding = Generation(12, ["\n", "is"])
    said = {"metric": "exact_match", "doc_to_target": "{{ answer }}", "generation_kwargs": decoding}
    return _task(name, "text", **said | fields)


def _task(name: str, kind: str, **fields: Any) -> Task:
    said = {"doc_to_text": "Q: {{ q }}\nA:"} | fields
    return Task(name=name, title=name, category="classification", kind=kind, data=DATA, **said)


def tasks(**form: Any) -> list[Task]:
    """Return tasks that differ in what can go wrong, all in one prompt form."""
    joined, right = form | {"target_delimiter": ""}, {"doc_to_target": "{{ n % 2 }}"}
    lenient = MetricKwargs(ignore_case=True, ignore_punctuation=True, regexes_to_ignore=["th"])
    return [
        choice("acc", **form),
        choice("acc_norm", metric="acc_norm", **form),
        choice("fixed", doc_to_choice=["yes", "no", "it is"], doc_to_target="{{ 'no' if label else 'yes' }}", **form),
        choice("spaces", doc_to_text="{{ q }} \n ", target_delimiter="", **form),
        choice(
            "merged", doc_to_text="{{ q }} Every b", doc_to_choice=["ee that wants in", "ees, né le"], **right, **joined
        ),
        choice(
            "too_long", doc_to_text=LONG + "{{ q }}", doc_to_choice=["A", "B", "C"], doc_to_target="{{ n % 3 }}", **form
        ),
        choice("delimiter", target_delimiter="\n -> ", description="Answer.\n\n", **form),
        text("strict", **form),
        text("long", doc_to_text=LONG + "{{ q }}", **form),
        text("no_stops", generation_kwargs=Generation(9, []), description="Number {{ n }}: ", **form),
        text("filtered", filter=[Filter("lowercase"), Filter("remove_whitespace")], metric_kwargs=lenient, **form),
        text("found", filter=[Filter("regex", r"([a-z]+)|(\d+)", -1)], **form),
    ]


PROMPTS: dict[str, dict[str, Any]] = {
    "raw": {"apply_chat_template": False},
    "raw, examples": {"apply_chat_template": False, "num_fewshot": 3, "fewshot_config": EXAMPLES},
    "raw, literal examples": {"apply_chat_template": False, "shots": [Shot("Q: x\nA:", "y"), Shot("{{ q }}", "z")]},
    "chat": {},
    "chat, examples": {"num_fewshot": 2, "fewshot_config": EXAMPLES},
    "chat, literal examples": {"shots": [Shot("Q: x\nA:", "y"), Shot("{{ q }}", "z")]},
}


@pytest.mark.parametrize("form", PROMPTS.values(), ids=PROMPTS)
def test_both_tools_agree(form: dict[str, Any], engine: TransformersRuntime, peer: Peer, tmp_path: Path) -> None:
    """Prompt hashes and texts equal, log-likelihoods within rounding, scores equal to the last digit."""
    shots = DEV if "num_fewshot" in form else []
    for found in compare([(it, ROWS, shots) for it in tasks(**form)], engine, peer, folder=tmp_path, limit=len(ROWS)):
        assert (found.task, found.prompts_differ, found.texts_differ) == (found.task, 0, 0)
        assert found.rounding <= 1, found
        assert found.ours == found.theirs, found
