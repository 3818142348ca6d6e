"""Function calls are judged as BFCL's own checker judges them."""

from __future__ import annotations

from typing import Any

import pytest

from guardbee.evals.scorers.function_match import Call, mismatch, mismatches

SCHEMA = {
    "name": "math.area",
    "parameters": {
        "type": "object",
        "properties": {
            "base": {"type": "integer"},
            "height": {"type": "number"},
            "unit": {"type": "string"},
            "flag": {"type": "boolean"},
            "points": {"type": "array", "items": {"type": "integer"}},
            "names": {"type": "array", "items": {"type": "string"}},
            "options": {"type": "object"},
            "rows": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["base"],
    },
}
ALLOWED: dict[str, list[Any]] = {
    "base": [10],
    "height": [5.0, 2.5, ""],
    "unit": ["cm", "New York, NY", ""],
    "flag": [True, ""],
    "points": [[1, 2], ""],
    "names": [["San Francisco", "L.A."], ""],
    "options": [{"mode": ["fast"], "depth": [3, ""]}, ""],
    "rows": [[{"a": [1]}, {"a": [2]}], ""],
}

# The verdicts are those of simple_function_checker in bfcl-eval 2026.3.23 (Language.PYTHON; "object" and "number" are
# its "dict" and "float").
CASES: list[tuple[dict[str, Any], bool]] = [
    ({"base": 10}, True),
    ({}, False),
    ({"base": 11}, False),
    ({"base": 10.0}, False),
    ({"base": "10"}, False),
    ({"base": 10, "height": 5}, True),
    ({"base": 10, "height": 2.5}, True),
    ({"base": 10, "height": "5"}, False),
    ({"base": 10, "unit": "CM"}, True),
    ({"base": 10, "unit": "new york NY"}, True),
    ({"base": 10, "unit": "metre"}, False),
    ({"base": 10, "unit": ""}, True),
    ({"base": 10, "colour": "red"}, False),
    ({"base": 10, "flag": True}, True),
    ({"base": 10, "flag": 1}, False),
    ({"base": 10, "points": [1, 2]}, True),
    ({"base": 10, "points": [2, 1]}, False),
    ({"base": 10, "points": [1, "2"]}, False),
    ({"base": 10, "names": ["san francisco", "LA"]}, True),
    ({"base": 10, "names": ["san francisco"]}, False),
    ({"base": 10, "options": {"mode": "Fast"}}, True),
    ({"base": 10, "options": {"depth": 3}}, False),
    ({"base": 10, "options": {"mode": "fast", "depth": 3, "x": 1}}, False),
    ({"base": 10, "rows": [{"a": 1}, {"a": 2}]}, True),
    ({"base": 10, "rows": [{"a": 2}, {"a": 1}]}, False),
    ({"base": 10, "rows": [{"a": 1}]}, False),
]


@pytest.mark.parametrize(("arguments", "right"), CASES)
def test_arguments_are_judged_as_bfcl_does(arguments: dict[str, Any], right: bool) -> None:
    """A table of right and wrong arguments, one property each."""
    assert (mismatch(Call("math.area", arguments), SCHEMA, ALLOWED) is None) is right


def test_the_dotted_name_counts_as_it_is() -> None:
    """Neither the last part alone nor underscores instead of dots will do."""
    for name in ("area", "math_area", "Math.area"):
        assert mismatch(Call(name, {"base": 10}), SCHEMA, ALLOWED) == f"calls {name}, not math.area"


def test_a_value_that_may_not_be_left_out_is_missed() -> None:
    """Not required by the schema, but no "" among the allowed values."""
    allowed = {**ALLOWED, "unit": ["cm"]}
    assert mismatch(Call("math.area", {"base": 10}), SCHEMA, allowed) == "argument unit is missing"


def test_null_may_be_an_allowed_value() -> None:
    """As in BFCL's ``live_simple_58-27-0``; where it is not, it is no text."""
    allowed = ALLOWED | {"unit": ["", None]}
    assert mismatch(Call("math.area", {"base": 10, "unit": None}), SCHEMA, allowed) is None
    assert (
        mismatch(Call("math.area", {"base": 10, "unit": None}), SCHEMA, ALLOWED) == "argument unit: None is no string"
    )


PARALLEL = [{"math.area": {"base": [10, 7]}}, {"math.area": {"base": [10]}}]


@pytest.mark.parametrize(
    ("bases", "why"),
    [
        ((7, 10), ""),
        ((10, 10), ""),
        ((10, 7), "no call is the expected one of math.area"),  # the first takes the 10 that the second needs
        ((10,), "1 calls, not 2"),
        ((7, 10, 10), "3 calls, not 2"),
        ((8, 10), "no call is the expected one of math.area"),
    ],
)
def test_several_calls_are_taken_as_bfcl_takes_them(bases: tuple[int, ...], why: str) -> None:
    """``parallel_function_checker_no_order``: each expected call takes the first that is left and fits."""
    found = mismatches([Call("math.area", {"base": base}) for base in bases], [SCHEMA], PARALLEL)
    assert (found or "").partition(":")[0] == why
