"""Encodings of a request: the same text in characters that have to be decoded, and how it is said which.

All are reversible on the characters that they know; the others they leave as they are. Pure: the same text, the same
code. What they do to filters and models is described by garak and PyRIT, whose converters these follow.
"""

from __future__ import annotations

import base64
import codecs
import random
from collections.abc import Callable

_LEET = str.maketrans("aeiostAEIOST", "431057431057")
_MORSE_TABLE = """
A .- B -... C -.-. D -.. E . F ..-. G --. H .... I .. J .--- K -.- L .-.. M -- N -. O --- P .--. Q --.- R .-. S ...
T - U ..- V ...- W .-- X -..- Y -.-- Z --.. 0 ----- 1 .---- 2 ..--- 3 ...-- 4 ....- 5 ..... 6 -.... 7 --... 8 ---..
9 ----. . .-.-.- , --..-- ? ..--.. ' .----. ! -.-.-- / -..-. ( -.--. ) -.--.- & .-... : ---... ; -.-.-. = -...- + .-.-.
- -....- _ ..--.- " .-..-. $ ...-..- @ .--.-.
"""
MORSE: dict[str, str] = dict(zip(_MORSE_TABLE.split()[::2], _MORSE_TABLE.split()[1::2], strict=True))
"""ITU-R M.1677-1, and the customary signs for ! & ; _ $."""
HOMOGLYPHS = dict(zip("acehijopsxyABCEHIJKMOPSTXY", "асеһіјорѕхуАВСЕНІЈКМОРЅТХУ", strict=True))  # noqa: RUF001 - they are the point
"""Cyrillic letters that look like Latin ones."""
ZERO_WIDTH = "\u200b"
ACCENTS = "".join(chr(code) for code in range(0x0300, 0x0316))
"""Combining marks that stand above a letter."""
_ACCENTS_EACH = 2


def base64_code(text: str) -> str:
    """Return base64 of UTF-8."""
    return base64.b64encode(text.encode()).decode()


def rot13_code(text: str) -> str:
    """Return every Latin letter shifted by thirteen places."""
    return codecs.encode(text, "rot13")


def hex_code(text: str) -> str:
    """Return the bytes of UTF-8, two digits each."""
    return text.encode().hex(" ")


def leet_code(text: str) -> str:
    """Return digits for letters that look like them; what was a digit before cannot be told any more."""
    return text.translate(_LEET)


def morse_code(text: str) -> str:
    """Return Morse code, letters apart by spaces and words by ``/``; case is lost, unknown characters are kept."""
    return " / ".join(" ".join(MORSE.get(char, char) for char in word) for word in text.upper().split())


def reversed_code(text: str) -> str:
    """Return the text from its last character to its first."""
    return text[::-1]


def spaced_code(text: str) -> str:
    """Return the characters with a space between any two."""
    return " ".join(text)


def homoglyph_code(text: str) -> str:
    """Return the text with Cyrillic letters where they look like the Latin ones."""
    return "".join(HOMOGLYPHS.get(char, char) for char in text)


def zero_width_code(text: str) -> str:
    """Return the characters with an invisible one between any two."""
    return ZERO_WIDTH.join(text)


def zalgo_code(text: str) -> str:
    """Return every letter under two accents, drawn from the text itself."""
    draw = random.Random(text)  # noqa: S311 - reproducible on purpose; protects nothing
    accented = (c + "".join(draw.choices(ACCENTS, k=_ACCENTS_EACH)) if c.isalpha() else c for c in text)
    return "".join(accented)


ENCODINGS: dict[str, tuple[str, Callable[[str], str]]] = {
    "base64": ("encoded in base64", base64_code),
    "rot13": ("encoded in ROT13", rot13_code),
    "leet": ("written in leetspeak", leet_code),
    "hex": ("encoded as hexadecimal bytes", hex_code),
    "morse": ("encoded in Morse code", morse_code),
    "reverse": ("written backwards", reversed_code),
    "spacing": ("written with a space between any two characters", spaced_code),
    "homoglyph": ("written with letters of another alphabet that look alike", homoglyph_code),
    "zero_width": ("written with invisible characters between the letters", zero_width_code),
    "zalgo": ("written with accents above every letter", zalgo_code),
}
"""What each is called in the request to decode it, and the code itself."""
