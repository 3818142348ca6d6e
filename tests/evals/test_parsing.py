"""Structured answers are read from what models really write, and nothing is ever evaluated."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.parsing import LONGEST, ParseError, code, function_call, json_value

CALLS: list[tuple[str, dict[str, Any]]] = [
    ('{"name": "a.f", "arguments": {"x": 1}}', {"x": 1}),
    ('[{"name": "a.f", "arguments": {"x": 1}}]', {"x": 1}),
    ('{"name": "a.f", "parameters": {"x": [1, 2]}}', {"x": [1, 2]}),
    ('{"function": "a.f", "parameters": {"x": 1}}', {"x": 1}),
    ('{"type": "function", "function": {"name": "a.f", "arguments": {"x": 1}}}', {"x": 1}),
    ('{"a.f": {"x": 1}}', {"x": 1}),
    ('Sure!\n```json\n{"name": "a.f", "arguments": {"x": null}}\n```\nDone.', {"x": None}),
    ("a.f(x=1)", {"x": 1}),
    ("[a.f(x=-1.5, y='it\\'s (so)')]", {"x": -1.5, "y": "it's (so)"}),
    ("```python\na.f(x=[1, 2], y={'k': (True, None)})\n```", {"x": [1, 2], "y": {"k": [True, None]}}),
    ("You can call a.f(\n    x='two\\nlines'\n) to do that.", {"x": "two\nlines"}),
    ("a.f()", {}),
]


@pytest.mark.parametrize(("answer", "arguments"), CALLS)
def test_calls_are_read_in_the_forms_that_models_use(answer: str, arguments: dict[str, Any]) -> None:
    """JSON or Python, bare, fenced or in prose."""
    call = function_call(answer)
    assert (call.name, dict(call.arguments)) == ("a.f", arguments)


UNREADABLE = {
    "nothing": ("", "no function call"),
    "prose": ("I would use the function.", "no function call"),
    "two calls": ('[{"name": "f", "arguments": {}}, {"name": "g", "arguments": {}}]', "2 calls in a list"),
    "positional": ("f(1)", "has no name"),
    "spread": ("f(**{'a': 1})", "has no name"),
    "an expression": ("f(x=__import__('os').system('true'))", "no literal"),
    "a variable": ("f(x=y)", "no literal"),
    "cut off": ("f(x=[1, 2", "does not end"),
    "cut off JSON": ('{"name": "f", "arguments": {"x": ', "no function call"),
    "no arguments": ('{"name": "f"}', "no name with arguments"),
    "a definition": ("def f(x=1):\n    pass", "no function call"),
    "bad Python": ("f(x=1 y=2)", "no valid Python"),
    "deep": ("f(x=" + "[" * 3000 + "]" * 3000 + ")", "no valid Python"),
    "deep JSON": ('{"name":' * 2000, "no function call"),
    "endless": ("f(x=1)" * LONGEST, "longer than"),
}


@pytest.mark.parametrize(("answer", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_why(answer: str, why: str) -> None:
    """Nesting and length included."""
    with pytest.raises(ParseError, match=why):
        function_call(answer)


@given(st.text() | st.text('{}[]()"\\,:=ab1 \n`'))
def test_no_text_does_anything_else(answer: str) -> None:
    """Whatever a candidate writes is read or is a ParseError."""
    for read in (function_call, code, lambda text: json_value(text, (list,))):
        with contextlib.suppress(ParseError):
            read(answer)


def test_the_first_value_of_the_asked_kind_is_taken() -> None:
    """Others before it are passed over."""
    assert json_value('{"a": 1} and [2] and [3]', (list,)) == [2]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("```python\nx = 1\n```\ntext", "x = 1"),
        ("text\n```\nx = 1", "x = 1"),
        ("    return 1\n", "    return 1"),
        ("Here:\ndef f():\n    pass", "def f():\n    pass"),
    ],
)
def test_code_is_what_is_fenced_else_what_begins_a_definition_else_all(answer: str, expected: str) -> None:
    """An unclosed fence runs to the end."""
    assert code(answer) == expected
