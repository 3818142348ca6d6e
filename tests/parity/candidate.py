"""A packaged candidate and packaged data, out of the user's model store, as both tools can read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guardbee.conf.schema import Data, Engine, Precision, Task
from guardbee.evals.sample import Row
from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.data import load_rows
from guardbee.fixtures.runtime import Opening, TransformersRuntime
from guardbee.fixtures.runtime.transformers import open_transformers
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose


@dataclass(frozen=True)
class Candidate:
    """A loaded model, the folder of float32 safetensors it was loaded from, and the packaged tasks."""

    runtime: TransformersRuntime
    folder: Path
    tasks: dict[str, Task]
    read: Callable[[Data], list[Row]]


@contextmanager
def candidate(name: str, **engine: Any) -> Iterator[Candidate]:
    """Open a GGUF candidate; converted weights are taken from the store, and kept there."""
    config = compose([f"model={name}", "task=glob(*)"])
    store = Store.open(config.store.root, config.store.quota)
    with ExitStack() as held, Acquirer(store) as acquirer:
        acquired = acquirer.model(config.grid.model[name])
        folders: list[Path] = []

        def prepare(recipe: str, build: Callable[[Path], None], size: int) -> Path:
            entry = held.enter_context(store.variant(acquired.weights_sha256, recipe, build, estimated_bytes=size))
            folders.append(entry.folder)
            return entry.folder

        given = (name, acquired.folder, acquired.weights, acquired.weights_sha256, Precision("fp32"), Engine(**engine))
        runtime = open_transformers(Opening(*given, prepare))
        held.callback(runtime.close)
        assert runtime.context, "loads the model"
        yield Candidate(runtime, folders[0], config.grid.task, lambda data: load_rows(data, acquirer.file, seed=0)[0])
