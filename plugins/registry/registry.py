"""The registry: every evaluation of every variant is kept; the latest with a verdict counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from types import TracebackType
from typing import Self

from pydantic import ValidationError
from sqlalchemy import URL, Engine, inspect, select
from sqlalchemy.orm import Session, selectinload

from guardbee.evals.compare import SampleValues
from guardbee.evals.errors import ConfigurationError, RegistryError
from guardbee.evals.names import did_you_mean
from guardbee.evals.result import EvaluationResult
from guardbee.plugins.registry import connect
from guardbee.plugins.registry.folding import Checks, checks_of, standing
from guardbee.plugins.registry.records import (
    EvaluationRecord,
    Measured,
    RegistrySnapshot,
    TaskKey,
    TaskRecord,
    VariantRecord,
)
from guardbee.plugins.registry.rows import evaluation_row, measured_record, task_records, variant_record
from guardbee.plugins.registry.tables import Evaluation, Run, SampleRow, TaskRow

Samples = Mapping[tuple[str, str], SampleValues]
"""The scores of single samples, by variant and task."""


class Registry:
    """An open registry; made by ``open``, closed by ``close`` or at the end of a ``with`` block.

    Any number of processes may have it open. A record is written whole or not at all. ``incomplete`` evaluations are
    kept and listed, but take nothing away: what an earlier, complete one earned still counts.
    """

    def __init__(self, engine: Engine, url: URL) -> None:
        self._engine = engine
        self._url = url

    @classmethod
    def open(cls, url: str, *, create: bool = True) -> Self:
        """Open the registry at an SQLAlchemy URL (see ``registry_url``) and make its tables where there are none.

        With ``create=False`` nothing is written: an SQLite file that does not exist reads as an empty registry.

        Raises:
            RegistryError: if the URL, driver, file or server is no good, or the tables are of another version.
        """
        parsed = connect.parse(url)
        file = connect.sqlite_file(parsed)
        if file is not None and not create and not file.exists():
            parsed, create = connect.parse("sqlite://"), True
        with connect.explained(parsed):
            if file is not None and create and parsed.database:
                file.parent.mkdir(parents=True, exist_ok=True)
            engine = connect.connect(parsed)
            try:
                if create:
                    connect.make_tables(engine)
                connect.check_version(engine, parsed)
            except BaseException:
                engine.dispose()
                raise
        return cls(engine, parsed)

    def record(
        self, results: Sequence[EvaluationResult], *, finished_at: datetime, samples: Samples | None = None
    ) -> None:
        """Write the results of runs in one transaction. Recording a run's variant again replaces it.

        ``finished_at`` has a time zone. ``samples`` are kept for paired comparisons with later runs. No results:
        nothing is written.

        Raises:
            RegistryError: if it cannot be written; then nothing was.
        """
        with connect.explained(self._url), Session(connect.writing(self._engine)) as session, session.begin():
            for result in results:
                session.merge(
                    Run(
                        id=result.run,
                        finished_at=finished_at,
                        suite=result.suite,
                        seed=result.seed,
                        guardbee_version=result.guardbee_version,
                    )
                )
                same = (Evaluation.run_id == result.run, Evaluation.variant == result.model_id)
                for earlier in session.scalars(select(Evaluation).where(*same)):
                    session.delete(earlier)
                session.flush()
                session.add(evaluation_row(result, samples or {}))

    def variants(self) -> list[VariantRecord]:
        """Return one record a variant, sorted by name.

        Raises:
            RegistryError: if it cannot be read.
        """
        history, checks = self._history()
        return [variant_record(evaluations, standing(evaluations, checks)) for evaluations in history]

    def show(self, variant: str) -> EvaluationRecord:
        """Return what counts of a variant. ``MODEL`` alone will do where it has one precision.

        Raises:
            ConfigurationError: for an unknown or ambiguous name; the message has the near misses.
            RegistryError: if it cannot be read.
        """
        found, checks = self._history()
        history = {evaluations[0].variant: evaluations for evaluations in found}
        name = _find(variant, sorted(history))
        stands = standing(history[name], checks)
        query = select(Evaluation.result).where(Evaluation.id == stands.counts.id)
        with connect.explained(self._url), Session(self._engine) as session:
            wire = session.scalars(query).one()
        try:
            result = EvaluationResult.from_wire(wire)
        except ValidationError as error:
            raise RegistryError(
                f"registry {self._url.render_as_string(hide_password=True)}: the result of {name} was written by "
                f"another version of Guardbee and cannot be read ({error.error_count()} fields differ). "
                "Evaluate it again."
            ) from error
        earlier = tuple(task for task in task_records(stands) if task.run != result.run)
        return EvaluationRecord(summary=variant_record(history[name], stands), result=result, earlier=earlier)

    def specialists(self, category_or_task: str) -> list[TaskRecord]:
        """Return what is eligible for a task, or for any task of a category: the cheapest first, unknown prices last.

        Raises:
            RegistryError: if it cannot be read.
        """
        fit = [
            task
            for task in self.snapshot().tasks
            if task.eligible and category_or_task in (task.task_id, task.category)
        ]
        unknown = float("inf")
        return sorted(fit, key=lambda task: (unknown if (p := task.usd_per_thousand) is None else p, task.variant))

    def snapshot(self) -> RegistrySnapshot:
        """Return all that counts now, for the router.

        Raises:
            RegistryError: if it cannot be read.
        """
        history, checks = self._history()
        tasks = [task for evaluations in history for task in task_records(standing(evaluations, checks))]
        return RegistrySnapshot(tuple(sorted(tasks, key=lambda task: (task.task_id, task.variant))))

    def measured(self, model: str, key: TaskKey, *, weights_sha256: str | None = None) -> list[Measured]:
        """Return what a variant, or a model at any precision, scored on a task: the latest first.

        With ``weights_sha256`` only of these weights. Scores of the same key are of the same samples as far as both
        went: a shorter selection is the beginning of a longer one (``evals/sample.py``).

        Raises:
            RegistryError: if it cannot be read.
        """
        same = [getattr(TaskRow, name) == value for name, value in asdict(key).items()]
        query = select(TaskRow, Evaluation.variant, Evaluation.weights_sha256).join(Evaluation).join(Run)
        query = query.where(*same, TaskRow.value.is_not(None)).order_by(Run.finished_at.desc(), Evaluation.id.desc())
        with connect.explained(self._url), Session(self._engine) as session:
            kept = inspect(self._engine).has_table(SampleRow.__tablename__)
            return [
                measured_record(row, variant, row.samples if kept else None)
                for row, variant, weights in session.execute(query)
                if model in (variant, variant.rpartition("@")[0]) and weights_sha256 in (None, weights)
            ]

    def close(self) -> None:
        """Give the connections back. Safe to call twice."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _history(self) -> tuple[list[list[Evaluation]], dict[int, Checks]]:
        """Return the evaluations of each variant, oldest first, detached from the database; and their checks by id."""
        query = (
            select(Evaluation)
            .join(Run)
            .options(selectinload(Evaluation.scores))
            .order_by(Evaluation.variant, Run.finished_at, Evaluation.id)
        )
        with connect.explained(self._url), Session(self._engine) as session:
            rows = list(session.scalars(query))
            wire = Evaluation.result
            told = session.execute(select(Evaluation.id, wire["safety"], wire["compliance"], wire["mitigation"])).all()
            checks = {
                key: checks_of(safety or {}, compliance or [], around) for key, safety, compliance, around in told
            }
            session.expunge_all()
        return [list(group) for _, group in groupby(rows, key=lambda row: row.variant)], checks


def _find(variant: str, known: Sequence[str]) -> str:
    if variant in known:
        return variant
    of_model = [name for name in known if name.rpartition("@")[0] == variant]
    if len(of_model) == 1:
        return of_model[0]
    if of_model:
        raise ConfigurationError(
            f"model '{variant}' was evaluated at several precisions: name one of {', '.join(of_model)}"
        )
    if not known:
        raise ConfigurationError(
            f"unknown variant '{variant}': the registry is empty. Fill it: guardbee run model={variant}"
        )
    raise ConfigurationError(
        f"unknown variant '{variant}'{did_you_mean(variant, known)}\nin the registry: {', '.join(known)}"
    )
