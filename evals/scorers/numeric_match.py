"""Numbers compared as numbers: ``1,234.50`` is 1234.5, ``3/4`` is 0.75, ``1 1/2`` is 1.5, ``2e3`` is 2000.

Read is the *last* number of a text, as lm-evaluation-harness's ``flexible-extract`` does: an answer that reasons says
its result at the end. Where the reference has a unit, an answer that gives a unit must give that one; a bare number is
right.

Not done: a comma is never a decimal sign (of ``1,5`` the 5 is read), words are no numbers (``three``), units are not
converted, and ``60%`` is the number 60 with the unit ``%``, not 0.6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

VERSION = 1

_DIGITS = r"(?:\d{1,3}(?:[,\u00a0\u202f]\d{3})+|\d+)"
_NUMBER = re.compile(
    rf"(?P<currency>[$£€¥]\s?)?(?P<sign>(?<![\w.)])[-\u2212+])?(?P<currency2>[$£€¥]\s?)?"
    rf"(?:(?P<whole>{_DIGITS})\s(?=\d+/\d))?"  # of "1 1/2"
    rf"(?:(?P<top>{_DIGITS})/(?P<bottom>\d+)|(?P<decimal>(?:{_DIGITS}(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{{1,3}})?))"
    r"(?P<unit>\s?(?:%|°\s?[CFK]?|[$£€¥]|[^\W\d_]+(?:/[^\W\d_]+)?))?"
)
_PLURAL = re.compile(r"(?<=\w\w)s$")  # not the s of "ms"
_SPELLING = (("meter", "metre"), ("liter", "litre"))
_LONGEST = 400
"""Digits; more are no answer and would cost time."""


@dataclass(frozen=True)
class Number:
    """A number, exactly as it is written, and the unit beside it (a sign of currency or a word), if there is one."""

    value: Fraction
    unit: str


def last_number(text: str) -> Number | None:
    """Return the last number of a text, or ``None``. A word after it counts as its unit, whatever it is."""
    found = None
    for found in _NUMBER.finditer(text):  # noqa: B007 - the last one is wanted
        pass
    return None if found is None else _read(found)


def numeric_match(answer: Number, reference: Number, *, tolerance: float = 0.0) -> bool:
    """Tell whether the answer is within ``tolerance`` of the reference, as a share of the reference (0.01: 1 %).

    Without a tolerance the numbers must be equal, digit for digit: 0.333 is not 1/3. A unit counts where both have one.
    """
    if answer.unit and reference.unit and answer.unit != reference.unit:
        return False
    return abs(answer.value - reference.value) <= abs(reference.value) * Fraction(tolerance)


def normal_unit(text: str) -> str:
    """Return a unit without plural, American spelling and capitals."""
    words = " ".join(text.lower().replace("-", " ").split())
    for american, british in _SPELLING:
        words = words.replace(american, british)
    return " ".join(_PLURAL.sub("", word) for word in words.split())


def _read(found: re.Match[str]) -> Number | None:
    said = found.groupdict(default="")
    if len(found.group()) > _LONGEST:
        return None
    if said["bottom"]:
        if not int(said["bottom"]):
            return None
        value = Fraction(_plain(said["top"])) / int(said["bottom"]) + Fraction(_plain(said["whole"]) or 0)
    else:
        value = Fraction(_plain(said["decimal"]))
    sign = -1 if said["sign"] in {"-", "\u2212"} else 1
    unit = said["currency"] or said["currency2"] or said["unit"]
    return Number(sign * value, normal_unit(unit))


def _plain(digits: str) -> str:
    return re.sub("[,\u00a0\u202f]", "", digits)
