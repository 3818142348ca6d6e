"""BLEU and chrF of one answer against one reference, with ``sacrebleu``; scaled from 0-100 to 0-1."""

from __future__ import annotations

VERSION = 1


def bleu(answer: str, reference: str) -> float:
    """Return sentence BLEU: tokenizer 13a, exponential smoothing, effective order.

    The mean over samples is a mean of sentence scores, *not* corpus BLEU; the two must not be compared.
    """
    import sacrebleu

    score = sacrebleu.sentence_bleu(answer, [reference], use_effective_order=True).score
    return min(score / 100, 1.0)  # a perfect match is 100.00000000000004


def chrf(answer: str, reference: str) -> float:
    """Return sentence chrF (character 6-grams, beta 2, no words)."""
    import sacrebleu

    return min(sacrebleu.sentence_chrf(answer, [reference]).score / 100, 1.0)
