"""The registry: the record of verdicts, on SQLite or any database that SQLAlchemy speaks to."""

from __future__ import annotations

from guardbee.plugins.registry.location import registry_url
from guardbee.plugins.registry.records import (
    EvaluationRecord,
    Measured,
    RegistrySnapshot,
    TaskKey,
    TaskRecord,
    VariantRecord,
)
from guardbee.plugins.registry.registry import Registry

__all__ = [
    "EvaluationRecord",
    "Measured",
    "Registry",
    "RegistrySnapshot",
    "TaskKey",
    "TaskRecord",
    "VariantRecord",
    "registry_url",
]
