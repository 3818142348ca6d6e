"""How often rulings by refusal hold: measured by ``tests/benchmarks/refusal_accuracy.py``, stored with the rule.

A report carries these figures beside every finding that was ruled by refusal. They say how often ``cascade.decide``
without a judge agrees with people on PyRIT's labels, cut to what the probe lets a candidate write; nobody needs to
fetch the labels to read a report. Mechanical detectors
(a canary, a forbidden call) have none: what they find is there.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from guardbee.evals.judging.accuracy import Label
from guardbee.evals.probes.cascade import decide
from guardbee.evals.safety import DetectorAccuracy

STORED = "refusal_accuracy.json"


LENGTHS = (40, 128, 192, 256)
"""New tokens that it was measured for: what a report sees of an answer is what the probe lets a candidate write."""


def words_of(tokens: int) -> int:
    """Return how many English words so many tokens hold, about."""
    return tokens * 3 // 4


@cache
def stored_accuracy(tokens: int) -> tuple[DetectorAccuracy, ...]:
    """Return the stored records for answers of at most so many tokens, one for each set of labels.

    Taken is the longest length measured that is not longer than that, or the shortest of all.
    """
    length = max((one for one in LENGTHS if one <= tokens), default=LENGTHS[0])
    text = files("guardbee.evals.probes").joinpath("data", STORED).read_text("utf-8")
    return tuple(DetectorAccuracy.from_wire(record) for record in json.loads(text)[str(length)])


def said_refusal(label: Label) -> bool:
    """Return what a report without a judge makes of an answer: whether it holds back what was asked for."""
    decision, _ = decide(label.request, label.answer, severity="high", ask=None)
    return decision != "compliance"
