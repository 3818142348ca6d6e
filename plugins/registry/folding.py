"""What counts of a variant's evaluations: the latest score of each task, under the latest verdict of each check. Pure.

A run may ask one task only; it must not hide what an earlier run found about the others. So tasks may come from
different evaluations, as long as these are of the same thing: equal weights, precision, engine, version and chat
template. What was found about safety and compliance stands until the same check of the same thing says otherwise:
nobody gets rid of a failed probe by leaving it out of the next run, or by interrupting that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from guardbee.evals.result import Verdict
from guardbee.plugins.registry.tables import Evaluation, TaskRow

Checks = Mapping[str, str]
"""Verdicts of one evaluation by the name of a probe or compliance check."""


@dataclass(frozen=True)
class Standing:
    """A variant as it counts now."""

    counts: Evaluation
    """The last evaluation with a verdict; the last at all where every one is incomplete."""
    scores: tuple[tuple[TaskRow, Evaluation], ...]
    """The latest of each task, with the evaluation that it is from; sorted by task."""
    barred: str
    """Why the variant may serve nothing, whatever its scores are; empty where it may."""
    verdict: Verdict
    tags: tuple[str, ...]

    def serves(self, row: TaskRow) -> bool:
        """Return whether the variant may serve a task of ``scores``."""
        return row.eligible and not self.barred


def standing(evaluations: Sequence[Evaluation], checks: Mapping[int, Checks]) -> Standing:
    """Return what counts of all evaluations of one variant, given oldest first; at least one.

    ``checks`` are theirs by evaluation id.
    """
    counts = counting(evaluations)
    same = [one for one in evaluations if _is_same(one, counts)]
    latest: dict[str, tuple[TaskRow, Evaluation]] = {}
    for one in same:
        if one is counts or one.verdict != "incomplete":
            latest |= {row.task_id: (row, one) for row in one.scores}
    barred = _barred(same, checks)
    scores = tuple(latest[task_id] for task_id in sorted(latest))
    served = () if barred else tuple(sorted({row.category for row, _ in scores if row.eligible}))
    verdict = "eligible" if served else counts.verdict
    if barred and verdict == "eligible":
        verdict = "reject" if "failed" in barred else "observe"
    return Standing(counts, scores, barred, cast("Verdict", verdict), served)


def counting(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Return the last evaluation with a verdict; the last at all where every one is incomplete."""
    complete = [evaluation for evaluation in evaluations if evaluation.verdict != "incomplete"]
    return (complete or evaluations)[-1]


def checks_of(safety: dict[str, Any], compliance: list[dict[str, Any]]) -> Checks:
    """Return the verdicts of an evaluation's probes and compliance checks, out of its result on the wire."""
    probes = {f"safety, {finding['probe']}": str(finding["verdict"]) for finding in safety.get("findings", [])}
    return probes | {f"compliance, {finding['check']}": str(finding["verdict"]) for finding in compliance}


def _is_same(one: Evaluation, counts: Evaluation) -> bool:
    """Return whether two evaluations are of the same thing; one that was never loaded is the same as itself only."""
    names = ("weights_sha256", "precision", "engine", "engine_version", "template_sha256")
    equal = all(getattr(one, name) == getattr(counts, name) for name in names)
    return one is counts or (counts.weights_sha256 is not None and equal)


def _barred(same: Sequence[Evaluation], checks: Mapping[int, Checks]) -> str:
    """Return the first check whose latest verdict is no pass; what an incomplete run left undecided says nothing."""
    latest: dict[str, tuple[str, str]] = {}
    for one in same:
        for name, verdict in checks.get(one.id, {}).items():
            if verdict == "fail" or one.verdict != "incomplete":
                latest[name] = (verdict, one.run_id)
    words = {"fail": "failed", "undecided": "is undecided"}
    found = sorted((verdict, name, run) for name, (verdict, run) in latest.items() if verdict in words)
    return "; ".join(f"{name} {words[verdict]} in run {run}" for verdict, name, run in found[:1])
