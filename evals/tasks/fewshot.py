"""Worked examples out of the data: which rows are shown before a question.

They never contain the asked row, nor a copy of it. Which ones a sample gets does not depend on the other samples, on
their number or order, nor on the process that asks. Where a prompt is longer than the context, the runtime cuts its
oldest tokens: the description goes first, then the first examples, the last of them perhaps in its midst; such samples
are counted as ``truncated``.

Distance from lm-evaluation-harness 0.4.13: its ``first_n`` leaves copies of the asked row in where the examples are of
another split; its ``default`` draws from one generator in the order of the rows, ours (``random``) anew for each
sample.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import count, islice

from guardbee.evals.sample import Row, row_id

Draw = Callable[["Pool", Row, int, str], tuple[Row, ...]]
"""Take ``n`` examples of a pool for an asked row; the text is what a draw depends on."""


class Pool:
    """The rows that examples are taken from, in the order of the files."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)

    @cached_property
    def ordered(self) -> tuple[Row, ...]:
        """The rows in an order that does not depend on the files'."""
        return tuple(sorted(self.rows, key=row_id))

    def others(self, asked: Row) -> int:
        """Return how many rows are not the asked one."""
        return sum(row != asked for row in self.rows)


def first_n(pool: Pool, asked: Row, n: int, _: str) -> tuple[Row, ...]:
    """Return the first ``n`` rows."""
    return tuple(islice((row for row in pool.rows if row != asked), n))


def random(pool: Pool, asked: Row, n: int, key: str) -> tuple[Row, ...]:
    """Return ``n`` rows at random, in random order; each at most once. The pool must have so many others."""
    chosen: dict[int, Row] = {}
    for turn in count():
        if len(chosen) == n:
            break
        digest = hashlib.sha256(f"{key}|{turn}".encode()).digest()
        index = int.from_bytes(digest, "big") % len(pool.ordered)
        row = pool.ordered[index]
        if row != asked:
            chosen.setdefault(index, row)
    return tuple(chosen.values())


SAMPLERS: Mapping[str, Draw] = {"first_n": first_n, "random": random}
