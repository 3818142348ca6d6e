"""Calls are validated as the specification of JSON Schema says."""

from __future__ import annotations

from typing import Any

import pytest

from guardbee.evals.scorers.function_match import Call
from guardbee.evals.scorers.schema_valid import invalid, unusable

AREA: dict[str, Any] = {
    "name": "area",
    "parameters": {
        "type": "object",
        "properties": {
            "base": {"type": "integer"},
            "unit": {"type": "string", "enum": ["m", "ft"]},
            "points": {"type": "array", "items": {"type": "number"}},
        },
        "required": ["base"],
    },
}
VALID: list[dict[str, Any]] = [{"base": 1}, {"base": 1.0}, {"base": -9, "unit": "m"}, {"base": 1, "points": [1, 2.5]}]
INVALID = [
    ("volume", {"base": 1}, "calls volume, which is none of area"),
    ("area", {}, "'base' is a required property"),
    ("area", {"base": "1"}, "'1' is not of type 'integer'"),
    ("area", {"base": True}, "True is not of type 'integer'"),
    ("area", {"base": 1, "unit": "yard"}, "'yard' is not one of ['m', 'ft']"),
    ("area", {"base": 1, "points": ["x"]}, "'x' is not of type 'number'"),
    ("area", {"base": 1, "height": 2}, "Additional properties are not allowed"),
]


@pytest.mark.parametrize("arguments", VALID)
def test_what_fits_the_schema_is_valid(arguments: dict[str, Any]) -> None:
    """Whether or not it is what was asked for."""
    assert invalid([Call("area", arguments)], [AREA]) is None


@pytest.mark.parametrize(("name", "arguments", "why"), INVALID)
def test_what_does_not_fit_says_why(name: str, arguments: dict[str, Any], why: str) -> None:
    """One line; one bad call spoils the good one beside it."""
    found = invalid([Call("area", {"base": 1}), Call(name, arguments)], [AREA])
    assert found is not None
    assert why in found


@pytest.mark.parametrize(
    ("parameter", "why"),
    [
        ({"type": "String"}, "the parameters of f are no JSON Schema: 'String' is not valid"),
        ({"$ref": "http://127.0.0.1:9/x.json"}, "the parameters of f point elsewhere"),
    ],
)
def test_a_schema_that_cannot_be_used_says_why(parameter: dict[str, Any], why: str) -> None:
    """Nothing is looked up, whatever a data set says."""
    found = unusable([AREA, {"name": "f", "parameters": {"type": "object", "properties": {"x": parameter}}}])
    assert found is not None
    assert found.startswith(why)
    assert unusable([AREA]) is None
