"""A whole task: what of it can be carried over, what stands in the way, and whether it means the same on its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from guardbee.conf.schema import Task
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.names import known
from guardbee.evals.tasks import CATEGORIES, make_task
from guardbee.plugins.importing import fields
from guardbee.plugins.importing.data import Source, Split, splits
from guardbee.plugins.importing.examples import examples
from guardbee.plugins.importing.meaning import check_meaning, right_option
from guardbee.plugins.importing.source import Function

_KINDS = {"multiple_choice": "choice", "generate_until": "text"}
_PROGRAMS = ("process_docs", "process_results", "custom_dataset", "use_prompt")
_MISSING_HERE = {
    "gen_prefix": "an answer whose beginning is given",
    "doc_to_image": "pictures",
    "doc_to_audio": "sound",
}
_KNOWN = frozenset(
    {"task", "task_alias", "tag", "metadata", "should_decontaminate", "doc_to_decontamination_query", "unsafe_code"}
    | {"output_type", "dataset_path", "dataset_name", "dataset_kwargs", "training_split", "validation_split"}
    | {"test_split", "fewshot_split", "fewshot_config", "num_fewshot", "description", "doc_to_text", "doc_to_target"}
    | {"doc_to_choice", "target_delimiter", "fewshot_delimiter", "generation_kwargs", "filter_list", "metric_list"}
    | {"repeats", *_PROGRAMS, *_MISSING_HERE}
)
"""Fields that are read somewhere, or mean nothing for a score."""
_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Wishes:
    """What the YAML does not say."""

    name: str | None = None
    category: str | None = None
    metric: str | None = None
    filter: str | None = None
    chat: bool = False
    """Ask as a conversation; the harness does so with ``--apply_chat_template``."""
    data: Mapping[str, Source] = field(default_factory=dict)
    """Files of splits, for data that is not on this machine under the name that the YAML has for it."""


@dataclass(frozen=True)
class Imported:
    """A task of ours, and what a user should know about it."""

    task: Task
    notes: tuple[str, ...]


def translate(said: Mapping[str, Any], path: Path, wishes: Wishes) -> Imported:
    """Return the task of a YAML that was read from ``path``.

    Raises:
        ConfigurationError: if it cannot be carried over; the message lists everything that stands in the way.
        DataError: if its rows do not fit its templates.
    """
    obstacles = _general(said)
    notes = [f"{key} is left out" for key in sorted(set(said) - _KNOWN)]
    _refuse(path, obstacles)
    found = splits(said, wishes.data, path.parent, obstacles)
    asked = str(said.get("test_split") or said.get("validation_split"))
    if found and asked not in found:
        obstacles.append(
            f"test_split: {asked} is none of the splits {', '.join(found)}; give it as --data {asked}=FILE"
        )
    _refuse(path, obstacles)
    split = found[asked]
    choices = fields.options(said.get("doc_to_choice"), fields.columns_of(split.rows), obstacles)
    task = _asked(said, split, wishes, path.stem)
    _scored(task, said, wishes, obstacles, notes=notes)
    if task.kind == "choice":
        task.doc_to_choice = choices
    elif choices is not None:
        columns = fields.columns_of(split.rows)
        task.doc_to_target = right_option(said["doc_to_target"], choices, columns, obstacles)
    shots = examples(said, task, found=found, asked=asked, obstacles=obstacles, notes=notes)
    obstacles += [f"{where}: configurations take ${{…}} for a reference" for where in _references(asdict(task))]
    check_meaning(said, task, choices, split.rows, obstacles)
    _refuse(path, obstacles)
    _try(task, split, shots, notes)
    return Imported(task, (*notes, *_open(task, wishes)))


def _asked(said: Mapping[str, Any], split: Split, wishes: Wishes, stem: str) -> Task:
    """Return the task with what is asked; options, examples and scoring are missing yet."""
    columns, kind = fields.columns_of(split.rows), _KINDS[said.get("output_type", "generate_until")]
    return Task(
        name=wishes.name or str(said.get("task") or stem),
        title=str(said.get("task_alias") or said.get("task") or stem),
        category=wishes.category or "reasoning-lite",
        kind=kind,
        data=split.data,
        description=fields.template(said["description"], columns) if said.get("description") else None,
        doc_to_text=fields.template(said["doc_to_text"], columns),
        doc_to_target=fields.template(said["doc_to_target"], columns),
        target_delimiter=str(said.get("target_delimiter", " ")),
        fewshot_delimiter=str(said.get("fewshot_delimiter", "\n\n")),
        apply_chat_template=wishes.chat,
        profile="option" if kind == "choice" else "text",
    )


def _scored(task: Task, said: Mapping[str, Any], wishes: Wishes, obstacles: list[str], *, notes: list[str]) -> None:
    """Put metric, decoding and filters into the task."""
    metrics = fields.metrics(said, said.get("output_type", "generate_until"), obstacles)
    task.metric, how = _one(metrics, wishes.metric, "metric", notes=notes, obstacles=obstacles)
    if task.kind == "text":
        steps = fields.pipelines(said, obstacles)
        task.filter = _one(steps, wishes.filter, "filter", notes=notes, obstacles=obstacles)[1] or []
        task.metric_kwargs = how or task.metric_kwargs
        task.generation_kwargs = fields.generation(said, obstacles, notes)
        if said.get("repeats", 1) != 1:
            notes.append("repeats: asked once; with take_first only the first answer counts there, too")
    elif wishes.filter:
        obstacles.append(f"filter {wishes.filter}: a choice has none")


def _general(said: Mapping[str, Any]) -> list[str]:
    """Return what stands in the way whatever the data is."""
    found = [f"{key}: rows or scores are made by a program" for key in _PROGRAMS if said.get(key)]
    found += [f"{key}: {what}, which no task here has" for key, what in _MISSING_HERE.items() if said.get(key)]
    if "group" in said or isinstance(said.get("task"), list) or "task_list" in said:
        return ["it is a group of tasks; import its tasks one by one"]
    kind = said.get("output_type", "generate_until")
    if kind not in _KINDS:
        found.append(f"output_type: {kind}; known: {', '.join(_KINDS)}")
    elif kind == "multiple_choice" and not said.get("doc_to_choice"):
        found.append("doc_to_choice is missing")
    for key in ("description", "doc_to_text", "doc_to_target", "doc_to_choice"):
        if isinstance(said.get(key), Function):
            found.append(f"{key}: !function {said[key]} is a program; write it as a Jinja template")
    found += [f"{key} is missing" for key in ("doc_to_text", "doc_to_target") if said.get(key) in (None, "")]
    if isinstance(said.get("doc_to_target"), list):
        found.append("doc_to_target: several right answers; a task here has one")
    return found


def _one(
    found: Mapping[str, Any], wish: str | None, what: str, *, notes: list[str], obstacles: list[str]
) -> tuple[str, Any]:
    """Return the wished one of several, else the first; a task here has one."""
    if not found:
        return "", None
    if wish is not None and wish not in found:
        obstacles.append(f"{what} {wish} is not among those that can be carried over: {', '.join(found)}")
        return "", None
    name = wish or next(iter(found))
    others = [other for other in found if other != name]
    if others:
        notes.append(f"{what} {name} is taken; --{what} {others[0]} takes another")
    return name, found[name]


def _try(task: Task, split: Split, shots: Sequence[Mapping[str, Any]] | None, notes: list[str]) -> None:
    """Make the task and all its samples once, so that nothing is written that does not run."""
    if not _NAME.fullmatch(task.name):
        raise ConfigurationError(f"{task.name!r} is no name of a task: letters, digits, _ . - only; give --name")
    known(dict.fromkeys(CATEGORIES), task.category, kind="category", place=f"the task '{task.name}'")
    samples = make_task(task).samples(split.rows, seed=0, limit=None, shots=shots)
    if len(samples) < len(split.rows):
        notes.append(f"{len(split.rows) - len(samples)} of {len(split.rows)} rows repeat others and count once")


def _references(said: Any, where: str = "") -> Iterator[str]:
    """Yield where a text holds ``${``, which no writing of it would bring through Hydra as it is."""
    if isinstance(said, str) and "${" in said:
        yield where
    elif isinstance(said, dict | list):
        for key, value in said.items() if isinstance(said, dict) else enumerate(said):
            yield from _references(value, f"{where}.{key}".lstrip("."))


def _open(task: Task, wishes: Wishes) -> list[str]:
    """Return what is left for the user."""
    said = ["data.license is unknown: say under which terms the data is used"]
    if wishes.category is None:
        said.append(f"category: {task.category}, for want of --category; {', '.join(CATEGORIES)}")
    if task.data.reader == "csv":
        said.append("CSV: every value is a text here; the harness reads numbers as numbers")
    return said


def _refuse(path: Path, obstacles: Sequence[str]) -> None:
    if obstacles:
        listed = "\n".join(f"  - {obstacle}" for obstacle in obstacles)
        raise ConfigurationError(f"{path.name} cannot be carried over:\n{listed}")
