"""Which files a task's splits are, and how our readers read them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any, Self

from guardbee.conf.schema import Data, File
from guardbee.evals.sample import Row
from guardbee.fixtures.data import load_rows

_READERS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".txt": "lines"}
_LOADERS = {"json": "jsonl", "csv": "csv", "text": "lines"}
"""What ``datasets`` calls a loader of local files, and the reader of ours that does the same."""
_HARMLESS = {"cache_dir", "trust_remote_code", "data_files"}


@dataclass(frozen=True)
class Source:
    """A file of a split: its locator in our YAML, and where its bytes are now."""

    part: str
    path: Path

    @classmethod
    def local(cls, path: Path) -> Self:
        """Return the source of a file of this machine."""
        return cls(f"file:{path}", path)


@dataclass(frozen=True)
class Split:
    """One split: what our YAML says of it, and its rows."""

    data: Data
    rows: Sequence[Row]


def splits(
    said: Mapping[str, Any], given: Mapping[str, Source], folder: Path, obstacles: list[str]
) -> dict[str, Split]:
    """Return the splits by name; ``given`` are files that the user names for them.

    Relative names start at the working directory, as ``datasets`` has it, or at the YAML's ``folder``. What is in the
    way is added to ``obstacles``.

    Raises:
        DataError: if a file is malformed or has no rows.
    """
    files = {name: [source] for name, source in given.items()} if given else _named(said, folder, obstacles)
    found: dict[str, Split] = {}
    for name, sources in files.items():
        reader = _reader(sources[0].path, said.get("dataset_path") if not given else None)
        if reader is None:
            obstacles.append(f"{sources[0].path.name}: no reader for such files; write them as JSON lines (NAME.jsonl)")
        elif missing := [source.path for source in sources if not source.path.is_file()]:
            obstacles.append(f"{missing[0]} (split {name}) is not there")
        else:
            found[name] = _split(sources, reader, said)
    return found


def _named(said: Mapping[str, Any], folder: Path, obstacles: list[str]) -> dict[str, list[Source]]:
    """Return the files that the YAML names, by split."""
    kind, options = said.get("dataset_path"), said.get("dataset_kwargs") or {}
    if kind not in _LOADERS or not isinstance(options, dict) or not options.get("data_files"):
        what = f"dataset_path: {kind} " + ("names no data_files" if kind in _LOADERS else "is no file of this machine")
        obstacles.append(f"{what}; give the files as --data SPLIT=FILE (JSON lines, JSON, CSV or text)")
        return {}
    if odd := sorted(set(options) - _HARMLESS):
        obstacles.append(f"dataset_kwargs: {', '.join(odd)} changes how the files are read, which no reader here does")
    if said.get("dataset_name"):
        obstacles.append(f"dataset_name: {said['dataset_name']} chooses a part that local files do not have")
    named = options["data_files"]
    by_split = named if isinstance(named, dict) else {"train": named}
    return {str(name): [Source.local(path) for path in _paths(those, folder)] for name, those in by_split.items()}


def _paths(named: Any, folder: Path) -> list[Path]:
    """Return files, patterns expanded; what is not there stays, to be complained of."""
    made: list[Path] = []
    for name in map(str, named if isinstance(named, list) else [named]):
        homes = [home for home in (Path.cwd(), folder) if (home / name).exists()]
        found = [Path(match) for home in (Path.cwd(), folder) for match in sorted(glob(str(home / name)))]  # noqa: PTH207 - takes absolute patterns, too
        made += [homes[0] / name] if homes else found or [Path.cwd() / name]
    return [path.resolve() for path in made]


def _reader(path: Path, loader: Any) -> str | None:
    suffix = Path(path.name.removesuffix(".gz")).suffix.lower()
    if loader != "json":
        return _LOADERS[loader] if loader in _LOADERS else _READERS.get(suffix)
    # Its files are lines or one array each, whatever they are called.
    start = path.read_bytes()[:64].lstrip() if path.is_file() else b""
    return "json" if start.startswith(b"[") else "jsonl"


def _split(sources: Sequence[Source], reader: str, said: Mapping[str, Any]) -> Split:
    names = [source.path.name for source in sources]
    unique = names if len(set(names)) == len(names) else [f"{index}_{name}" for index, name in enumerate(names)]
    local = dict(zip(unique, sources, strict=True))
    files = [
        File(name=name, parts=[source.part], sha256=hashlib.sha256(source.path.read_bytes()).hexdigest())
        for name, source in local.items()
    ]
    origin = said.get("dataset_path")
    citation = f"{origin}, as lm-evaluation-harness asks it" if origin not in _LOADERS else "local files"
    data = Data(files=files, reader=reader, license="unknown", citation=citation)
    rows, _ = load_rows(data, lambda file: local[file.name].path, seed=0)
    return Split(data, rows)
