"""A task: the contract between kinds of task and those who ask and assess them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from guardbee.conf import schema
from guardbee.evals.request import Completion, Request
from guardbee.evals.sample import Row, Sample
from guardbee.evals.score import Score

Corpus = Callable[[Sequence[tuple[str, str]]], float]
"""A metric over (answer, reference) of all samples at once, such as macro-F1; 0 to 1, never of nothing."""


class Task(Protocol):
    """One data set with its prompt, parser and scorer."""

    @property
    def config(self) -> schema.Task:
        """What the YAML says."""

    @property
    def scorer(self) -> str:
        """Metric and version of the scorer, e.g. ``function_match/1``."""

    @property
    def template_sha256(self) -> str:
        """Of everything in the YAML, beside the data, that can change a prompt, an answer or its score."""

    @property
    def repeats(self) -> int:
        """How often each sample is asked."""

    @property
    def corpus(self) -> Corpus | None:
        """The metric, where it is no mean over samples; their own scores then say which of them were right."""

    def samples(
        self, rows: Sequence[Row], *, seed: int, limit: int | None, shots: Sequence[Row] | None = None
    ) -> list[Sample]:
        """Return at most ``limit`` samples of the rows; the same for the same seed.

        ``shots`` are the rows of ``fewshot_config.data``; without them worked examples come out of ``rows``.

        Raises:
            DataError: if the filter leaves no row, ids repeat, a selected row does not fit the templates, or there are
                too few rows for the worked examples.
        """

    def requests(self, samples: Sequence[Sample], repeat: int = 0) -> list[Request]:
        """Return one request for each sample, in order; ``repeat`` counts from 0 and changes only what is drawn."""

    def score(self, sample: Sample, completion: Completion) -> Score:
        """Return the score of one answer; never raises for what a candidate says."""

    def fold(self, sample: Sample, scores: Sequence[Score]) -> Score:
        """Return the one score of a sample from those of its repeats, in order and at least one."""

    def reference(self, sample: Sample) -> str:
        """Return the expected answer, as text."""
