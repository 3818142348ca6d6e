"""The registry: every evaluation of every variant is kept; the latest with a verdict counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from types import TracebackType
from typing import Self

from pydantic import ValidationError
from sqlalchemy import URL, Engine, select
from sqlalchemy.orm import Session, selectinload

from guardbee.evals.errors import ConfigurationError, RegistryError
from guardbee.evals.names import did_you_mean
from guardbee.evals.result import EvaluationResult
from guardbee.plugins.registry import connect
from guardbee.plugins.registry.records import EvaluationRecord, RegistrySnapshot, TaskRecord, VariantRecord
from guardbee.plugins.registry.rows import counting, evaluation_row, task_record, variant_record
from guardbee.plugins.registry.tables import Evaluation, Run, TaskRow


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

    def record(self, results: Sequence[EvaluationResult], *, finished_at: datetime) -> None:
        """Write the results of runs in one transaction. Recording a run's variant again replaces it.

        ``finished_at`` has a time zone. No results: nothing is written.

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
                session.add(evaluation_row(result))

    def variants(self) -> list[VariantRecord]:
        """Return one record a variant, sorted by name.

        Raises:
            RegistryError: if it cannot be read.
        """
        return [variant_record(evaluations) for evaluations in self._history()]

    def show(self, variant: str) -> EvaluationRecord:
        """Return what counts of a variant. ``MODEL`` alone will do where it has one precision.

        Raises:
            ConfigurationError: for an unknown or ambiguous name; the message has the near misses.
            RegistryError: if it cannot be read.
        """
        history = {evaluations[0].variant: evaluations for evaluations in self._history()}
        name = _find(variant, sorted(history))
        query = select(Evaluation.result).where(Evaluation.id == counting(history[name]).id)
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
        return EvaluationRecord(summary=variant_record(history[name]), result=result)

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
        counts = [counting(evaluations) for evaluations in self._history()]
        tasks = [task_record(row, evaluation) for evaluation in counts for row in evaluation.scores]
        return RegistrySnapshot(tuple(sorted(tasks, key=lambda task: (task.task_id, task.variant))))

    def measured(
        self, model: str, *, task_id: str, dataset_sha256: str, template_sha256: str, seed: int, requests: int
    ) -> float | None:
        """Return the latest value of a model (at any precision) on exactly these samples; ``None`` where there is none.

        The samples are the same where data set, prompt template, seed and number of requests are: see
        ``evals/sample.py``. This is where the target of quality gets a baseline's score from.

        Raises:
            RegistryError: if it cannot be read.
        """
        same = (
            TaskRow.task_id == task_id,
            TaskRow.dataset_sha256 == dataset_sha256,
            TaskRow.template_sha256 == template_sha256,
            TaskRow.seed == seed,
            TaskRow.n + TaskRow.errored == requests,
            TaskRow.value.is_not(None),
        )
        query = select(TaskRow.value, Evaluation.variant).join(Evaluation).join(Run).where(*same)
        with connect.explained(self._url), Session(self._engine) as session:
            for value, variant in session.execute(query.order_by(Run.finished_at.desc(), Evaluation.id.desc())):
                if model in (variant, variant.rpartition("@")[0]):
                    return value
        return None

    def close(self) -> None:
        """Give the connections back. Safe to call twice."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _history(self) -> list[list[Evaluation]]:
        """Return the evaluations of each variant, oldest first, detached from the database."""
        query = (
            select(Evaluation)
            .join(Run)
            .options(selectinload(Evaluation.scores))
            .order_by(Evaluation.variant, Run.finished_at, Evaluation.id)
        )
        with connect.explained(self._url), Session(self._engine) as session:
            rows = list(session.scalars(query))
            session.expunge_all()
        return [list(group) for _, group in groupby(rows, key=lambda row: row.variant)]


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
