"""Function calls against allowed values: the AST rule of the Berkeley Function-Calling Leaderboard (BFCL v4).

Name equal; required parameters there; no parameter that the schema or the answer does not know; each value of the
schema's Python type and in its list of allowed values, where ``""`` means "may be left out". Strings are compared
without spaces, ``,./-_*^``, case and kind of quote. Several calls may come in any order, each expected one once.
Follows ``simple_function_checker`` and ``parallel_function_checker_no_order`` of bfcl-eval 2026.3.23 for Python;
written anew, because that package pins a hundred others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSION = 2

# JSON Schema's names and BFCL's own; "any" is compared as a string there, too.
_TYPES: Mapping[str, type] = {
    "string": str, "integer": int, "float": float, "number": float, "boolean": bool, "array": list, "tuple": list,
    "dict": dict, "object": dict, "any": str,
}  # fmt: skip
_IGNORED = re.compile(r"[ ,./\-_*^]")


@dataclass(frozen=True)
class Call:
    """A function's name, dots included, and its arguments by name, as plain JSON types."""

    name: str
    arguments: Mapping[str, Any]


def mismatches(
    calls: Sequence[Call],
    functions: Sequence[Mapping[str, Any]],
    expected: Sequence[Mapping[str, Mapping[str, Sequence[Any]]]],
) -> str | None:
    """Return why ``calls`` are wrong, or ``None`` where they are the expected ones, in any order.

    Each of ``expected`` is ``{name: allowed values by parameter}``; none expected and none made is right. As in BFCL an
    expected call takes the first call left that fits it.
    """
    if len(calls) != len(expected):
        return f"{len(calls)} calls, not {len(expected)}"
    schemas = {function["name"]: function for function in functions}
    left = list(calls)
    for one in expected:
        ((name, allowed),) = one.items()
        reasons = [mismatch(call, schemas[name], allowed) for call in left]
        if None not in reasons:
            return reasons[0] if len(expected) == 1 else f"no call is the expected one of {name}: {reasons[0]}"
        del left[reasons.index(None)]
    return None


def mismatch(call: Call, schema: Mapping[str, Any], allowed: Mapping[str, Sequence[Any]]) -> str | None:
    """Return why ``call`` is wrong, or ``None`` where it is right.

    ``schema`` is the function's ``{name, parameters: {properties, required}}``, ``allowed`` the values by parameter.
    """
    if call.name != schema["name"]:
        return f"calls {call.name}, not {schema['name']}"
    properties = schema["parameters"]["properties"]
    for name in schema["parameters"].get("required", ()):
        if name not in call.arguments:
            return f"required argument {name} is missing"
    for name, value in call.arguments.items():
        if name not in properties or name not in allowed:
            return f"argument {name} is not known"
        wrong = _wrong_value(value, properties[name], allowed[name])
        if wrong:
            return f"argument {name}: {wrong}"
    left_out = [name for name, values in allowed.items() if name not in call.arguments and "" not in values]
    return f"argument {left_out[0]} is missing" if left_out else None


def _wrong_value(value: Any, schema: Mapping[str, Any], allowed: Sequence[Any]) -> str | None:
    wanted = _TYPES[schema["type"]]
    if wanted is float and type(value) is int:
        value = float(value)  # an integer is a fine float; nothing else is converted
    examples = [type(item) for item in allowed if item != ""][:1]  # null may be one
    if type(value) is not wanted and type(value) not in examples:
        return f"{value!r} is no {schema['type']}"
    if _fits(value, allowed, nested=schema.get("items", {}).get("type")):
        return None
    return f"{value!r} is not among {allowed!r}"


def _fits(value: Any, allowed: Sequence[Any], *, nested: str | None) -> bool:
    if isinstance(value, dict):
        return any(_dict_fits(value, item) for item in allowed if isinstance(item, dict))
    if isinstance(value, list) and nested in {"dict", "object"}:
        lists = [item for item in allowed if isinstance(item, list) and len(item) == len(value)]
        return any(all(map(_dict_fits, value, item)) for item in lists)
    return any(_same(value, item) for item in allowed)


def _dict_fits(value: Any, allowed: Any) -> bool:
    """Tell whether every key has an allowed value and every key that may not be left out is there."""
    if not isinstance(value, dict) or not isinstance(allowed, dict):
        return False
    known = all(key in allowed and any(_same(item, one) for one in allowed[key]) for key, item in value.items())
    return known and all(key in value or "" in values for key, values in allowed.items())


def _same(value: Any, allowed: Any) -> bool:
    """Tell whether two values are equal up to the writing of strings; 1 and 1.0 are, 1 and True are not."""
    if isinstance(value, str) and isinstance(allowed, str):
        return _standard(value) == _standard(allowed)
    if isinstance(value, list) and isinstance(allowed, list):
        return len(value) == len(allowed) and all(map(_same, value, allowed))
    if isinstance(value, dict) and isinstance(allowed, dict):
        return value.keys() == allowed.keys() and all(_same(item, allowed[key]) for key, item in value.items())
    return isinstance(value, bool) == isinstance(allowed, bool) and bool(value == allowed)


def _standard(text: str) -> str:
    return _IGNORED.sub("", text).lower().replace("'", '"')
