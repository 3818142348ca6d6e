"""What several test folders share: the real small model, and runs of the whole program as a user starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from guardbee.fixtures.acquire import Acquirer
from guardbee.fixtures.store import Store
from guardbee.plugins.grid import compose

ROOT = Path(__file__).parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Make every warning an error, here and not in pyproject.toml: a user's evaluation must not end on a warning."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests"):
            item.add_marker(pytest.mark.filterwarnings("error"), append=False)


@pytest.fixture(scope="session", name="smollm2_gguf")
def _smollm2_gguf() -> Iterator[Path]:
    """Return the weights of SmolLM2-135M-Instruct, out of the user's model store (98 MB, fetched once)."""
    config = compose(["model=smollm2-135m"])
    store = Store.open(config.store.root, config.store.quota)
    with Acquirer(store) as acquirer:
        acquired = acquirer.model(config.grid.model["smollm2-135m"])
        yield acquired.folder / acquired.weights[0]


@pytest.fixture(scope="session", name="llama_server")
def _llama_server(smollm2_gguf: Path) -> Iterator[str]:
    """Return the address of llama.cpp's own server with SmolLM2 in it: two requests at once, 2,048 tokens each."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(smollm2_gguf)
    params.n_ctx = 4096
    params.n_parallel = 2
    server = xllamacpp.Server(params)
    yield str(server.listening_address)
    del server


@dataclass(frozen=True)
class Finished:
    """A run that ended."""

    code: int
    output: str
    folder: Path | None
    registry: str
    """URL of the registry that it wrote to."""

    @property
    def results(self) -> list[dict[str, Any]]:
        """What the run wrote to ``result.json``."""
        assert self.folder is not None, self.output
        found: list[dict[str, Any]] = json.loads((self.folder / "result.json").read_text())
        return found


@pytest.fixture(scope="module", name="evaluate")
def _evaluate(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Finished]:
    """Return a function that runs ``pytest evals/ ARGUMENTS`` in a process, with a registry of its own a module."""
    home = tmp_path_factory.mktemp("evaluations")

    def evaluate(*arguments: str, **environment: str) -> Finished:
        out = tmp_path_factory.mktemp("out")
        command = [sys.executable, "-m", "pytest", "evals/", f"report.out={out}", "-p", "no:cacheprovider", *arguments]
        own = {"GUARDBEE_REGISTRY": f"sqlite:///{home / 'registry.sqlite'}", **environment}
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **own}, capture_output=True, text=True, check=False, timeout=900
        )
        return Finished(done.returncode, done.stdout + done.stderr, next(out.iterdir(), None), own["GUARDBEE_REGISTRY"])

    return evaluate
