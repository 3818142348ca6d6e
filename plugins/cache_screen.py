"""What ``guardbee cache`` shows: tables, JSON records, and a bar with rate and time left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from guardbee.fixtures.acquire import ProgressCallback
from guardbee.fixtures.store import Collected, Listed, Scrubbed, Store, format_size
from guardbee.plugins.screen import Cell, plain, tabulate
from guardbee.reports.figures import ABSENT

ID_DIGITS = 8
"""Of an entry's id, as shown."""
_EMPTY = "The model store is empty. Fill it: guardbee cache add smollm2-135m"


def to_wire(entry: Listed) -> dict[str, Any]:
    """Return an entry for programs; times are ISO 8601 in UTC, sizes bytes."""
    return {
        "id": entry.id,
        "key": entry.key,
        "kind": entry.kind,
        "label": entry.label,
        "files": entry.files,
        "sizeBytes": entry.size,
        "lastUsed": f"{entry.last_used:%Y-%m-%dT%H:%M:%SZ}",
        "pinnedBy": entry.pinned_by,
        "processes": list(entry.holders),
    }


def entries(listing: Sequence[Listed], *, answers: int) -> RenderableType:
    """Return the list of entries, and the bytes of what goes before them; an empty one says how to fill it."""
    kept = f"and {format_size(answers)} of completions of earlier runs, which go first" if answers else ""
    if not listing:
        return Group(plain(_EMPTY), plain(kept)) if kept else plain(_EMPTY)
    rows = [
        (
            entry.id[:ID_DIGITS],
            plain(entry.label, "bold"),
            entry.kind,
            f"{entry.files}",
            format_size(entry.size),
            f"{entry.last_used:%Y-%m-%d %H:%M}",
            ", ".join(map(str, entry.holders)) or ABSENT,
            plain(entry.pinned_by or ABSENT),
        )
        for entry in listing
    ]
    names = ("id", "entry", "kind", ">files", ">size", "last use, UTC", "used by process", "pinned by")
    table = tabulate(names, rows)
    return Group(table, Text(kept, style="dim")) if kept else table


def figures(store: Store) -> dict[str, Any]:
    """Return how the quota is used, in bytes."""
    listing, used = store.listing(), store.usage()
    kinds: dict[str, dict[str, int]] = {}
    for manifest in store.entries():
        kind = kinds.setdefault(manifest.kind, {"entries": 0, "bytes": 0})
        kind["entries"] += 1
        kind["bytes"] += manifest.size
    return {
        "store": str(store.root),
        "quotaBytes": store.quota,
        "storedBytes": used.stored,
        "reservedBytes": used.reserved,
        "freeBytes": store.quota - used.total,
        "pinnedEntries": sum(entry.pinned_by is not None for entry in listing),
        "leasedEntries": sum(bool(entry.holders) for entry in listing),
        "completionsBytes": store.answers_size,
        "kinds": kinds,
    }


def usage(found: Mapping[str, Any]) -> RenderableType:
    """Return the figures as a table."""
    rows: list[Sequence[Cell]] = [
        (name, f"{kind['entries']}", format_size(kind["bytes"])) for name, kind in sorted(found["kinds"].items())
    ]
    named = {
        "stored, shared bytes once": "storedBytes",
        "of which completions of earlier runs": "completionsBytes",
        "reserved by writers": "reservedBytes",
        "free": "freeBytes",
        "quota": "quotaBytes",
    }
    rows += [(name, "", format_size(found[key])) for name, key in named.items()]
    tail = f"{found['pinnedEntries']} pinned, {found['leasedEntries']} in use"
    return Group(plain(found["store"], "bold"), tabulate(("", ">entries", ">size"), rows), Text(tail, style="dim"))


def collected(what: Collected) -> RenderableType:
    """Return what went."""
    lines = [plain(f"evicted {label}") for label in what.entries]
    lines += [plain(f"removed {what.damaged} damaged files")] if what.damaged else []
    return Group(*lines, plain(f"{format_size(what.freed)} are free again"))


def scrubbed_to_wire(done: Scrubbed) -> dict[str, Any]:
    """Return what a scrub found, for programs."""
    return {
        "objects": done.objects,
        "sizeBytes": done.size,
        "damages": [
            {
                "sha256": damage.sha256,
                "found": damage.found,
                "entries": list(damage.entries),
                "quarantine": str(damage.place) if damage.place else None,
            }
            for damage in done.damages
        ],
    }


def scrubbed(done: Scrubbed) -> RenderableType:
    """Return what a scrub found: what should be there, what is, who used it, where it lies now."""
    summary = f"{done.objects} objects, {format_size(done.size)} read again: "
    if not done.damages:
        return plain(f"{summary}nothing changed", "green")
    rows = [
        (
            damage.sha256[:12],
            plain(damage.found[:19]),
            plain("; ".join(damage.entries) or ABSENT),
            plain(str(damage.place) if damage.place else ABSENT),
        )
        for damage in done.damages
    ]
    return Group(
        plain(f"{summary}{len(done.damages)} changed, and out of use", "bold red"),
        tabulate(("object", "found", "entries, made again at their next use", "quarantine"), rows),
    )


@contextmanager
def transfers() -> Iterator[ProgressCallback]:
    """Show a bar for each label, with rate and time left, on the error stream; it is gone at the end."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    console = Console(stderr=True)
    # Where nobody watches, a bar is a blank line.
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def progress(label: str, done: int, total: int | None) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(plain(label).plain.replace("[", r"\["), total=total)
            bars.update(tasks[label], completed=done, total=total)

        yield progress
