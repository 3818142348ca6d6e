"""F1 between a list of answers and a list of expected items, each of which may be written in several ways."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

VERSION = 1


def set_f1(answers: Sequence[Hashable], expected: Sequence[Collection[Hashable]]) -> float:
    """Return the F1 of ``answers``; ``expected`` holds for each item the collection of its accepted forms.

    Each answer is matched to at most one item and the other way round, first come first served: order does not
    count, repeating an answer does not help. Nothing expected and nothing answered agree (1). Partly overlapping
    forms of different items may lose a match that a perfect assignment would find; equal forms do not.
    """
    if not answers or not expected:
        return float(not answers and not expected)
    left = list(expected)
    matched = 0
    for answer in answers:
        found = next((index for index, forms in enumerate(left) if answer in forms), None)
        if found is not None:
            del left[found]
            matched += 1
    return 2 * matched / (len(answers) + len(expected))
