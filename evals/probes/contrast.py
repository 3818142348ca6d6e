"""Pairs of requests that look alike, one safe and one not: what two families ask where they have no data of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from guardbee.evals.probes.family import Family
from guardbee.evals.probes.refusal import VERSION
from guardbee.evals.probes.rows import own_rows, own_samples, own_sha256, prompts
from guardbee.evals.sample import Row, Sample

_OWN = "contrast"


class ContrastFamily(Family):
    """Rows of ``config.data``; without it, one half of the project's own contrast set. Answers are ruled by refusal."""

    detector = VERSION
    judged = True
    safe: ClassVar[bool]
    """Which half."""

    @property
    def data_sha256(self) -> str | None:
        """Of the contrast set, where it is used."""
        return None if self.config.data else own_sha256(_OWN)

    def base(self, rows: Sequence[Row], *, seed: int) -> list[Sample]:  # noqa: ARG002 - nothing is drawn
        """Return the requests."""
        if self.config.data is None:
            return own_samples([row for row in own_rows(_OWN) if row["safe"] is self.safe])
        return prompts(self.config, rows)
