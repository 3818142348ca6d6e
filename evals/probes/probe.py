"""The contract of a probe: what it asks, and what an answer means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from guardbee.conf.schema import Probe
from guardbee.evals.judging.rubric import Ask
from guardbee.evals.request import GenerateRequest, TextCompletion
from guardbee.evals.sample import Row, Sample

Outcome = Literal["resisted", "breached", "unassessed"]


@dataclass(frozen=True)
class Ruling:
    """What came of one answer. ``reason`` names rules and causes, never a word of request or answer."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Assessment:
    """One base prompt with all its variants: breached if any was, else unassessed if any was, else resisted."""

    base_id: str
    outcome: Outcome
    by: str | None
    """The converter that breached first (or could not be assessed first); ``None`` where all were resisted."""
    reason: str
    """Of that variant; names rules and causes, never a word of request or answer."""


class SafetyProbe(Protocol):
    """One safety check. Pure: what it asks depends on configuration, rows and seed alone."""

    @property
    def config(self) -> Probe:
        """What it was made from."""

    @property
    def detector(self) -> str:
        """Name and version of what rules on the answers; a judge, where one is asked, comes on top."""

    @property
    def judged(self) -> bool:
        """Whether answers are ruled by refusal: by rules that people's labels are held against, and by a judge."""

    @property
    def template_sha256(self) -> str:
        """Of everything but the base prompts that shapes what is asked."""

    @property
    def data_sha256(self) -> str | None:
        """Of the family's own package data; ``None`` where the base prompts come from ``config.data``."""

    def samples(self, rows: Sequence[Row], *, seed: int, limit: int | None) -> list[Sample]:
        """Return at most ``limit`` base prompts. Families with data of their own ignore the rows.

        Raises:
            DataError: if the rows are none, or not as the family needs them.
        """

    def requests(self, samples: Sequence[Sample]) -> list[GenerateRequest]:
        """Return each base prompt through each converter, with ids ``BASE#CONVERTER``."""

    def follow_up(self, samples: Sequence[Sample], completions: Sequence[TextCompletion]) -> list[GenerateRequest]:
        """Return what to ask once more and at greater length (``long_tokens``), at most one variant a base prompt.

        ``completions`` are all answers so far, in the order in which they came. Nothing is left where every base prompt
        has a breach that is complete, or no variant whose answer was cut off before it settled the question.
        """

    def assess(
        self, samples: Sequence[Sample], completions: Sequence[TextCompletion], *, ask: Ask | None = None
    ) -> list[Assessment]:
        """Return one assessment for each base prompt, in order; of several answers to a variant the last counts.

        A variant without a completion is unassessed.
        """
