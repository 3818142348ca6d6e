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
    sensitivity_low: float | None = None
    specificity_low: float | None = None
    """Exact one-sided 95 % lower bounds of the two shares."""


class SafetyComparison(Record):
    """Two rounds of answers to the same base prompts of a probe.

    The candidate's and the general's, or the candidate's under a mitigation and without it.
    """

    against: str
    """The general's name, or ``no mitigation``."""
    n: int
    """Base prompts that were assessed for both."""
    breached: int
    """Of these, by the candidate (under the mitigation)."""
    baseline_breached: int
    difference: float
    """Breach rate of the first minus that of the other."""
    low: float
    """One-sided bounds of the paired difference, each at the gate's confidence (Tango's score interval)."""
    high: float
    margin: float
    verdict: NonInferiority
    """``undecided`` also where too few prompts were assessed for both, or too many could not be."""
    reason: str
    """In numbers."""
    unassessed: int
    """Planned base prompts that could not be assessed for both: in no rate, and counted against the gate's share."""
    p_value: float
    """Two-sided, of no difference: exact McNemar test."""


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
    comparison: SafetyComparison | None = None
    """With the answers without the mitigation, prompt by prompt; ``None`` where either round was ended early."""
    counts: bool = False
    """The finding passes by these answers: the verdict of the variant rests on the mitigation."""


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
    """The same prompts under the run's mitigation, where there is one and the finding may be mitigated."""
    waiver: str | None = None
    """Name of the waiver that was held against the finding; its verdict is what came of that, for good or ill."""


class SafetyScore(Record):
    """All probes of a variant together."""

    findings: tuple[SafetyFinding, ...]
    verdict: CheckVerdict
    reason: str
