"""Answers are filtered and compared by the rules of lm-evaluation-harness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guardbee.conf.schema import Filter, MetricKwargs
from guardbee.conf.schema import Task as Config
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.request import TextCompletion
from guardbee.evals.score import Score
from guardbee.evals.tasks import make_task

STRIP = Filter("remove_whitespace")
LAST = Filter("regex", r"(-?\d+)|(none)", -1)


def score(config: Callable[..., Config], answer: str, reference: str = "7", **fields: Any) -> Score:
    """Return the score of an answer by exact match."""
    task = make_task(config("text", metric="exact_match", **fields))
    sample = task.samples([{"q": "?", "a": reference}], seed=0, limit=1)[0]
    return task.score(sample, TextCompletion("x", answer, "stop", 1, 1, ""))


@pytest.mark.parametrize(
    ("filters", "answer", "reference", "value"),
    [
        ([], "7", "7", 1.0),
        ([], " 7", "7", 0.0),
        ([], " 7", " 7", 1.0),
        ([STRIP], " 7\n", "7", 1.0),
        ([Filter("lowercase")], "Seven", "seven", 1.0),
        ([Filter("uppercase"), STRIP], " Seven", "SEVEN", 1.0),
        ([LAST], "3 + 4 = 7 .", "7", 1.0),
        ([Filter("regex", r"(-?\d+)")], "3 + 4 = 7", "3", 1.0),
        ([LAST], "7, or none", "none", 1.0),
        ([Filter("regex", fallback="none")], "I do not know", "none", 1.0),
        ([Filter("regex")], "so\n#### 1,007", "1,007", 1.0),
    ],
)
def test_an_answer_is_filtered_before_it_is_compared(
    config: Callable[..., Config], filters: list[Filter], answer: str, reference: str, value: float
) -> None:
    """In the order of the list; without filters a space is a difference."""
    assert score(config, answer, reference, filter=filters).value == value


@pytest.mark.parametrize("pattern", [r"#### (\d+)", r"(\d)()x", "(x?)"])
def test_an_answer_in_which_nothing_matches_is_unparsed(config: Callable[..., Config], pattern: str) -> None:
    """It scores nothing and is counted, unless a fallback is given."""
    select = 5 if pattern == "(x?)" else 0
    assert score(config, "7", filter=[Filter("regex", pattern, select)]).outcome == "unparsed"


@pytest.mark.parametrize(
    ("ignored", "answer", "reference", "value"),
    [
        ({}, "Yes", "yes", 0.0),
        ({"ignore_case": True}, "Yes", "yES", 1.0),
        ({"ignore_punctuation": True}, "(a).", "a", 1.0),
        ({"ignore_punctuation": True}, "a b", "a  b", 0.0),
        ({"ignore_numbers": True}, "a1", "2a3", 1.0),
        ({"regexes_to_ignore": [",", r"\$"]}, "$1,000", "1000", 1.0),
        ({"regexes_to_ignore": ["the "], "ignore_case": True}, "The bee", "bee", 0.0),
    ],
)
def test_what_is_ignored_is_removed_from_both(
    config: Callable[..., Config], ignored: dict[str, Any], answer: str, reference: str, value: float
) -> None:
    """Expressions first: they see the case of the letters."""
    assert score(config, answer, reference, metric_kwargs=MetricKwargs(**ignored)).value == value


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"filter": [Filter("regexp")]}, "unknown filter 'regexp' in the task 'toy'; did you mean regex"),
        ({"filter": [Filter("regex", "(")]}, "task 'toy': '(' is no regular expression"),
        ({"metric_kwargs": MetricKwargs(regexes_to_ignore=["["])}, "regexes_to_ignore: '[' is no regular expression"),
    ],
)
def test_a_mistake_is_named(config: Callable[..., Config], fields: dict[str, Any], message: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ConfigurationError) as caught:
        score(config, "7", **fields)
    assert message in str(caught.value)


def test_filters_and_what_is_ignored_change_the_hash(config: Callable[..., Config]) -> None:
    """A stored score is not taken for one by another rule."""
    fields: list[dict[str, Any]] = [{}, {"filter": [STRIP]}, {"metric_kwargs": MetricKwargs(ignore_case=True)}]
    assert len({make_task(config("text", metric="exact_match", **field)).template_sha256 for field in fields}) == 3
