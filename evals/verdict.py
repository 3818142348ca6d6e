"""The rules of the gate: from counts to check verdicts, and from case reports to the verdict of a variant.

Everything here is pure; section 5 of the design is its specification. A check passes only where the numbers carry it:
"not shown to be bad" is ``undecided``, never ``pass``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guardbee.conf.schema import Baseline, Gate, Hardware, PerformanceGate, QualityGate, Task
from guardbee.evals import safety_verdict
from guardbee.evals.case import Case
from guardbee.evals.category import categories, overall
from guardbee.evals.cost import price, saving
from guardbee.evals.multiplicity import held_together
from guardbee.evals.power import more_samples
from guardbee.evals.result import (
    CaseReport,
    CategoryQuality,
    ComplianceFinding,
    Cost,
    EvaluationResult,
    Latency,
    Mitigation,
    Performance,
    SafetyScore,
    TaskCheck,
    TaskScore,
    Verdict,
)
from guardbee.evals.safety_verdict import Decision
from guardbee.evals.statistics import Interval


def quality(interval: Interval, *, n: int, errored: int, target: float, gate: QualityGate) -> Decision:
    """Decide a task: pass if the lower bound reaches the target, fail if the upper bound stays below it."""
    numbers = f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}] against the target {target:.3f}, n = {n}"
    if errored > gate.max_unassessed * (n + errored):
        return "undecided", f"{errored} of {n + errored} samples failed on our side; {numbers}"
    if n < gate.min_samples:
        return "undecided", f"fewer than {gate.min_samples} samples; {numbers}"
    if interval.low >= target:
        return "pass", numbers
    if interval.high < target:
        return "fail", f"below the target: {numbers}"
    more = more_samples(interval, n, target)
    return "undecided", f"{numbers}; " + (f"{more} more samples would decide" if more else "the value is the target")


def latency(measured: Latency | None, sla_p95_ms: float, gate: PerformanceGate) -> Decision:
    """Decide whether requests of a profile are answered within a task's limit."""
    if measured is None:
        return "undecided", "latency was not measured"
    if measured.rounds < gate.min_rounds:
        return "undecided", f"latency: {measured.rounds} rounds, {gate.min_rounds} are needed for a p95"
    if measured.others_cpu is not None and measured.others_cpu > gate.max_others_cpu:
        return "undecided", f"latency: other processes used {measured.others_cpu:.0%} of the machine meanwhile"
    numbers = f"latency p95 {measured.latency_ms_p95:.0f} ms, limit {sla_p95_ms:.0f} ms"
    if measured.latency_ms_p95 > sla_p95_ms:
        return "fail", f"too slow: {numbers}"
    if measured.decode_tps is not None and measured.decode_tps < gate.min_tps:
        return "fail", f"too slow: {measured.decode_tps:.1f} tokens/s for one user, {gate.min_tps:.1f} are required"
    return "pass", numbers


def cost(saved: float | None, gate: Gate) -> Decision:
    """Decide whether the variant saves enough of the baseline's price on a task."""
    if saved is None:
        return "undecided", "cost: the baseline has no price, or throughput was not measured"
    numbers = f"saves {saved:.0%} of the baseline's price, {gate.cost.min_saving:.0%} are required"
    return ("pass", numbers) if saved >= gate.cost.min_saving else ("fail", f"too dear: {numbers}")


@dataclass(frozen=True)
class Terms:
    """What a verdict is measured against: the parts of the configuration that the rules need."""

    gate: Gate
    tasks: Mapping[str, Task]
    baseline: Baseline
    hardware: Hardware
    suite: str
    seed: int
    run: str
    version: str
    mitigation: Mitigation | None = None
    """Under which probes of medium and low severity were asked again."""


def decide(variant: str, planned: Sequence[Case], reports: Sequence[CaseReport], terms: Terms) -> EvaluationResult:
    """Fold the reports of one variant into its result and verdict.

    ``planned`` are all cases of the variant; one without a report makes it ``incomplete``: a run that was cut off never
    flatters a model. Of two reports of one case the later counts.
    """
    latest = {report.case: report for report in reports}
    finished = [latest[case] for case in planned if case in latest]
    missing = tuple(case.id for case in planned if case not in latest)
    quality_gate = terms.gate.quality
    tasks = held_together([r.task for r in finished if r.task], 1 - quality_gate.confidence)
    by_category = categories(tasks, quality_gate)
    profiles = {r.latency.profile: r.latency for r in finished if r.latency}
    compliance = tuple(r.compliance for r in finished if r.compliance)
    money = price(list(profiles.values()), tasks, terms.hardware, terms.baseline)
    checks = tuple(_in_category(_check_task(task, profiles, money, terms), by_category) for task in tasks)
    score = overall(by_category)
    safe = _safety(finished, planned, score, terms)
    mitigation = terms.mitigation if any(f.mitigated and f.mitigated.counts for f in safe.findings) else None
    verdict, reasons = _verdict(compliance, safe, checks, missing, planned)
    return EvaluationResult(
        model_id=variant,
        tasks=tasks,
        safety=safe,
        performance=_performance(tuple(profiles.values())),
        cost=money,
        overall_score=score,
        specialist_tags=tuple(sorted({c.category for c in checks if c.eligible})) if verdict == "eligible" else (),
        verdict=verdict,
        compliance=compliance,
        checks=checks,
        reasons=reasons,
        categories=by_category,
        remarks=tuple(_remarks(tasks, mitigation)),
        mitigation=mitigation,
        candidate=next((r.candidate for r in finished if r.candidate), None),
        identity=next((r.identity for r in finished if r.identity), None),
        planned=len(planned),
        finished=len(finished),
        missing=missing,
        suite=terms.suite,
        seed=terms.seed,
        run=terms.run,
        guardbee_version=terms.version,
    )


def _check_task(task: TaskScore, profiles: Mapping[str, Latency], money: Cost, terms: Terms) -> TaskCheck:
    settings = terms.tasks[task.task_id]
    measured = profiles.get(settings.profile)
    limits = terms.gate.performance.sla_p95_ms
    limit = limits[settings.category] if settings.sla_p95_ms is None else settings.sla_p95_ms
    in_time = latency(measured, limit, terms.gate.performance)
    saved = saving(task, money, terms.baseline)
    worth = cost(saved, terms.gate)
    checks: tuple[Decision, ...] = ((task.verdict, task.reason), in_time, worth)
    return TaskCheck(
        task_id=task.task_id,
        category=task.category,
        quality=task.verdict,
        latency=in_time[0],
        cost=worth[0],
        saving=saved,
        reasons=tuple(reason for verdict, reason in checks if verdict != "pass"),
        eligible=all(verdict == "pass" for verdict, _ in checks),
        latency_ms_p95=measured.latency_ms_p95 if measured else None,
    )


def _in_category(check: TaskCheck, found: Sequence[CategoryQuality]) -> TaskCheck:
    """Return the checks of a task; it is not served where its category as a whole is below the gate's minimum."""
    category = next((c for c in found if c.category == check.category), None)
    if category is None or category.met is not False:
        return check
    reason = f"category {category.category}: quality {category.value:.3f}, {category.minimum:.3f} is the least"
    return check.model_copy(update={"eligible": False, "reasons": (*check.reasons, reason)})


def _remarks(tasks: Sequence[TaskScore], mitigation: Mitigation | None) -> Iterator[str]:
    """Say what the verdict does not hang on: a variant is held against the target itself, whatever its parent is."""
    if mitigation:
        yield (
            f"the verdict rests on the mitigation '{mitigation.name}', which whoever serves the variant has to apply; "
            "tasks, and probes of critical and high severity, were asked without it"
        )
    for task in tasks:
        for c in task.comparisons:
            if c.verdict == "inferior":
                loss = f"{c.difference:+.3f} [{c.low:+.3f}, {c.high:+.3f}] on the same {c.n} samples"
                yield f"{task.task_id}: worse than {c.against} by more than the margin {c.margin:.3f}: {loss}"
        saved = 0 if task.planned is None else task.planned - task.n - task.errored
        if saved > 0:
            yield f"{task.task_id}: decided after {task.n + task.errored} of {task.planned} samples, {saved} saved"


def _safety(finished: Sequence[CaseReport], planned: Sequence[Case], score: float | None, terms: Terms) -> SafetyScore:
    gate = terms.gate.safety
    tasks = sum(case.kind == "quality" for case in planned)
    return safety_verdict.fold(
        [report.safety for report in finished if report.safety],
        gate,
        asked=sum(case.kind == "safety" for case in planned),
        useless=safety_verdict.hardly_answers(score, tasks=tasks, gate=gate),
    )


def _verdict(
    compliance: Sequence[ComplianceFinding],
    safe: SafetyScore,
    checks: Sequence[TaskCheck],
    missing: Sequence[str],
    planned: Sequence[Case],
) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict with all its reasons; the first that applies of incomplete, reject, eligible, observe."""
    denied = [f"compliance, {c.check}: {c.reason}" for c in compliance if c.verdict == "fail"]
    review = [f"compliance, {c.check}: {c.reason}" for c in compliance if c.verdict == "undecided"]
    unsafe = [f"safety, {safe.reason}"] if safe.verdict == "fail" else []
    if missing:
        gaps = f"{len(missing)} of {len(planned)} planned cases have no result, the first is {missing[0]}"
        return "incomplete", (gaps, *denied, *unsafe)
    hopeless = bool(checks) and all("fail" in (c.quality, c.latency, c.cost) for c in checks)
    if denied or unsafe or hopeless:
        return "reject", (*denied, *unsafe, *(["every task fails"] if hopeless else []))
    open_ = [*review, *([f"safety, {safe.reason}"] if safe.verdict == "undecided" else [])]
    served = sorted(c.task_id for c in checks if c.eligible)
    if served and not open_:
        return "eligible", (f"may serve {', '.join(served)}",)
    return "observe", (*open_, *([] if served else ["no task passes all its checks yet"]))


def _performance(profiles: tuple[Latency, ...]) -> Performance:
    rates = [p.batch_tps for p in profiles if p.batch_tps is not None]
    return Performance(
        latency_ms_p50=max((p.latency_ms_p50 for p in profiles), default=None),
        latency_ms_p95=max((p.latency_ms_p95 for p in profiles), default=None),
        tps=min(rates, default=None),
        mem_gb=max((p.mem_gb for p in profiles if p.mem_gb is not None), default=None),
        profiles=profiles,
    )
