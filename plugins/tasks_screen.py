"""What ``guardbee tasks`` shows: a table of all tasks, and one task with a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from guardbee.conf.schema import Task
from guardbee.plugins.screen import Cell, plain, tabulate

_NOT_FETCHED = "not fetched"
_ROLES = {"system": "cyan", "user": "blue", "assistant": "green"}


def listing(tasks: Sequence[Mapping[str, Any]]) -> RenderableType:
    """Return the tables, one a category."""
    parts: list[RenderableType] = []
    for category, members in groupby(sorted(tasks, key=_place), key=lambda one: one["category"]):
        rows = [_row(one) for one in members]
        table = tabulate(("task", ">n", "metric", ">target", "licence", "origin"), rows)
        parts += [plain(f"{category} ({len(rows)})", "bold"), table, Text()]
    return Group(*parts)


def _place(one: Mapping[str, Any]) -> tuple[str, str]:
    return one["category"], one["name"]


def _row(one: Mapping[str, Any]) -> Sequence[Cell]:
    target = f"{one['target']:.2f}"
    return (
        plain(one["name"]),
        _count(one["n"]),
        plain(one["metric"]),
        target,
        plain(one["license"]),
        plain(one["origin"]),
    )


def task(config: Task, shown: Mapping[str, Any], asked: Mapping[str, Any]) -> RenderableType:
    """Return a task's settings, and a sample: the conversation with its worked examples, the options, the answer."""
    how = config.generation_kwargs
    facts: list[Sequence[Cell]] = [
        ("category", config.category),
        ("kind, metric", plain(f"{config.kind}, {config.metric}")),
        ("target", f"{shown['target']:.2f}"),
        ("samples", _count(shown["n"])),
        ("origin", plain(shown["origin"])),
        ("licence", plain(config.data.license)),
        ("citation", plain(config.data.citation)),
        ("rows left out", plain(f"unless {config.data.where}" if config.data.where else "none")),
        ("worked examples", f"{len(config.shots)} written, {config.num_fewshot} of the data"),
        ("answer", "one of the options" if asked["options"] else plain(f"at most {how.max_gen_toks} tokens")),
        ("p95 at most", f"{shown['slaP95Ms']:,.0f} ms, profile {config.profile}"),
    ]
    title = f"{config.name}: {config.title}"
    return Group(plain(title, "bold"), tabulate(("", ""), facts), _sample(asked))


def _sample(asked: Mapping[str, Any]) -> RenderableType:
    parts: list[Text] = []
    if isinstance(asked["prompt"], str):
        parts.append(_lines(asked["prompt"]))
    else:
        for message in asked["prompt"]:
            parts += [Text(message["role"], style=_ROLES[message["role"]]), _lines(message["content"]), Text()]
    if asked["options"]:
        parts += [Text("options", style="magenta"), plain(" | ".join(option.strip() for option in asked["options"]))]
    parts += [Text("expected", style="magenta"), _lines(asked["reference"])]
    return Panel(Group(*parts), title=plain(f"sample {asked['id']}"), title_align="left")


def _lines(text: str) -> Text:
    """Return a text of several lines; within a line nothing acts on the screen."""
    return Text("\n").join(plain(line) for line in text.split("\n"))


def _count(n: int | None) -> str:
    return _NOT_FETCHED if n is None else f"{n}"
