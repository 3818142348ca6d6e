"""Running a program that a candidate wrote: the contract. The sandbox that does it is ``fixtures/sandbox.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

ExecutionOutcome = Literal["passed", "failed", "error"]


@dataclass(frozen=True)
class Execution:
    """How a program ended.

    ``passed``: it ran to its last line. ``failed``: it raised, was killed by a limit, or ended before its last line.
    ``error``: our side failed, the program was not run or not watched.
    """

    outcome: ExecutionOutcome
    reason: str
    """One line: the exception, the limit that was hit, or empty."""
    seconds: float
    """Wall clock, start of the interpreter included."""
    output: str = ""
    """The beginning of what it printed, both streams."""


Execute = Callable[[str], Execution]
"""Run Python source text, isolated and limited. Never raises for what the program does."""
