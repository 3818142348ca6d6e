"""The tables of the registry. Times are UTC; prices are US dollars; JSON columns hold plain JSON types."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

VERSION = 1
"""Of these tables; a file with another number is refused, never guessed at."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as UTC: SQLite knows no time zones and would drop them in silence."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Turn an aware time into naive UTC.

        Raises:
            ValueError: for a time without a zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time in the registry has a time zone, got {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Base of all tables. Names begin with ``guardbee_``: a PostgreSQL database may hold other things too."""

    type_annotation_map = {datetime: UtcDateTime, str: Text, dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy's name and form


class SchemaVersion(Base):
    """One row: the version of the tables in this database."""

    __tablename__ = "guardbee_schema_version"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Run(Base):
    """One pytest run."""

    __tablename__ = "guardbee_runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    finished_at: Mapped[datetime]
    suite: Mapped[str]
    seed: Mapped[int]
    guardbee_version: Mapped[str]


class Evaluation(Base):
    """One variant in one run. ``result`` is the whole ``EvaluationResult`` on the wire, read when asked for."""

    __tablename__ = "guardbee_evaluations"
    __table_args__ = (UniqueConstraint("run_id", "variant"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("guardbee_runs.id"))
    variant: Mapped[str] = mapped_column(index=True)
    weights_sha256: Mapped[str | None]
    precision: Mapped[str | None]
    engine: Mapped[str | None]
    engine_version: Mapped[str | None]
    template_sha256: Mapped[str | None]
    """Of the chat template."""
    verdict: Mapped[str]
    reasons: Mapped[list[str]]
    tags: Mapped[list[str]]
    overall_score: Mapped[float | None]
    input_per_1k: Mapped[float | None]
    output_per_1k: Mapped[float | None]
    result: Mapped[dict[str, Any]] = mapped_column(deferred=True)

    run: Mapped[Run] = relationship(lazy="joined")
    scores: Mapped[list[TaskRow]] = relationship(cascade="all, delete-orphan", order_by="TaskRow.task_id")


class TaskRow(Base):
    """One variant on one task, with all that the score is bound to."""

    __tablename__ = "guardbee_scores"

    id: Mapped[int] = mapped_column(primary_key=True)
    evaluation_id: Mapped[int] = mapped_column(ForeignKey("guardbee_evaluations.id", ondelete="CASCADE"), index=True)
    task_id: Mapped[str] = mapped_column(index=True)
    category: Mapped[str] = mapped_column(index=True)
    metric: Mapped[str]
    dataset_sha256: Mapped[str]
    template_sha256: Mapped[str]
    """Of the prompt template."""
    scorer: Mapped[str]
    seed: Mapped[int]
    n: Mapped[int]
    unparsed: Mapped[int]
    errored: Mapped[int]
    value: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    target: Mapped[float]
    target_from: Mapped[str]
    latency_ms_p95: Mapped[float | None]
    """Of the profile that stands for the task."""
    prompt_tokens: Mapped[float | None]
    """Mean of one request."""
    completion_tokens: Mapped[float | None]
    """Mean of one request."""
    usd_per_thousand: Mapped[float | None]
    """Of 1,000 requests."""
    eligible: Mapped[bool]
    """This variant may serve this task: its verdict and all checks of the task say so."""
    reason: Mapped[str]

    samples: Mapped[SampleRow | None] = relationship(cascade="all, delete-orphan")


class SampleRow(Base):
    """The scores of single samples, for paired comparisons. Apart from their task: only those read them.

    Registries of an earlier Guardbee get this table when they are next written to; the others read on without it.
    """

    __tablename__ = "guardbee_sample_scores"

    score_id: Mapped[int] = mapped_column(ForeignKey("guardbee_scores.id", ondelete="CASCADE"), primary_key=True)
    values: Mapped[dict[str, Any]]
    """Between 0 and 1, by sample id."""
    clusters: Mapped[dict[str, Any]]
    """Of the samples that share one, by sample id."""
