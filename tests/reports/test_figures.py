from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.reports import figures


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, figures.ABSENT),
        (0, "$0.00"),
        (12.345, "$12.35"),
        (1234.5, "$1,234.50"),
        (0.01, "$0.01"),
        (0.0025, "$0.0025"),
        (0.00015, "$0.00015"),
        (0.0000123, "$0.000012"),
        (0.00999, "$0.010"),
    ],
)
def test_prices_keep_two_digits_however_small(value: float | None, text: str) -> None:
    """Tokens cost fractions of a cent; a price is never shown as nothing."""
    assert figures.usd(value) == text


@pytest.mark.parametrize(
    ("shown", "value", "text"),
    [
        (figures.share, None, figures.ABSENT),
        (figures.share, 0.9, "0.900"),
        (figures.percent, 0.0493, "4.9 %"),
        (figures.percent, None, figures.ABSENT),
        (figures.count, 1240.4, "1\u202f240"),
        (figures.count, None, figures.ABSENT),
        (figures.decimal, 1.24, "1.2"),
        (figures.decimal, 1240.0, "1\u202f240"),
        (figures.decimal, None, figures.ABSENT),
    ],
)
def test_absence_is_a_dash(shown: object, value: float | None, text: str) -> None:
    """Every kind of figure has its form, and one for no figure."""
    assert callable(shown)
    assert shown(value) == text


@given(st.text())
def test_nothing_invisible_is_left(text: str) -> None:
    """No terminal sequence and no override of the writing direction survives; the length does not change."""
    shown = figures.visible(text)
    assert len(shown) == len(text)
    assert not set(shown) & set("\x1b\x07\x08\r\u202e\u2066\u200b\ufeff")
    assert figures.visible(shown) == shown
