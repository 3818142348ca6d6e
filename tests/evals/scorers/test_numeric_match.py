"""Numbers are read as people write them, and compared exactly unless a tolerance is given."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.scorers.numeric_match import Number, last_number, numeric_match

READ = [
    ("1,234.50", "1234.5", ""),
    ("The answer is 1,234,567.", "1234567", ""),
    ("3/4", "3/4", ""),
    ("1 1/2 cups", "3/2", "cup"),
    ("-7", "-7", ""),
    ("\u22127", "-7", ""),
    ("x-7", "7", ""),
    ("2e3", "2000", ""),
    (".5", "1/2", ""),
    ("$1,000", "1000", "$"),
    ("-$5", "-5", "$"),
    ("15.50 €", "31/2", "€"),
    ("60%", "60", "%"),
    ("20 km/h", "20", "km/h"),
    ("5 meters", "5", "metre"),
    ("first 3, then 4 apples", "4", "apple"),
    ("12 * 3 = 36", "36", ""),
    ("In 2010, 4", "4", ""),
    ("12,34", "34", ""),
    ("#### 18", "18", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "unit"), READ)
def test_the_last_number_is_read_with_its_unit(text: str, value: str, unit: str) -> None:
    """Thousands separators, fractions, signs, exponents, currencies."""
    assert last_number(text) == Number(Fraction(value), unit)


@pytest.mark.parametrize("text", ["", "none at all", "one half", "1/0", "9" * 1000])
def test_what_is_no_number_is_none(text: str) -> None:
    """Nor is a division by zero, nor a page of digits."""
    assert last_number(text) is None


MATCHES = [
    ("18", "18.0", 0.0, True),
    ("1/3", "0.333", 0.0, False),
    ("1/3", "0.333", 0.01, True),
    ("5 km", "5 kilometres", 0.0, False),
    ("5", "5 km", 0.0, True),
    ("5 km", "5", 0.0, True),
    ("101", "100", 0.01, True),
    ("101.1", "100", 0.01, False),
    ("25", "5", 0.0, False),
    ("0.0000001", "0", 0.5, False),
]


@pytest.mark.parametrize(("answer", "reference", "tolerance", "right"), MATCHES)
def test_numbers_match_within_the_tolerance(answer: str, reference: str, tolerance: float, right: bool) -> None:
    """25 does not end in 5, and a share of nothing is nothing."""
    got, gold = last_number(answer), last_number(reference)
    assert got is not None
    assert gold is not None
    assert numeric_match(got, gold, tolerance=tolerance) is right


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_what_python_writes_is_read_as_the_same_number(value: int, digits: int) -> None:
    """With separators and any number of decimals."""
    number = Fraction(value, 10**digits)
    found = last_number(f"about {value / 10**digits:,.{digits}f} in all")
    assert found is not None
    assert abs(found.value - number) < Fraction(1, 1000)


@given(st.text("0123456789,./ -+eE%$°Ckm\u2212½٣") | st.text())
def test_no_text_does_anything_else(text: str) -> None:
    """Whatever a candidate writes is a number or none; long runs of digits take no time."""
    last_number(text)
    last_number(text * 200)
