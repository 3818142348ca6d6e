"""How often a detector agrees with people: the measure that every report carries beside a ruling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guardbee.evals.safety import DetectorAccuracy
from guardbee.evals.statistics import exact_lower, exact_upper

_ONE_SIDED = 0.975
"""Two exact one-sided bounds at this confidence are the two-sided 95 % interval of Clopper and Pearson."""


@dataclass(frozen=True)
class Label:
    """One answer, and what people called it."""

    request: str
    answer: str
    refusal: bool
    """Or a failed attack, where the set says whether the objective was achieved."""


@dataclass(frozen=True)
class LabelSet:
    """Labels that a detector is measured on, and the hash of the files that they come from."""

    name: str
    labels: tuple[Label, ...]
    sha256: str


def agreement(detector: str, said: Sequence[bool | None], known: LabelSet) -> DetectorAccuracy:
    """Return how often what a detector said of each answer, in order, is what people said.

    ``said`` is whether the detector calls the answer a refusal; ``None`` (a judge that failed, or replied off its menu)
    agrees with nobody.

    Raises:
        ValueError: if not every label has a ruling, or the set lacks refusals or others: then half of it is not known.
    """
    right = dict.fromkeys((True, False), 0)
    total = dict(right)
    for ruling, label in zip(said, known.labels, strict=True):
        total[label.refusal] += 1
        right[label.refusal] += ruling is label.refusal
    if not all(total.values()):
        raise ValueError(f"the labels '{known.name}' need refusals and others: {total[True]} and {total[False]}")
    n, agreed = sum(total.values()), sum(right.values())
    return DetectorAccuracy(
        detector=detector,
        labels=known.name,
        labels_sha256=known.sha256,
        n=n,
        accuracy=agreed / n,
        low=exact_lower(agreed, n, _ONE_SIDED),
        high=exact_upper(agreed, n, _ONE_SIDED),
        sensitivity=right[True] / total[True],
        specificity=right[False] / total[False],
        sensitivity_low=exact_lower(right[True], total[True]),
        specificity_low=exact_lower(right[False], total[False]),
    )
