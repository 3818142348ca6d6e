"""Small tasks for the tests of task kinds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guardbee.conf.schema import Data, File, Task


@pytest.fixture(name="config")
def _config() -> Callable[..., Task]:
    """Return a function that makes a task's configuration, with any field given by name; ``data__x`` is of its data."""

    def make(kind: str, **fields: Any) -> Task:
        data = {name.removeprefix("data__"): fields.pop(name) for name in list(fields) if name.startswith("data__")}
        files = [File(name="rows.jsonl", parts=["file:rows.jsonl"], sha256="0" * 64)]
        said = {
            "doc_to_text": "{{ q }}",
            "doc_to_target": "{{ a }}",
            "category": "classification",
            "metric": "acc",
        } | fields
        source = Data(files=files, reader="jsonl", license="MIT", citation="nobody", **data)
        return Task(name="toy", title="Toy", kind=kind, data=source, **said)

    return make
