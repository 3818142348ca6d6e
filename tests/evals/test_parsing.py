"""Structured answers are read from what models really write, and nothing is ever evaluated."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.parsing import ParseError, code, json_value


@given(st.text() | st.text('{}[]()"\\,:=ab1 \n`'))
def test_no_text_does_anything_else(answer: str) -> None:
    """Whatever a candidate writes is read or is a ParseError."""
    for read in (code, lambda text: json_value(text, (list,))):
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
