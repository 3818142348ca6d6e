"""Metrics over all answers at once agree with scikit-learn and with the definition of CLINC150."""

from __future__ import annotations

import pytest

from guardbee.evals.scorers.macro_f1 import macro_f1, out_of_scope_recall

# From sklearn.metrics import f1_score (1.9.1): f1_score(references, answers, average="macro", zero_division=0)
SKLEARN = [
    (list("aabbcc"), list("abbbca"), 0.6555555555555556),
    (list("aaaa"), list("aaab"), 0.42857142857142855),
    (list("aabc"), list("bcab"), 0.0),
    (list("abca"), list("abca"), 1.0),
    (["yes", "no", "no"], ["yes", "no", ""], 0.5555555555555555),
]


@pytest.mark.parametrize(("references", "answers", "value"), SKLEARN)
def test_macro_f1_is_that_of_scikit_learn(references: list[str], answers: list[str], value: float) -> None:
    """A label that is only answered counts, too."""
    assert macro_f1(list(zip(answers, references, strict=True))) == pytest.approx(value)


def test_a_mean_of_nothing_is_refused() -> None:
    """Not 0 and not 1."""
    with pytest.raises(ValueError, match="nothing"):
        macro_f1([])


def test_out_of_scope_recall_is_over_what_is_out_of_scope() -> None:
    """What is answered elsewhere does not count; where nothing is out of scope nothing was shown."""
    pairs = [("none", "none"), ("tool", "none"), ("none", "tool"), ("tool", "tool"), ("none", "none")]
    assert out_of_scope_recall(pairs, "none") == pytest.approx(2 / 3)
    assert out_of_scope_recall([("tool", "tool")], "none") == 0.0
