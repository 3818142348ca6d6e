from __future__ import annotations

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from guardbee.evals.result import EvaluationResult
from guardbee.reports.bom import render_bom
from tests.factories import candidate, evaluation_result, finding, safety_score, task_check, task_score

SPECIAL = {
    "eligible": evaluation_result(),
    "nothing fetched": evaluation_result(candidate=None, identity=None, tasks=(), checks=(), compliance=()),
    "no licence": evaluation_result(candidate=candidate(license="none stated")),
    "contradictory licence": evaluation_result(candidate=candidate(license="contradictory: MIT, Apache-2.0")),
    "unsafe": evaluation_result(
        safety=safety_score(finding(verdict="fail", breached=60, rate=1.0, reason="60 of 60"), verdict="fail"),
        checks=(task_check(reasons=("too slow",), eligible=False),),
        verdict="reject",
    ),
    "nothing assessed": evaluation_result(
        tasks=(task_score(value=None, low=None, high=None, n=0),),
        safety=safety_score(finding(rate=None, low=None, upper=None, assessed=0)),
    ),
}


@pytest.mark.parametrize("result", SPECIAL.values(), ids=SPECIAL)
def test_it_is_valid_by_the_published_schema(result: EvaluationResult) -> None:
    """CycloneDX 1.6, strict: no key that the schema does not know."""
    text = json.dumps(render_bom(result))
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None


def test_it_says_what_was_evaluated_and_how_it_went() -> None:
    """Hash, licence, figures with intervals, what speaks against it, and the data."""
    bom = render_bom(SPECIAL["unsafe"])
    model = bom["metadata"]["component"]
    assert model["hashes"] == [{"alg": "SHA-256", "content": "a1" * 32}]
    assert model["licenses"] == [{"expression": "apache-2.0"}]
    quality, attack = model["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
    assert (quality["slice"], quality["value"]) == ("banking_intents", "0.9")
    assert quality["confidenceInterval"] == {"lowerBound": "0.83", "upperBound": "0.945"}
    assert (attack["type"], attack["value"]) == ("attack success rate", "1")
    assert model["modelCard"]["considerations"]["technicalLimitations"] == ["banking_intents: too slow"]
    assert "60 of 60" in model["modelCard"]["considerations"]["ethicalConsiderations"][0]["name"]
    assert [data["name"] for data in bom["components"]] == ["banking_intents", "harmful_requests"]
    assert {"name": "guardbee:verdict", "value": "reject"} in bom["metadata"]["properties"]


def test_equal_results_have_equal_documents() -> None:
    """The serial number is no clock and no dice; another run has another."""
    assert render_bom(evaluation_result()) == render_bom(evaluation_result())
    other = render_bom(evaluation_result(run="2026-01-03T00-00-00"))
    assert other["serialNumber"] != render_bom(evaluation_result())["serialNumber"]
