"""Packaged data sets as both tools can ask them, in several prompt forms, with rows for the worked examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from guardbee.conf.schema import Fewshot, Filter, Generation, MetricKwargs, Task
from guardbee.evals.sample import Row
from guardbee.evals.tasks import Task as KnownTask
from guardbee.evals.tasks import make_task
from guardbee.evals.tasks.choice import ChoiceTask
from tests.parity.candidate import Candidate

Asked = tuple[Task, list[Row], list[Row]]
"""A task, its rows, and the rows of its worked examples."""

SHOTS = 3
LENIENT = MetricKwargs(ignore_case=True, ignore_punctuation=True)


def asked(name: str, candidate: Candidate, *, form: str, limit: int) -> Asked:
    """Return a packaged task in a form.

    ``NAME:letters`` generates the letter that it would choose, ``NAME:texts`` chooses among what the letters stand for.
    Every task that generates is scored by exact match, and rows that are not flat are rendered first: the harness
    can say neither otherwise. The examples are rows that the task itself never asks within ``limit``.
    """
    name, _, other = name.partition(":")
    config = candidate.tasks[name]
    config = replace(config, generation_kwargs=replace(config.generation_kwargs, temperature=0.0, repeats=1))
    ordered = [it.row for it in _plain(config).samples(candidate.read(config.data), seed=0, limit=None)]
    if other == "texts":
        config, ordered = _texts(config), [row for row in map(_spelled, ordered) if row]
    rows, last = ordered[:limit], ordered[limit:][-SHOTS:]
    if not all(isinstance(value, str | int | float) for row in ordered for value in row.values()):
        rows, last = [_flat(config, row) for row in rows], [_flat(config, row) for row in last]
        own = {"doc_to_choice": "options"} if config.kind == "choice" else {}
        config = replace(config, doc_to_text="{{ text }}", doc_to_target="{{ target }}", **own)
    config = replace(config, data=replace(config.data, where=None, id=None, cluster=None, stratum=None))
    if other == "letters":
        config = _letters(config)
    elif config.kind != "choice":
        config = replace(config, kind="text", metric="exact_match", metric_kwargs=LENIENT)
    config = FORMS[form](config)
    return config, rows, last if config.num_fewshot else []


def _plain(config: Task) -> KnownTask:
    """Return the task without what only Guardbee can score."""
    return make_task(config if config.kind == "choice" else replace(config, kind="text", metric="exact_match"))


def _letters(config: Task) -> Task:
    return replace(
        config,
        name=config.name + "_letters",
        kind="text",
        doc_to_choice=None,
        generation_kwargs=Generation(6, ["\n\n"]),
        filter=[Filter("regex", r"\b([A-D])\b", fallback="none")],
        metric="exact_match",
    )


def _texts(config: Task) -> Task:
    said = {"doc_to_text": "{{ question }}", "doc_to_choice": "texts", "doc_to_target": "{{ text }}"}
    return replace(config, name=config.name + "_texts", description=None, shots=[], **said)


def _spelled(row: Row) -> Row:
    """Return a row with the texts behind its letters; nothing where they are not four different ones of some words."""
    texts = [text.strip() for text in re.findall(r"^[A-D]\. (.*)$", row["options"], re.MULTILINE)]
    if len(set(texts)) != len("ABCD") or any(len(text.split()) < 2 for text in texts):
        return {}
    return {"question": row["question"], "texts": texts, "text": texts["ABCD".index(row["answer"][0])]}


def _examples(config: Task) -> Task:
    return replace(config, shots=[], num_fewshot=SHOTS, fewshot_config=Fewshot("first_n", config.data))


def _raw(config: Task) -> Task:
    """Return raw text: the description set off, the answer called for."""
    description = config.description + "\n\n" if config.description else None
    text: dict[str, Any] = {"description": description, "doc_to_text": config.doc_to_text + "\nAnswer:"}
    return replace(config, apply_chat_template=False, **text)


FORMS: Mapping[str, Callable[[Task], Task]] = {
    "chat": lambda config: config,
    "raw": lambda config: replace(_raw(config), shots=[]),
    "chat, examples": _examples,
    "raw, examples": lambda config: _examples(_raw(config)),
}
"""As packaged; as raw text without examples; with examples of the data, not the literal ones; the same as raw text."""


def _flat(config: Task, row: Row) -> Row:
    """Return a row as what it renders to."""
    task = _plain(config)
    sample = task.samples([row], seed=0, limit=1)[0]
    prompt = task.requests([sample])[0].prompt
    assert not isinstance(prompt, str)
    flat = {"text": prompt[-1].content, "target": task.reference(sample)}
    return flat | ({"options": list(task.options(row))} if isinstance(task, ChoiceTask) else {})
