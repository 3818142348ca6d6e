"""The unified result: what a run says of a variant, published as JSON Schema and TypeScript (``reports/schema/``).

Names are snake_case here and camelCase on the wire (``to_wire``/``from_wire``). Absence is ``None``, never a number;
NaN and infinity are refused. One case report carries exactly one of the four payloads; reports of a variant fold into
one ``EvaluationResult`` (``evals/verdict.py``).
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guardbee.evals.case import Case, Kind
from guardbee.evals.quality import CategoryQuality, Comparison, NonInferiority, TargetFrom, TaskScore
from guardbee.evals.record import CheckVerdict, Record
from guardbee.evals.safety import DetectorAccuracy, Mitigated, SafetyComparison, SafetyFinding, SafetyScore, Severity

__all__ = [
    "Ancestor",
    "Candidate",
    "CaseReport",
    "CategoryQuality",
    "CheckVerdict",
    "Comparison",
    "ComplianceFinding",
    "Cost",
    "DetectorAccuracy",
    "EvaluationResult",
    "Identity",
    "Latency",
    "Mitigated",
    "Mitigation",
    "NonInferiority",
    "Performance",
    "Record",
    "SafetyComparison",
    "SafetyFinding",
    "SafetyScore",
    "Severity",
    "TargetFrom",
    "TaskCheck",
    "TaskScore",
    "Verdict",
]

Verdict = Literal["eligible", "observe", "reject", "incomplete"]


class Identity(Record):
    """What a score is bound to; a stored score is reused only where all of it is equal."""

    weights_sha256: str
    precision: str
    engine: str
    engine_version: str
    template_sha256: str
    device: str


class ComplianceFinding(Record):
    """The outcome of one compliance check; ``undecided`` means that a person has to review."""

    check: str
    verdict: CheckVerdict
    reason: str
    evidence: dict[str, str] = Field(default_factory=dict)


class Latency(Record):
    """One performance profile, measured alone on the machine."""

    profile: str
    prompt_tokens: int
    new_tokens: int
    rounds: int
    latency_ms_p50: float
    latency_ms_p95: float
    prefill_tps: float
    """Prompt tokens per second, one request at a time."""
    decode_tps: float | None
    """New tokens per second, one request at a time; ``None`` for a profile that generates nothing."""
    batch_tps: float | None
    """New tokens per second, many requests at once: what a busy server delivers."""
    batch_prefill_tps: float
    """Prompt tokens per second, many requests at once."""
    batch_rows: int | None = None
    """How many requests at once that was; one batch is measured."""
    batch_others_cpu: float | None = None
    """Share of the machine's CPU that other processes used during the batch, 0 to 1."""
    ttft_ms_p50: float | None = None
    """Time to first token, one request at a time: the prompt's pass and the choice of the token, milliseconds."""
    ttft_ms_p95: float | None = None
    tpot_ms_p50: float | None = None
    """Time per output token after the first, the mean within each request; ``None`` where there is only one token."""
    tpot_ms_p95: float | None = None
    mem_gb: float | None
    """Peak resident memory of the process, from the load to the batch; ``None`` where a server elsewhere answered."""
    device_mem_gb: float | None = None
    """Peak memory of the accelerator; ``None`` on a processor, or where it is unknown."""
    load_seconds: float | None
    """One load of files that the system may have in memory, a conversion not counted."""
    load_others_cpu: float | None = None
    """Share of the machine's CPU that other processes used during the load, 0 to 1."""
    others_cpu: float | None
    """Share that other processes used during the rounds, 0 to 1; ``None`` for a server elsewhere."""
    machine: str
    """What it was measured on, in words: processor, cores, threads used."""
    reused: bool = False
    """Measured in an earlier run, on the same machine with the same identity."""


class Performance(Record):
    """The figures of a variant over its profiles: the slowest p95, the smallest throughput, the largest memory."""

    latency_ms_p50: float | None
    latency_ms_p95: float | None
    tps: float | None
    mem_gb: float | None
    profiles: tuple[Latency, ...] = ()


class Cost(Record):
    """Prices of a variant, from measured throughput and the hardware's price per hour. US dollars."""

    input_per_1k: float | None
    output_per_1k: float | None
    estimated_run_usd: float | None
    """What the tasks of this run cost, at those prices."""
    hardware: str
    baseline: str | None = None
    baseline_run_usd: float | None = None
    """What the general's own answers cost at its list price; ``None`` where it was not asked, or has no price."""


class TaskCheck(Record):
    """The checks of one task beside its quality: together they say whether the variant may serve it."""

    task_id: str
    category: str
    quality: CheckVerdict
    latency: CheckVerdict
    cost: CheckVerdict
    saving: float | None
    """Share of the baseline's price for this task that the variant saves; ``None`` where either is unknown."""
    reasons: tuple[str, ...]
    eligible: bool
    latency_ms_p95: float | None = None
    """Of the profile that stands for this task; ``None`` where it was not measured."""


class Mitigation(Record):
    """What is put around a variant so that findings of medium severity do not reach users."""

    name: str
    sha256: str
    """Of the rest."""
    system: str | None
    """Said before everything else of a conversation's system message."""
    redact: tuple[str, ...]
    """Kinds of detectors whose hits are taken out of an answer."""


class Ancestor(Record):
    """A model that the candidate was made from, or that such a one was made from."""

    name: str
    license: str | None
    """SPDX expression; ``None`` where nobody knows it."""
    revision: str | None
    """The commit whose card named the licence; ``None`` where no card did."""


class Candidate(Record):
    """Who was evaluated (``SmallModelCandidate`` on the wire)."""

    id: str
    sha256: str
    license: str
    size_gb: float
    source: str
    revision: str
    card_sha256: str | None = None
    files: dict[str, str] = Field(default_factory=dict)
    """Sha256 of every file by its name."""
    ancestors: tuple[Ancestor, ...] = ()
    signed_by: str | None = None
    """The key of a signature that was verified; ``None`` where none was asked for, or it was wrong."""


class CaseReport(Record):
    """What one case says; travels from worker to controller as one JSON string."""

    kind: Kind
    variant: str
    subject: str
    verdict: CheckVerdict
    reason: str
    seconds: float
    """Wall clock of the case, model load included; for the progress display, not a benchmark."""
    candidate: Candidate | None = None
    identity: Identity | None = None
    task: TaskScore | None = None
    safety: SafetyFinding | None = None
    compliance: ComplianceFinding | None = None
    latency: Latency | None = None
    samples_file: str | None = None
    """Of the samples' JSON lines, relative to the run's folder."""
    reused: int = 0
    """Completions that came out of the cache."""
    values: dict[str, float] = Field(default_factory=dict)
    """Of a task: the score of each assessed sample by its id, for paired comparisons now and later."""
    clusters: dict[str, str] = Field(default_factory=dict)
    """The cluster of each sample that has one, by its id."""

    @property
    def case(self) -> Case:
        """Return the planned case that this report answers."""
        return Case(self.kind, self.variant, self.subject)


class EvaluationResult(Record):
    """All that a run says of one variant. The first eight fields are the unified schema of the design."""

    model_id: str
    """The variant's name, ``MODEL@PRECISION``."""
    tasks: tuple[TaskScore, ...]
    safety: SafetyScore
    performance: Performance
    cost: Cost
    overall_score: float | None
    """Mean of the categories' qualities, every category weighing the same; ``None`` where no task was scored."""
    specialist_tags: tuple[str, ...]
    verdict: Verdict
    compliance: tuple[ComplianceFinding, ...] = ()
    checks: tuple[TaskCheck, ...] = ()
    reasons: tuple[str, ...] = ()
    categories: tuple[CategoryQuality, ...] = ()
    remarks: tuple[str, ...] = ()
    """What a person should know and the verdict does not hang on, such as what a quantized variant lost."""
    mitigation: Mitigation | None = None
    """What the verdict assumes around the variant: who serves it has to apply it."""
    candidate: Candidate | None = None
    identity: Identity | None = None
    planned: int
    finished: int
    missing: tuple[str, ...] = ()
    """Ids of planned cases without a report: the reason for ``incomplete``."""
    suite: str
    seed: int
    run: str
    guardbee_version: str
