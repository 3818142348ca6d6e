"""``guardbee import-task``: a task YAML of lm-evaluation-harness becomes one of ours."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.markup import escape

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.store import Store
from guardbee.plugins.importing import Imported, Source, Wishes, read, translate

_LOCATOR = re.compile(r"(pypi|hf|file):")


def import_task(
    file: Annotated[Path, typer.Argument(metavar="FILE.yaml", help="A task of lm-evaluation-harness.")],
    *,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What it is called here; else as there.")] = None,
    category: Annotated[str | None, typer.Option(metavar="CATEGORY", help="One of the eight categories.")] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SPLIT=FILE",
            help="A split's file or locator (pypi:NAME==VERSION!MEMBER), where the YAML names others. Repeatable.",
        ),
    ] = None,
    metric: Annotated[str | None, typer.Option(metavar="METRIC", help="Which of several; else the first.")] = None,
    filter_: Annotated[
        str | None, typer.Option("--filter", metavar="NAME", help="Which of several filter pipelines; else the first.")
    ] = None,
    chat: Annotated[bool, typer.Option("--chat", help="Ask as a conversation, as with --apply_chat_template.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="A folder like conf/; else GUARDBEE_CONF, else the YAML is printed."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Turn a task of lm-evaluation-harness on local files into one of ours, or say why it cannot be."""
    # Hydra takes 0.2 s to import, and every command line imports this module.
    from guardbee.plugins.grid import OWN_CONF

    with tempfile.TemporaryDirectory() as scratch:
        wishes = Wishes(name, category, metric, filter_, chat, _sources(data or [], Path(scratch)))
        made = translate(read(file), file, wishes)
    text = f"# Imported from {file.name} of lm-evaluation-harness.\n" + to_yaml(made.task)
    own = out or (Path(os.environ[OWN_CONF]) if os.environ.get(OWN_CONF) else None)
    target = _written(text, own, made.task.name) if own else None
    if as_json:
        _print_json(made, target)
    else:
        _print(made, text, target)


class _Dumper(yaml.SafeDumper):
    """Quotes texts of several lines, so that where a prompt ends is seen."""


_Dumper.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if "\n" in text else None),
)


def to_yaml(task: schema.Task) -> str:
    """Return a task as a file of ``conf/task/``: what differs from the defaults."""
    return yaml.dump(_plain(task), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)


def _sources(given: list[str], scratch: Path) -> dict[str, Source]:
    """Return the files of the splits; what a locator names is fetched below ``scratch``."""
    found: dict[str, Source] = {}
    for one in given:
        split, equals, what = one.partition("=")
        if not (split and equals and what):
            raise ConfigurationError(f"--data {one}: write SPLIT=FILE, e.g. --data test=questions.jsonl")
        found[split] = _fetched(what, scratch) if _LOCATOR.match(what) else Source.local(Path(what).resolve())
    return found


def _fetched(part: str, scratch: Path) -> Source:
    """Return the source of a member of a package or repository, which is told by nothing but its locator yet."""
    from guardbee.plugins.grid import compose

    configured = compose([]).store
    path = Path(tempfile.mkdtemp(dir=scratch)) / part.rpartition("!")[2].rpartition("/")[2]
    with Acquirer(Store.open(configured.root, configured.quota)) as acquirer:
        acquirer.unpinned(part, path)
    return Source(part, path)


def _plain(value: Any) -> Any:
    """Return plain YAML types; fields at their defaults are left out."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fresh = type(value)()
        names = [field.name for field in dataclasses.fields(value)]
        said = {name: getattr(value, name) for name in names if getattr(value, name) != getattr(fresh, name)}
        return {name: _plain(it) for name, it in said.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _written(text: str, folder: Path, name: str) -> Path:
    """Write a task that is not there yet, whole or not at all."""
    target = folder / "task" / f"{name}.yaml"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=target.parent, suffix=".tmp", delete=False) as file:
            file.write(text)
        try:
            os.link(file.name, target)  # unlike a rename, it never replaces
        finally:
            Path(file.name).unlink()
    except FileExistsError as error:
        raise ConfigurationError(f"{target} is there already; remove it, or give --name") from error
    except OSError as error:
        raise ConfigurationError(f"{target} cannot be written: {error}") from error
    return target


def _print_json(made: Imported, target: Path | None) -> None:
    said = {"file": str(target) if target else None, "task": _plain(made.task), "notes": list(made.notes)}
    typer.echo(json.dumps(said, indent=2, ensure_ascii=False))


def _print(made: Imported, text: str, target: Path | None) -> None:
    if target is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(str(target))
    screen = Console(stderr=True, soft_wrap=True)
    for note in made.notes:
        screen.print(f"note: {escape(note)}")
