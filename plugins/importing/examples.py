"""Worked examples of a task of lm-evaluation-harness, as ours are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guardbee.conf.schema import Fewshot, Shot, Task
from guardbee.evals.sample import Row
from guardbee.evals.templates import Template
from guardbee.plugins.importing.data import Split
from guardbee.plugins.importing.fields import template
from guardbee.plugins.importing.source import Function

_OVERRIDES = ("doc_to_text", "doc_to_target", "doc_to_choice", "target_delimiter", "fewshot_delimiter", "gen_prefix")
_PROGRAMS = ("process_docs", "fewshot_indices")


def examples(
    said: Mapping[str, Any],
    task: Task,
    *,
    found: Mapping[str, Split],
    asked: str,
    obstacles: list[str],
    notes: list[str],
) -> Sequence[Row] | None:
    """Put the examples into ``task``; return the rows they come from, ``None`` where these are the task's own."""
    few, n = said.get("fewshot_config") or {}, int(said.get("num_fewshot") or 0)
    if not n:
        return None
    obstacles += [f"fewshot_config: {key} is not known here" for key in _PROGRAMS if few.get(key)]
    sampler = few.get("sampler") or "default"
    if isinstance(sampler, Function) or sampler not in ("default", "first_n"):
        obstacles.append(f"fewshot_config: sampler {sampler} is not known here; known: first_n, default")
    split = few.get("split") or said.get("fewshot_split")
    if split is None and few.get("samples") is not None:
        task.shots = _literal(few, said, n, obstacles)
        return None
    obstacles += [
        f"fewshot_config: {key} of its own for the examples"
        for key in _OVERRIDES
        if few.get(key, said.get(key)) != said.get(key)
    ]
    if sampler == "default":
        notes.append(
            "fewshot_config.sampler: random; the harness draws with one generator in the order of the rows, ours anew "
            "for each sample: the examples are others"
        )
    split = str(split or said.get("training_split") or said.get("validation_split") or asked)
    task.num_fewshot = n
    task.fewshot_config = Fewshot("first_n" if sampler == "first_n" else "random")
    if split == asked:
        return None
    if split not in found:
        obstacles.append(f"the examples' split {split} is none of {', '.join(found)}; give it as --data {split}=FILE")
        return None
    task.fewshot_config.data = found[split].data
    return found[split].rows


def _literal(few: Mapping[str, Any], said: Mapping[str, Any], n: int, obstacles: list[str]) -> list[Shot]:
    """Return examples that stand in the YAML, rendered: the first ``n``."""
    rows = few["samples"]
    if not isinstance(rows, list) or len(rows) < n:
        obstacles.append(f"fewshot_config: samples must be a list of at least num_fewshot ({n}) rows")
        return []
    if said.get("doc_to_choice") is not None or few.get("doc_to_choice") is not None:
        obstacles.append("fewshot_config: samples of a choice; write them as shots")
        return []
    sources = {key: few.get(key) or said[key] for key in ("doc_to_text", "doc_to_target")}
    made = []
    for row in rows[:n]:
        texts = [Template(template(it, list(row)), place=f"fewshot_config: {key}") for key, it in sources.items()]
        made.append(Shot(*(text.render(row) for text in texts)))
    return made
