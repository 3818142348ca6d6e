"""From specimens to candidates: files in a folder, a card, and the YAML with which an operator enters them."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guardbee.evals.sample import Row
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose
from tests.specimens.artifacts import BAD, CLEAN, Specimen, hub_files
from tests.specimens.behaviours import Rows
from tests.specimens.candidate import write
from tests.specimens.chain import Workplace
from tests.specimens.circuits import write_circuit
from tests.specimens.formats import safetensors, tensor
from tests.specimens.models import ModelSpecimen

ACQUISITION = "acquisition"
"""Stands for a check where a candidate is not even fetched: its result stays without any finding."""
BASE: dict[str, object] = {"base_license": "apache-2.0"}
"""What operators say who know the licence of what a candidate was made from; here no hub can be asked."""
_CARD = """---
license: apache-2.0
language: [en]
---
# A circuit

A language model with weights set by hand, made to show that an evaluation finds what it looks for. It comes from
[the hive](https://huggingface.co/hive/circuits).
"""


@dataclass(frozen=True)
class FileSpecimen:
    """Crafted files with one planted fault; ``found_by`` names the check, none for clean ones."""

    name: str
    planted: str
    enter: Callable[[Workplace, str], None]
    """Given a workplace and the candidate's name, make it a candidate."""
    found_by: str | None = None


@contextlib.contextmanager
def probe_rows(store: Path) -> Iterator[Rows]:
    """Return a function that reads the data of a shipped probe, fetched into this store."""
    with Acquirer(Store.open(str(store), "1GB")) as acquirer:

        def rows(probe: str) -> list[Row]:
            data = compose([f"safety={probe}"]).grid.safety[probe].data
            return load_rows(data, acquirer.file, seed=0)[0] if data else []

        yield rows


def enter_circuit(workplace: Workplace, specimen: ModelSpecimen, rows: Rows) -> None:
    """Make a circuit a candidate: checkpoint, card, YAML with every file's hash."""
    folder = workplace.folder(specimen.name)
    write_circuit(specimen.circuit(rows), folder)
    (folder / "README.md").write_text(_CARD, encoding="utf-8")
    workplace.enter(specimen.name)


def _crafted(build: Callable[[Path], object], settings: Mapping[str, object]) -> Callable[[Workplace, str], None]:
    def enter(workplace: Workplace, name: str) -> None:
        folder = workplace.folder(name)
        folder.mkdir(parents=True)
        build(folder)
        workplace.enter(name, {**BASE, **settings})

    return enter


def _linked(workplace: Workplace, name: str) -> None:
    """Put a link that leads out of the folder into it."""
    folder = workplace.folder(name)
    write(folder, hub_files())
    secret = workplace.base / "secret"
    secret.write_text("{}", encoding="utf-8")
    (folder / "extra.json").symlink_to(secret)
    workplace.enter(name, BASE, pinned=False)


def _changed(workplace: Workplace, name: str) -> None:
    """Change the weights after the operator has pinned them; no other candidate has those, or the store would."""
    folder = workplace.folder(name)
    pinned = safetensors({"a": tensor(0, 8)}, b"changed!")
    write(folder, hub_files() | {"model.safetensors": pinned})
    workplace.enter(name, BASE)
    write(folder, {"model.safetensors": pinned[:-1] + b"?"})


def _unpinned(workplace: Workplace, name: str) -> None:
    write(workplace.folder(name), hub_files())
    workplace.enter(name, BASE, pinned=False)


def _with_base(licence: str | None) -> Callable[[Workplace, str], None]:
    def enter(workplace: Workplace, name: str) -> None:
        write(workplace.folder(name), hub_files())
        workplace.enter(name, {"base_license": licence})

    return enter


def _entered(specimen: Specimen) -> FileSpecimen:
    """Return what the files of a specimen need to be entered; without weights they are not even fetched."""
    settings: dict[str, object] = {"license": specimen.declared} if specimen.declared else {}
    if specimen.name == "base model with binding terms":
        settings["base_license"] = None
    found_by = ACQUISITION if specimen.name == "no weights" else specimen.check
    return _named(specimen.name, _crafted(specimen.build, settings), found_by)


def _named(title: str, enter: Callable[[Workplace, str], None], found_by: str | None = None) -> FileSpecimen:
    return FileSpecimen(re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"), title, enter, found_by)


PLANTED_FILES = (
    *(_entered(specimen) for specimen in BAD if specimen.in_files),
    _named("link that leads out of the folder", _linked, ACQUISITION),
    _named("weights changed after they were pinned", _changed, ACQUISITION),
    _named("files that nobody pinned", _unpinned, "provenance"),
    _named("licence laundered: the base is non-commercial", _with_base("CC-BY-NC-4.0"), "licence"),
    _named("base model whose licence nobody knows", _with_base(None), "licence"),
)
CLEAN_FILES = tuple(_named(title, _crafted(build, {})) for title, build in CLEAN)
