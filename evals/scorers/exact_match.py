"""Exact match as in lm-evaluation-harness: equal character by character, but for what is told to be ignored."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

VERSION = 2


def exact_match(
    answer: str,
    reference: str,
    *,
    ignore_case: bool = False,
    ignore_punctuation: bool = False,
    ignore_numbers: bool = False,
    regexes_to_ignore: Sequence[str] = (),
) -> float:
    """Return 1 if both texts are equal, else 0. A space at an end counts; nothing is stripped.

    What is ignored is removed from both, in this order: expressions, case, ASCII punctuation, ASCII digits.
    """

    def bare(text: str) -> str:
        for expression in regexes_to_ignore:
            text = re.sub(expression, "", text)
        text = text.lower() if ignore_case else text
        removed = string.punctuation * ignore_punctuation + string.digits * ignore_numbers
        return text.translate(str.maketrans("", "", removed))

    return float(bare(answer) == bare(reference))
