"""Kind ``code``: a Python function, judged by running its tests in the sandbox."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from textwrap import indent
from typing import ClassVar

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.execution import Execute
from guardbee.evals.parsing import code
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score
from guardbee.evals.scorers import pass_at_k
from guardbee.evals.tasks.text import GeneratedTask


class CodeTask(GeneratedTask):
    """Needs HumanEval's columns.

    They are ``prompt`` (imports, signature, docstring), ``test`` (defines ``check``) and ``entry_point`` (a name).

    An answer is the whole function or only its body. It runs after the row's ``prompt``, whose imports and helpers it
    may use; a whole function replaces the one without a body that the prompt leaves. ``pass_at_k`` needs
    ``generation_kwargs.repeats`` of at least ``metric_kwargs.k``, with a temperature.
    """

    metrics: ClassVar[Mapping[str, int]] = {"pass_at_1": pass_at_k.VERSION, "pass_at_k": pass_at_k.VERSION}

    def __init__(self, config: schema.Task, *, execute: Execute | None) -> None:
        super().__init__(config)
        if execute is None:
            raise ConfigurationError(f"task {config.name}: kind 'code' needs a sandbox to run programs in")
        self._execute = execute
        self._k = config.metric_kwargs.k if config.metric == "pass_at_k" else 1
        if not 1 <= self._k <= self.repeats:
            raise ConfigurationError(
                f"task {config.name}: pass@k with metric_kwargs.k={self._k} needs 1 <= k <= generation_kwargs.repeats, "
                f"which is {self.repeats}"
            )

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Run the program with its tests."""
        answer = code(text)
        return pass_at_k.judged(self._execute(program(sample.row, answer)), answer)

    def fold(self, sample: Sample, scores: Sequence[Score]) -> Score:  # noqa: ARG002 - as in the base
        """Return pass@k; of a single answer (k = 1), its own score."""
        return scores[0] if len(scores) == 1 else pass_at_k.folded(scores, self._k)

    def check(self, sample: Sample) -> None:
        """Refuse rows without a function to test."""
        super().check(sample)
        missing = [name for name in ("prompt", "test", "entry_point") if not isinstance(sample.row.get(name), str)]
        if missing:
            raise self.invalid(sample, f"it lacks {', '.join(missing)}")


def program(row: Mapping[str, str], answer: str) -> str:
    """Return the row's prompt, the answer and the tests as one program that raises where a test fails."""
    whole = re.search(rf"^def {re.escape(row['entry_point'])}\b", answer, re.MULTILINE)
    body = answer if whole else _indented(answer)
    return f"{row['prompt']}\n{body}\n\n{row['test']}\n\ncheck({row['entry_point']})\n"


def _indented(body: str) -> str:
    """Return a body that belongs to the function above it; many chat models give it flush left."""
    lines = [line for line in body.splitlines() if line.strip()]
    return body if all(line.startswith((" ", "\t")) for line in lines) else indent(body, "    ")
