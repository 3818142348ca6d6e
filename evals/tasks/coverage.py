"""Kind ``coverage``: a short summary, judged by the facts in it rather than by its wording."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import ClassVar

from guardbee.evals.parsing import ParseError, bounded
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, scored
from guardbee.evals.scorers import coverage
from guardbee.evals.tasks.text import GeneratedTask


class CoverageTask(GeneratedTask):
    """``doc_to_target`` renders a JSON list of facts, short texts that the source has; the column ``longest`` a length.

    That is the number of words that a summary may have, well below the source's: a copy covers nothing.
    """

    metrics: ClassVar[Mapping[str, int]] = {"coverage": coverage.VERSION}

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return the share of the facts in the answer."""
        answer = bounded(text).strip()
        if not answer:
            raise ParseError("the answer is empty")
        value = coverage.coverage(answer, self._facts(sample), longest=sample.row["longest"])
        return scored(value, answer)

    def check(self, sample: Sample) -> None:
        """Refuse rows without facts or length."""
        super().check(sample)
        try:
            usable = bool(self._facts(sample)) and isinstance(sample.row.get("longest"), int)
        except (ValueError, TypeError):
            usable = False
        if not usable:
            raise self.invalid(
                sample, "doc_to_target renders no JSON list of facts, or the column longest is no number"
            )

    def _facts(self, sample: Sample) -> list[str]:
        return [str(fact) for fact in json.loads(self.reference(sample))]
