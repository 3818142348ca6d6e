"""``guardbee tasks``: which tasks there are, and what one of them asks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from guardbee.conf.schema import Config, Data, File, Task
from guardbee.evals.names import known
from guardbee.evals.request import ChoiceRequest, Request
from guardbee.evals.sample import Row, row_id
from guardbee.evals.tasks import make_task
from guardbee.evals.templates import Expression
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.acquire.locator import PypiLocator, parse_locator
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.metrics import open_metric
from guardbee.fixtures.sandbox import run_program
from guardbee.fixtures.store import Store
from guardbee.plugins import cache_screen, tasks_screen

tasks_app = typer.Typer(help="The tasks: data sets with prompt, metric and target.", no_args_is_help=True)

Folder = Annotated[
    str | None,
    typer.Option("--store", metavar="FOLDER", help="The store; else GUARDBEE_MODELS_CACHE, else the default."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


class _NotFetchedError(Exception):
    """A file of a data set is not in the store."""


@tasks_app.command("ls")
def list_tasks(store: Folder = None, as_json: AsJson = False) -> None:
    """List every task. Nothing is downloaded: of data that was never fetched the number of rows is not known."""
    from guardbee.plugins.grid import compose  # Hydra takes 0.2 s to import

    config = compose(["task=glob(*)"])
    with Acquirer(_open(store, config)) as acquirer:

        def kept(file: File) -> Path:
            path = acquirer.kept(file)
            if path is None:
                raise _NotFetchedError(file.name)
            return path

        listing = []
        for task in config.grid.task.values():
            try:
                rows = usable(task.data, load_rows(task.data, kept, seed=config.seed)[0])
                listing.append(summary(task, config, len(rows)))
            except _NotFetchedError:
                listing.append(summary(task, config, None))
    if as_json:
        typer.echo(json.dumps(listing, indent=2, ensure_ascii=False))
    else:
        Console().print(tasks_screen.listing(listing))


@tasks_app.command("show")
def show_task(
    name: Annotated[str, typer.Argument(metavar="TASK", help="As 'guardbee tasks ls' names it.")],
    seed: Annotated[int, typer.Option(help="Which sample, and of generated data which rows.")] = 0,
    store: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Show a task's settings and one sample as a candidate is asked it; data that is not here is fetched."""
    from guardbee.plugins.grid import available, compose  # Hydra takes 0.2 s to import

    known(dict.fromkeys(available("task")), name, kind="task", place="conf/task")
    config = compose([f"task={name}", f"seed={seed}"])
    task = config.grid.task[name]
    with cache_screen.transfers() as progress, Acquirer(_open(store, config), progress=progress) as acquirer:
        rows, _ = load_rows(task.data, acquirer.file, seed=seed)
        few = task.fewshot_config.data
        shots = load_rows(few, acquirer.file, seed=seed)[0] if few and task.num_fewshot else None
    made = make_task(task, execute=run_program, open_metric=open_metric)
    (sample,) = made.samples(rows, seed=seed, limit=1, shots=shots)
    (request,) = made.requests([sample])
    shown = summary(task, config, len(usable(task.data, rows)))
    asked = {"id": sample.id, **_asked(request), "reference": made.reference(sample)}
    if as_json:
        typer.echo(json.dumps({**shown, "settings": asdict(task), "sample": asked}, indent=2, ensure_ascii=False))
    else:
        Console().print(tasks_screen.task(task, shown, asked))


def summary(task: Task, config: Config, rows: int | None) -> dict[str, Any]:
    """Return what the list says of a task; ``n`` is the number of its samples, ``None`` where that is not known."""
    gate = config.gate
    target = gate.quality.targets.get(task.category) if task.target is None else task.target
    limits = gate.performance.sla_p95_ms
    return {
        "name": task.name,
        "title": task.title,
        "category": task.category,
        "kind": task.kind,
        "n": rows,
        "metric": task.metric,
        "target": target,
        "slaP95Ms": limits.get(task.category) if task.sla_p95_ms is None else task.sla_p95_ms,
        "license": task.data.license,
        "origin": origin(task.data),
        "citation": task.data.citation,
    }


def origin(data: Data) -> str:
    """Return where the rows come from: packages, other sources, ``generated``, or generated from a package."""
    locators = [parse_locator(part) for file in data.files for part in file.parts]
    names = [f"{it.name} {it.version}" if isinstance(it, PypiLocator) else str(it) for it in locators]
    said = ", ".join(dict.fromkeys(names))
    if data.source != "generate":
        return said
    return f"generated from {said}" if said else "generated"


def usable(data: Data, rows: Sequence[Row]) -> set[str]:
    """Return the contents of the rows that ``where`` keeps, each once."""
    where = None if data.where is None else Expression(data.where, place="data.where")
    return {row_id(row) for row in rows if where is None or where.evaluate(row)}


def _asked(request: Request) -> dict[str, Any]:
    prompt = request.prompt if isinstance(request.prompt, str) else [asdict(message) for message in request.prompt]
    return {"prompt": prompt, "options": list(request.options) if isinstance(request, ChoiceRequest) else None}


def _open(folder: str | None, config: Config) -> Store:
    return Store.open(folder or config.store.root, config.store.quota)
