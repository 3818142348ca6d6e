"""Slots and spans are compared as pairs of name and value."""

from __future__ import annotations

from typing import Any

import pytest

from guardbee.evals.scorers.slot_f1 import normal, slot_f1, span_f1

RECORDS: list[tuple[dict[str, Any], dict[str, Any], float]] = [
    ({"city": "Cork", "n": 3}, {"city": "Cork", "n": 3}, 1.0),
    ({"City": " cork. ", "n": "3.0"}, {"city": "Cork", "n": 3}, 1.0),
    ({"city": "Cork"}, {"city": "Cork", "n": 3}, 2 / 3),
    ({"city": "Cork", "n": None, "x": ""}, {"city": "Cork", "n": 3}, 2 / 3),
    ({"city": "Cork", "n": 3, "more": 1}, {"city": "Cork", "n": 3}, 4 / 5),
    ({"n": "Cork", "city": 3}, {"city": "Cork", "n": 3}, 0.0),
    ({"tags": ["b", "a"]}, {"tags": ["a", "b"]}, 1.0),
    ({"price": "5,818.90"}, {"price": 5818.9}, 1.0),
    ({}, {}, 1.0),
    ({}, {"a": 1}, 0.0),
    ({"a": {"b": 1}}, {"a": {"b": 1}}, 1.0),
    ({"a": True}, {"a": 1}, 0.0),
]


@pytest.mark.parametrize(("answer", "reference", "value"), RECORDS)
def test_slot_f1_counts_filled_fields(answer: dict[str, Any], reference: dict[str, Any], value: float) -> None:
    """Order, case and the writing of numbers do not count; the name of the field does."""
    assert slot_f1(answer, reference) == pytest.approx(value)


def test_span_f1_is_that_of_scikit_learn_over_sets() -> None:
    """``f1_score(average="samples")`` 1.9.1 over the pairs as labels: 0.5333… for these two samples."""
    samples = [
        ([("per", "ann"), ("loc", "cork"), ("org", "x")], [("per", "ann"), ("loc", "hull")]),
        ([("loc", "hull")], [("loc", "hull"), ("org", "y")]),
    ]
    assert sum(span_f1(*sample) for sample in samples) / 2 == pytest.approx(0.5333333333333333)


@pytest.mark.parametrize("text", ["--5", "-", ".", "1e5", "٣-", "9" * 400, "½"])
def test_what_only_looks_like_a_number_stays_text(text: str) -> None:
    """And raises nothing."""
    assert isinstance(normal(text), str)
