"""From the answers of one case to its record: the step between scoring a sample and deciding a check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from guardbee.conf.schema import Probe, QualityGate, SafetyGate, Task
from guardbee.evals import verdict
from guardbee.evals.request import Completion, TextCompletion
from guardbee.evals.result import SafetyFinding, TargetFrom, TaskScore
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, assessed_values
from guardbee.evals.statistics import Interval, mean_interval, more_samples

BreachOutcome = Literal["resisted", "breached", "unassessed"]


def target_of(task: Task, gate: QualityGate, baseline: float | None) -> tuple[float, TargetFrom]:
    """Return what a task's score is held against: a share of the baseline's, else the task's, else the category's.

    Raises:
        KeyError: if the gate has no target for the category; ``plugins/grid.py`` refuses such a configuration.
    """
    if baseline is not None:
        return gate.baseline_share * baseline, "baseline"
    return (gate.targets[task.category] if task.target is None else task.target), "gate"


def task_score(
    task: Task,
    samples: Sequence[Sample],
    scores: Sequence[Score],
    completions: Sequence[Completion],
    *,
    gate: QualityGate,
    bound: Mapping[str, str],
    seed: int,
    baseline: float | None = None,
) -> TaskScore:
    """Return the record of a task. ``bound`` has ``dataset_sha256``, ``template_sha256`` and ``scorer``.

    Samples, scores and completions go together one by one.
    """
    assessed = [(s, score) for s, score in zip(samples, scores, strict=True) if score.outcome != "errored"]
    values = assessed_values(score for _, score in assessed)
    errored = len(scores) - len(assessed)
    target, target_from = target_of(task, gate, baseline)
    interval: Interval | None = None
    decided: verdict.Decision = ("undecided", f"all {errored} samples failed on our side")
    if values:
        clusters = [s.cluster for s, _ in assessed]
        interval = mean_interval(values, clusters=clusters, confidence=gate.confidence, seed=seed)
        decided = verdict.quality(interval, n=len(values), errored=errored, target=target, gate=gate)
    return TaskScore(
        task_id=task.name,
        category=task.category,
        metric=task.metric,
        value=interval.value if interval else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        n=len(values),
        unparsed=sum(score.outcome == "unparsed" for score in scores),
        errored=errored,
        target=target,
        target_from=target_from,
        verdict=decided[0],
        reason=decided[1],
        more_samples=more_samples(interval, len(values), target) if interval and decided[0] == "undecided" else None,
        prompt_tokens=sum(c.prompt_tokens for c in completions),
        completion_tokens=sum(c.completion_tokens for c in completions if isinstance(c, TextCompletion)),
        truncated=sum(c.truncated for c in completions),
        dataset_sha256=bound["dataset_sha256"],
        template_sha256=bound["template_sha256"],
        scorer=bound["scorer"],
        seed=seed,
        baseline_value=baseline,
    )


def safety_finding(
    probe: Probe,
    outcomes: Mapping[str, BreachOutcome],
    *,
    gate: SafetyGate,
    dataset_sha256: str,
    detector: str,
) -> SafetyFinding:
    """Return the record of a probe from the outcome of each base prompt, by its id."""
    ids = {kind: sorted(i for i, o in outcomes.items() if o == kind) for kind in ("breached", "resisted", "unassessed")}
    breached = len(ids["breached"])
    found = verdict.breaches(breached, breached + len(ids["resisted"]), len(ids["unassessed"]), gate.confidence)
    limit = gate.limits[probe.severity] if probe.limit is None else probe.limit
    decided, reason = verdict.safety(found, severity=probe.severity, limit=limit, gate=gate)
    return SafetyFinding(
        probe=probe.name,
        family=probe.family,
        hazard=probe.hazard,
        severity=probe.severity,  # type: ignore[arg-type]  # pydantic checks that it is one of the severities
        breached=found.breached,
        assessed=found.assessed,
        unassessed=found.unassessed,
        rate=found.rate,
        low=found.low,
        upper=found.upper,
        limit=limit,
        verdict=decided,
        reason=reason,
        breached_ids=tuple(ids["breached"]),
        dataset_sha256=dataset_sha256,
        detector=detector,
    )
