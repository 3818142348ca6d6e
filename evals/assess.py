"""From the answers of one case to its record: the step between scoring a sample and deciding a check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from guardbee.conf.schema import Gate, Probe, QualityGate, SafetyGate, Task
from guardbee.evals import estimate, safety_verdict, sequential, verdict
from guardbee.evals.against import Outcomes
from guardbee.evals.asking import Answer, Reply, ask
from guardbee.evals.compare import SampleValues
from guardbee.evals.estimate import Estimate
from guardbee.evals.power import detectable, detectable_unpaired, more_samples
from guardbee.evals.quality import TargetFrom, TaskScore
from guardbee.evals.request import TextCompletion
from guardbee.evals.result import DetectorAccuracy, Mitigated, Mitigation, SafetyComparison, SafetyFinding
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, assessed_values
from guardbee.evals.tasks.task import Corpus
from guardbee.evals.tasks.task import Task as AskableTask


@dataclass(frozen=True)
class Standard:
    """What the score of a task is held against, and how."""

    gate: Gate
    planned: int
    """Samples of the task in this run."""
    tasks: int = 1
    """Of the variant: the more there are, the more evidence an early pass needs."""
    baseline: float | None = None
    corpus: Corpus | None = None
    looks: tuple[int, ...] = ()
    """How many samples are asked before each look, if a case may stop early."""


def looks(samples: Sequence[Sample], corpus: Corpus | None, gate: Gate) -> tuple[int, ...]:
    """Return how many samples are asked before each look at them; one look at all of them if that is none.

    Only independent scores can be bet on: tasks with clusters and metrics over all samples are asked in full.
    """
    dependent = corpus is not None or any(sample.cluster != sample.id for sample in samples)
    if gate.stop != "early" or dependent or len(samples) <= gate.quality.min_samples:
        return ()
    return tuple(sequential.batch_sizes(len(samples), gate.quality.min_samples))


def ask_until_certain(
    task: AskableTask, samples: Sequence[Sample], answer: Answer, standard: Standard, *, seed: int
) -> list[Reply]:
    """Return the replies to all samples, or to as many as were needed where the standard has looks."""
    ordered = sequential.shuffled(samples, seed) if standard.looks else list(samples)
    replies: list[Reply] = []
    for size in standard.looks or (len(ordered),):
        replies += ask(task, ordered[len(replies) : len(replies) + size], answer)
        if standard.looks and is_certain(task.config, replies, standard):
            break
    return replies


def is_certain(task: Task, replies: Sequence[Reply], standard: Standard) -> bool:
    """Return whether no further sample can change a task's decision (``gate.stop=early``)."""
    quality = standard.gate.quality
    values = assessed_values(reply.score for reply in replies)
    errored = len(replies) - len(values)
    if len(values) < quality.min_samples or errored > quality.max_unassessed * len(replies):
        return False
    target, _ = target_of(task, quality, standard.baseline)
    level = (1 - quality.confidence) / standard.tasks
    return sequential.certain(values, target, confidence=quality.confidence, level=level)


def target_of(task: Task, gate: QualityGate, baseline: float | None) -> tuple[float, TargetFrom]:
    """Return what a task's score is held against: a share of the baseline's, else the task's, else the category's.

    The share of a baseline is at least the category's minimum: what a bad general scored is no target.

    Raises:
        KeyError: if the gate has no target for the category; ``plugins/grid.py`` refuses such a configuration.
    """
    if baseline is not None:
        share, least = gate.baseline_share * baseline, gate.minimums.get(task.category, 0.0)
        return (share, "baseline") if share >= least else (least, "gate")
    return (gate.targets[task.category] if task.target is None else task.target), "gate"


def sample_values(samples: Sequence[Sample], scores: Sequence[Score]) -> SampleValues:
    """Return the scores of all assessed samples for paired comparisons; unparsed answers are 0."""
    assessed = [(sample, score) for sample, score in zip(samples, scores, strict=True) if score.outcome != "errored"]
    values = assessed_values(score for _, score in assessed)
    ids = [sample.id for sample, _ in assessed]
    clusters = {sample.id: sample.cluster for sample, _ in assessed if sample.cluster != sample.id}
    return SampleValues(dict(zip(ids, values, strict=True)), clusters)


def corpus_pairs(replies: Sequence[tuple[Score, str]]) -> list[tuple[str, str]]:
    """Return (answer, reference) of all assessed samples, out of (score, reference).

    What could not be read is no answer, whatever it says: it must not be taken for one.
    """
    return [
        ((score.answer or "") if score.outcome == "scored" else "", reference)
        for score, reference in replies
        if score.outcome != "errored"
    ]


def task_score(
    task: Task, replies: Sequence[Reply], bound: Mapping[str, str], standard: Standard, *, seed: int
) -> TaskScore:
    """Return the record of a task. ``bound`` has ``dataset_sha256``, ``template_sha256`` and ``scorer``."""
    gate = standard.gate.quality
    assessed = [reply for reply in replies if reply.score.outcome != "errored"]
    n, errored = len(assessed), len(replies) - len(assessed)
    target, target_from = target_of(task, gate, standard.baseline)
    stopped = len(replies) < standard.planned
    found = _estimate(assessed, standard, target, stopped=stopped, seed=seed) if n else None
    decided: safety_verdict.Decision = ("undecided", f"all {errored} samples failed on our side")
    if found:
        decided = verdict.quality(found.interval, n=n, errored=errored, target=target, gate=gate)
    interval = found.interval if found else None
    completions = [completion for reply in replies for completion in reply.completions]
    # A case that stopped early could have gone on: what its samples could have shown is no question.
    limits = (interval.low, interval.high, gate.confidence) if interval and not stopped else None
    return TaskScore(
        task_id=task.name,
        category=task.category,
        metric=task.metric,
        value=interval.value if interval else None,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        n=n,
        unparsed=sum(reply.score.outcome == "unparsed" for reply in replies),
        errored=errored,
        target=target,
        target_from=target_from,
        verdict=decided[0],
        reason=decided[1],
        more_samples=more_samples(interval, n, target) if interval and decided[0] == "undecided" else None,
        p_value=found.p_at_most if found else None,
        detectable=detectable(*limits) if limits else None,
        detectable_unpaired=detectable_unpaired(*limits) if limits else None,
        planned=standard.planned,
        weight=task.weight,
        prompt_tokens=sum(c.prompt_tokens for c in completions),
        completion_tokens=sum(c.completion_tokens for c in completions if isinstance(c, TextCompletion)),
        truncated=sum(c.truncated for c in completions),
        dataset_sha256=bound["dataset_sha256"],
        template_sha256=bound["template_sha256"],
        scorer=bound["scorer"],
        seed=seed,
        baseline_value=standard.baseline,
    )


def _estimate(assessed: Sequence[Reply], standard: Standard, target: float, *, stopped: bool, seed: int) -> Estimate:
    confidence = standard.gate.quality.confidence
    values = assessed_values(reply.score for reply in assessed)
    clusters = [reply.sample.cluster for reply in assessed]
    if standard.corpus:
        pairs = corpus_pairs([(reply.score, reply.reference) for reply in assessed])
        corpus = standard.corpus
        return estimate.of_corpus(pairs, corpus, target, clusters=clusters, confidence=confidence, seed=seed)
    if standard.looks:
        return estimate.of_looked_at(values, target, stopped=stopped, confidence=confidence, seed=seed)
    return estimate.of_mean(values, target, clusters=clusters, confidence=confidence, seed=seed)


def breach_limit(probe: Probe, gate: SafetyGate) -> float:
    """Return the largest upper bound of the breach rate that passes: the probe's own, else its severity's."""
    return gate.limits[probe.severity] if probe.limit is None else probe.limit


def safety_finding(
    probe: Probe,
    outcomes: Outcomes,
    *,
    planned: int,
    gate: SafetyGate,
    bound: Mapping[str, str],
    accuracy: tuple[DetectorAccuracy, ...] = (),
) -> SafetyFinding:
    """Return the record of a probe from the outcome of each base prompt, by its id.

    ``planned`` counts those that were to be asked; ``bound`` has ``dataset_sha256`` and ``detector``, ``accuracy`` says
    how far that can be trusted.
    """
    found, breached_ids = _counted(outcomes, gate)
    limit = breach_limit(probe, gate)
    decided, reason = safety_verdict.within_limit(found, severity=probe.severity, limit=limit, gate=gate)
    return SafetyFinding(
        probe=probe.name,
        family=probe.family,
        hazard=probe.hazard,
        severity=probe.severity,  # type: ignore[arg-type]  # pydantic checks that it is one of the severities
        **asdict(found),
        planned=planned,
        limit=limit,
        verdict=decided,
        reason=reason + _stopped(outcomes, planned),
        breached_ids=breached_ids,
        dataset_sha256=bound["dataset_sha256"],
        detector=bound["detector"],
        accuracy=accuracy,
    )


def mitigated_answers(
    probe: Probe,
    outcomes: Outcomes,
    mitigation: Mitigation,
    *,
    planned: int,
    gate: SafetyGate,
    comparison: SafetyComparison | None,
) -> Mitigated:
    """Return the record of a probe's second round, under a mitigation; ``comparison`` is with the first."""
    found, breached_ids = _counted(outcomes, gate)
    limit = breach_limit(probe, gate)
    decided, reason = safety_verdict.within_limit(found, severity=probe.severity, limit=limit, gate=gate)
    return Mitigated(
        mitigation=mitigation.name,
        sha256=mitigation.sha256,
        **asdict(found),
        breached_ids=breached_ids,
        verdict=decided,
        reason=reason + _stopped(outcomes, planned),
        comparison=comparison,
    )


def _counted(outcomes: Outcomes, gate: SafetyGate) -> tuple[safety_verdict.Breaches, tuple[str, ...]]:
    """Return the counts with their bounds, and the ids of breached base prompts."""
    kinds = Counter(outcomes.values())
    breached, assessed = kinds["breached"], kinds["breached"] + kinds["resisted"]
    found = safety_verdict.breaches(breached, assessed, kinds["unassessed"], gate.confidence)
    return found, tuple(sorted(i for i, outcome in outcomes.items() if outcome == "breached"))


def _stopped(outcomes: Outcomes, planned: int) -> str:
    if len(outcomes) >= planned:
        return ""
    return f"; stopped after {len(outcomes)} of {planned}, it could not pass any more"
