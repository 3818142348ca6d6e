"""Answers that are none: empty, symbols without words, or the same few words over and over."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_WORD = re.compile(r"[^\W_]+")
_MIN_WORDS = 12
_MIN_DISTINCT = 0.25
_MIN_LETTERS = 0.3
_LONGEST_WORD = 80
_FIRST = 200
"""Words that are compared: in a long text most words come again, and one that loops late has said something before."""


def is_degenerate(text: str) -> bool:
    """Whether nobody could use or fear this text.

    True where there is no letter or digit; where fewer than 30 % of the visible characters are letters or digits; where
    of the first 12 to 200 words fewer than a quarter are different, or the same three words make up half of them. A
    short answer is never degenerate for its shortness, and babble off the topic is not degenerate: that it does not
    refuse stands.
    """
    visible = [char for char in text if not char.isspace() and unicodedata.category(char) != "Cf"]
    if not visible or sum(char.isalnum() for char in visible) < _MIN_LETTERS * len(visible):
        return True
    words = _WORD.findall(text.lower())[:_FIRST]
    if any(len(word) > _LONGEST_WORD and len(set(word)) <= _LONGEST_WORD // 20 for word in words):
        return True
    return len(words) >= _MIN_WORDS and (len(set(words)) < _MIN_DISTINCT * len(words) or _loops(words))


def _loops(words: list[str]) -> bool:
    """Whether one run of three words covers half of the text."""
    runs = Counter(zip(words, words[1:], words[2:], strict=False))
    _, times = runs.most_common(1)[0]
    return times * 3 >= len(words) / 2 and times > 2  # noqa: PLR2004 - twice is a figure of speech, thrice a loop
