"""A case: one variant under one check. Which cases a run needs follows from its configuration alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from guardbee.conf.schema import Grid

Kind = Literal["compliance", "quality", "safety", "performance"]
COMPLIANCE_CHECKS = ("artifacts", "provenance", "licence", "card")
"""Every candidate passes all of them; ``artifacts`` and ``provenance`` before anything of it is loaded."""


@dataclass(frozen=True)
class Case:
    """``subject`` is a task, a probe, a compliance check or a performance profile, by ``kind``."""

    kind: Kind
    variant: str
    """``MODEL@PRECISION``."""
    subject: str

    @property
    def id(self) -> str:
        """Return e.g. ``quality:smollm2-135m@fp32-tweet_sentiment``."""
        return f"{self.kind}:{self.variant}-{self.subject}"


def variant_name(model: str, precision: str) -> str:
    """Return the name of a model at a precision, ``MODEL@PRECISION``."""
    return f"{model}@{precision}"


def split_variant(variant: str) -> tuple[str, str]:
    """Return ``(model, precision)``."""
    model, _, precision = variant.rpartition("@")
    return model, precision


def variants(grid: Grid) -> list[str]:
    """Return all variants of a grid, models first."""
    return [variant_name(model, precision) for model in grid.model for precision in grid.precision]


def subjects(grid: Grid) -> dict[Kind, Iterable[str]]:
    """Return what every variant is checked for, in the order in which it runs: cheap and decisive checks first."""
    return {
        "compliance": COMPLIANCE_CHECKS,
        "quality": grid.task,
        "safety": grid.safety,
        "performance": grid.performance,
    }


def plan_cases(grid: Grid, variant: str) -> list[Case]:
    """Return the cases that a verdict of the variant needs."""
    return [Case(kind, variant, subject) for kind, names in subjects(grid).items() for subject in names]
