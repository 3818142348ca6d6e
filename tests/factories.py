"""Factories of plain values for tests: a believable default, any field overridden by keyword."""

from __future__ import annotations

from typing import Any

from guardbee.evals.result import (
    Candidate,
    Comparison,
    ComplianceFinding,
    Cost,
    EvaluationResult,
    Identity,
    Latency,
    Mitigated,
    Mitigation,
    Performance,
    SafetyComparison,
    SafetyFinding,
    SafetyScore,
    TaskCheck,
    TaskScore,
)


def identity(**over: Any) -> Identity:
    """Return what a score is bound to."""
    fields: dict[str, Any] = {
        "weights_sha256": "a1" * 32,
        "precision": "fp32",
        "engine": "transformers",
        "engine_version": "5.3.0",
        "template_sha256": "b2" * 32,
        "device": "cpu",
    }
    return Identity(**fields | over)


def candidate(**over: Any) -> Candidate:
    """Return a small model with an allowed licence."""
    fields: dict[str, Any] = {
        "id": "tiny",
        "sha256": "a1" * 32,
        "license": "apache-2.0",
        "size_gb": 0.098,
        "source": "pypi:tiny==1.0",
        "revision": "1.0",
        "card_sha256": "c3" * 32,
    }
    return Candidate(**fields | over)


def task_score(**over: Any) -> TaskScore:
    """Return a passed score of 0.9 on 100 samples, 50 prompt tokens and 10 new tokens a request."""
    fields: dict[str, Any] = {
        "task_id": "banking_intents",
        "category": "routing",
        "metric": "acc",
        "value": 0.9,
        "low": 0.83,
        "high": 0.945,
        "n": 100,
        "unparsed": 2,
        "errored": 0,
        "target": 0.7,
        "target_from": "gate",
        "verdict": "pass",
        "reason": "lower bound 0.830 is at least the target 0.700",
        "p_value": 1e-6,
        "prompt_tokens": 5_000,
        "completion_tokens": 1_000,
        "dataset_sha256": "d4" * 32,
        "template_sha256": "e5" * 32,
        "scorer": "exact-match/1",
        "seed": 0,
    }
    return TaskScore(**fields | over)


def comparison(**over: Any) -> Comparison:
    """Return a quantized variant that lost a point to its parent on 100 samples, which may be chance."""
    fields: dict[str, Any] = {
        "kind": "parent",
        "against": "tiny@fp32",
        "n": 100,
        "difference": -0.01,
        "low": -0.062,
        "high": 0.037,
        "p_value": 1.0,
        "margin": 0.05,
        "verdict": "undecided",
        "detectable": 0.071,
    }
    return Comparison(**fields | over)


def task_check(**over: Any) -> TaskCheck:
    """Return the checks of ``task_score()``'s task, all passed."""
    fields: dict[str, Any] = {
        "task_id": "banking_intents",
        "category": "routing",
        "quality": "pass",
        "latency": "pass",
        "cost": "pass",
        "saving": 0.9,
        "reasons": (),
        "eligible": True,
        "latency_ms_p95": 1_240.0,
    }
    return TaskCheck(**fields | over)


def finding(**over: Any) -> SafetyFinding:
    """Return a probe that found nothing in 60 prompts."""
    fields: dict[str, Any] = {
        "probe": "harmful_requests",
        "family": "refusal",
        "hazard": "S1",
        "severity": "critical",
        "breached": 0,
        "assessed": 60,
        "unassessed": 0,
        "rate": 0.0,
        "low": 0.0,
        "upper": 0.049,
        "limit": 0.05,
        "verdict": "pass",
        "reason": "no breach in 60 prompts",
        "dataset_sha256": "f6" * 32,
        "detector": "refusal-rules/1",
    }
    return SafetyFinding(**fields | over)


def mitigation(**over: Any) -> Mitigation:
    """Return a preamble and a filter."""
    fields: dict[str, Any] = {"name": "guarded", "sha256": "9a" * 32, "system": "Be polite.", "redact": ("toxicity",)}
    return Mitigation(**fields | over)


def safety_comparison(**over: Any) -> SafetyComparison:
    """Return two rounds of 60 prompts without a difference."""
    fields: dict[str, Any] = {
        "against": "no mitigation",
        "n": 60,
        "breached": 1,
        "baseline_breached": 1,
        "difference": 0.0,
        "low": -0.043,
        "high": 0.043,
        "margin": 0.05,
        "verdict": "non_inferior",
        "reason": "1 of 60 beside 1 with no mitigation: +0.0 points, at most +4.3, margin 5.0",
        "unassessed": 0,
        "p_value": 1.0,
    }
    return SafetyComparison(**fields | over)


def mitigated(**over: Any) -> Mitigated:
    """Return clean answers to 60 prompts under ``mitigation()``, which refuse no more."""
    fields: dict[str, Any] = {
        "mitigation": "guarded",
        "sha256": "9a" * 32,
        "breached": 0,
        "assessed": 60,
        "unassessed": 0,
        "rate": 0.0,
        "low": 0.0,
        "upper": 0.049,
        "verdict": "pass",
        "reason": "0 of 60 breached: at most 4.9%, limit 20.0%",
        "comparison": safety_comparison(),
    }
    return Mitigated(**fields | over)


def mendable(**over: Any) -> SafetyFinding:
    """Return a finding of medium severity whose mitigated answers pass, as its case reports it."""
    failed = {"breached": 30, "rate": 0.5, "low": 0.387, "upper": 0.613, "limit": 0.2}
    fields: dict[str, Any] = {"probe": "toxic", "family": "toxicity", "severity": "medium", "mitigated": mitigated()}
    return finding(**failed | fields | {"verdict": "undecided", "reason": "30 of 60 breached"} | over)


def refusing(**over: Any) -> SafetyFinding:
    """Return a passed probe of over-refusal that was asked under the mitigation too."""
    fields: dict[str, Any] = {"probe": "over_refusal", "family": "over_refusal", "severity": "medium", "limit": 0.1}
    return finding(**fields | {"mitigated": mitigated()} | over)


def safety_score(*findings: SafetyFinding, **over: Any) -> SafetyScore:
    """Return the safety of a variant; without findings, one clean probe."""
    fields: dict[str, Any] = {"findings": findings or (finding(),), "verdict": "pass", "reason": "every probe passed"}
    return SafetyScore(**fields | over)


def compliance_finding(**over: Any) -> ComplianceFinding:
    """Return a passed licence check."""
    fields: dict[str, Any] = {
        "check": "licence",
        "verdict": "pass",
        "reason": "apache-2.0 is permissive",
        "evidence": {"card": "apache-2.0"},
    }
    return ComplianceFinding(**fields | over)


def latency(**over: Any) -> Latency:
    """Return a short profile on a quiet machine."""
    fields: dict[str, Any] = {
        "profile": "text",
        "prompt_tokens": 128,
        "new_tokens": 32,
        "rounds": 20,
        "latency_ms_p50": 910.0,
        "latency_ms_p95": 1_240.0,
        "prefill_tps": 640.0,
        "decode_tps": 21.0,
        "batch_tps": 153.0,
        "batch_prefill_tps": 900.0,
        "mem_gb": 1.2,
        "load_seconds": 1.9,
        "others_cpu": 0.03,
        "machine": "x86-64, 2 cores, 2 threads",
    }
    return Latency(**fields | over)


def performance(*profiles: Latency, **over: Any) -> Performance:
    """Return the figures over the profiles; without any, one short profile."""
    fields: dict[str, Any] = {
        "latency_ms_p50": 910.0,
        "latency_ms_p95": 1_240.0,
        "tps": 153.0,
        "mem_gb": 1.2,
        "profiles": profiles or (latency(),),
    }
    return Performance(**fields | over)


def cost(**over: Any) -> Cost:
    """Return prices a tenth of a cent and below."""
    fields: dict[str, Any] = {
        "input_per_1k": 0.00001,
        "output_per_1k": 0.0001,
        "estimated_run_usd": 0.004,
        "hardware": "cpu-2",
        "baseline": "gpt-4o-mini",
    }
    return Cost(**fields | over)


def evaluation_result(**over: Any) -> EvaluationResult:
    """Return an eligible variant, ``tiny@fp32``, with one task."""
    fields: dict[str, Any] = {
        "model_id": "tiny@fp32",
        "tasks": (task_score(),),
        "safety": safety_score(),
        "performance": performance(),
        "cost": cost(),
        "overall_score": 0.9,
        "specialist_tags": ("routing",),
        "verdict": "eligible",
        "compliance": (compliance_finding(),),
        "checks": (task_check(),),
        "reasons": ("eligible for routing",),
        "candidate": candidate(),
        "identity": identity(),
        "planned": 7,
        "finished": 7,
        "suite": "pilot",
        "seed": 0,
        "run": "2026-01-02T03-04-05",
        "guardbee_version": "0.1.0",
    }
    return EvaluationResult(**fields | over)
