"""Kind ``choice``: one of a few given options, picked by log-likelihood: nothing is generated, nothing is unparsed.

A general that tells no log-likelihoods is asked for text instead, see ``options.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.evals.request import ChoiceRequest, Completion, TextCompletion
from guardbee.evals.sample import Row, Sample
from guardbee.evals.score import Score, errored, scored
from guardbee.evals.scorers import choice, macro_f1
from guardbee.evals.tasks.base import PromptedTask
from guardbee.evals.tasks.options import named_option
from guardbee.evals.tasks.task import Corpus
from guardbee.evals.templates import Expression

_PICK: Mapping[str, Callable[[Sequence[float], Sequence[str]], int]] = {
    "acc": choice.best_by_sum,
    "acc_norm": choice.best_by_character,
    "macro_f1": choice.best_by_sum,
    "out_of_scope_recall": choice.best_by_sum,
}
_CORPORA: Mapping[str, Corpus] = {
    "macro_f1": macro_f1.macro_f1,
    "out_of_scope_recall": partial(macro_f1.out_of_scope_recall, label="none"),
}


class ChoiceTask(PromptedTask):
    """Classification, routing, multiple choice. Options (``doc_to_choice``) are fixed or the row's own."""

    metrics: ClassVar[Mapping[str, int]] = {
        **dict.fromkeys(_PICK, choice.VERSION),
        **dict.fromkeys(_CORPORA, macro_f1.VERSION),
    }
    corpora: ClassVar[Mapping[str, Corpus]] = _CORPORA

    def __init__(self, config: schema.Task) -> None:
        super().__init__(config)
        said, place = config.doc_to_choice, f"task {config.name}: doc_to_choice"
        if not said or not isinstance(said, str | list):
            raise ConfigurationError(f"{place} must be a list of options, or an expression that gives a row's own")
        if config.generation_kwargs.repeats > 1:
            raise ConfigurationError(
                f"task {config.name}: generation_kwargs.repeats is for generated answers, not options"
            )
        self._fixed = tuple(map(str, said)) if isinstance(said, list) else None
        self._own = Expression(said, place=place) if isinstance(said, str) else None

    def request(self, sample: Sample, repeat: int) -> ChoiceRequest:  # noqa: ARG002 - nothing is drawn
        """Ask for the log-likelihood of each option as the beginning of the answer.

        In raw text an option follows the question after ``target_delimiter``, which is scored with it but counts no
        character of it.
        """
        before = "" if self.config.apply_chat_template else self.config.target_delimiter
        options = tuple(before + option for option in self.options(sample.row))
        return ChoiceRequest(sample.id, self.prompt(sample), options)

    def judge(self, sample: Sample, completion: Completion) -> Score:
        """Return 1 where the likeliest option, or the one that a text names, is the expected one."""
        options = self.options(sample.row)
        if isinstance(completion, TextCompletion):
            return self._chosen(sample, named_option(completion.text, options))
        if len(completion.logprobs) != len(options) or any(map(math.isnan, completion.logprobs)):
            return errored(f"the engine gave no usable log-likelihoods: {completion.logprobs!r}")
        picked = _PICK[self.config.metric](completion.logprobs, options)
        return self._chosen(sample, options[picked])

    def check(self, sample: Sample) -> None:
        """Refuse rows whose options repeat or lack the expected one."""
        for row in (sample.row, *sample.shots):
            options = self.options(row)
            if len(set(options)) != len(options) or len(options) < 2 or not all(options):  # noqa: PLR2004 - a choice
                raise self.invalid(sample, f"a choice needs at least two different options, got {list(options)}")
        super().check(sample)

    def target(self, row: Row) -> str:
        """Return the right option. ``doc_to_target`` gives its text or, where that is no option, its number from 0."""
        said, options = self._target.render(row), self.options(row)
        for text in (said, said.strip()):
            if text in options:
                return text
        if said.strip().isdecimal() and int(said) < len(options):
            return options[int(said)]
        raise DataError(
            f"task {self.config.name}: the reference {said!r} is not among the options {list(options)}, nor the number "
            "of one, counted from 0"
        )

    def reference(self, sample: Sample) -> str:
        """Return the right option as it is."""
        return self.target(sample.row)

    def _chosen(self, sample: Sample, option: str) -> Score:
        expected = self.reference(sample)
        return scored(float(option == expected), option, f"expected {expected}")

    def options(self, row: Row) -> tuple[str, ...]:
        """Return the texts to choose from.

        Raises:
            DataError: if a row's own are no list of texts.
        """
        if self._own is None:
            return self._fixed or ()
        value = self._own.evaluate(row)
        if not isinstance(value, list | tuple) or not all(isinstance(option, str) for option in value):
            raise DataError(f"task {self.config.name}: doc_to_choice gives no list of texts but {value!r}")
        return tuple(value)
