"""Is the answer in the asked language? Told by ``py3langid`` (BSD-3-Clause, 97 languages, model within the package).

The detector errs: it names the language of .92 of spaCy's 186 example sentences in 20 languages
(``python tests/benchmarks/language_accuracy.py``), and single words are worse. A score carries that error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

VERSION = 1


def language_match(answer: str, reference: str) -> float:
    """Return 1 if the answer is in the language ``reference``: an ISO 639-1 code, of ``pt-BR`` the first part."""
    return float(language_of(answer) == reference.lower().replace("_", "-").partition("-")[0])


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the likeliest language; of an empty text, whatever the detector prefers."""
    import py3langid  # half a second at the first call: its model is unpacked

    return str(py3langid.classify(text)[0])


def likelier(text: str, language: str, *, than: Sequence[str]) -> bool:
    """Whether a text is at least as likely in one language (ISO 639-1) as in each of the others; so is an empty one."""
    import py3langid  # the same

    scores = {str(code): float(score) for code, score in py3langid.rank(text)}
    return all(scores[language] >= scores.get(other, -math.inf) for other in than)
