"""Kind ``function_call``: calls of described functions with the right arguments; one, several, or none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from guardbee.evals.calls import function_calls
from guardbee.evals.parsing import ParseError
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, scored
from guardbee.evals.scorers import function_match, macro_f1, schema_valid
from guardbee.evals.tasks.task import Corpus
from guardbee.evals.tasks.text import GeneratedTask

_ABSTAINS = frozenset({"none", "[]"})
"""Answers that say in the asked form that no function fits; where one does, they are wrong rather than unreadable."""


class FunctionCallTask(GeneratedTask):
    """Needs the column ``functions``: ``{name, description, parameters}`` each, the parameters a JSON Schema.

    ``doc_to_target`` renders the expected calls as a JSON list of ``{name: {parameter: [allowed, …]}}``, empty where no
    function fits; then an answer without a call is right, whatever it says. ``function_match`` asks for the expected
    calls, ``schema_valid`` only for calls that the functions would accept, ``out_of_scope_recall`` is the share of the
    samples without a fitting function that were answered without a call.
    """

    metrics: ClassVar[Mapping[str, int]] = {
        "function_match": function_match.VERSION,
        "out_of_scope_recall": macro_f1.VERSION,
        "schema_valid": schema_valid.VERSION,
    }
    corpora: ClassVar[Mapping[str, Corpus]] = {"out_of_scope_recall": partial(macro_f1.out_of_scope_recall, label="[]")}

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return 1 where the calls are right."""
        calls, expected = function_calls(text), self._expected(sample)
        if expected and not calls and text.strip(" \n.").lower() not in _ABSTAINS:
            raise ParseError("no function call in the answer")
        functions = sample.row["functions"]
        if self.config.metric == "schema_valid":
            wrong = schema_valid.invalid(calls, functions)
        else:
            wrong = function_match.mismatches(calls, functions, expected)
        answer = [{"name": call.name, "arguments": call.arguments} for call in calls]
        return scored(float(wrong is None), json.dumps(answer, ensure_ascii=False), wrong or "")

    def check(self, sample: Sample) -> None:
        """Refuse rows whose expected calls are none of the described functions."""
        super().check(sample)
        try:
            names = {function["name"] for function in sample.row["functions"]}
            known = all(len(call) == 1 and {*call} <= names for call in self._expected(sample))
        except (ValueError, TypeError, KeyError, AttributeError):
            known = False
        if not known:
            raise self.invalid(sample, "doc_to_target renders no JSON list of calls of its functions")
        wrong = schema_valid.unusable(sample.row["functions"]) if self.config.metric == "schema_valid" else None
        if wrong:
            raise self.invalid(sample, wrong)

    def _expected(self, sample: Sample) -> Sequence[Mapping[str, Any]]:
        return list(json.loads(self.reference(sample)))
