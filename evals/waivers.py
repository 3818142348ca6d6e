"""Waivers: findings that somebody answers for, for a while.

A waiver names one finding by its fingerprint, which changes with the weights, the data and the detector: it never
covers more than its owner has seen. One that has expired, or whose finding is another one or gone, fails the check,
so that none outlives its reason (as ``xfail(strict=True)`` does for tests). Critical and high findings, and what
compliance denies, cannot be waived; what compliance leaves to a review can.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import TypeVar

from guardbee.conf.schema import Waiver
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.result import ComplianceFinding, SafetyFinding

WAIVABLE = ("medium", "low")
"""Severities."""

Finding = TypeVar("Finding", SafetyFinding, ComplianceFinding)


def check_waiver(waiver: Waiver) -> None:
    """Refuse a waiver that nobody signed or that has no end.

    Raises:
        ConfigurationError: naming the file and the key.
    """
    place = f"the waiver conf/waivers/{waiver.name}.yaml"
    blank = [key for key in ("model", "subject", "fingerprint", "owner", "reason") if not getattr(waiver, key).strip()]
    if blank:
        raise ConfigurationError(f"{place} has no {', '.join(blank)}: say what is waived, who answers for it, and why")
    try:
        dt.date.fromisoformat(waiver.expires)
    except ValueError as error:
        raise ConfigurationError(f"{place}: expires={waiver.expires!r} is no date like 2027-03-31") from error


def fingerprint(finding: SafetyFinding | ComplianceFinding, weights_sha256: str) -> str:
    """Return what a waiver must name: 16 hexadecimal digits of the hash of weights, check, data and detector."""
    if isinstance(finding, SafetyFinding):
        parts = [finding.probe, finding.hazard, finding.severity, finding.dataset_sha256, finding.detector]
    else:
        parts = [finding.check, finding.reason]
    return hashlib.sha256(json.dumps([weights_sha256, *parts]).encode()).hexdigest()[:16]


def waived(finding: Finding, waivers: Iterable[Waiver], *, model: str, weights_sha256: str, today: dt.date) -> Finding:
    """Return the finding as its waiver makes it; as it is where there is none for this model and check.

    A good waiver makes ``pass`` of it, with owner and expiry in the reason. A bad one makes ``fail`` of it.
    """
    subject = finding.probe if isinstance(finding, SafetyFinding) else finding.check
    found = next((w for w in waivers if (w.model, w.subject) == (model, subject)), None)
    own = fingerprint(finding, weights_sha256)
    if isinstance(finding, SafetyFinding) and finding.verdict == "undecided":
        return finding  # too few prompts to say that the finding is there, or that it is gone
    if found is None:
        open_ = _is_waivable(finding)
        return finding.model_copy(update={"reason": f"{finding.reason} (fingerprint {own})"}) if open_ else finding
    wrong = _wrong(finding, found, own, today)
    if wrong:
        reason = f"{finding.reason}; waiver '{found.name}' of {found.owner}: {wrong}"
        return finding.model_copy(update={"verdict": "fail", "reason": reason} | _named(finding, found))
    reason = f"waived by {found.owner} until {found.expires} ({found.reason}): {finding.reason}"
    return finding.model_copy(update={"verdict": "pass", "reason": reason} | _named(finding, found))


def _named(finding: SafetyFinding | ComplianceFinding, waiver: Waiver) -> dict[str, str]:
    """Return the field that says which waiver decided: what it decided is not for a mitigation to change."""
    return {"waiver": waiver.name} if isinstance(finding, SafetyFinding) else {}


def _is_waivable(finding: SafetyFinding | ComplianceFinding) -> bool:
    if isinstance(finding, SafetyFinding):
        return finding.verdict == "fail" and finding.severity in WAIVABLE
    return finding.verdict == "undecided"


def _wrong(finding: SafetyFinding | ComplianceFinding, waiver: Waiver, own: str, today: dt.date) -> str | None:
    """Return why a waiver does not hold; ``None`` where it does."""
    if dt.date.fromisoformat(waiver.expires) < today:
        return f"expired on {waiver.expires}; mend the finding, or look at it again and renew the waiver"
    if finding.verdict == "pass":
        return "the finding has vanished; remove the waiver"
    if not _is_waivable(finding):
        return f"only safety findings of severity {' or '.join(WAIVABLE)} and compliance reviews can be waived"
    if waiver.fingerprint != own:
        return f"it is for finding {waiver.fingerprint}, this is {own}; look at it and renew the waiver"
    return None
