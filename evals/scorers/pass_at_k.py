"""pass@k by execution: the unbiased estimator of Chen et al. 2021 (arXiv 2107.03374, section 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

from guardbee.evals.execution import Execution
from guardbee.evals.score import Score, errored, scored

VERSION = 2


def judged(execution: Execution, answer: str) -> Score:
    """Return 1 where the program with its tests ran to the end; a sandbox that failed makes the answer errored."""
    if execution.outcome == "error":
        return errored(f"the sandbox failed: {execution.reason}")
    return scored(float(execution.outcome == "passed"), answer, execution.reason)


def pass_at_k(n: int, passed: int, k: int) -> float:
    """Return the chance that at least one of ``k`` programs passes, where ``passed`` of ``n`` drawn ones did.

    Not ``1 - (1 - passed / n) ** k``: that one is biased downwards.

    Raises:
        ValueError: unless 1 <= k <= n and 0 <= passed <= n.
    """
    if not 1 <= k <= n or not 0 <= passed <= n:
        raise ValueError(f"no pass@{k} from {passed} of {n} programs")
    return 1.0 - comb(n - passed, k) / comb(n, k)


def folded(scores: Sequence[Score], k: int) -> Score:
    """Return pass@k of one sample from the scores of its repeats; an answer without code is one that fails.

    Repeats that failed on our side are left out; fewer than ``k`` others make the sample errored.
    """
    assessed = [score for score in scores if score.outcome != "errored"]
    if len(assessed) < k:
        return errored(f"only {len(assessed)} of {len(scores)} programs could be run, pass@{k} needs {k}")
    if all(score.outcome == "unparsed" for score in assessed):
        return assessed[0]
    passed = [score for score in assessed if score.value]
    shown = (passed or [score for score in assessed if score.outcome == "scored"])[0]
    return scored(pass_at_k(len(assessed), len(passed), k), shown.answer, f"{len(passed)} of {len(assessed)} pass")
