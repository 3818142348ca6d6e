"""Reading structured answers out of a candidate's text. Nothing is ever evaluated; what cannot be read raises.

A candidate is hostile: texts longer than ``LONGEST`` are refused before any parser sees them, and what a parser does
about absurd nesting is a ``ParseError`` like everything else.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

from guardbee.evals.scorers.function_match import Call

LONGEST = 20_000
"""Characters; many times what a task asks for."""

_FENCE = re.compile(r"```[ \t]*([\w+-]*)[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_DEFINITION = re.compile(r"^(?:def|class|import|from)\b", re.MULTILINE)
_CALL = re.compile(r"(?<![\w.])(?<!def )(?<!class )[A-Za-z_][\w.]*\(")


class ParseError(ValueError):
    """The answer is not in the asked form; the message says why, in one line."""


def json_value(text: str, kinds: tuple[type, ...]) -> Any:
    """Return the first JSON value of one of ``kinds`` (``dict``, ``list``): fenced, bare, or amid prose.

    Raises:
        ParseError: if there is none.
    """
    for value in _json_values(_bounded(text)):
        if isinstance(value, kinds):
            return value
    raise ParseError(f"no JSON {' or '.join('object' if kind is dict else 'array' for kind in kinds)} in the answer")


def code(text: str) -> str:
    """Return the first fenced block (an unclosed one runs to the end), else the text from its first definition on.

    Where nothing is fenced and no line begins a definition or an import, that is the whole text: a function's body.

    Raises:
        ParseError: if that is empty.
    """
    found = _FENCE.search(_bounded(text))
    start = None if found else _DEFINITION.search(text)
    inside = found.group(2) if found else text[start.start() :] if start else text
    if not inside.strip():
        raise ParseError("no code in the answer")
    return inside.rstrip()


def function_call(text: str) -> Call:
    """Return the one function call of the answer.

    Read are JSON ``{"name": …, "arguments": {…}}`` (also ``parameters``, also in a list of one, also with the
    function's name as the only key) and Python ``name(key=value)`` with literal values (also in a list of one).

    Raises:
        ParseError: if there is no call, more than one, or arguments that are no literals with names.
    """
    try:
        value = json_value(text, (dict, list))
    except ParseError:
        return _python_call(text)
    try:
        return _json_call(value)
    except ParseError:
        try:
            return _python_call(text)  # what was JSON may have been an argument: f(x=[1, 2])
        except ParseError:
            pass
        raise


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise ParseError(f"the answer is longer than {LONGEST:,} characters")
    return text


def _json_values(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    position = 0
    while (start := _next_bracket(text, position)) >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except RecursionError:
            return  # deeper than any answer; to try again one bracket further costs the same again
        except ValueError:
            position = start + 1
        else:
            yield value
            position = end


def _next_bracket(text: str, start: int) -> int:
    found = [index for index in (text.find("{", start), text.find("[", start)) if index >= 0]
    return min(found, default=-1)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _json_call(value: Any) -> Call:
    if isinstance(value, list):
        if len(value) != 1:
            raise ParseError(f"{len(value)} calls in a list, one was asked for")
        value = value[0]
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


def _python_call(text: str) -> Call:
    found = _FENCE.search(_bounded(text))
    text = found.group(2) if found else text
    start = _CALL.search(text)
    if start is None:
        raise ParseError("no function call in the answer")
    call = _parse_call(_balanced(text[start.start() :]))
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
