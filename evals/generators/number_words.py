"""Numbers written out in words, in eight languages, by the rules of Unicode's CLDR."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from guardbee.evals.sample import Row

VERSION = 1

LANGUAGES = {
    "de": "German",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "tr": "Turkish",
}
"""Those in which CLDR's rules and num2words agree on every number from 21 to 9,999, but for spelling."""


def number_words(draw: Random) -> Row:
    """Return ``language`` (its English name), ``words`` and ``number``: 21 to 9,999, in each length as often."""
    code = draw.choice(sorted(LANGUAGES))
    number = draw.randrange(*draw.choice(((21, 100), (100, 1000), (1000, 10_000))))
    # German and Dutch rules mark where a long word may break; nobody types that.
    words = _engine(code).format_number(number).text.replace("\u00ad", "")
    return {"language": LANGUAGES[code], "words": words, "number": number}


@cache
def _engine(code: str) -> Any:
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language(code)
