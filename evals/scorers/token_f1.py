"""Exact match and token F1 of short answers, as the official evaluation scripts of SQuAD define them."""

from __future__ import annotations

import re
import string
from collections import Counter

VERSION = 1

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_WITHOUT_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Return the text in lower case, without ASCII punctuation and English articles, spaces collapsed."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_WITHOUT_PUNCTUATION)).split())


def token_f1(answer: str, reference: str) -> float:
    """Return the harmonic mean of precision and recall over normalised tokens, counted with multiplicity.

    Two texts without tokens agree (1), as in SQuAD 2.0's script.
    """
    got, gold = normalise(answer).split(), normalise(reference).split()
    if not got or not gold:
        return float(got == gold)
    common = sum((Counter(got) & Counter(gold)).values())
    if not common:
        return 0.0
    precision, recall = common / len(got), common / len(gold)
    return 2 * precision * recall / (precision + recall)
