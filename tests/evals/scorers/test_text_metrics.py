"""ROUGE, BLEU and chrF are their reference packages' numbers, scaled to 0-1."""

from __future__ import annotations

import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from guardbee.evals.scorers.bleu import bleu, chrf
from guardbee.evals.scorers.rouge import RougeType, rouge

_VOCABULARY = ("the", "cat", "sat", "on", "a", "mat", "dog", "runs", "fast")
WORDS = st.lists(st.sampled_from(_VOCABULARY), min_size=1, max_size=12).map(" ".join)


@pytest.mark.parametrize(
    ("kind", "value"),
    # 8 and 9 words; 6 of them, 2 pairs and a subsequence of 5 ("the quick brown jumps the") agree
    [("rouge1", 2 * 6 / 17), ("rouge2", 2 * 2 / 15), ("rougeL", 2 * 5 / 17)],
)
def test_rouge_gives_the_published_example(kind: RougeType, value: float) -> None:
    """The example of the package's README, worked by hand."""
    reference = "The quick brown fox jumps over the lazy dog"
    answer = "The quick brown dog jumps on the log."
    assert rouge(answer, reference, kind) == pytest.approx(value)


@settings(max_examples=25, deadline=None)
@given(WORDS, WORDS)
def test_bleu_and_chrf_are_those_of_sacrebleu(answer: str, reference: str) -> None:
    """Sentence scores with effective order, divided by 100."""
    expected = sacrebleu.sentence_bleu(answer, [reference], use_effective_order=True).score / 100
    assert bleu(answer, reference) == pytest.approx(expected)
    assert chrf(answer, reference) == pytest.approx(sacrebleu.sentence_chrf(answer, [reference]).score / 100)


@pytest.mark.parametrize("metric", [bleu, chrf])
def test_a_perfect_answer_is_exactly_one(metric: object) -> None:
    """Rounding never lifts a score above 1."""
    text = "the cat sat on the mat by the door"
    assert metric(text, text) == 1.0  # type: ignore[operator]
