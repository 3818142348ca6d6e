"""Kind ``entities``: typed spans of a text (names, numbers of cards), given as a JSON list."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from guardbee.evals.parsing import json_value
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, scored
from guardbee.evals.scorers import slot_f1
from guardbee.evals.tasks.text import GeneratedTask


class EntitiesTask(GeneratedTask):
    """``doc_to_target`` renders a JSON list of ``{"text": …, "type": …}``; so is an answer.

    ``span_f1`` is the F1 over (type, text): a span that occurs twice counts twice, where it stands does not count, and
    a span that is cut short or too long is a miss.
    """

    metrics: ClassVar[Mapping[str, int]] = {"span_f1": slot_f1.VERSION}

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return the F1; an item that is none matches nothing and does not spoil the others."""
        answer = [_pair(item) for item in json_value(text, (list,))]
        return scored(slot_f1.span_f1(answer, self._expected(sample)), json.dumps(answer, ensure_ascii=False))

    def check(self, sample: Sample) -> None:
        """Refuse rows whose reference is no list of typed texts."""
        super().check(sample)
        try:
            unusable = ("", "") in self._expected(sample)
        except (ValueError, TypeError):
            unusable = True
        if unusable:
            raise self.invalid(sample, "doc_to_target renders no JSON list of objects with text and type")

    def _expected(self, sample: Sample) -> list[slot_f1.Pair]:
        return [_pair(item) for item in json.loads(self.reference(sample))]


def _pair(item: Any) -> slot_f1.Pair:
    if not isinstance(item, dict) or "text" not in item or "type" not in item:
        return "", ""
    return slot_f1.normal(item["type"]), slot_f1.normal(item["text"])
