"""Does a translated task hold the same answers for right? Compared row by row, by the harness's own rules."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from typing import Any

from guardbee.conf.schema import Task
from guardbee.evals.errors import DataError
from guardbee.evals.sample import Row
from guardbee.evals.tasks.choice import ChoiceTask
from guardbee.evals.templates import Template
from guardbee.plugins.importing.fields import expression


def right_option(said: Any, choices: list[str] | str, columns: Sequence[str], obstacles: list[str]) -> str:
    """Return a template of the right option's text where ``doc_to_target`` gives its number."""
    number = str(said) if said in columns or isinstance(said, int) else expression(str(said))
    if number is None:
        obstacles.append(f"doc_to_target: {said!r} is no single expression {{{{ … }}}} for the number of an option")
        return ""
    options = json.dumps(choices, ensure_ascii=False) if isinstance(choices, list) else choices
    return "{{ (" + options + ")[(" + number + ")|int] }}"


def check_meaning(
    said: Mapping[str, Any], task: Task, choices: list[str] | str | None, rows: Sequence[Row], obstacles: list[str]
) -> None:
    """Compare the right answers; where options are numbers themselves, ``doc_to_target`` is written out.

    The harness decides by the first row what kind of values the fields give, and so does this.
    """
    if obstacles or not rows:
        return
    text = _value(said, "doc_to_text", rows[0], digits=choices is not None)
    if not isinstance(text, str):
        obstacles.append("doc_to_text gives a number: several questions with one answer, which no task here has")
    elif isinstance(_value(said, "doc_to_target", rows[0], digits=False), list):
        obstacles.append("doc_to_target gives a list: several right answers; a task here has one")
    elif task.kind == "choice" and choices is not None and _differing(said, task, rows):
        task.doc_to_target = right_option(said["doc_to_target"], choices, list(rows[0]), obstacles)
        differing = [] if obstacles else _differing(said, task, rows)
        if differing:
            obstacles.append(
                f"doc_to_target: in {len(differing)} of {len(rows)} rows the harness finds no right option, as in "
                f"{json.dumps(differing[0], ensure_ascii=False)[:200]}; a column of digits in quotes is written "
                '"{{label}}"'
            )


def _differing(said: Mapping[str, Any], task: Task, rows: Sequence[Row]) -> list[Row]:
    """Return the rows for which the harness takes another option for right than the task does, or none."""
    ours = ChoiceTask(task)
    found = []
    for row in rows:
        options, gold = ours.options(row), _value(said, "doc_to_target", row, digits=True)
        if isinstance(gold, int):
            theirs = options[gold] if 0 <= gold < len(options) else None
        else:
            theirs = gold if gold in options else None
        if theirs is None or theirs != _target(ours, row):
            found.append(row)
    return found


def _target(task: ChoiceTask, row: Row) -> str | None:
    try:
        return task.target(row)
    except DataError:
        return None


def _value(said: Mapping[str, Any], key: str, row: Row, *, digits: bool) -> Any:
    """Return what a field gives: a column's value as it is, digits as a number where there are options, a list."""
    value = said[key]
    if value in row:
        return row[value]
    if isinstance(value, int):
        return value
    text = Template(str(value), place=key).render(row)
    if digits and text.isdigit():
        return int(text)
    if text.startswith("[") and text.endswith("]"):
        try:
            return ast.literal_eval(text)
        except (SyntaxError, ValueError):
            return text
    return text
