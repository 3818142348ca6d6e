"""A candidate in a folder, as plain data: what the compliance checks are given, without any acquiring."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from guardbee.fixtures.compliance.candidate import BaseCard

COMMIT = "0123456789abcdef0123456789abcdef01234567"
QUEEN = BaseCard("hive/queen", COMMIT, {"license": ("apache-2.0",)})
"""What the clean candidates were made from."""


@dataclass(frozen=True)
class FileOnDisk:
    """One recorded file."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Origin:
    """Where the files are said to come from."""

    source: str
    revision: str
    files: dict[str, str]
    skipped: tuple[str, ...]
    retrieved_from: dict[str, str]
    base_model: str = ""
    gated: str = ""


@dataclass(frozen=True)
class FolderCandidate:
    """Stands in for what acquisition returns."""

    name: str
    folder: Path
    files: tuple[FileOnDisk, ...]
    weights: tuple[str, ...]
    provenance: Origin
    bases: tuple[BaseCard, ...] = (QUEEN,)


def write(folder: Path, files: dict[str, bytes | str]) -> None:
    """Write files below a folder."""
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)


def candidate(folder: Path, *, source: str = f"hf:hive/worker@{COMMIT}", revision: str = COMMIT) -> FolderCandidate:
    """Record every file of a folder as it lies there."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = tuple(
        FileOnDisk(
            path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_size
        )
        for path in paths
    )
    weights = tuple(file.name for file in files if file.name.endswith((".safetensors", ".gguf", ".bin")))
    hashes = {file.name: file.sha256 for file in files}
    origin = Origin(source, revision, hashes, (), {file.name: f"{source}!{file.name}" for file in files})
    return FolderCandidate("worker", folder, files, weights, origin)
