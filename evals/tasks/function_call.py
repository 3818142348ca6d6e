"""Kind ``function_call``: one call of a described function, with the right arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from guardbee.evals.parsing import function_call
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, scored
from guardbee.evals.scorers import function_match
from guardbee.evals.tasks.text import GeneratedTask


class FunctionCallTask(GeneratedTask):
    """Needs the columns of the reader ``bfcl``.

    ``functions`` holds the schemas; ``reference`` renders the answer as JSON: ``{name: {parameter: [allowed, …]}}``.
    """

    metrics: ClassVar[Mapping[str, int]] = {"function_match": function_match.VERSION}

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return 1 where the call is right."""
        call = function_call(text)
        schema, allowed = self._expected(sample)
        wrong = function_match.mismatch(call, schema, allowed)
        answer = json.dumps({"name": call.name, "arguments": call.arguments}, ensure_ascii=False)
        return scored(float(wrong is None), answer, wrong or "")

    def check(self, sample: Sample) -> None:
        """Refuse rows without exactly one expected call of a described function."""
        super().check(sample)
        try:
            self._expected(sample)
        except (ValueError, TypeError, KeyError, StopIteration) as error:
            raise self.invalid(sample, "reference is no single call of one of its functions") from error

    def _expected(self, sample: Sample) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        ((name, allowed),) = json.loads(self.reference(sample)).items()
        return next(schema for schema in sample.row["functions"] if schema["name"] == name), allowed
