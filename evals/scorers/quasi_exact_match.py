"""Exact match after the normalisation of SQuAD: case, ASCII punctuation, English articles and spacing do not count.

HELM's name for it; lm-evaluation-harness's ``exact_match`` is another rule (``exact_match.py``).
"""

from __future__ import annotations

from guardbee.evals.scorers.token_f1 import normalise

VERSION = 1


def quasi_exact_match(answer: str, reference: str) -> float:
    """Return 1 if both texts are equal once normalised, else 0.

    A sign and a decimal point are punctuation here: for numbers use a scorer that reads them as numbers.
    """
    return float(normalise(answer) == normalise(reference))
