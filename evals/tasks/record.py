"""Kind ``record``: named fields out of a text, given as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from guardbee.evals.parsing import json_value
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, scored
from guardbee.evals.scorers import slot_f1
from guardbee.evals.tasks.text import GeneratedTask


class RecordTask(GeneratedTask):
    """``doc_to_target`` renders the expected object; its values are texts, numbers, or lists of them.

    ``slot_f1`` is the F1 over filled fields, ``record_match`` asks for all of them and none beside.
    """

    metrics: ClassVar[Mapping[str, int]] = {"record_match": slot_f1.VERSION, "slot_f1": slot_f1.VERSION}

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Compare the first JSON object of the answer."""
        answer = json_value(text, (dict,))
        value = slot_f1.slot_f1(answer, self._expected(sample))
        if self.config.metric == "record_match":
            value = float(value == 1.0)
        return scored(value, json.dumps(answer, ensure_ascii=False))

    def check(self, sample: Sample) -> None:
        """Refuse rows whose reference is no JSON object."""
        super().check(sample)
        try:
            self._expected(sample)
        except ValueError as error:
            raise self.invalid(sample, f"doc_to_target renders no JSON object ({error})") from error

    def _expected(self, sample: Sample) -> Mapping[str, Any]:
        value = json.loads(self.reference(sample))
        if not isinstance(value, dict):
            raise ValueError(f"{value!r}")  # noqa: TRY004 - one error for the caller, whatever is wrong
        return value
