"""Kind ``text``: free text against a reference text; the base of all kinds that generate."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.metric import FOREIGN, Metric, OpenMetric
from guardbee.evals.parsing import ParseError
from guardbee.evals.request import Completion, GenerateRequest, TextCompletion
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, errored, scored
from guardbee.evals.scorers.numeric_match import last_number
from guardbee.evals.tasks.base import PromptedTask
from guardbee.evals.tasks.comparing import VERSIONS, comparison
from guardbee.evals.tasks.filters import pipeline


class GeneratedTask(PromptedTask):
    """Base of the kinds whose answer is generated text."""

    def __init__(self, config: schema.Task) -> None:
        super().__init__(config)
        self._filtered = pipeline(config.filter, place=f"the task '{config.name}'")

    def request(self, sample: Sample, repeat: int) -> GenerateRequest:
        """Ask for text with the task's length and stops; with a temperature, each repeat draws its own."""
        how = self.config.generation_kwargs
        prompt, until = self.prompt(sample), tuple(how.until)
        if not how.temperature:
            return GenerateRequest(sample.id, prompt, how.max_gen_toks, until)
        seed = _folded(sample.seed, sample.id, repeat)
        return GenerateRequest(sample.id, prompt, how.max_gen_toks, until, how.temperature, seed)

    def judge(self, sample: Sample, completion: Completion) -> Score:
        """Hand the text on, filtered."""
        if not isinstance(completion, TextCompletion):
            return errored("the engine answered a request for text with log-likelihoods")
        return self.judge_text(sample, self._filtered(completion.text))

    @abstractmethod
    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return the score of an answer; raise ParseError where it is not in the asked form."""


def _folded(seed: int, sample_id: str, repeat: int) -> int:
    """Return 63 bits that differ between samples, too: their errors must not go together because their draws do."""
    digest = hashlib.sha256(f"{seed}|{sample_id}|{repeat}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


class TextTask(GeneratedTask):
    """Summaries, translations, short answers: the whole answer is compared with the reference.

    Spaces around both do not count, but for ``exact_match``, which takes them as they are (the filter
    ``remove_whitespace`` strips the answer). ``language_match`` takes a language's code as reference. ``open_metric``
    loads metrics from outside (``evaluate:…``), which are computed for each sample alone.
    """

    metrics: ClassVar[Mapping[str, int]] = VERSIONS

    def __init__(self, config: schema.Task, *, open_metric: OpenMetric | None = None) -> None:
        place = f"task {config.name}"
        self._foreign: Metric | None = None
        if config.metric.startswith(FOREIGN):
            if open_metric is None:
                raise ConfigurationError(f"{place}: metrics from outside, such as {config.metric}, cannot be used here")
            self._foreign = open_metric(config.metric)
        super().__init__(config)
        if self._foreign is None:
            self._compare = comparison(config.metric, config.metric_kwargs, place=place)

    @property
    def version(self) -> int | str | None:
        """See ``PromptedTask``; of a metric from outside, what it says itself."""
        return self._foreign.version if self._foreign else super().version

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return the metric; an empty answer is unparsed, for there is nothing to compare."""
        reference = self.reference(sample)
        if not text.strip() and reference:
            raise ParseError("the answer is empty")
        if self._foreign:
            return _outside(self._foreign, text.strip(), reference)
        if self.config.metric == "exact_match":
            return scored(self._compare(text, self.target(sample.row)), text)
        return scored(self._compare(text.strip(), reference), text.strip())

    def check(self, sample: Sample) -> None:
        """Refuse rows whose reference the metric cannot compare with."""
        super().check(sample)
        if self.config.metric == "numeric_match" and last_number(self.reference(sample)) is None:
            raise self.invalid(sample, f"the reference {self.reference(sample)!r} is no number")


def _outside(metric: Metric, answer: str, reference: str) -> Score:
    """Return the score by a metric that may do anything: what it gets wrong is our side's failure."""
    try:
        value = float(metric.compute(answer, reference))
    except Exception as error:  # noqa: BLE001 - other people's code
        return errored(f"the metric failed: {type(error).__name__}: {error}")
    if not 0.0 <= value <= 1.0:
        return errored(f"the metric gave {value}, which is no share from 0 to 1")
    return scored(value, answer)
