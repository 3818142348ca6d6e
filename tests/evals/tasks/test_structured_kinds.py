"""Kinds with structured answers, metrics over several answers, and numbers: right, wrong, unreadable, refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guardbee.conf.schema import Generation, MetricKwargs
from guardbee.conf.schema import Task as Config
from guardbee.evals.errors import ConfigurationError, DataError
from guardbee.evals.execution import Execution
from guardbee.evals.request import TextCompletion
from guardbee.evals.score import Score
from guardbee.evals.tasks import Task, make_task

Make = Callable[..., Config]
AREA = {
    "name": "area",
    "parameters": {"type": "object", "properties": {"base": {"type": "integer"}}, "required": ["base"]},
}
TWO = [{"area": {"base": [10]}}, {"area": {"base": [7]}}]


def text(task: Task, row: dict[str, Any], answer: str) -> Score:
    """Return the score of a generated answer."""
    sample = task.samples([row], seed=0, limit=1)[0]
    return task.score(sample, TextCompletion("x", answer, "stop", 1, 1, ""))


RECORDS = [
    ("slot_f1", '{"city": "Cork", "n": 3}', "scored", 1.0),
    ("slot_f1", 'Here:\n```json\n{"city": "cork", "n": "4"}\n```', "scored", 0.5),
    ("record_match", '{"city": "Cork", "n": 3}', "scored", 1.0),
    ("record_match", '{"city": "Cork"}', "scored", 0.0),
    ("slot_f1", '["Cork", 3]', "unparsed", None),
    ("slot_f1", "Cork, 3", "unparsed", None),
]


@pytest.mark.parametrize(("metric", "answer", "outcome", "value"), RECORDS)
def test_a_record_is_the_first_object_of_the_answer(
    config: Make, metric: str, answer: str, outcome: str, value: float | None
) -> None:
    """Field by field, or all at once."""
    task = make_task(config("record", metric=metric, doc_to_target="{{ r|json }}"))
    score = text(task, {"q": "?", "r": {"city": "Cork", "n": 3}}, answer)
    assert (score.outcome, score.value) == (outcome, value)


ENTITIES = [
    ('[{"text": "Ada", "type": "Person"}, {"text": "Cork", "type": "place"}]', "scored", 1.0),
    ('[{"text": "Ada", "type": "person"}]', "scored", 2 / 3),
    ('[{"text": "Ada", "type": "place"}, "Cork", {"text": "Cork", "type": "place"}]', "scored", 0.4),
    ("[]", "scored", 0.0),
    ('{"text": "Ada"}', "unparsed", None),
]


@pytest.mark.parametrize(("answer", "outcome", "value"), ENTITIES)
def test_entities_are_matched_by_type_and_text(config: Make, answer: str, outcome: str, value: float | None) -> None:
    """A bad item matches nothing and spoils nothing."""
    task = make_task(config("entities", metric="span_f1", doc_to_target="{{ e|json }}"))
    row = {"q": "?", "e": [{"text": "Ada", "type": "person"}, {"text": "Cork", "type": "place"}]}
    score = text(task, row, answer)
    assert score.outcome == outcome
    assert score.value == (value if value is None else pytest.approx(value))


def test_coverage_counts_facts(config: Make) -> None:
    """An empty answer is unparsed, a long one covers nothing."""
    task = make_task(config("coverage", metric="coverage", doc_to_target="{{ f|json }}"))
    row = {"q": "?", "f": ["drill 8", "07:12"], "longest": 8}
    assert text(task, row, "Drill 8 stopped.").value == 0.5
    assert text(task, row, "Drill 8 stopped at 07:12, and so on and on and on.").value == 0.0
    assert text(task, row, " ").outcome == "unparsed"


CALLS = [
    ("function_match", TWO, "[area(base=7), area(base=10)]", 1.0),
    ("function_match", TWO, "area(base=7)\narea(base=7)", 0.0),
    ("function_match", TWO, "area(base=7)", 0.0),
    ("function_match", TWO[:1], "area(base=10)\narea(base=10)", 0.0),
    ("function_match", TWO, "None.", 0.0),
    ("function_match", TWO, "I would call a function.", None),
    ("function_match", [], "none", 1.0),
    ("function_match", [], "I have no function for that.", 1.0),
    ("function_match", [], "area(base=1)", 0.0),
    ("function_match", [], "", None),
    ("function_match", [], '{"name": ', None),
    ("schema_valid", TWO, "area(base=99)", 1.0),
    ("schema_valid", TWO, "area(base='x')", 0.0),
    ("schema_valid", TWO, "volume(base=1)", 0.0),
]


@pytest.mark.parametrize(("metric", "expected", "answer", "value"), CALLS)
def test_calls_are_the_expected_ones_in_any_order(
    config: Make, metric: str, expected: list[Any], answer: str, value: float | None
) -> None:
    """Each once; none where none is expected; without a value the answer is unparsed."""
    task = make_task(config("function_call", metric=metric, doc_to_target="{{ calls|json }}"))
    score = text(task, {"q": "?", "functions": [AREA], "calls": expected}, answer)
    assert (score.outcome, score.value) == ("unparsed" if value is None else "scored", value)


NUMBERS = [
    (0.0, "So 2 * 9 = 18.", "scored", 1.0),
    (0.0, "18.5", "scored", 0.0),
    (0.05, "18.5", "scored", 1.0),
    (0.0, "eighteen", "unparsed", None),
]


@pytest.mark.parametrize(("tolerance", "answer", "outcome", "value"), NUMBERS)
def test_the_last_number_of_a_text_counts(
    config: Make, tolerance: float, answer: str, outcome: str, value: float | None
) -> None:
    """An answer without a number is unparsed, not wrong."""
    task = make_task(config("text", metric="numeric_match", metric_kwargs=MetricKwargs(tolerance=tolerance)))
    score = text(task, {"q": "?", "a": "18 apples"}, answer)
    assert (score.outcome, score.value) == (outcome, value)


def test_the_language_of_an_answer_counts(config: Make) -> None:
    """Not what it says."""
    task = make_task(config("text", metric="language_match"))
    said = "Das habe ich leider nicht verstanden, bitte noch einmal."
    assert [text(task, {"q": "?", "a": code}, said).value for code in ("de", "en")] == [1.0, 0.0]


def test_metrics_over_all_answers_are_known_as_such(config: Make) -> None:
    """They get pairs of answer and reference; other metrics are means."""
    options = ["tool", "none"]
    task = make_task(config("choice", metric="macro_f1", doc_to_choice=options))
    assert task.corpus is not None
    assert task.corpus([("tool", "tool"), ("tool", "none")]) == pytest.approx(1 / 3)
    task = make_task(config("choice", metric="out_of_scope_recall", doc_to_choice=options))
    assert task.corpus is not None
    assert task.corpus([("tool", "tool"), ("tool", "none"), ("none", "none")]) == 0.5
    assert make_task(config("choice", metric="acc", doc_to_choice=options)).corpus is None
    task = make_task(config("function_call", metric="out_of_scope_recall", doc_to_target="{{ calls|json }}"))
    row = {"q": "?", "functions": [AREA], "calls": []}
    (sample,) = task.samples([row], seed=0, limit=1)
    answer = text(task, row, "none").answer
    assert task.corpus is not None
    assert answer is not None
    assert task.corpus([(answer, task.reference(sample))]) == 1.0


SOLVE = {"q": "?", "a": "", "prompt": 'def f():\n    """One."""\n', "test": "", "entry_point": "f"}


def test_repeated_programs_give_pass_at_k(config: Make) -> None:
    """One of four passes: pass@2 is 1 - (3 choose 2) / (4 choose 2)."""
    outcomes = iter(["failed", "passed", "failed", "failed"])
    task = make_task(
        config(
            "code",
            metric="pass_at_k",
            metric_kwargs=MetricKwargs(k=2),
            generation_kwargs=Generation(64, temperature=0.8, repeats=4),
        ),
        execute=lambda _: Execution(next(outcomes), "", 0.0),  # type: ignore[arg-type]  # outcomes as the contract names them
    )
    (sample,) = task.samples([SOLVE], seed=0, limit=1)
    scores = [task.score(sample, TextCompletion("x", "    return 1", "stop", 1, 1, "")) for _ in range(task.repeats)]
    assert task.fold(sample, scores).value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        ("code", {"metric": "pass_at_k", "metric_kwargs": MetricKwargs(k=2)}, "k=2 needs 1 <= k <= .*repeats.* 1$"),
        ("text", {"metric": "numeric_match", "metric_kwargs": MetricKwargs(tolerance=-1)}, "tolerance is -1; it is 0"),
        ("text", {"metric": "evaluate:rouge"}, "metrics from outside, such as evaluate:rouge"),
    ],
)
def test_settings_that_make_no_sense_are_refused(config: Make, kind: str, fields: dict[str, Any], message: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ConfigurationError, match=message):
        make_task(config(kind, **fields), execute=lambda _: Execution("passed", "", 0.0))


BAD_ROWS = [
    ("record", "slot_f1", {"a": "[1]"}, "renders no JSON object"),
    ("record", "slot_f1", {"a": "none"}, "renders no JSON object"),
    ("entities", "span_f1", {"a": '["Ada"]'}, "no JSON list of objects with text and type"),
    ("coverage", "coverage", {"a": "[]", "longest": 3}, "no JSON list of facts"),
    ("coverage", "coverage", {"a": '["x"]'}, "the column longest is no number"),
    ("function_call", "function_match", {"a": '[{"volume": {}}]', "functions": [AREA]}, "no JSON list of calls"),
    ("function_call", "function_match", {"a": "[]"}, "no JSON list of calls"),
    ("function_call", "schema_valid", {"a": "[]", "functions": [AREA | {"parameters": {"type": 1}}]}, "no JSON Schema"),
    ("text", "numeric_match", {"a": "many"}, "'many' is no number"),
]


@pytest.mark.parametrize(("kind", "metric", "row", "message"), BAD_ROWS)
def test_rows_that_cannot_be_scored_are_refused(
    config: Make, kind: str, metric: str, row: dict[str, Any], message: str
) -> None:
    """When samples are taken, with the id of the row."""
    with pytest.raises(DataError, match=f"row with id .*{message}"):
        make_task(config(kind, metric=metric)).samples([{"q": "?"} | row], seed=0, limit=1)
