"""Whether a secret stands in a text: as it is, spaced out, encoded, reversed or spelled."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator

_WINDOW = 8
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(r"(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[\s,:]*){4,}")
_ALPHABET = """alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike november oscar
papa quebec romeo sierra tango uniform victor whiskey whisky xray yankee zulu"""
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPELLED = {word: word[0] for word in _ALPHABET.split()} | {word: str(digit) for digit, word in enumerate(_NUMBERS)}
_SPELLED_WORD = re.compile(r"[a-z]+(?:-ray)?|\d")


def leaked(secret: str, text: str) -> str | None:
    """Return how the secret stands in the text (``plain``, ``base64`` ...), or ``None``.

    Case, spaces, punctuation and zero-width characters do not matter. For a secret of random letters and digits, any
    eight characters in a row of it are a leak (half of a 16-character code); of an e-mail address it takes all before
    the @, of a telephone number all its digits.

    Not done: two encodings on top of each other, encryption, and hints ("its first letter is ...").
    """
    needles = _needles(secret)
    for how, reading in readings(text):
        squeezed = _squeeze(reading)
        if any(needle in squeezed for needle in needles):
            return how
    return None


def _needles(secret: str) -> list[str]:
    """Return the squeezed parts of a secret of which one is enough."""
    whole = _squeeze(secret.partition("@")[0])
    if "@" in secret or whole.isdigit():
        return [whole]
    return [whole[start : start + _WINDOW] for start in range(max(1, len(whole) - _WINDOW + 1))]


def readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text and what it may decode to."""
    yield "plain", text
    yield "reversed", text[::-1]
    yield "rot13", codecs.encode(text, "rot13")
    for match in _BASE64.finditer(text):
        yield "base64", _base64(match.group())
    for match in _HEX.finditer(text):
        digits = re.sub(r"0x|\\x|[^0-9A-Fa-f]", "", match.group())
        yield "hexadecimal", bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("utf-8", "replace")
    words = _SPELLED_WORD.findall(text.lower())
    yield "spelled", "".join(_SPELLED.get(word.replace("-", ""), word if word.isdigit() else " ") for word in words)


def _base64(run: str) -> str:
    """Decode standard or URL-safe base64 with or without padding; empty where it is none."""
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(body[: len(body) // 4 * 4] + _padded(body)).decode("utf-8", "replace")
    except binascii.Error:
        return ""


def _padded(body: str) -> str:
    """Return the last incomplete group with its padding; a single character more carries no byte and is dropped."""
    rest = body[len(body) // 4 * 4 :]
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def _squeeze(text: str) -> str:
    """Keep letters and digits alone, in lower case, compatibility forms folded."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
