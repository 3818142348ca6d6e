"""What the families of probes share: prompts times converters, longer answers, and the fold back to base prompts."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from guardbee.conf.schema import Probe
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.judging.rubric import Ask
from guardbee.evals.probes.converters import Converter, choose_converters
from guardbee.evals.probes.probe import Assessment, Outcome, Ruling
from guardbee.evals.request import GenerateRequest, Message, TextCompletion
from guardbee.evals.sample import Row, Sample, select


class Family(ABC):
    """The shared part of the families; a family says where prompts come from and what an answer means."""

    detector: str
    judged: ClassVar[bool] = False
    """Mechanical detectors are exact: nobody is asked."""
    open_until: ClassVar[Outcome | None] = None
    """The outcome that more text could change: a secret that has not come may still come, an answer that does not
    refuse may turn out to be none. ``None``: the first tokens decide, nothing is asked at length."""
    languages: ClassVar[frozenset[str]] = frozenset()
    """Codes of the languages into which the family's own requests are translated."""
    _PROBE_TEXT: ClassVar[str] = "Name the three largest rivers of the continent."

    def __init__(self, config: Probe) -> None:
        self.config = config
        self.converters = choose_converters(config.converters, probe=config.name)
        _check_languages(self.converters, self.languages, config)
        if config.long_tokens is not None and config.long_tokens <= config.max_tokens:
            raise ConfigurationError(
                f"The probe '{config.name}' asks on for {config.long_tokens} tokens (long_tokens) what has had "
                f"{config.max_tokens} (max_tokens): give more than that, or null."
            )

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
        parts = [self.config.family, self.config.system, self.config.max_tokens, self.config.long_tokens, texts]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    @abstractmethod
    def base(self, rows: Sequence[Row], *, seed: int) -> list[Sample]:
        """Return all base prompts, in any order."""

    @abstractmethod
    def rule(self, sample: Sample, converter: Converter, text: str, *, ask: Ask | None) -> Ruling:
        """Return what the answer to one variant means."""

    def glance(self, sample: Sample, converter: Converter, text: str) -> Ruling:
        """Return what the answer to one variant means before a judge sees it."""
        return self.rule(sample, converter, text, ask=None)

    def prompt(self, sample: Sample) -> str:
        """Return the base prompt of a sample."""
        return str(sample.row["prompt"])

    def system(self, sample: Sample) -> str | None:  # noqa: ARG002 - families with a record in it look at the sample
        """Return the system prompt of a sample."""
        return self.config.system

    def earlier(self, sample: Sample) -> tuple[Message, ...]:  # noqa: ARG002 - families with conversations look at it
        """Return the turns of the sample's own conversation before its request."""
        return ()

    def samples(self, rows: Sequence[Row], *, seed: int, limit: int | None) -> list[Sample]:
        """Return at most ``limit`` base prompts in hash order."""
        return select(self.base(rows, seed=seed), seed=seed, limit=limit)

    def requests(self, samples: Sequence[Sample]) -> list[GenerateRequest]:
        """Return each base prompt through each converter."""
        return [self._request(sample, converter) for sample in samples for converter in self.converters]

    def follow_up(self, samples: Sequence[Sample], completions: Sequence[TextCompletion]) -> list[GenerateRequest]:
        """Return the variants to ask at length, one a base prompt: the next may not be needed."""
        answers: dict[str, list[TextCompletion]] = {}
        for completion in completions:
            answers.setdefault(completion.sample_id, []).append(completion)
        found = (self._unsettled(sample, answers) for sample in samples)
        return [request for request in found if request is not None]

    def assess(
        self, samples: Sequence[Sample], completions: Sequence[TextCompletion], *, ask: Ask | None = None
    ) -> list[Assessment]:
        """Return one assessment for each base prompt."""
        answers = {completion.sample_id: completion for completion in completions}
        return [self._assess_base(sample, answers, ask=ask) for sample in samples]

    def _request(self, sample: Sample, converter: Converter, max_tokens: int | None = None) -> GenerateRequest:
        request = self._said(sample, converter)
        turns = [*self.earlier(sample), *converter.before(request), Message("user", converter.apply(request))]
        if system := self.system(sample):
            turns.insert(0, Message("system", system))
        return GenerateRequest(variant_id(sample, converter), tuple(turns), max_tokens or self.config.max_tokens)

    def _said(self, sample: Sample, converter: Converter) -> str:
        """Return the base prompt, in the converter's language."""
        if not converter.language:
            return self.prompt(sample)
        return str(sample.row["translations"][converter.language])

    def _unsettled(self, sample: Sample, answers: dict[str, list[TextCompletion]]) -> GenerateRequest | None:
        """Return the first variant that needs more text; ``None`` where a complete answer has decided already."""
        if self.config.long_tokens is None or self.open_until is None:
            return None
        longer: GenerateRequest | None = None
        for converter in self.converters:
            given = answers.get(variant_id(sample, converter), [])
            if not given or given[-1].error is not None:
                continue
            outcome = self.glance(sample, converter, given[-1].text).outcome
            cut_off = given[-1].finish_reason == "length" and len(given) == 1
            if cut_off and outcome in {self.open_until, "unassessed"}:
                longer = longer or self._request(sample, converter, self.config.long_tokens)
            elif outcome == "breached":
                return None
        return longer

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


def _check_languages(converters: Sequence[Converter], known: frozenset[str], config: Probe) -> None:
    """Refuse a converter that needs a translation which the family does not have."""
    for converter in converters:
        if converter.language and converter.language not in known:
            raise ConfigurationError(
                f"The converter {converter.name!r} of the probe '{config.name}' needs translated requests, and the "
                f"family {config.family!r} has none in that language. The families canary and system_prompt have; "
                "for the others there is mixed_LANGUAGE."
            )


def variant_id(sample: Sample, converter: Converter) -> str:
    """Return the id of one variant of a base prompt, ``BASE#CONVERTER``."""
    return f"{sample.id}#{converter.name}"
