"""Kind ``choice``: one of a few given options, picked by log-likelihood. Nothing is generated, nothing is unparsed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.request import ChoiceCompletion, ChoiceRequest, Completion
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, errored, scored
from guardbee.evals.scorers import choice
from guardbee.evals.tasks.base import PromptedTask
from guardbee.evals.templates import Expression

_PICK: Mapping[str, Callable[[Sequence[float], Sequence[str]], int]] = {
    "acc": choice.best_by_sum,
    "acc_norm": choice.best_by_character,
}


class ChoiceTask(PromptedTask):
    """Classification, routing, multiple choice. Options (``doc_to_choice``) are fixed or the row's own."""

    metrics: ClassVar[Mapping[str, int]] = dict.fromkeys(_PICK, choice.VERSION)

    def __init__(self, config: schema.Task) -> None:
        super().__init__(config)
        said, place = config.doc_to_choice, f"task {config.name}: doc_to_choice"
        if not said or not isinstance(said, str | list):
            raise ConfigurationError(f"{place} must be a list of options, or an expression that gives a row's own")
        self._fixed = tuple(map(str, said)) if isinstance(said, list) else None
        self._own = Expression(said, place=place) if isinstance(said, str) else None

    def request(self, sample: Sample) -> ChoiceRequest:
        """Ask for the log-likelihood of each option as the beginning of the answer."""
        return ChoiceRequest(sample.id, self.prompt(sample), self.options(sample))

    def judge(self, sample: Sample, completion: Completion) -> Score:
        """Return 1 where the likeliest option is the expected one."""
        if not isinstance(completion, ChoiceCompletion):
            return errored("the engine answered a choice with text")
        options = self.options(sample)
        if len(completion.logprobs) != len(options) or any(map(math.isnan, completion.logprobs)):
            return errored(f"the engine gave no usable log-likelihoods: {completion.logprobs!r}")
        answer = options[_PICK[self.config.metric](completion.logprobs, options)]
        reference = self.reference(sample)
        return scored(float(answer == reference), answer, f"expected {reference}")

    def check(self, sample: Sample) -> None:
        """Refuse rows whose options repeat or lack the expected one."""
        super().check(sample)
        options, reference = self.options(sample), self.reference(sample)
        if len(set(options)) != len(options) or len(options) < 2 or not all(options):  # noqa: PLR2004 - a choice
            raise self.invalid(sample, f"a choice needs at least two different options, got {list(options)}")
        if reference not in options:
            raise self.invalid(sample, f"the reference {reference!r} is not among the options {list(options)}")

    def options(self, sample: Sample) -> tuple[str, ...]:
        """Return the texts to choose from."""
        if self._own is None:
            return self._fixed or ()
        value = self._own.evaluate(sample.row)
        if not isinstance(value, list) or not all(isinstance(option, str) for option in value):
            raise self.invalid(sample, f"doc_to_choice gives no list of texts but {value!r}")
        return tuple(value)
