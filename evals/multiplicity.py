"""Several claims at once: a variant that is asked eight tasks has eight chances to pass one of them by luck.

At two-sided 95 % each task that lies just under its target passes in up to 2.5 % of the runs; of eight such tasks, at
least one in up to 18 %. So the claim "it may serve these tasks" is held to one error rate as a whole, by Holm's
procedure (1979): it needs no independence, and costs a single task nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from scipy import special

from guardbee.evals.power import more_for_level
from guardbee.evals.quality import TaskScore
from guardbee.evals.statistics import MIN_VARIANCE, units


def p_at_most(values: Sequence[float], target: float, *, clusters: Sequence[str] | None = None) -> float:
    """Return the one-sided p value of "the true mean is at most the target".

    Independent right-or-wrong scores: exact (binomial). Else the score test that belongs to the interval: the effective
    number of samples, Student's distribution. Where nothing varies, the units are coins. Clusters get half the degrees
    of freedom: with all of them, 20 clusters of five at .75 err in .8 % of the runs that should be .6 %, the level that
    eight tasks leave to one; with half, in .4 %.

    Raises:
        ValueError: if there are no values.
    """
    found = units(values, clusters)
    value, count = found.value, len(found.sums)
    if target <= 0 or target >= 1:
        return 0.0 if target < 0 else 1.0
    if found.coins or count < MIN_VARIANCE or len(set(values)) == 1:
        hits = value * count
        return 1.0 if hits <= 0 else float(special.betainc(hits, count - hits + 1, target))
    spread = math.sqrt(target * (1 - target) / found.effective)
    freedom = count - 1 if (found.sizes == 1).all() else (count - 1) / 2
    return float(special.stdtr(freedom, (target - value) / spread))


def held_together(tasks: Sequence[TaskScore], alpha: float) -> tuple[TaskScore, ...]:
    """Return the scores of a variant; a pass that does not stand among all its tasks becomes undecided, with a reason.

    The share of variants for which any task passes that should not is at most ``alpha``, however many tasks there are.
    A target that was taken from a baseline counts as given: its own uncertainty is not in it.
    """
    claims = holm([1.0 if task.p_value is None else task.p_value for task in tasks], alpha)
    return tuple(
        task if stands or task.verdict != "pass" else _withdrawn(task, level, len(tasks))
        for task, (stands, level) in zip(tasks, claims, strict=True)
    )


def _withdrawn(task: TaskScore, level: float, among: int) -> TaskScore:
    more = None if task.p_value is None else more_for_level(task.n, task.p_value, level)
    p_value = "no p value" if task.p_value is None else f"p = {task.p_value:.2g}"
    reason = f"passes alone, not among {among} tasks: {p_value}, {level:.2g} is needed; {task.reason}"
    if more:
        reason += f"; {more} more samples would decide"
    return task.model_copy(update={"verdict": "undecided", "reason": reason, "more_samples": more})


def holm(p_values: Sequence[float], alpha: float) -> list[tuple[bool, float]]:
    """Return for each claim whether it stands, and the level that its p value was held against.

    The smallest p value is held against ``alpha / m``, the next against ``alpha / (m - 1)`` and so on, until one is too
    large: it falls with all after it. The chance that any standing claim is false is at most ``alpha``.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    found = [(False, alpha)] * len(p_values)
    standing = True
    for rank, i in enumerate(order):
        level = alpha / (len(p_values) - rank)
        standing = standing and p_values[i] <= level
        found[i] = (standing, level)
    return found
