"""A sample: one row of a data set with a stable id. Which samples a run takes depends on the seed and the ids alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
"""One row as a reader gives it: column names to plain JSON types."""


@dataclass(frozen=True)
class Sample:
    """``id`` is unique within a data set and does not depend on the order of the rows."""

    id: str
    row: Row
    cluster: str
    """Samples of one cluster are dependent (same passage, same base prompt); the id itself where there is none."""
    stratum: str = ""
    """Samples are taken from every stratum in turn; one stratum where nothing is said."""
    shots: tuple[Row, ...] = ()
    """Rows shown as worked examples before it; never its own."""
    seed: int = 0
    """Of the run; answers with a temperature are drawn from it."""


def row_id(row: Row) -> str:
    """Return an id for a row that has none of its own: the first 12 hexadecimal digits of its content's sha256."""
    text = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def select(samples: Iterable[Sample], *, seed: int, limit: int | None) -> list[Sample]:
    """Return at most ``limit`` samples, in the order of the hash of seed and id, each stratum in turn.

    The first n of a larger selection are the selection of n, and a grown data set changes few of them: no generator's
    state and no order of rows is involved. Within a turn the strata follow the same hash, so none is always first.
    """
    ordered = sorted(samples, key=lambda sample: hashlib.sha256(f"{seed}|{sample.id}".encode()).digest())
    seen: Counter[str] = Counter()
    turns: list[tuple[int, Sample]] = []
    for sample in ordered:
        turns.append((seen[sample.stratum], sample))
        seen[sample.stratum] += 1
    turns.sort(key=lambda turn: turn[0])  # stable: the order of the hash stays within a turn
    return [sample for _, sample in turns][:limit]
