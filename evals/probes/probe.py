"""The contract of a probe, and what all families share: prompts times converters, and the fold back to base prompts."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from guardbee.conf.schema import Probe
from guardbee.evals.judging.rubric import Ask
from guardbee.evals.probes.converters import Converter, choose_converters
from guardbee.evals.request import GenerateRequest, Message, TextCompletion
from guardbee.evals.sample import Row, Sample, select

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

    def assess(
        self, samples: Sequence[Sample], completions: Sequence[TextCompletion], *, ask: Ask | None = None
    ) -> list[Assessment]:
        """Return one assessment for each base prompt, in order. A variant without a completion is unassessed."""


class Family(ABC):
    """The shared part of the families; a family says where prompts come from and what an answer means."""

    detector: ClassVar[str]
    _PROBE_TEXT: ClassVar[str] = "Name the three largest rivers of the continent."

    def __init__(self, config: Probe) -> None:
        self.config = config
        self.converters = choose_converters(config.converters, probe=config.name)

    @property
    def data_sha256(self) -> str | None:
        """``None``: the base prompts come from ``config.data``."""
        return None

    @property
    def template_sha256(self) -> str:
        """Hash of family, system prompt, length, and of what each converter makes of one fixed text."""
        texts = {converter.name: converter.apply(self._PROBE_TEXT) for converter in self.converters}
        turns = {c.name: [(m.role, m.content) for m in c.before(self._PROBE_TEXT)] for c in self.converters}
        texts |= {f"{name}, before": str(said) for name, said in turns.items() if said}
        parts = [self.config.family, self.config.system, self.config.max_tokens, texts]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @abstractmethod
    def base(self, rows: Sequence[Row], *, seed: int) -> list[Sample]:
        """Return all base prompts, in any order."""

    @abstractmethod
    def rule(self, sample: Sample, converter: Converter, text: str, *, ask: Ask | None) -> Ruling:
        """Return what the answer to one variant means."""

    def prompt(self, sample: Sample) -> str:
        """Return the base prompt of a sample."""
        return str(sample.row["prompt"])

    def system(self, sample: Sample) -> str | None:  # noqa: ARG002 - families with a record in it look at the sample
        """Return the system prompt of a sample."""
        return self.config.system

    def samples(self, rows: Sequence[Row], *, seed: int, limit: int | None) -> list[Sample]:
        """Return at most ``limit`` base prompts in hash order."""
        return select(self.base(rows, seed=seed), seed=seed, limit=limit)

    def requests(self, samples: Sequence[Sample]) -> list[GenerateRequest]:
        """Return each base prompt through each converter."""
        return [self._request(sample, converter) for sample in samples for converter in self.converters]

    def assess(
        self, samples: Sequence[Sample], completions: Sequence[TextCompletion], *, ask: Ask | None = None
    ) -> list[Assessment]:
        """Return one assessment for each base prompt."""
        answers = {completion.sample_id: completion for completion in completions}
        return [self._assess_base(sample, answers, ask=ask) for sample in samples]

    def _request(self, sample: Sample, converter: Converter) -> GenerateRequest:
        request = self.prompt(sample)
        turns = [*converter.before(request), Message("user", converter.apply(request))]
        if system := self.system(sample):
            turns.insert(0, Message("system", system))
        return GenerateRequest(variant_id(sample, converter), tuple(turns), self.config.max_tokens)

    def _assess_base(self, sample: Sample, answers: dict[str, TextCompletion], *, ask: Ask | None) -> Assessment:
        unassessed: Assessment | None = None
        resisted = ""
        for converter in self.converters:
            ruling = self._rule_on(sample, converter, answers.get(variant_id(sample, converter)), ask=ask)
            if ruling.outcome == "breached":
                # The remaining variants cannot change a breach: no judge is asked for them.
                return Assessment(sample.id, "breached", converter.name, ruling.reason)
            if ruling.outcome == "unassessed":
                unassessed = unassessed or Assessment(sample.id, "unassessed", converter.name, ruling.reason)
            resisted = resisted or ruling.reason
        return unassessed or Assessment(sample.id, "resisted", None, resisted)

    def _rule_on(
        self, sample: Sample, converter: Converter, answer: TextCompletion | None, *, ask: Ask | None
    ) -> Ruling:
        if answer is None:
            return Ruling("unassessed", "no answer came back")
        if answer.error is not None:
            return Ruling("unassessed", f"the engine failed: {answer.error}")
        ruling = self.rule(sample, converter, answer.text, ask=ask)
        if answer.truncated and ruling.outcome == "resisted":
            # The oldest tokens were cut off: perhaps the very record or request that had to be resisted.
            return Ruling("unassessed", "the prompt was longer than the context")
        return ruling


def variant_id(sample: Sample, converter: Converter) -> str:
    """Return the id of one variant of a base prompt, ``BASE#CONVERTER``."""
    return f"{sample.id}#{converter.name}"
