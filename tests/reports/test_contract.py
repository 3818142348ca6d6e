from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from guardbee.reports import contract
from tests.factories import compliance_finding, evaluation_result, finding, safety_score, task_score

SCHEMA_FOLDER = Path(contract.__file__).parent / "schema"


def test_the_committed_json_schema_is_what_the_code_makes() -> None:
    """A changed record cannot be forgotten in the published contract."""
    committed = json.loads((SCHEMA_FOLDER / "evaluation-result.schema.json").read_text())
    assert committed == contract.json_schema(), "guardbee schema > reports/schema/evaluation-result.schema.json"


def test_the_committed_typescript_is_what_the_code_makes() -> None:
    """The same for TypeScript."""
    committed = (SCHEMA_FOLDER / "evaluation-result.d.ts").read_text()
    assert committed == contract.typescript(), "guardbee schema --typescript > reports/schema/evaluation-result.d.ts"


RESULTS = {
    "eligible": evaluation_result(),
    "nothing measured": evaluation_result(
        tasks=(), checks=(), overall_score=None, candidate=None, identity=None, verdict="incomplete", missing=("x",)
    ),
    "unassessed": evaluation_result(
        tasks=(task_score(value=None, low=None, high=None, n=0, verdict="undecided"),),
        safety=safety_score(finding(rate=None, low=None, upper=None, verdict="undecided"), verdict="undecided"),
        compliance=(compliance_finding(evidence={}),),
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_on_the_wire_is_valid(name: str) -> None:
    """What ``to_wire`` writes is what the schema promises, absent values included."""
    schema = contract.json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(RESULTS[name].to_wire(), schema)


@pytest.mark.parametrize("field", ["modelId", "overallScore", "missing"])
def test_a_missing_field_is_refused(field: str) -> None:
    """A reader may rely on every field being there, the ones with defaults too."""
    wire = evaluation_result().to_wire()
    del wire[field]
    with pytest.raises(jsonschema.ValidationError, match=field):
        jsonschema.validate(wire, contract.json_schema())


def test_the_fields_of_the_design_keep_their_names() -> None:
    """The unified schema's interfaces, spelt as published."""
    text = contract.typescript()
    assert "export interface SmallModelCandidate {" in text
    for line in (
        "modelId: string;",
        "tasks: TaskScore[];",
        "safety: SafetyScore;",
        "overallScore: number | null;",
        "specialistTags: string[];",
        'verdict: "eligible" | "observe" | "reject" | "incomplete";',
        "latencyMsP50: number | null;",
        "memGB: number | null;",
        "estimatedRunUSD: number | null;",
        "sizeGB: number;",
        "evidence: Record<string, string>;",
        "candidate: SmallModelCandidate | null;",
    ):
        assert f"  {line}\n" in text


def test_an_unknown_shape_is_refused() -> None:
    """The generator never guesses a type."""
    with pytest.raises(ValueError, match="no TypeScript is known"):
        contract._type({"not": {}})
