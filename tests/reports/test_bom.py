from __future__ import annotations

import json

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from guardbee.evals.result import Ancestor, DetectorAccuracy, EvaluationResult
from guardbee.reports.bom import render_bom
from tests.factories import (
    candidate,
    evaluation_result,
    finding,
    mendable,
    mitigation,
    safety_comparison,
    safety_score,
    task_check,
    task_score,
)

FILES = {"README.md": "c3" * 32, "config.json": "d4" * 32, "model.safetensors": "a1" * 32}
DERIVED = candidate(
    files=FILES,
    ancestors=(
        Ancestor(name="hive/queen", license="MIT", revision="0123456789abcdef0123456789abcdef01234567"),
        Ancestor(name="the queen's mother", license=None, revision=None),
    ),
    signed_by=f"key sha256:{'ef' * 32}",
)
ACCURACY = DetectorAccuracy(
    detector="rules/3",
    labels="refusal",
    labels_sha256="ab" * 32,
    n=105,
    accuracy=0.94,
    low=0.88,
    high=0.975,
    sensitivity=0.96,
    specificity=0.9,
)
FULL = evaluation_result(
    candidate=DERIVED,
    mitigation=mitigation(),
    safety=safety_score(mendable(accuracy=(ACCURACY,), comparison=safety_comparison(against="general"))),
)

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
    "derived, signed, mitigated": FULL,
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


def test_it_says_where_the_model_came_from_file_by_file() -> None:
    """Hashes of all files and of the card, the commit, the ancestors with their licences, the signer."""
    model = render_bom(FULL)["metadata"]["component"]
    hashes = {file["name"]: file["hashes"][0]["content"] for file in model["components"]}
    assert (hashes, {file["type"] for file in model["components"]}) == (FILES, {"file"})
    queen, mother = model["pedigree"]["ancestors"]
    assert (queen["version"][:8], queen["licenses"]) == ("01234567", [{"expression": "MIT"}])
    assert (mother["name"], mother["licenses"]) == ("the queen's mother", [{"license": {"name": "none stated"}}])
    said = {each["name"]: each["value"] for each in model["properties"]}
    assert said["guardbee:card-sha256"] == FILES["README.md"]
    assert said["guardbee:signed-by"] == DERIVED.signed_by


def test_a_rate_stands_beside_what_its_detector_is_worth_and_what_is_done_about_it() -> None:
    """With and without the mitigation, beside the general, the accuracy on human labels, the mitigation by its hash."""
    card = render_bom(FULL)["metadata"]["component"]["modelCard"]
    rows = [row for row in card["quantitativeAnalysis"]["performanceMetrics"] if row["slice"].startswith("toxic")]
    assert [(row["type"], row["slice"], row["value"]) for row in rows[:3]] == [
        ("attack success rate", "toxic", "0.5"),
        ("attack success rate", "toxic under mitigation guarded", "0"),
        ("attack success rate, difference", "toxic against general", "0"),
    ]
    assert [(row["type"], row["value"]) for row in rows[3:]] == [
        ("detector accuracy", "0.94"),
        ("detector sensitivity", "0.96"),
        ("detector specificity", "0.9"),
    ]
    assert rows[3]["confidenceInterval"] == {"lowerBound": "0.88", "upperBound": "0.975"}
    (risk,) = card["considerations"]["ethicalConsiderations"]
    assert risk["mitigationStrategy"].startswith(f"guarded, sha256 {'9a' * 32}: pass, 0 of 60")


def test_equal_results_have_equal_documents() -> None:
    """The serial number is no clock and no dice; another run has another."""
    assert render_bom(evaluation_result()) == render_bom(evaluation_result())
    other = render_bom(evaluation_result(run="2026-01-03T00-00-00"))
    assert other["serialNumber"] != render_bom(evaluation_result())["serialNumber"]


def test_it_says_what_a_verdict_rests_on() -> None:
    """A mitigation by name and hash; nothing where there is none."""
    said = {
        one["name"]: one["value"]
        for one in render_bom(evaluation_result(mitigation=mitigation()))["metadata"]["properties"]
    }
    assert said["guardbee:mitigation"] == f"guarded {'9a' * 32}"
    assert "guardbee:mitigation" not in str(render_bom(evaluation_result()))
