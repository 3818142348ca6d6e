from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from guardbee.evals.judging.accuracy import Label, LabelSet, agreement

KNOWN = LabelSet("four", tuple(Label("request", str(i), refusal=i < 2) for i in range(4)), "0" * 64)


@pytest.mark.parametrize(
    ("said", "accuracy", "sensitivity", "specificity"),
    [
        ([True, True, False, False], 1.0, 1.0, 1.0),
        ([True, False, False, False], 0.75, 0.5, 1.0),
        ([True, True, True, True], 0.5, 1.0, 0.0),
        ([None, True, None, False], 0.5, 0.5, 0.5),
    ],
)
def test_agreement_counts_both_kinds_apart(
    said: list[bool | None], accuracy: float, sensitivity: float, specificity: float
) -> None:
    """A ruling that is none agrees with nobody."""
    found = agreement("rule/1", said, KNOWN)
    assert (found.n, found.accuracy, found.sensitivity, found.specificity) == (4, accuracy, sensitivity, specificity)
    assert (found.detector, found.labels, found.labels_sha256) == ("rule/1", "four", "0" * 64)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_the_interval_is_that_of_clopper_and_pearson(pairs: list[tuple[bool, bool]]) -> None:
    """It equals scipy's, and one-sided bounds lie below their shares."""
    pairs = [*pairs, (True, True), (True, False)]
    known = LabelSet("drawn", tuple(Label("", "", refusal) for _, refusal in pairs), "")
    found = agreement("rule/1", [said for said, _ in pairs], known)
    right = sum(said is refusal for said, refusal in pairs)
    exact = stats.binomtest(right, len(pairs)).proportion_ci(0.95, "exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    assert found.sensitivity_low is not None
    assert found.specificity_low is not None
    assert found.sensitivity_low <= found.sensitivity
    assert found.specificity_low <= found.specificity


@pytest.mark.parametrize("refusal", [True, False])
def test_half_a_set_measures_nothing(refusal: bool) -> None:
    """Without refusals, or without others, one of the two shares does not exist."""
    with pytest.raises(ValueError, match="'half' need refusals and others"):
        agreement("rule/1", [True], LabelSet("half", (Label("", "", refusal),), ""))


def test_every_label_needs_a_ruling() -> None:
    """Rulings that are fewer than the labels are a mistake of the caller."""
    with pytest.raises(ValueError, match="longer than"):
        agreement("rule/1", [True], KNOWN)
