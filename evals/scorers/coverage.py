"""Coverage of given facts: the share of short texts (names, numbers) that a summary contains.

For summaries whose facts are known by construction: unlike ROUGE it does not reward wording. A summary that is longer
than allowed covers nothing, else copying the source would be perfect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

VERSION = 1

_WORD = re.compile(r"[^\W_]+(?:[.,:]\d+)*")


def coverage(summary: str, facts: Sequence[str], *, longest: int) -> float:
    """Return the share of ``facts`` whose words stand together in the summary; case and punctuation do not count.

    0 where the summary has more than ``longest`` words.

    Raises:
        ValueError: if there are no facts.
    """
    if not facts:
        raise ValueError("no coverage of no facts")
    said = _words(summary)
    if len(said) > longest:
        return 0.0
    return sum(_contains(said, _words(fact)) for fact in facts) / len(facts)


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _contains(said: Sequence[str], fact: Sequence[str]) -> bool:
    return any(list(said[start : start + len(fact)]) == list(fact) for start in range(len(said) - len(fact) + 1))
