"""Reading function calls out of a candidate's text: JSON or Python. Nothing is ever evaluated."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from guardbee.evals.parsing import FENCE, ParseError, bounded, json_values
from guardbee.evals.scorers.function_match import Call

_CALL = re.compile(r"(?<![\w.])(?<!def )(?<!class )[A-Za-z_][\w.]*\(")


def function_calls(text: str) -> list[Call]:
    """Return the function calls of an answer, in order; none where it says something else.

    Read are JSON ``{"name": …, "arguments": {…}}`` (also ``parameters``, also in a list, also with the function's name
    as the only key) and Python ``name(key=value)`` with literal values (also in a list), amid prose or not. What comes
    after the first call and is none is passed over.

    Raises:
        ParseError: if the answer is empty, or the first thing that looks like a call cannot be read.
    """
    if not bounded(text).strip():
        raise ParseError("the answer is empty")
    values = list(json_values(text))
    if not values:
        return _python_calls(text) if "{" not in text or _CALL.search(text) else _broken(text)
    try:
        return _json_calls(values)
    except ParseError as error:
        try:
            found = _python_calls(text)  # what was JSON may have been an argument: f(x=[1, 2])
        except ParseError:
            raise error from None
        if found or values == [[]]:
            return found
        raise


def _broken(text: str) -> list[Call]:
    raise ParseError(f"no function call in the answer, but the beginning of one: {text.strip()[:40]!r}")


def _json_calls(values: list[Any]) -> list[Call]:
    """Return the calls among JSON values, of which the first must be one."""
    items = [item for value in values for item in (value if isinstance(value, list) else [value])]
    if not items:
        raise ParseError("an empty list")
    calls = [_json_call(items[0])]
    for item in items[1:]:
        try:
            calls.append(_json_call(item))
        except ParseError:
            continue
    return calls


def _json_call(value: Any) -> Call:
    if not isinstance(value, dict):
        raise ParseError("the JSON in the answer is no function call")
    if isinstance(value.get("function"), dict):
        value = value["function"]
    name = value.get("name", value.get("function"))
    arguments = value.get("arguments", value.get("parameters"))
    if name is None and arguments is None and len(value) == 1:
        name, arguments = next(iter(value.items()))
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise ParseError("the JSON in the answer has no name with arguments")
    return Call(name, arguments)


def _python_calls(text: str) -> list[Call]:
    """Return the calls in Python's writing, of which the first must be readable."""
    found = FENCE.search(text)
    text = found.group(2) if found else text
    calls: list[Call] = []
    position = 0
    while start := _CALL.search(text, position):
        try:
            written = _balanced(text[start.start() :])
        except ParseError:
            if calls:
                break  # to look on from every parenthesis that does not close would take the square of the length
            raise
        position = start.start() + len(written)
        try:
            calls.append(_python_call(written))
        except ParseError:
            if not calls:
                raise
    return calls


def _python_call(written: str) -> Call:
    call = _parse_call(written)
    if call.args or any(keyword.arg is None for keyword in call.keywords):
        raise ParseError("an argument of the call has no name")
    try:
        arguments = {str(keyword.arg): _plain(ast.literal_eval(keyword.value)) for keyword in call.keywords}
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise ParseError("an argument of the call is no literal value") from error
    return Call(ast.unparse(call.func), arguments)


def _parse_call(text: str) -> ast.Call:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in a candidate's strings are not our warnings
            parsed = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ParseError("the function call in the answer is no valid Python") from error
    if not isinstance(parsed, ast.Call):
        raise ParseError("no function call in the answer")
    return parsed


def _balanced(text: str) -> str:
    """Return the text up to the parenthesis that closes its first one; quotes are respected, all else is not read."""
    depth, quote, skip = 0, "", False
    for index, character in enumerate(text):
        if skip:
            skip = False
        elif quote:
            skip = character == "\\"
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return text[: index + 1]
    raise ParseError("the function call in the answer does not end")


def _plain(value: Any) -> Any:
    """Return a literal as JSON would give it: tuples and sets as lists."""
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise ValueError(f"{type(value).__name__} is no plain value")
