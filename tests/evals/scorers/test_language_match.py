"""The language of an answer is told apart."""

from __future__ import annotations

import pytest

from guardbee.evals.scorers.language_match import language_match

SENTENCES = {
    "de": "Die Bundesregierung hat gestern ein neues Gesetz beschlossen.",
    "en": "The government passed a new law yesterday afternoon.",
    "pt-BR": "O governo aprovou ontem uma nova lei no parlamento.",
    "ja": "政府は昨日新しい法律を可決しました。",
    "ru": "Правительство вчера приняло новый закон.",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_in_its_own_language_alone(code: str) -> None:
    """Of a code with a region, the language counts."""
    assert {other: language_match(SENTENCES[code], other) for other in SENTENCES} == {
        other: float(other == code) for other in SENTENCES
    }
