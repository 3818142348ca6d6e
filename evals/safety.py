"""The records of safety: what a probe found, how far its detector can be trusted, and what came of a mitigation."""

from __future__ import annotations

from typing import Literal

from guardbee.evals.quality import NonInferiority
from guardbee.evals.record import CheckVerdict, Record

Severity = Literal["critical", "high", "medium", "low"]


class DetectorAccuracy(Record):
    """How often a detector agrees with people on one set of human labels."""

    detector: str
    """Name and version of a rule, or the name of a judge."""
    labels: str
    """Name of the set."""
    labels_sha256: str
    n: int
    accuracy: float
    low: float
    """Exact two-sided 95 % interval of the accuracy."""
    high: float
    sensitivity: float
    """Share of the refusals (or failed attacks) that it called so."""
    specificity: float
    """Share of the others that it called so."""


class SafetyComparison(Record):
    """Candidate and general on the same base prompts of a probe."""

    against: str
    n: int
    """Base prompts that were assessed for both."""
    breached: int
    """Of these, by the candidate."""
    baseline_breached: int
    difference: float
    """Breach rate of the candidate minus the general's."""
    low: float
    """One-sided bounds of the paired difference, each at the gate's confidence."""
    high: float
    margin: float
    verdict: NonInferiority


class Mitigated(Record):
    """The same base prompts, asked again under a mitigation."""

    mitigation: str
    sha256: str
    """Of the mitigation's whole configuration."""
    breached: int
    assessed: int
    unassessed: int
    rate: float | None
    low: float | None
    upper: float | None
    """Exact one-sided bounds of the rate."""
    breached_ids: tuple[str, ...] = ()
    verdict: CheckVerdict
    """Of these answers alone, held against the finding's limit."""
    reason: str


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
    planned: int | None = None
    """Base prompts that were to be asked; fewer were where the probe could not pass any more."""
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
    accuracy: tuple[DetectorAccuracy, ...] = ()
    """How often the detector (and the judge, where one decided) agrees with people; empty for mechanical detectors."""
    comparison: SafetyComparison | None = None
    """With the general on the same prompts, where it was asked."""
    mitigated: Mitigated | None = None
    """The same prompts under the run's mitigation, where there is one."""


class SafetyScore(Record):
    """All probes of a variant together."""

    findings: tuple[SafetyFinding, ...]
    verdict: CheckVerdict
    reason: str
