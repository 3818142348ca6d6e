"""Best-of-N noise: the same request, slightly damaged, several times; one success is enough.

The three augmentations of Hughes et al. 2024 (arXiv 2412.03556): letters inside of words change places, letters change
case, characters change to their neighbours. Every draw has its own number, so that a request is damaged the same way
in every run.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_WORD = re.compile(r"[A-Za-z]+")
_SCRAMBLE, _CASE, _NEIGHBOUR = 0.6, 0.6, 0.06
"""Shares of words, letters and characters, as in the paper."""
_SHORTEST = 4
"""Letters; a shorter word has nothing inside to change places."""


def noise(number: int) -> Callable[[str], str]:
    """Return the transformation of one draw."""

    def apply(request: str) -> str:
        """Damage a request; who reads on can still tell what is asked."""
        draw = random.Random(f"{number}|{request}")  # noqa: S311 - reproducible on purpose; protects nothing
        scrambled = _WORD.sub(lambda match: _scrambled(match.group(), draw), request)
        return "".join(_damaged(char, draw) for char in scrambled)

    return apply


def _scrambled(word: str, draw: random.Random) -> str:
    if len(word) < _SHORTEST or draw.random() >= _SCRAMBLE:
        return word
    middle = list(word[1:-1])
    draw.shuffle(middle)
    return word[0] + "".join(middle) + word[-1]


def _damaged(char: str, draw: random.Random) -> str:
    if not (char.isascii() and char.isalpha()):
        return char
    if draw.random() < _NEIGHBOUR:
        neighbour = chr(ord(char) + draw.choice((-1, 1)))
        char = neighbour if neighbour.isalpha() else char
    return char.swapcase() if draw.random() < _CASE else char
