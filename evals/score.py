"""A score is a value *and* an outcome: an answer that could not be read is never 0.0, and never NaN."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["scored", "unparsed", "errored"]


@dataclass(frozen=True)
class Score:
    """The score of one sample.

    ``scored`` has a value between 0 and 1. ``unparsed``: the candidate answered, but not in the asked form; it counts
    as a wrong answer in a task's value (a caller could not use it either) *and* is counted apart. ``errored``: our side
    failed (engine, sandbox, judge); it counts as nothing and makes a case undecided where there are too many.

    Raises:
        ValueError: if value and outcome do not go together, or the value is not a finite number in [0, 1].
    """

    outcome: Outcome
    value: float | None
    answer: str | None
    reason: str

    def __post_init__(self) -> None:
        """Refuse a value without a score and a score without a value."""
        if self.outcome != "scored":
            if self.value is not None:
                raise ValueError(f"an {self.outcome} score has no value, got {self.value!r}")
        elif self.value is None or not math.isfinite(self.value) or not 0.0 <= self.value <= 1.0:
            raise ValueError(f"a score's value is a number from 0 to 1, got {self.value!r}")


def scored(value: float, answer: str | None, reason: str = "") -> Score:
    """Return the score of an answer that could be read."""
    return Score("scored", float(value), answer, reason)


def unparsed(answer: str | None, reason: str) -> Score:
    """Return the score of an answer that is not in the asked form."""
    return Score("unparsed", None, answer, reason)


def errored(reason: str) -> Score:
    """Return the score of a sample that failed on our side."""
    return Score("errored", None, None, reason)


def assessed_values(scores: Iterable[Score]) -> list[float]:
    """Return the values that a task's mean is taken over: scored as they are, unparsed as 0, errored left out."""
    return [score.value if score.value is not None else 0.0 for score in scores if score.outcome != "errored"]
