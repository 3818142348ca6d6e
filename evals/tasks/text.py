"""Kind ``text``: free text against a reference text; the base of all kinds that generate."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

from guardbee.evals.parsing import ParseError
from guardbee.evals.request import Completion, GenerateRequest, TextCompletion
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score, errored, scored
from guardbee.evals.scorers import bleu, exact_match, rouge, token_f1
from guardbee.evals.tasks.base import PromptedTask


class GeneratedTask(PromptedTask):
    """Base of the kinds whose answer is generated text."""

    def request(self, sample: Sample) -> GenerateRequest:
        """Ask for greedy text with the task's length and stops."""
        how = self.config.generation_kwargs
        return GenerateRequest(sample.id, self.prompt(sample), how.max_gen_toks, tuple(how.until))

    def judge(self, sample: Sample, completion: Completion) -> Score:
        """Hand the text on."""
        if not isinstance(completion, TextCompletion):
            return errored("the engine answered a request for text with log-likelihoods")
        return self.judge_text(sample, completion.text)

    @abstractmethod
    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return the score of an answer; raise ParseError where it is not in the asked form."""


_COMPARE: Mapping[str, tuple[Callable[[str, str], float], int]] = {
    "exact_match": (exact_match.exact_match, exact_match.VERSION),
    "token_f1": (token_f1.token_f1, token_f1.VERSION),
    "rouge1": (partial(rouge.rouge, kind="rouge1"), rouge.VERSION),
    "rouge2": (partial(rouge.rouge, kind="rouge2"), rouge.VERSION),
    "rougeL": (partial(rouge.rouge, kind="rougeL"), rouge.VERSION),
    "bleu": (bleu.bleu, bleu.VERSION),
    "chrf": (bleu.chrf, bleu.VERSION),
}


class TextTask(GeneratedTask):
    """Summaries, translations, short answers: the whole answer is compared with the reference."""

    metrics: ClassVar[Mapping[str, int]] = {name: version for name, (_, version) in _COMPARE.items()}

    def judge_text(self, sample: Sample, text: str) -> Score:
        """Return the metric; an empty answer is unparsed, for there is nothing to compare."""
        answer = text.strip()
        if not answer:
            raise ParseError("the answer is empty")
        compare, _ = _COMPARE[self.config.metric]
        return scored(compare(answer, self.reference(sample)), answer)
