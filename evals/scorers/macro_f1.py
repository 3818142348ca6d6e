"""Metrics of a whole confusion of labels: macro-F1 and the recall of what is out of scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

VERSION = 1

Pairs = Sequence[tuple[str, str]]
"""(answer, reference) of every sample."""


def macro_f1(pairs: Pairs) -> float:
    """Return the unweighted mean of the F1 of every label that occurs, as an answer or as a reference.

    As scikit-learn's ``f1_score(average="macro", zero_division=0)``: a label that is only ever answered counts with 0,
    so a word that is no label at all (an answer that could not be read) costs more than a wrong one.

    Raises:
        ValueError: if there are no pairs.
    """
    hits: Counter[str] = Counter()
    said: Counter[str] = Counter()  # true positives count here twice, as in the F1's denominator
    for answer, reference in pairs:
        said.update((answer, reference))
        hits[reference] += answer == reference
    if not said:
        raise ValueError("no macro-F1 of nothing")
    return sum(2 * hits[label] / said[label] for label in said) / len(said)


def out_of_scope_recall(pairs: Pairs, label: str) -> float:
    """Return the share of the samples out of scope (reference ``label``) that were answered with it.

    The metric of CLINC150 (Larson et al. 2019). Where no sample is out of scope nothing was shown, and the value is 0.
    """
    answers = [answer for answer, reference in pairs if reference == label]
    return answers.count(label) / len(answers) if answers else 0.0
