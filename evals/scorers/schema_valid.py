"""Are function calls valid against the functions' JSON Schemas? Right or wrong arguments do not count."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from guardbee.evals.scorers.function_match import Call

VERSION = 1


def invalid(calls: Sequence[Call], functions: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why the calls are not valid, in one line, or ``None`` where they are; no call at all is valid.

    Draft 2020-12 by ``jsonschema``, which decides what valid means (an integer is a number, 1.0 is an integer, true is
    neither). The functions are usable ones (``unusable``).
    """
    by_name = {function["name"]: function for function in functions}
    for call in calls:
        if call.name not in by_name:
            return f"calls {call.name}, which is none of {', '.join(by_name)}"
        wrong = _violation(call.arguments, by_name[call.name]["parameters"])
        if wrong:
            return f"{call.name}: {wrong}"
    return None


def unusable(functions: Sequence[Mapping[str, Any]]) -> str | None:
    """Return why a function's parameters are no JSON Schema that can be used, in one line, or ``None``."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    for function in functions:
        try:
            Draft202012Validator.check_schema(function["parameters"])
        except SchemaError as error:
            return f"the parameters of {function['name']} are no JSON Schema: {error.message.splitlines()[0]}"
        if "$ref" in json.dumps(function["parameters"]):
            return f"the parameters of {function['name']} point elsewhere ($ref), which is not followed"
    return None


def _violation(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> str | None:
    from jsonschema import Draft202012Validator

    closed = {"additionalProperties": False} | dict(schema)  # an argument that nobody described cannot be passed
    error = next(Draft202012Validator(closed).iter_errors(dict(arguments)), None)
    return None if error is None else error.message.splitlines()[0]
