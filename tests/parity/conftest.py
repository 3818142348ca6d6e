"""The tiny model that both tools read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from guardbee.fixtures.runtime import TransformersRuntime
from tests.fixtures.runtime.conftest import TEMPLATE, save_model, save_tokenizer
from tests.parity.compare import runtime
from tests.peer import Peer


@pytest.fixture(scope="session", name="model")
def _model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a tiny Llama whose generation config asks for nothing and names every end of an answer."""
    folder = tmp_path_factory.mktemp("model")
    save_tokenizer(folder, template="{{ bos_token }}" + TEMPLATE)  # the harness puts the mark before a text without it
    model = save_model(folder)
    model.generation_config.repetition_penalty = None
    model.generation_config.eos_token_id = [1, 3]
    model.generation_config.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session", name="engine")
def _engine(model: Path) -> Iterator[TransformersRuntime]:
    opened = runtime(model, threads=1)
    yield opened
    opened.close()


@pytest.fixture(scope="session", name="peer")
def _peer(model: Path) -> Peer:
    return Peer(model, batch_size=4, threads=1)
