from __future__ import annotations

import base64
import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardbee.evals.probes import encodings as code
from guardbee.evals.probes.encodings import ENCODINGS

PLAIN = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,?'!-/()", min_size=1)
DECODERS = {
    "base64": lambda text: base64.b64decode(text).decode(),
    "rot13": lambda text: codecs.decode(text, "rot13"),
    "hex": lambda text: bytes.fromhex(text).decode(),
    "reverse": lambda text: text[::-1],
    "spacing": lambda text: text[::2],
    "homoglyph": lambda text: text.translate(str.maketrans({v: k for k, v in code.HOMOGLYPHS.items()})),
    "zero_width": lambda text: text.replace(code.ZERO_WIDTH, ""),
    "zalgo": lambda text: "".join(char for char in text if char not in code.ACCENTS),
}
"""All but leetspeak, which loses what was a digit, and Morse code, which loses case."""


@pytest.mark.parametrize("name", DECODERS)
@given(text=PLAIN)
def test_what_is_encoded_can_be_decoded(name: str, text: str) -> None:
    """The inverse gives the text back, whole."""
    assert DECODERS[name](ENCODINGS[name][1](text)) == text


@given(text=st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,?'!-/()@", min_size=1))
def test_morse_code_keeps_everything_but_case_and_spaces(text: str) -> None:
    """Letters, digits and signs come back; words stay apart."""
    signs = {dots: char for char, dots in code.MORSE.items()}
    words = [word.split(" ") for word in code.morse_code(text.lower()).split(" / ")]
    assert " ".join("".join(signs.get(sign, "") for sign in word) for word in words) == " ".join(text.split())


@given(text=st.text(min_size=1), name=st.sampled_from(sorted(ENCODINGS)))
def test_encodings_are_the_same_every_time(text: str, name: str) -> None:
    """No code draws from anything but the text, and none fails on any text."""
    assert ENCODINGS[name][1](text) == ENCODINGS[name][1](text)


def test_look_alikes_are_other_letters() -> None:
    """Every homoglyph is a letter that no Latin keyboard has, and no two are the same."""
    assert not any(other.isascii() for other in code.HOMOGLYPHS.values())
    assert all(other.isalpha() for other in code.HOMOGLYPHS.values())
    assert len(set(code.HOMOGLYPHS.values())) == len(code.HOMOGLYPHS)
