"""The command line: ``guardbee``. What can go wrong is one line on the error stream and exit code 2, no traceback."""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

import guardbee.conf
from guardbee.conf.schema import Baseline
from guardbee.evals.errors import ConfigurationError, GuardbeeError
from guardbee.plugins import screen
from guardbee.plugins.cache import cache_app
from guardbee.plugins.import_task import import_task
from guardbee.plugins.orchestrator import choose
from guardbee.plugins.registry import Registry, registry_url
from guardbee.plugins.tasks import tasks_app

EXIT_ERROR = 2
_EXAMPLES = """\b
[bold]Examples[/]
  guardbee run model=smollm2-135m      evaluate a model
  guardbee registry ls                 every variant with its verdict
  guardbee registry show smollm2-135m  how it came to it
  guardbee route routing               who answers such requests
  guardbee tasks ls                    what models are asked
  guardbee cache ls                    what is in the model store
"""
_RUNS = """\b
[bold]Examples[/]
  guardbee run model=smollm2-135m
  guardbee run model=smollm2-135m,gemma3-270m suite=smoke -n 2
"""

app = typer.Typer(
    name="guardbee",
    help=f"The gate through which small language models enter a hive of models.\n\n{_EXAMPLES}",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
registry_app = typer.Typer(help="What the registry knows of the variants.", no_args_is_help=True)
app.add_typer(registry_app, name="registry")
app.add_typer(cache_app, name="cache")
app.command("import-task")(import_task)
app.add_typer(tasks_app, name="tasks")

RegistryUrl = Annotated[
    str | None,
    typer.Option(
        "--registry", metavar="URL", help="SQLAlchemy URL or SQLite file; else GUARDBEE_REGISTRY, else the default."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        app()
    except GuardbeeError as error:
        Console(stderr=True, soft_wrap=True).print(screen.error(str(error)))
        sys.exit(EXIT_ERROR)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"guardbee {version('guardbee')}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Take the options that stand before every command."""


@app.command(
    help=f"Evaluate models: pytest evals/ with these arguments, from any folder, with pytest's exit code.\n\n{_RUNS}",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def run(context: typer.Context) -> None:
    """Become ``pytest evals/ ARGUMENTS…`` in the project's folder.

    Raises:
        ConfigurationError: if there is no such folder.
    """
    root = _project()
    chosen = [] if any(argument.startswith("evals/") for argument in context.args) else ["evals/"]
    # -P: the project's folders (plugins, fixtures …) are no top-level modules, as under the command pytest.
    command = [sys.executable, "-P", "-m", "pytest", *chosen, *context.args]
    sys.stdout.flush()
    os.chdir(root)
    os.execv(sys.executable, command)  # noqa: S606 - an argument list, no shell; signals and exit code stay pytest's own


@registry_app.command("ls")
def list_variants(registry: RegistryUrl = None, as_json: AsJson = False) -> None:
    """List every variant with the verdict that counts: the latest complete evaluation's."""
    with Registry.open(registry_url(registry), create=False) as opened:
        variants = opened.variants()
    if as_json:
        _print_json([variant.to_wire() for variant in variants])
    else:
        Console().print(screen.variants(variants))


@registry_app.command("show")
def show_variant(
    variant: Annotated[str, typer.Argument(help="MODEL@PRECISION, or MODEL where it has one precision.")],
    registry: RegistryUrl = None,
    as_json: AsJson = False,
) -> None:
    """Show a variant's verdict, with its reasons and all figures behind it."""
    with Registry.open(registry_url(registry), create=False) as opened:
        shown = opened.show(variant)
    if as_json:
        _print_json(shown.to_wire())
    else:
        Console().print(screen.evaluation(shown))


@app.command()
def route(
    task: Annotated[str, typer.Argument(metavar="TASK", help="A task or a category.")],
    general: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The general to fall back to, of conf/baseline/; else the configured one."),
    ] = None,
    registry: RegistryUrl = None,
    as_json: AsJson = False,
) -> None:
    """Say who answers requests for a task: the cheapest eligible specialist, else the general."""
    baseline, catalogue = _configured(general)
    with Registry.open(registry_url(registry), create=False) as opened:
        snapshot = opened.snapshot()
    decision = choose(task, snapshot, baseline, catalogue=catalogue)
    if as_json:
        _print_json(decision.to_wire())
    else:
        Console().print(screen.decision(decision))


@app.command()
def schema(
    typescript: Annotated[
        bool, typer.Option("--typescript", help="Print a TypeScript declaration file instead.")
    ] = False,
) -> None:
    """Print the schema of a result, as JSON Schema or as TypeScript."""
    from guardbee.reports import contract

    if typescript:
        typer.echo(contract.typescript(), nl=False)
    else:
        _print_json(contract.json_schema())


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _project() -> Path:
    """Return the project's root.

    Raises:
        ConfigurationError: if guardbee was installed without its source folder, and so without ``evals/`` to collect.
    """
    root = Path(guardbee.conf.__file__).resolve().parents[1]
    if not (root / "conftest.py").is_file() or not (root / "evals").is_dir():
        raise ConfigurationError(
            f"guardbee run needs the project's folder, and {root} is none: it has no conftest.py and evals/. "
            "Install from a clone: pip install -e ."
        )
    return root


def _configured(general: str | None) -> tuple[Baseline, dict[str, str]]:
    """Return the general and every configured task with its category."""
    # Hydra takes 0.2 s to import: only this command pays.
    from guardbee.plugins.grid import compose

    overrides = ["task=glob(*)", *([f"baseline={general}"] if general else [])]
    config = compose(overrides)
    return config.baseline, {task.name: task.category for task in config.grid.task.values()}
