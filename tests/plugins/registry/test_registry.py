from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from guardbee.evals.errors import ConfigurationError, RegistryError
from guardbee.evals.result import EvaluationResult
from guardbee.plugins.registry import Registry, TaskKey
from tests.factories import cost, evaluation_result, identity, task_check, task_score

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.fixture(name="url")
def _url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/registry.sqlite"


@pytest.fixture(name="registry")
def _registry(url: str) -> Iterator[Registry]:
    with Registry.open(url) as registry:
        yield registry


def incomplete(run: str, *, variant: str = "tiny@fp32") -> EvaluationResult:
    """Return an evaluation that was cut off."""
    return evaluation_result(
        model_id=variant, run=run, verdict="incomplete", specialist_tags=(), finished=3, missing=("quality:x",)
    )


def test_a_result_comes_back_as_it_was(registry: Registry) -> None:
    """The whole unified result is kept, not only the columns."""
    result = evaluation_result()
    registry.record([result], finished_at=NOON)
    shown = registry.show("tiny@fp32")
    assert shown.result == result
    assert shown.summary.finished_at == NOON
    assert (shown.summary.tasks, shown.summary.eligible_tasks, shown.summary.evaluations) == (1, 1, 1)


def test_times_keep_their_meaning_across_zones(registry: Registry) -> None:
    """A local time comes back as the same moment in UTC."""
    registry.record([evaluation_result()], finished_at=datetime(2026, 1, 2, 14, tzinfo=timezone(timedelta(hours=2))))
    assert registry.variants()[0].finished_at == NOON


def test_a_time_without_a_zone_is_refused(registry: Registry) -> None:
    """An ambiguous moment is not guessed at, and nothing is written."""
    with pytest.raises(RegistryError, match="time zone"):
        registry.record([evaluation_result()], finished_at=datetime(2026, 1, 2))  # noqa: DTZ001 - the point of the test
    assert registry.variants() == []


def test_the_latest_evaluation_counts(registry: Registry) -> None:
    """A later verdict replaces an earlier one, whatever the order of writing; the earlier one is kept."""
    registry.record([evaluation_result(run="b", verdict="reject")], finished_at=NOON + timedelta(hours=1))
    registry.record([evaluation_result(run="a")], finished_at=NOON)
    (record,) = registry.variants()
    assert (record.verdict, record.run, record.evaluations) == ("reject", "b", 2)
    assert registry.specialists("banking_intents") == []


def test_an_incomplete_run_takes_nothing_away(registry: Registry) -> None:
    """What an earlier, complete evaluation earned still counts; the incomplete one is on record."""
    registry.record([evaluation_result(run="a")], finished_at=NOON)
    registry.record([incomplete("b")], finished_at=NOON + timedelta(hours=1))
    (record,) = registry.variants()
    assert (record.verdict, record.evaluations, record.later_incomplete) == ("eligible", 2, 1)
    assert [task.variant for task in registry.specialists("banking_intents")] == ["tiny@fp32"]


def test_an_incomplete_run_alone_is_listed_and_serves_nothing(registry: Registry) -> None:
    """A first run that was cut off flatters nobody."""
    registry.record([incomplete("a"), incomplete("a", variant="other@int8")], finished_at=NOON)
    assert [record.verdict for record in registry.variants()] == ["incomplete", "incomplete"]
    assert registry.specialists("routing") == []
    assert "incomplete (3 of 7 cases finished)" in registry.snapshot().tasks[0].reason


def test_recording_twice_replaces(registry: Registry) -> None:
    """The same variant of the same run is one evaluation, with one set of scores."""
    registry.record([evaluation_result(overall_score=0.1)], finished_at=NOON)
    registry.record([evaluation_result(overall_score=0.2)], finished_at=NOON)
    (record,) = registry.variants()
    assert (record.overall_score, record.evaluations) == (0.2, 1)
    assert len(registry.snapshot().tasks) == 1


def test_a_record_is_written_whole_or_not_at_all(registry: Registry, url: str) -> None:
    """When a later result of a run cannot be written, the earlier one is not there either."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as raw:
        raw.execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON guardbee_evaluations WHEN NEW.variant = 'bad@fp32' "
            "BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
        )
    with pytest.raises(RegistryError, match="disk I/O error"):
        registry.record([evaluation_result(), evaluation_result(model_id="bad@fp32")], finished_at=NOON)
    assert registry.variants() == []


def test_specialists_are_sorted_by_price(registry: Registry) -> None:
    """The cheapest first, an unknown price last; a task's name and its category both find them."""
    results = [
        evaluation_result(model_id="dear@fp32", cost=cost(input_per_1k=0.5)),
        evaluation_result(model_id="unpriced@fp32", cost=cost(input_per_1k=None)),
        evaluation_result(model_id="cheap@fp32"),
        evaluation_result(model_id="watched@fp32", verdict="observe"),
    ]
    registry.record(results, finished_at=NOON)
    order = ["cheap@fp32", "dear@fp32", "unpriced@fp32"]
    assert [task.variant for task in registry.specialists("banking_intents")] == order
    assert [task.variant for task in registry.specialists("routing")] == order


def test_the_price_is_of_a_thousand_requests(registry: Registry) -> None:
    """50 prompt and 10 new tokens a request, at dollars per 1,000 tokens."""
    registry.record([evaluation_result(cost=cost(input_per_1k=0.01, output_per_1k=0.1))], finished_at=NOON)
    (task,) = registry.snapshot().tasks
    assert (task.prompt_tokens, task.completion_tokens) == (50, 10)
    assert task.usd_per_thousand == pytest.approx(50 * 0.01 + 10 * 0.1)


@pytest.mark.parametrize(
    ("over", "reason"),
    [
        ({"checks": (task_check(eligible=False, reasons=("too slow", "too dear")),)}, "too slow; too dear"),
        ({"verdict": "reject", "reasons": ("safety: leaks",)}, "the verdict of the variant is reject; safety: leaks"),
        ({"checks": (), "tasks": (task_score(verdict="fail", reason="below the target"),)}, "below the target"),
    ],
)
def test_what_is_not_eligible_says_why(over: dict[str, object], reason: str, registry: Registry) -> None:
    """The router can tell a person why a variant was passed over."""
    registry.record([evaluation_result(**over)], finished_at=NOON)
    (task,) = registry.snapshot().tasks
    assert not task.eligible
    assert task.reason == reason


def test_one_precision_is_found_by_the_models_name(registry: Registry) -> None:
    """``MODEL`` is enough while it is unambiguous."""
    registry.record([evaluation_result()], finished_at=NOON)
    assert registry.show("tiny").result.model_id == "tiny@fp32"
    registry.record([evaluation_result(model_id="tiny@int8")], finished_at=NOON)
    with pytest.raises(ConfigurationError, match="name one of tiny@fp32, tiny@int8"):
        registry.show("tiny")


def test_an_unknown_variant_names_the_near_misses(registry: Registry) -> None:
    """And what is there; an empty registry says how to fill it."""
    with pytest.raises(ConfigurationError, match=r"registry is empty\. Fill it: guardbee run model=tinny@fp32"):
        registry.show("tinny@fp32")
    registry.record([evaluation_result()], finished_at=NOON)
    with pytest.raises(ConfigurationError, match=r"did you mean tiny@fp32\?\nin the registry: tiny@fp32"):
        registry.show("tinny@fp32")


SAME = TaskKey("banking_intents", "d4" * 32, "e5" * 32, "exact-match/1", 0)


@pytest.mark.parametrize(
    ("model", "over", "value"),
    [
        ("tiny", {}, 0.9),
        ("tiny@fp32", {}, 0.9),
        ("tin", {}, None),
        ("tiny", {"seed": 1}, None),
        ("tiny", {"scorer": "exact-match/2"}, None),
        ("tiny", {"dataset_sha256": "00" * 32}, None),
        ("tiny", {"template_sha256": "00" * 32}, None),
        ("tiny", {"task_id": "other"}, None),
    ],
)
def test_a_measured_value_belongs_to_its_samples(
    model: str, over: dict[str, object], value: float | None, registry: Registry
) -> None:
    """A baseline's score is given out for exactly the same samples only."""
    registry.record([evaluation_result()], finished_at=NOON)
    found = registry.measured(model, replace(SAME, **over))  # type: ignore[arg-type]  # fields of the table above
    assert [one.value for one in found] == ([] if value is None else [value])
    assert [one.requests for one in found] == [100] * len(found)


def test_what_a_score_is_bound_to_stands_in_columns(registry: Registry, url: str) -> None:
    """Weights, engine and templates can be asked for in SQL."""
    registry.record([evaluation_result(identity=identity(engine="llama.cpp"))], finished_at=NOON)
    with sqlite3.connect(url.removeprefix("sqlite:///")) as raw:
        row = raw.execute(
            "SELECT weights_sha256, precision, engine, low, high, eligible FROM guardbee_evaluations e "
            "JOIN guardbee_scores s ON s.evaluation_id = e.id"
        ).fetchone()
    assert row == ("a1" * 32, "fp32", "llama.cpp", 0.83, 0.945, 1)
