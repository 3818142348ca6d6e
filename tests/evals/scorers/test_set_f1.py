"""Set F1 is bounded, symmetric in order, and pays nothing for repetition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.scorers.set_f1 import set_f1

ITEMS = st.lists(st.integers(0, 5), max_size=6)

CASES = [
    ([], [], 1.0),
    ([1], [], 0.0),
    ([], [{1}], 0.0),
    ([1, 2], [{1}, {2}], 1.0),
    ([2, 1], [{1}, {2}], 1.0),
    ([1, 1], [{1}], 2 / 3),
    ([1], [{1}, {2}], 2 / 3),
    (["km"], [{"km", "kilometre"}], 1.0),
]


@pytest.mark.parametrize(("answers", "expected", "value"), CASES)
def test_small_cases(answers: list[object], expected: list[set[object]], value: float) -> None:
    """Worked by hand: 2 x matches / (answers + expected)."""
    assert set_f1(answers, expected) == pytest.approx(value)  # type: ignore[arg-type]


@given(ITEMS, ITEMS)
def test_it_is_bounded_and_blind_to_order(answers: list[int], expected: list[int]) -> None:
    """Shuffled answers score the same; 1 means the same items as often."""
    forms = [{item} for item in expected]
    value = set_f1(answers, forms)
    assert 0.0 <= value <= 1.0
    assert set_f1(answers[::-1], forms) == value
    assert (value == 1.0) == (sorted(answers) == sorted(expected))
