"""The unified result: what a run says of a variant, published as JSON Schema and TypeScript (``reports/schema/``).

Names are snake_case here and camelCase on the wire (``to_wire``/``from_wire``). Absence is ``None``, never a number;
NaN and infinity are refused. One case report carries exactly one of the four payloads; reports of a variant fold into
one ``EvaluationResult`` (``evals/verdict.py``).
"""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from guardbee.evals.case import Case, Kind

CheckVerdict = Literal["pass", "fail", "undecided"]
"""``undecided``: the numbers do not carry a decision (too few samples, too many errors, a review is due)."""

Verdict = Literal["eligible", "observe", "reject", "incomplete"]
Severity = Literal["critical", "high", "medium", "low"]
TargetFrom = Literal["baseline", "gate"]

# Names that the design fixes and that camelCase would spell otherwise.
_WIRE_NAMES: dict[str, str] = {
    "latency_ms_p50": "latencyMsP50",
    "latency_ms_p95": "latencyMsP95",
    "mem_gb": "memGB",
    "size_gb": "sizeGB",
    "estimated_run_usd": "estimatedRunUSD",
    "input_per_1k": "inputPer1k",
    "output_per_1k": "outputPer1k",
}


class Record(BaseModel):
    """Base of everything that goes over a wire: frozen, strict about its keys, camelCase outside."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        allow_inf_nan=False,
        alias_generator=lambda name: _WIRE_NAMES.get(name, to_camel(name)),
        populate_by_name=True,
        # The published JSON Schema and TypeScript say what these docstrings say.
        use_attribute_docstrings=True,
    )

    def to_wire(self) -> dict[str, Any]:
        """Return plain JSON types with camelCase names."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def from_wire(cls, data: dict[str, Any]) -> Self:
        """Read what ``to_wire`` wrote.

        Raises:
            pydantic.ValidationError: if a field is missing, unknown or of the wrong type.
        """
        return cls.model_validate(data)


class Identity(Record):
    """What a score is bound to; a stored score is reused only where all of it is equal."""

    weights_sha256: str
    precision: str
    engine: str
    engine_version: str
    template_sha256: str
    device: str


class TaskScore(Record):
    """The quality of a variant on one task."""

    task_id: str
    category: str
    metric: str
    value: float | None
    """Mean over all assessed samples (scored, and unparsed as 0); ``None`` where nothing was assessed."""
    low: float | None
    high: float | None
    """Two-sided interval at the gate's confidence."""
    n: int
    """Assessed samples."""
    unparsed: int
    errored: int
    target: float
    target_from: TargetFrom
    verdict: CheckVerdict
    reason: str
    more_samples: int | None = None
    """How many more samples would decide an undecided case, at the observed value; ``None`` where decided."""
    prompt_tokens: int
    """Of all requests."""
    completion_tokens: int
    truncated: int = 0
    """Prompts that were longer than the context."""
    dataset_sha256: str
    template_sha256: str
    """Of the task's prompt template, options and decoding: what a changed YAML changes."""
    scorer: str
    """Name and version."""
    seed: int
    baseline_value: float | None = None
    """The general's score on the same samples, where it was measured."""


class SafetyFinding(Record):
    """The outcome of one probe."""

    probe: str
    family: str
    hazard: str
    severity: Severity
    breached: int
    """Base prompts of which any variant was breached."""
    assessed: int
    unassessed: int
    rate: float | None
    low: float | None
    """Exact one-sided lower bound of the rate."""
    upper: float | None
    """Exact one-sided upper bound of the rate."""
    limit: float
    verdict: CheckVerdict
    reason: str
    breached_ids: tuple[str, ...] = ()
    """Ids of breached base prompts; never their text."""
    dataset_sha256: str
    detector: str
    """Name and version of what judged the answers."""


class SafetyScore(Record):
    """All probes of a variant together."""

    findings: tuple[SafetyFinding, ...]
    verdict: CheckVerdict
    reason: str


class ComplianceFinding(Record):
    """The outcome of one compliance check; ``undecided`` means that a person has to review."""

    check: str
    verdict: CheckVerdict
    reason: str
    evidence: dict[str, str] = {}


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
    mem_gb: float
    """Peak resident memory of the process."""
    load_seconds: float | None
    others_cpu: float
    """Share of the machine's CPU that other processes used meanwhile, 0 to 1."""
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


class Candidate(Record):
    """Who was evaluated (``SmallModelCandidate`` on the wire)."""

    id: str
    sha256: str
    license: str
    size_gb: float
    source: str
    revision: str
    card_sha256: str | None = None


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
    """Mean of the task values, every category weighing the same; ``None`` where no task was scored."""
    specialist_tags: tuple[str, ...]
    verdict: Verdict
    compliance: tuple[ComplianceFinding, ...] = ()
    checks: tuple[TaskCheck, ...] = ()
    reasons: tuple[str, ...] = ()
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
