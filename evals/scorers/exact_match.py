"""Exact match after the normalisation of SQuAD: case, ASCII punctuation, English articles and spacing do not count."""

from __future__ import annotations

from guardbee.evals.scorers.token_f1 import normalise

VERSION = 1


def exact_match(answer: str, reference: str) -> float:
    """Return 1 if both texts are equal once normalised, else 0.

    A sign and a decimal point are punctuation here: for numbers use a scorer that reads them as numbers.
    """
    return float(normalise(answer) == normalise(reference))
