"""What counts of a variant's evaluations: the latest score of each task, under the latest verdict of each check. Pure.

A run may ask one task only; it must not hide what an earlier run found about the others. So tasks may come from
different evaluations, as long as these are of the same thing: equal weights, precision, engine, version and chat
template. What was found about safety and compliance stands until the same check of the same thing says otherwise:
nobody gets rid of a failed probe by leaving it out of the next run, or by interrupting that. A probe that passed under
a mitigation only passes for those who apply it; two mitigations that were never asked together are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from guardbee.evals.result import Mitigation, Verdict
from guardbee.plugins.registry.tables import Evaluation, TaskRow


class Check(NamedTuple):
    """What an evaluation says of a probe or a compliance check."""

    verdict: str
    mitigation: Mitigation | None = None
    """Without which it would be another."""


Checks = Mapping[str, Check]
"""Of one evaluation, by the name of the probe or check."""


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
    mitigation: Mitigation | None
    """Who serves the variant has to apply it."""

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
    found = _latest(same, checks)
    mitigations = {check.mitigation.sha256: check.mitigation for check, _ in found.values() if check.mitigation}
    barred = _barred(found) or _at_odds(found, mitigations)
    scores = tuple(latest[task_id] for task_id in sorted(latest))
    served = () if barred else tuple(sorted({row.category for row, _ in scores if row.eligible}))
    verdict = "eligible" if served else counts.verdict
    if barred and verdict == "eligible":
        verdict = "reject" if "failed" in barred else "observe"
    mitigation = next(iter(mitigations.values())) if len(mitigations) == 1 else None
    return Standing(counts, scores, barred, cast("Verdict", verdict), served, mitigation)


def counting(evaluations: Sequence[Evaluation]) -> Evaluation:
    """Return the last evaluation with a verdict; the last at all where every one is incomplete."""
    complete = [evaluation for evaluation in evaluations if evaluation.verdict != "incomplete"]
    return (complete or evaluations)[-1]


def checks_of(
    safety: dict[str, Any], compliance: list[dict[str, Any]], mitigation: dict[str, Any] | None = None
) -> Checks:
    """Return what an evaluation's probes and compliance checks say, out of its result on the wire."""
    around = Mitigation.from_wire(mitigation) if mitigation else None
    probes = {
        f"safety, {found['probe']}": Check(
            str(found["verdict"]), around if (found.get("mitigated") or {}).get("counts") else None
        )
        for found in safety.get("findings", [])
    }
    return probes | {f"compliance, {found['check']}": Check(str(found["verdict"])) for found in compliance}


def _is_same(one: Evaluation, counts: Evaluation) -> bool:
    """Return whether two evaluations are of the same thing; one that was never loaded is the same as itself only."""
    names = ("weights_sha256", "precision", "engine", "engine_version", "template_sha256")
    equal = all(getattr(one, name) == getattr(counts, name) for name in names)
    return one is counts or (counts.weights_sha256 is not None and equal)


def _latest(same: Sequence[Evaluation], checks: Mapping[int, Checks]) -> dict[str, tuple[Check, str]]:
    """Return the latest of each check with its run; what an incomplete run left undecided says nothing."""
    latest: dict[str, tuple[Check, str]] = {}
    for one in same:
        for name, check in checks.get(one.id, {}).items():
            if check.verdict == "fail" or one.verdict != "incomplete":
                latest[name] = (check, one.run_id)
    return latest


def _barred(latest: Mapping[str, tuple[Check, str]]) -> str:
    """Return the first check whose latest verdict is no pass."""
    words = {"fail": "failed", "undecided": "is undecided"}
    found = sorted((check.verdict, name, run) for name, (check, run) in latest.items() if check.verdict in words)
    return "; ".join(f"{name} {words[verdict]} in run {run}" for verdict, name, run in found[:1])


def _at_odds(latest: Mapping[str, tuple[Check, str]], mitigations: Mapping[str, Mitigation]) -> str:
    """Return which probes passed under which of several mitigations; empty where there is one, or none."""
    if len(mitigations) <= 1:
        return ""
    under = sorted((name, check.mitigation.name, run) for name, (check, run) in latest.items() if check.mitigation)
    found = "; ".join(f"{name} under '{mitigation}' in run {run}" for name, mitigation, run in under)
    return f"it passes under different mitigations only ({found}): ask all of these under one"
