"""Reading JSON and code out of a candidate's text. Nothing is ever evaluated; what cannot be read raises.

A candidate is hostile: texts longer than ``LONGEST`` are refused before any parser sees them, and what a parser does
about absurd nesting is a ``ParseError`` like everything else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

LONGEST = 20_000
"""Characters; many times what a task asks for."""

FENCE = re.compile(r"```[ \t]*([\w+-]*)[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_DEFINITION = re.compile(r"^(?:def|class|import|from)\b", re.MULTILINE)


class ParseError(ValueError):
    """The answer is not in the asked form; the message says why, in one line."""


def json_value(text: str, kinds: tuple[type, ...]) -> Any:
    """Return the first JSON value of one of ``kinds`` (``dict``, ``list``): fenced, bare, or amid prose.

    Raises:
        ParseError: if there is none.
    """
    for value in json_values(bounded(text)):
        if isinstance(value, kinds):
            return value
    raise ParseError(f"no JSON {' or '.join('object' if kind is dict else 'array' for kind in kinds)} in the answer")


def code(text: str) -> str:
    """Return the first fenced block (an unclosed one runs to the end), else the text from its first definition on.

    Where nothing is fenced and no line begins a definition or an import, that is the whole text: a function's body.

    Raises:
        ParseError: if that is empty.
    """
    found = FENCE.search(bounded(text))
    start = None if found else _DEFINITION.search(text)
    inside = found.group(2) if found else text[start.start() :] if start else text
    if not inside.strip():
        raise ParseError("no code in the answer")
    return inside.rstrip()


def bounded(text: str) -> str:
    """Return the text; raise ParseError where it is too long to be looked at."""
    if len(text) > LONGEST:
        raise ParseError(f"the answer is longer than {LONGEST:,} characters")
    return text


def json_values(text: str) -> Iterator[Any]:
    """Give every JSON object and array of a text, in order, those within others left out."""
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
