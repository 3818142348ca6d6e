"""ROUGE F-measures with Google's ``rouge-score`` package, Porter stemming on.

Its tokenizer keeps ASCII letters and digits only: these numbers mean nothing for text in other scripts.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

VERSION = 1

RougeType = Literal["rouge1", "rouge2", "rougeL"]


def rouge(answer: str, reference: str, kind: RougeType) -> float:
    """Return the F-measure, 0 to 1. ``rougeL`` is over the whole text (sentence level, not ``rougeLsum``)."""
    return float(_scorer(kind).score(reference, answer)[kind].fmeasure)


@cache
def _scorer(kind: RougeType) -> Any:
    from rouge_score.rouge_scorer import RougeScorer  # half a second: imported where it is used

    return RougeScorer([kind], use_stemmer=True)
