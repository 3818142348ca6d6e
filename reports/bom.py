"""The machine-learning bill of materials of a variant: CycloneDX 1.6 as plain JSON types.

Built by hand because cyclonedx-python-lib 11 has no model card yet (its issue 912); the tests hold it to the schema
that the library carries. It says what was evaluated (hashes, licence, where it came from), on which data, with which
figures and intervals, and what speaks against it. Texts of prompts and answers are not in it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from guardbee.evals.result import Ancestor, Candidate, EvaluationResult, SafetyFinding, TaskScore

SPEC_VERSION = "1.6"
_NAMESPACE = uuid.UUID("6f8d8d6a-54c5-5d0b-9a51-0d2f0c7f5d0e")
"""Of the serial numbers: equal results have equal ones, which makes the document reproducible."""
_NO_EXPRESSION = ("contradictory", "none stated", "unreadable")


def render_bom(result: EvaluationResult) -> dict[str, Any]:
    """Return the bill of materials of one variant."""
    serial = uuid.uuid5(_NAMESPACE, f"{result.run}|{result.model_id}")
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC_VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "tools": {"components": [{"type": "application", "name": "guardbee", "version": result.guardbee_version}]},
            "component": _model(result),
            "properties": _properties(result),
        },
        "components": list(_data_sets(result)),
    }


def _model(result: EvaluationResult) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "machine-learning-model",
        "bom-ref": result.model_id,
        "name": result.model_id,
        "modelCard": _card(result),
    }
    # Without one, nothing was fetched: interrupted or unreachable.
    return component if result.candidate is None else component | _provenance(result.candidate)


def _provenance(candidate: Candidate) -> dict[str, Any]:
    """Return what is known of the files: revision, hashes, licence, ancestors, signer."""
    said = {"source": candidate.source, "card-sha256": candidate.card_sha256, "signed-by": candidate.signed_by}
    made: dict[str, Any] = {
        "version": candidate.revision,
        # Of the one weights file, or of the list of several: what results are bound to.
        "hashes": [{"alg": "SHA-256", "content": candidate.sha256}],
        "licenses": [_licence(candidate.license)],
        "properties": [{"name": f"guardbee:{name}", "value": value} for name, value in said.items() if value],
    }
    if candidate.ancestors:
        made["pedigree"] = {"ancestors": [_ancestor(each) for each in candidate.ancestors]}
    if candidate.files:
        made["components"] = [
            {"type": "file", "name": name, "hashes": [{"alg": "SHA-256", "content": sha256}]}
            for name, sha256 in sorted(candidate.files.items())
        ]
    return made


def _ancestor(base: Ancestor) -> dict[str, Any]:
    known = {"version": base.revision} if base.revision else {}
    return {"type": "machine-learning-model", "name": base.name, **known, "licenses": [_licence(base.license or "")]}


def _licence(text: str) -> dict[str, Any]:
    """Return an SPDX expression as one; what is none as a name."""
    named = text.startswith(_NO_EXPRESSION) or not text
    return {"license": {"name": text or "none stated"}} if named else {"expression": text}


def _card(result: EvaluationResult) -> dict[str, Any]:
    metrics = [*map(_task_metric, result.tasks)]
    for finding in result.safety.findings:
        metrics += _probe_metrics(finding)
    limitations = [f"{check.task_id}: {reason}" for check in result.checks for reason in check.reasons]
    # A probe that passed in another way than by its limit is a risk that somebody has accepted.
    risks = [
        _risk(finding)
        for finding in result.safety.findings
        if finding.verdict != "pass" or finding.mitigated or finding.comparison or finding.waiver
    ]
    considerations: dict[str, Any] = {"useCases": list(result.specialist_tags)}
    if limitations:
        considerations["technicalLimitations"] = limitations
    if risks:
        considerations["ethicalConsiderations"] = risks
    return {"quantitativeAnalysis": {"performanceMetrics": metrics}, "considerations": considerations}


def _task_metric(task: TaskScore) -> dict[str, Any]:
    metric: dict[str, Any] = {"type": task.metric, "slice": task.task_id}
    return metric | _figures(task.value, task.low, task.high)


def _probe_metrics(finding: SafetyFinding) -> Iterator[dict[str, Any]]:
    """Yield the attack success rates, whose bounds are one-sided exact ones, and how far their detector is right."""
    rate = {"type": "attack success rate", "slice": finding.probe}
    yield rate | _figures(finding.rate, finding.low, finding.upper)
    if again := finding.mitigated:
        under = f"{finding.probe} under mitigation {again.mitigation}"
        yield rate | {"slice": under} | _figures(again.rate, again.low, again.upper)
    if beside := finding.comparison:
        against = {"type": "attack success rate, difference", "slice": f"{finding.probe} against {beside.against}"}
        yield against | _figures(beside.difference, beside.low, beside.high)
    for each in finding.accuracy:
        on = f"{finding.probe}: {each.detector} on {each.labels}, {each.n} human labels"
        yield {"type": "detector accuracy", "slice": on} | _figures(each.accuracy, each.low, each.high)
        yield {"type": "detector sensitivity", "slice": on} | _figures(each.sensitivity, None, None)
        yield {"type": "detector specificity", "slice": on} | _figures(each.specificity, None, None)


def _risk(finding: SafetyFinding) -> dict[str, str]:
    """Return what speaks against the model, and what is done about it."""
    risk = {"name": f"{finding.probe} ({finding.hazard}, {finding.severity}): {finding.reason}"}
    if again := finding.mitigated:
        risk["mitigationStrategy"] = f"{again.mitigation}, sha256 {again.sha256}: {again.verdict}, {again.reason}"
    return risk


def _figures(value: float | None, low: float | None, high: float | None) -> dict[str, Any]:
    """Return value and interval; CycloneDX has them as texts. Nothing where nothing was assessed."""
    made: dict[str, Any] = {} if value is None else {"value": f"{value:.6g}"}
    if low is not None and high is not None:
        made["confidenceInterval"] = {"lowerBound": f"{low:.6g}", "upperBound": f"{high:.6g}"}
    return made


def _properties(result: EvaluationResult) -> list[dict[str, str]]:
    said = {"verdict": result.verdict, "run": result.run, "suite": result.suite, "seed": str(result.seed)}
    if result.identity:
        said |= {"engine": f"{result.identity.engine} {result.identity.engine_version}"}
        said |= {"precision": result.identity.precision, "chat-template-sha256": result.identity.template_sha256}
    if result.mitigation:  # what the verdict assumes around the model
        said |= {"mitigation": f"{result.mitigation.name} {result.mitigation.sha256}"}
    checks = {f"compliance:{found.check}": found.verdict for found in result.compliance}
    return [{"name": f"guardbee:{name}", "value": value} for name, value in (said | checks).items()]


def _data_sets(result: EvaluationResult) -> Iterator[dict[str, Any]]:
    """Yield what the figures were measured on, named as the tasks and probes are."""
    for name, sha256 in [
        *((task.task_id, task.dataset_sha256) for task in result.tasks),
        *((finding.probe, finding.dataset_sha256) for finding in result.safety.findings),
    ]:
        # Not ``hashes``: Guardbee's hash of a data set covers its files and the rule that selects samples.
        properties = [{"name": "guardbee:dataset-sha256", "value": sha256}]
        yield {"type": "data", "bom-ref": f"data:{name}", "name": name, "properties": properties}
