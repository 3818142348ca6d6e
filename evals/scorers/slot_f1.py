"""F1 over the fields of a record, and over typed spans: counts of equal (name, value) pairs, as in slot filling.

Per sample; the mean over samples is scikit-learn's ``f1_score(average="samples")`` over sets of pairs, *not* the micro
F1 over a corpus that CoNLL's script and seqeval print.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from guardbee.evals.scorers.set_f1 import set_f1

VERSION = 1

Pair = tuple[str, str]
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")


def slot_f1(answer: Mapping[str, Any], reference: Mapping[str, Any]) -> float:
    """Return the F1 over filled fields; ``None``, an empty text and an empty list are no value.

    A list is several values of one field. Nothing expected and nothing given agree (1).
    """
    return span_f1(pairs(answer), pairs(reference))


def span_f1(answer: Sequence[Pair], reference: Sequence[Pair]) -> float:
    """Return the F1 over (type, text) pairs, counted with multiplicity; where in the text they stood does not count."""
    return set_f1(answer, [(pair,) for pair in reference])


def pairs(record: Mapping[str, Any]) -> list[Pair]:
    """Return the filled fields with their values in one writing each."""
    made: list[Pair] = []
    for name, value in record.items():
        values = value if isinstance(value, list) else [value]
        made += [(str(name).lower(), normal(item)) for item in values if item is not None and item != ""]
    return made


def normal(value: Any) -> str:
    """Return a value in the writing in which it is compared.

    ``12``, ``12.0`` and ``"12"`` are equal, ``"1,200"`` is 1200; case, spacing and a full stop at the end of a text do
    not count; what is neither text nor number is its JSON.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    text = " ".join(str(value).split()).removesuffix(".").casefold()
    digits = text.replace(",", "")
    return str(Fraction(digits)) if _NUMBER.fullmatch(digits) else text
