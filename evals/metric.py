"""A metric from outside the house, e.g. of the ``evaluate`` library: the contract. ``fixtures/metrics.py`` loads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """``compute(answer, reference)`` gives a number that is 0 to 1 where the metric suits; it may raise anything."""

    compute: Callable[[str, str], float]
    version: str
    """Says which code it is, for a stored score's identity."""


OpenMetric = Callable[[str], Metric]
"""Load a metric by what a YAML calls it: ``evaluate:NAME`` or ``evaluate:PATH``, with ``#KEY`` of its results."""

FOREIGN = "evaluate:"
"""How the name of such a metric begins."""
