"""What all task kinds share: rows to samples, samples to prompts, and who is to blame for a missing score."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from statistics import fmean
from typing import ClassVar

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.evals.names import known
from guardbee.evals.parsing import ParseError
from guardbee.evals.request import Completion, Prompt, Request
from guardbee.evals.sample import Row, Sample, row_id, select
from guardbee.evals.score import Score, assessed_values, errored, scored, unparsed
from guardbee.evals.tasks.fewshot import SAMPLERS, Pool
from guardbee.evals.tasks.prompting import Turn, conversation, raw
from guardbee.evals.tasks.task import Corpus
from guardbee.evals.templates import Expression, Template

_ASKED = (
    *("kind", "description", "num_fewshot", "doc_to_text", "doc_to_target", "doc_to_choice", "metric"),
    *("target_delimiter", "fewshot_delimiter", "apply_chat_template"),
)
"""Plain fields that can change a prompt, an answer or its score; those with a structure are hashed beside them."""


class PromptedTask(ABC):
    """Base of all kinds: a kind says which metrics it knows, what it asks and how it judges an answer."""

    metrics: ClassVar[Mapping[str, int]]
    """Names of the metrics that the kind knows, with the version of each one's scorer."""
    corpora: ClassVar[Mapping[str, Corpus]] = {}
    """Those of them that are computed over all samples at once."""

    def __init__(self, config: schema.Task) -> None:
        self.config = config
        if self.version is None:
            raise ConfigurationError(
                f"task {config.name}: unknown metric {config.metric!r} for kind {config.kind!r}; "
                f"available: {', '.join(sorted(self.metrics))}"
            )
        _check_numbers(config)
        few = config.fewshot_config
        self._draw = known(SAMPLERS, few.sampler, kind="fewshot_config.sampler", place=f"the task '{config.name}'")
        self._description = None if config.description is None else self._template("description", config.description)
        self._text = self._template("doc_to_text", config.doc_to_text)
        self._target = self._template("doc_to_target", config.doc_to_target)
        data = config.data
        self._where = self._filter("data.where", data.where)
        self._where_shots = self._filter("fewshot_config.data.where", few.data.where if few.data else None)
        self._id = None if data.id is None else self._template("data.id", data.id)
        self._cluster = None if data.cluster is None else self._template("data.cluster", data.cluster)
        self._stratum = None if data.stratum is None else self._template("data.stratum", data.stratum)

    @property
    def version(self) -> int | str | None:
        """Version of the metric's scorer; ``None`` where the kind does not know the metric."""
        return self.metrics.get(self.config.metric)

    @property
    def scorer(self) -> str:
        """See ``Task``."""
        return f"{self.config.metric}/{self.version}"

    @property
    def template_sha256(self) -> str:
        """See ``Task``."""
        config = self.config
        said = {name: getattr(config, name) for name in _ASKED}
        said["sampler"] = config.fewshot_config.sampler
        said["shots"] = [(shot.user, shot.assistant) for shot in config.shots]
        said["filter"] = [asdict(step) for step in config.filter]
        said["generation_kwargs"] = asdict(config.generation_kwargs)
        said["metric_kwargs"] = asdict(config.metric_kwargs)
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def repeats(self) -> int:
        """See ``Task``."""
        return self.config.generation_kwargs.repeats

    @property
    def corpus(self) -> Corpus | None:
        """See ``Task``."""
        return self.corpora.get(self.config.metric)

    def samples(
        self, rows: Sequence[Row], *, seed: int, limit: int | None, shots: Sequence[Row] | None = None
    ) -> list[Sample]:
        """See ``Task``."""
        kept = [row for row in rows if self._where is None or self._where.evaluate(row)]
        made: dict[str, Sample] = {}
        for row in kept:
            sample = self._sample(row)
            if made.setdefault(sample.id, sample).row != row:
                raise DataError(f"{self._place('data.id')}: two different rows have the id {sample.id!r}")
        if not made:
            files = ", ".join(file.name for file in self.config.data.files) or self.config.data.generator
            why = f"none of them fits data.where: {self.config.data.where}" if rows else "the files are empty"
            raise DataError(f"task {self.config.name}: no rows left of {len(rows)} in {files}; {why}")
        chosen = [replace(sample, seed=seed) for sample in select(made.values(), seed=seed, limit=limit)]
        if self.config.num_fewshot:
            chosen = self._with_shots(chosen, Pool(kept if shots is None else self._usable(shots)))
        for sample in chosen:
            self.check(sample)
        return chosen

    def requests(self, samples: Sequence[Sample], repeat: int = 0) -> list[Request]:
        """See ``Task``."""
        return [self.request(sample, repeat) for sample in samples]

    def score(self, sample: Sample, completion: Completion) -> Score:
        """See ``Task``."""
        if completion.error is not None:
            return errored(completion.error)
        try:
            return self.judge(sample, completion)
        except ParseError as error:
            return unparsed(getattr(completion, "text", None), str(error))

    def fold(self, sample: Sample, scores: Sequence[Score]) -> Score:  # noqa: ARG002 - a kind may need the sample
        """Return the only score, else the mean of the values; nothing where all failed in the same way."""
        first = scores[0]
        if len(scores) == 1:
            return first
        values = assessed_values(scores)
        if not values or all(score.outcome == "unparsed" for score in scores):
            return first
        return scored(fmean(values), first.answer, f"mean of {len(values)} answers; the first: {first.reason}")

    def prompt(self, sample: Sample) -> Prompt:
        """Return what asks for one sample: a conversation, or raw text where the chat template is not to be applied."""
        config = self.config
        description = "" if self._description is None else self._description.render(sample.row)
        shots = [Turn(shot.user, shot.assistant) for shot in config.shots]
        shots += [Turn(self._text.render(row), self.target(row)) for row in sample.shots]
        question = self._text.render(sample.row)
        if config.apply_chat_template:
            return conversation(description, shots, question)
        delimiters = {"target_delimiter": config.target_delimiter, "fewshot_delimiter": config.fewshot_delimiter}
        return raw(description, shots, question, **delimiters)

    def target(self, row: Row) -> str:
        """Return a row's right answer as a worked example shows it, spaces and all."""
        return self._target.render(row)

    def reference(self, sample: Sample) -> str:
        """Return the expected answer, without spaces around it."""
        return self.target(sample.row).strip()

    def check(self, sample: Sample) -> None:
        """Raise DataError where a selected row cannot be asked or scored; a kind adds what it needs."""
        self.prompt(sample)
        self.reference(sample)

    @abstractmethod
    def request(self, sample: Sample, repeat: int) -> Request:
        """Return what is asked for one sample."""

    @abstractmethod
    def judge(self, sample: Sample, completion: Completion) -> Score:
        """Return the score of an answer that came; raise ParseError where it is not in the asked form."""

    def invalid(self, sample: Sample, why: str) -> DataError:
        """Return the error for a row that does not fit this task."""
        return DataError(f"task {self.config.name}: the row with id {sample.id!r} cannot be used: {why}")

    def _sample(self, row: Row) -> Sample:
        made = row_id(row) if self._id is None else self._id.render(row).strip()
        cluster = made if self._cluster is None else self._cluster.render(row).strip()
        return Sample(made, row, cluster, "" if self._stratum is None else self._stratum.render(row).strip())

    def _usable(self, rows: Sequence[Row]) -> list[Row]:
        return [row for row in rows if self._where_shots is None or self._where_shots.evaluate(row)]

    def _with_shots(self, samples: Sequence[Sample], pool: Pool) -> list[Sample]:
        """Return the samples with their worked examples."""
        n, made = self.config.num_fewshot, []
        for sample in samples:
            if pool.others(sample.row) < n:
                raise DataError(
                    f"{self._place('num_fewshot')} is {n}, but there are only {pool.others(sample.row)} rows beside "
                    f"the asked one ({sample.id!r}); ask for fewer, or give fewshot_config.data more"
                )
            made.append(replace(sample, shots=self._draw(pool, sample.row, n, f"{sample.seed}|{sample.id}")))
        return made

    def _filter(self, field: str, source: str | None) -> Expression | None:
        return None if source is None else Expression(source, place=self._place(field))

    def _template(self, field: str, source: str) -> Template:
        return Template(source, place=self._place(field))

    def _place(self, field: str) -> str:
        return f"task {self.config.name}: {field}"


def _check_numbers(config: schema.Task) -> None:
    """Refuse numbers that make no sense."""
    how = config.generation_kwargs
    wrong = {
        f"num_fewshot is {config.num_fewshot}; it is 0 or more": config.num_fewshot < 0,
        f"generation_kwargs.temperature is {how.temperature}; it is 0 or more": not how.temperature >= 0,
        f"generation_kwargs.repeats is {how.repeats}; it is 1 or more": how.repeats < 1,
        f"generation_kwargs.repeats is {how.repeats}, but without a temperature all answers are the same one; "
        "give generation_kwargs.temperature": how.repeats > 1 and how.temperature == 0,
    }
    for message, is_wrong in wrong.items():
        if is_wrong:
            raise ConfigurationError(f"task {config.name}: {message}")
