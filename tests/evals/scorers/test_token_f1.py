"""Exact match and token F1 are those of SQuAD's evaluation script."""

from __future__ import annotations

import pytest

from guardbee.evals.scorers.quasi_exact_match import quasi_exact_match
from guardbee.evals.scorers.token_f1 import normalise, token_f1

# Worked by hand with the rules of the official script of SQuAD 2.0 (compute_f1, compute_exact).
CASES = [
    ("The Eiffel Tower!", "eiffel tower", 1.0, 1.0),
    ("in the city of Paris", "Paris", 0.4, 0.0),
    ("Denver Broncos", "the Denver Broncos.", 1.0, 1.0),
    ("a cat sat on a mat", "the cat sat", 2 * 0.5 * 1 / 1.5, 0.0),
    ("to be or not to be", "to be", 0.5, 0.0),
    ("London", "Paris", 0.0, 0.0),
    ("", "Paris", 0.0, 0.0),
    ("the", "a", 1.0, 1.0),
]


@pytest.mark.parametrize(("answer", "reference", "f1", "exact"), CASES)
def test_scores_are_those_of_the_official_script(answer: str, reference: str, f1: float, exact: float) -> None:
    """Articles, case and punctuation do not count; repeated tokens count as often as they agree."""
    assert token_f1(answer, reference) == pytest.approx(f1)
    assert quasi_exact_match(answer, reference) == exact


def test_articles_are_removed_as_words_only() -> None:
    """A letter of a word is no article."""
    assert normalise("An  aardvark, the the!") == "aardvark"
