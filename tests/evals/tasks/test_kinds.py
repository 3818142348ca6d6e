"""Every kind asks in its way and scores right, wrong, unreadable and failed answers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from guardbee.conf.schema import Generation, Shot
from guardbee.conf.schema import Task as Config
from guardbee.evals.execution import Execution
from guardbee.evals.request import ChoiceCompletion, ChoiceRequest, GenerateRequest, TextCompletion
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score
from guardbee.evals.tasks import Task, make_task


def one(task: Task, row: dict[str, Any]) -> Sample:
    """Return the sample of a row."""
    return task.samples([row], seed=0, limit=1)[0]


def text(task: Task, row: dict[str, Any], answer: str) -> Score:
    """Return the score of a generated answer."""
    return task.score(one(task, row), TextCompletion("x", answer, "stop", 1, 1, ""))


def test_a_choice_is_the_likeliest_option(config: Callable[..., Config]) -> None:
    """By sum or by character, as the metric says."""
    row = {"q": "?", "a": "certainly", "options": ["no", "certainly"]}
    for metric, value in (("acc", 0.0), ("acc_norm", 1.0)):
        task = make_task(config("choice", doc_to_choice="options", metric=metric))
        sample = one(task, row)
        request = task.requests([sample])[0]
        assert isinstance(request, ChoiceRequest)
        assert request.options == ("no", "certainly")
        score = task.score(sample, ChoiceCompletion("x", (-4.0, -6.0), 1, ""))
        assert (score.outcome, score.value) == ("scored", value)


@pytest.mark.parametrize(
    "completion",
    [
        ChoiceCompletion("x", (), 1, "", error="out of memory"),
        ChoiceCompletion("x", (math.nan, -1.0), 1, ""),
        ChoiceCompletion("x", (-1.0,), 1, ""),
    ],
    ids=["engine failed", "not a number", "too few"],
)
def test_a_failure_of_the_engine_is_not_the_candidates(
    config: Callable[..., Config], completion: ChoiceCompletion
) -> None:
    """It counts as nothing."""
    task = make_task(config("choice", doc_to_choice=["yes", "no"]))
    assert task.score(one(task, {"q": "?", "a": "no"}), completion).outcome == "errored"


def test_worked_examples_are_earlier_turns(config: Callable[..., Config]) -> None:
    """Between the system's words and the question; braces in them are braces."""
    task = make_task(config("text", metric="bleu", description="Count.", shots=[Shot("{{ q }}", "1"), Shot("b", "2")]))
    prompt = task.requests([one(task, {"q": "c", "a": "3"})])[0].prompt
    assert [message.content for message in prompt if not isinstance(message, str)] == [
        "Count.",
        "{{ q }}",
        "1",
        "b",
        "2",
        "c",
    ]


@pytest.mark.parametrize("metric", ["quasi_exact_match", "token_f1", "rouge1", "rouge2", "rougeL", "bleu", "chrf"])
def test_a_perfect_text_scores_one(config: Callable[..., Config], metric: str) -> None:
    """And an empty one is unparsed."""
    task = make_task(
        config("text", metric=metric, description="Be {{ how }}.", generation_kwargs=Generation(9, ["\n"]))
    )
    row = {"q": "?", "a": "the patient has a headache today", "how": "brief"}
    request = task.requests([one(task, row)])[0]
    assert isinstance(request, GenerateRequest)
    assert (request.max_tokens, request.stop) == (9, ("\n",))
    assert [(message.role, message.content) for message in request.prompt] == [("system", "Be brief."), ("user", "?")]
    assert text(task, row, f" {row['a']}\n").value == pytest.approx(1.0)
    assert text(task, row, " \n").outcome == "unparsed"


GOLD = [
    {"value": 4000, "unit": "kilometre", "surface": "4,000 km"},
    {"value": 2, "unit": "dimensionless", "surface": "two"},
    {"value": 2000, "unit": "pound sterling", "surface": "£2,000"},
]
QUANTITIES = [
    ('[{"value": 4000, "unit": "kilometre"}, {"value": 2, "unit": "none"}, {"value": 2000, "unit": "£"}]', 1.0),
    ('[{"value": "4,000", "unit": "Kilometers"}, {"value": 2.0}, {"value": 2e3, "unit": "pound sterling"}]', 1.0),
    ('Sure: [{"value": 4000, "unit": "km"}]', 0.5),
    ('[{"value": 4000, "unit": "mile"}]', 0.0),
    ('[{"value": 4000, "unit": "km"}, "nonsense", {"value": true}]', 1 / 3),
    ("[]", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "value"), QUANTITIES)
def test_quantities_are_compared_by_value_and_unit(config: Callable[..., Config], answer: str, value: float) -> None:
    """The unit's name, its sign in the sentence, plurals and American spelling are all right."""
    task = make_task(config("quantities", metric="set_f1", doc_to_target="{{ res|json }}"))
    score = text(task, {"q": "?", "res": GOLD}, answer)
    assert (score.outcome, score.value) == ("scored", pytest.approx(value))


@pytest.mark.parametrize("answer", ["", "two pounds", '{"value": 2}', '[{"value": 2'])
def test_quantities_that_are_no_list_are_unparsed(config: Callable[..., Config], answer: str) -> None:
    """A caller could not read them either."""
    task = make_task(config("quantities", metric="set_f1", doc_to_target="{{ res|json }}"))
    assert text(task, {"q": "?", "res": GOLD}, answer).outcome == "unparsed"


FUNCTION = {
    "name": "area",
    "parameters": {"type": "object", "properties": {"base": {"type": "integer"}}, "required": ["base"]},
}


@pytest.mark.parametrize(
    ("answer", "outcome", "value"),
    [
        ('{"name": "area", "arguments": {"base": 10}}', "scored", 1.0),
        ("area(base=10)", "scored", 1.0),
        ("area(base=11)", "scored", 0.0),
        ("I would call the function", "unparsed", None),
    ],
)
def test_a_function_call_is_read_and_matched(
    config: Callable[..., Config], answer: str, outcome: str, value: float | None
) -> None:
    """JSON or Python."""
    task = make_task(config("function_call", metric="function_match", doc_to_target="{{ calls|json }}"))
    score = text(task, {"q": "?", "functions": [FUNCTION], "calls": [{"area": {"base": [10]}}]}, answer)
    assert (score.outcome, score.value) == (outcome, value)


HUMANEVAL = {
    "q": "?",
    "a": "",
    "prompt": 'import math\n\n\ndef half(x):\n    """Half of x, rounded up."""\n',
    "test": "def check(candidate):\n    assert candidate(3) == 2\n",
    "entry_point": "half",
}


def run(source: str) -> Execution:
    """Run a program of this test in this process: the sandbox has its own tests."""
    try:
        exec(source, {})  # noqa: S102 - sources are the table below
    except Exception as error:  # noqa: BLE001 - any failure of the program
        return Execution("failed", repr(error), 0.0)
    return Execution("passed", "", 0.0)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("    return math.ceil(x / 2)", 1.0),
        ("return math.ceil(x / 2)", 1.0),
        ("def half(x):\n    return -(-x // 2)", 1.0),
        ("```python\nfrom math import ceil\n\ndef half(x):\n    return ceil(x / 2)\n```\nThis rounds up.", 1.0),
        ("Here it is:\n\ndef half(x):\n    return math.ceil(x / 2)", 1.0),
        ("    return x / 2", 0.0),
        ("I cannot do that.", 0.0),
    ],
)
def test_a_body_or_a_whole_function_is_run_with_its_tests(
    config: Callable[..., Config], answer: str, value: float
) -> None:
    """The prompt's imports are there in both cases."""
    task = make_task(config("code", metric="pass_at_1"), execute=run)
    assert text(task, HUMANEVAL, answer).value == value


def test_a_broken_sandbox_is_not_the_candidates_fault(config: Callable[..., Config]) -> None:
    """Its samples are errored."""
    broken = make_task(config("code", metric="pass_at_1"), execute=lambda _: Execution("error", "no memory", 0.0))
    assert text(broken, HUMANEVAL, "    return 1").outcome == "errored"
    assert json.dumps(vars(text(broken, HUMANEVAL, "```\n```")))
