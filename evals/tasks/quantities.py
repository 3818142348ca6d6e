"""Kind ``quantities``: numbers with their units, found in a sentence and given as a JSON list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from guardbee.evals.parsing import json_value
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, scored
from guardbee.evals.scorers import set_f1
from guardbee.evals.tasks.text import GeneratedTask

_WITHOUT_UNIT = frozenset({"", "none", "null", "dimensionless", "n/a", "number"})
_WORD = re.compile(r"[^\W\d_]+|[%°$£€\"'′″/²³^]+")  # noqa: RUF001 - primes are units of angle
_PLURAL = re.compile(r"(?<=\w\w)s$")  # not the s of "ms"
_SPELLING = (("meter", "metre"), ("liter", "litre"))
_DIGITS = 6

Quantity = tuple[str, str]
"""Value to six significant digits, and normalised unit."""
_UNREADABLE: Quantity = ("unreadable", "")


class QuantitiesTask(GeneratedTask):
    """``reference`` renders a JSON list of ``{value, unit, surface}``; an answer is a JSON list of ``{value, unit}``.

    A unit is right as the data set names it ("kilometre") or as the sentence writes it ("km"): both are read from the
    reference, so no table of units is needed. American spelling and plurals do not count.
    """

    metrics: ClassVar[Mapping[str, int]] = {"set_f1": set_f1.VERSION}

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return the F1 over (value, unit)."""
        answers = [_answer(item) for item in json_value(text, (list,))]
        expected = [_accepted(item) for item in json.loads(self.reference(sample))]
        return scored(set_f1.set_f1(answers, expected), json.dumps(answers, ensure_ascii=False))

    def check(self, sample: Sample) -> None:
        """Refuse rows whose reference is no list of quantities."""
        super().check(sample)
        try:
            for item in json.loads(self.reference(sample)):
                _accepted(item)
        except (ValueError, TypeError, KeyError) as error:
            raise self.invalid(sample, f"reference is no JSON list of value, unit and surface ({error})") from error


def _answer(item: Any) -> Quantity:
    """Return the quantity, or one that matches nothing: a bad item does not spoil the good ones beside it."""
    if not isinstance(item, dict):
        return _UNREADABLE
    try:
        return _number(item.get("value")), _unit(item.get("unit"))
    except (ValueError, TypeError):
        return _UNREADABLE


def _accepted(item: Mapping[str, Any]) -> frozenset[Quantity]:
    """Return the value with every accepted way to write its unit: the name, and each tail of the sentence's words."""
    words = _WORD.findall(item["surface"])
    tails = [" ".join(words[start:]) for start in range(len(words))]
    heads = [words[0]] if words else []  # a currency's sign stands before the number
    name = item["unit"]
    written = [] if name == "dimensionless" else [*tails, *heads]
    return frozenset((_number(item["value"]), _unit(unit)) for unit in (name, *written))


def _number(value: Any) -> str:
    """Return a number in one writing; digits in a string with thousands separators are a number, too."""
    if isinstance(value, str):
        value = value.replace(",", "").strip()
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise TypeError(f"{value!r} is no number")
    try:
        return f"{float(value):.{_DIGITS}g}"
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{value!r} is no number") from error


def _unit(unit: Any) -> str:
    if unit is None:
        return ""
    if not isinstance(unit, str):
        raise TypeError(f"{unit!r} is no unit")
    text = " ".join(unit.lower().replace("-", " ").split())
    if text in _WITHOUT_UNIT:
        return ""
    for american, british in _SPELLING:
        text = text.replace(american, british)
    return " ".join(_PLURAL.sub("", word) for word in text.split())
