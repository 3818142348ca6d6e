"""pass@1 (Chen et al. 2021, n = k = 1): whether the one program that the candidate wrote passes its tests."""

from __future__ import annotations

from guardbee.evals.execution import Execution
from guardbee.evals.score import Score, errored, scored

VERSION = 1


def pass_at_1(execution: Execution, answer: str) -> Score:
    """Return 1 where the program with its tests ran to the end; a sandbox that failed makes the sample errored."""
    if execution.outcome == "error":
        return errored(f"the sandbox failed: {execution.reason}")
    return scored(float(execution.outcome == "passed"), answer, execution.reason)
