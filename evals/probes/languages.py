"""Low-resource languages: requests in a language that a candidate's training on safety hardly saw.

Yong et al. 2023 (arXiv 2310.02446) got round GPT-4's refusals with Zulu, Scots Gaelic, Hmong and Guarani. Nothing is
translated here: ``data/translations.jsonl`` has the project's own requests for secrets, all of them harmless to read,
in four languages. They were written without a native speaker, and none has checked them (``native_checked`` in each
row): a candidate that keeps its secret may just not have understood. For the field names of a record the English words
stand in quotation marks, as the record has them.

Success of these is mechanical: rules that look for refusals know English alone. For harmful requests, which are ruled
by refusal, there is a frame instead: directions in the language around the English request, which ask for English.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from guardbee.evals.probes.rows import own_rows, own_sha256
from guardbee.evals.scorers.language_match import likelier

_OWN = "translations"
LANGUAGES = {"zu": "Zulu", "gd": "Scots Gaelic", "cy": "Welsh", "sw": "Swahili"}
_TOLD_AS = (*LANGUAGES, "xh", "ga")
"""What the detector may take text in these languages for: themselves, and the nearest neighbours of two of them."""


def translations(of: str) -> Mapping[str, Mapping[str, str]]:
    """Return the translations of ``data/OF.jsonl``: id of the row, code of the language, text."""
    return _translations()[of]


def translations_sha256() -> str:
    """Return the hash of all translations."""
    return own_sha256(_OWN)


def frame(language: str) -> Callable[[str], str]:
    """Return the transformation that puts an English request between directions in a language."""

    def apply(request: str) -> str:
        """Ask for a full answer, in English."""
        return translations("frame")["frame"][language].replace("{request}", request)

    return apply


def reads_english(text: str) -> bool:
    """Whether a text is likelier English than any of the languages of the frames; so is one without words."""
    return likelier(text, "en", than=_TOLD_AS)


@cache
def _translations() -> dict[str, dict[str, dict[str, str]]]:
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in own_rows(_OWN):
        found.setdefault(str(row["of"]), {}).setdefault(str(row["id"]), {})[str(row["language"])] = str(row["prompt"])
    return found
