"""What all task kinds share: rows to samples, samples to prompts, and who is to blame for a missing score."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import ClassVar, Protocol

from guardbee.conf import schema
from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.evals.parsing import ParseError
from guardbee.evals.request import Completion, Message, Prompt, Request
from guardbee.evals.sample import Row, Sample, row_id, select
from guardbee.evals.score import Score, errored, unparsed
from guardbee.evals.templates import Expression, Template


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
        """Of everything in the YAML that can change a prompt, an answer or its score."""

    def samples(self, rows: Sequence[Row], *, seed: int, limit: int | None) -> list[Sample]:
        """Return at most ``limit`` samples of the rows; the same for the same seed.

        Raises:
            DataError: if the filter leaves no row, ids repeat, or a selected row does not fit the templates.
        """

    def requests(self, samples: Sequence[Sample]) -> list[Request]:
        """Return one request for each sample, in order."""

    def score(self, sample: Sample, completion: Completion) -> Score:
        """Return the score of one answer; never raises for what a candidate says."""

    def reference(self, sample: Sample) -> str:
        """Return the expected answer, as text."""


class PromptedTask(ABC):
    """Base of all kinds: a kind says which metrics it knows, what it asks and how it judges an answer."""

    metrics: ClassVar[Mapping[str, int]]
    """Names of the metrics that the kind knows, with the version of each one's scorer."""

    def __init__(self, config: schema.Task) -> None:
        self.config = config
        if config.metric not in self.metrics:
            raise ConfigurationError(
                f"task {config.name}: unknown metric {config.metric!r} for kind {config.kind!r}; "
                f"available: {', '.join(sorted(self.metrics))}"
            )
        self._description = None if config.description is None else self._template("description", config.description)
        self._text = self._template("doc_to_text", config.doc_to_text)
        self._target = self._template("doc_to_target", config.doc_to_target)
        data = config.data
        self._where = None if data.where is None else Expression(data.where, place=self._place("data.where"))
        self._id = None if data.id is None else self._template("data.id", data.id)
        self._cluster = None if data.cluster is None else self._template("data.cluster", data.cluster)
        self._stratum = None if data.stratum is None else self._template("data.stratum", data.stratum)

    @property
    def scorer(self) -> str:
        """See ``Task``."""
        return f"{self.config.metric}/{self.metrics[self.config.metric]}"

    @property
    def template_sha256(self) -> str:
        """See ``Task``."""
        names = ("kind", "description", "doc_to_text", "doc_to_target", "doc_to_choice", "metric")
        said = {name: getattr(self.config, name) for name in names}
        said["generation_kwargs"] = asdict(self.config.generation_kwargs)
        said["shots"] = [(shot.user, shot.assistant) for shot in self.config.shots]
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def samples(self, rows: Sequence[Row], *, seed: int, limit: int | None) -> list[Sample]:
        """See ``Task``."""
        made: dict[str, Sample] = {}
        for row in rows:
            if self._where is None or self._where.evaluate(row):
                sample = self._sample(row)
                if made.setdefault(sample.id, sample).row != row:
                    raise DataError(f"{self._place('data.id')}: two different rows have the id {sample.id!r}")
        if not made:
            files = ", ".join(file.name for file in self.config.data.files)
            why = f"none of them fits data.where: {self.config.data.where}" if rows else "the files are empty"
            raise DataError(f"task {self.config.name}: no rows left of {len(rows)} in {files}; {why}")
        chosen = select(made.values(), seed=seed, limit=limit)
        for sample in chosen:
            self.check(sample)
        return chosen

    def requests(self, samples: Sequence[Sample]) -> list[Request]:
        """See ``Task``."""
        return [self.request(sample) for sample in samples]

    def score(self, sample: Sample, completion: Completion) -> Score:
        """See ``Task``."""
        if completion.error is not None:
            return errored(completion.error)
        try:
            return self.judge(sample, completion)
        except ParseError as error:
            return unparsed(getattr(completion, "text", None), str(error))

    def prompt(self, sample: Sample) -> Prompt:
        """Return the conversation that asks for one sample."""
        system = [] if self._description is None else [Message("system", self._description.render(sample.row))]
        shots = [
            message
            for shot in self.config.shots
            for message in (Message("user", shot.user), Message("assistant", shot.assistant))
        ]
        return (*system, *shots, Message("user", self._text.render(sample.row)))

    def reference(self, sample: Sample) -> str:
        """Return the expected answer, without spaces around it."""
        return self._target.render(sample.row).strip()

    def check(self, sample: Sample) -> None:
        """Raise DataError where a selected row cannot be asked or scored; a kind adds what it needs."""
        self.prompt(sample)
        self.reference(sample)

    @abstractmethod
    def request(self, sample: Sample) -> Request:
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

    def _template(self, field: str, source: str) -> Template:
        return Template(source, place=self._place(field))

    def _place(self, field: str) -> str:
        return f"task {self.config.name}: {field}"
