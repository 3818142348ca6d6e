"""Function calls are read in the forms that models write them in."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.calls import function_calls
from guardbee.evals.parsing import LONGEST, ParseError

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
    (call,) = function_calls(answer)
    assert (call.name, dict(call.arguments)) == ("a.f", arguments)


UNREADABLE = {
    "nothing": (" \n", "empty"),
    "positional": ("f(1)", "has no name"),
    "spread": ("f(**{'a': 1})", "has no name"),
    "an expression": ("f(x=__import__('os').system('true'))", "no literal"),
    "a variable": ("f(x=y)", "no literal"),
    "cut off": ("f(x=[1, 2", "does not end"),
    "cut off JSON": ('{"name": "f", "arguments": {"x": ', "no function call"),
    "no arguments": ('{"name": "f"}', "no name with arguments"),
    "bad Python": ("f(x=1 y=2)", "no valid Python"),
    "deep": ("f(x=" + "[" * 3000 + "]" * 3000 + ")", "no valid Python"),
    "deep JSON": ('{"name":' * 2000, "no function call"),
    "endless": ("f(x=1)" * LONGEST, "longer than"),
}


@pytest.mark.parametrize(("answer", "why"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_says_why(answer: str, why: str) -> None:
    """Nesting and length included."""
    with pytest.raises(ParseError, match=why):
        function_calls(answer)


SEVERAL = [
    ('[{"name": "f", "arguments": {}}, {"name": "g", "arguments": {"x": 1}}]', ["f", "g"]),
    ('{"name": "f", "arguments": {}}\n{"name": "g", "arguments": {}}', ["f", "g"]),
    ("[f(x=1), g.h(y='g(z=2)')]", ["f", "g.h"]),
    ("f(x=1)\nf(x=1)", ["f", "f"]),
    ("f(x=1) # then print(it)", ["f"]),
    ("f(x=1) and (never(ends", ["f"]),
    ('{"name": "f", "arguments": {}} gives {"area": 5}', ["f"]),
]


@pytest.mark.parametrize(("answer", "names"), SEVERAL)
def test_several_calls_are_read_in_order(answer: str, names: list[str]) -> None:
    """A list, or one after the other; what follows and is none is passed over."""
    assert [call.name for call in function_calls(answer)] == names


@pytest.mark.parametrize(
    "answer", ["none", "[]", "I cannot do that (sorry).", "def f(x=1):\n    pass", "No [tool] fits."]
)
def test_an_answer_may_have_no_call(answer: str) -> None:
    """That is no error: it may be right."""
    assert function_calls(answer) == []


@given(st.text() | st.text('{}[]()"\\,:=ab1 \n`'))
def test_no_text_does_anything_else(answer: str) -> None:
    """Whatever a candidate writes is read or is a ParseError."""
    with contextlib.suppress(ParseError):
        function_calls(answer)
