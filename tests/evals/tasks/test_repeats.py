"""Sampled answers: what differs between them, and how their scores become one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guardbee.conf.schema import Generation
from guardbee.conf.schema import Task as Config
from guardbee.evals.errors import ConfigurationError
from guardbee.evals.request import GenerateRequest
from guardbee.evals.score import Score, errored, scored, unparsed
from guardbee.evals.tasks import Task, make_task

ROWS = [{"q": "x", "a": "1"}, {"q": "y", "a": "2"}]


@pytest.fixture(name="text")
def _text(config: Callable[..., Config]) -> Callable[..., Task]:
    return lambda **how: make_task(config("text", metric="token_f1", generation_kwargs=Generation(**how)))


def seeds(task: Task, *, run: int = 0) -> list[int]:
    """Return the seeds of all requests of a run."""
    samples = task.samples(ROWS, seed=run, limit=None)
    asked = [request for repeat in range(task.repeats) for request in task.requests(samples, repeat)]
    assert all(isinstance(request, GenerateRequest) for request in asked)
    return [request.seed for request in asked if isinstance(request, GenerateRequest)]


def test_every_draw_has_a_seed_of_its_own(text: Callable[..., Task]) -> None:
    """By run, sample and repeat; the same ones in the next run."""
    task = text(temperature=0.8, repeats=5)
    assert task.repeats == 5
    assert len({*seeds(task), *seeds(task, run=1)}) == 20
    assert seeds(task) == seeds(task)


def test_greedy_answers_have_no_seed(text: Callable[..., Task]) -> None:
    """Their cached completions serve runs of every seed."""
    assert seeds(text()) == seeds(text(), run=1) == [0, 0]


@pytest.mark.parametrize(
    ("scores", "outcome", "value"),
    [
        ([unparsed("?", "no")], "unparsed", None),
        ([scored(1, "a"), scored(0, "b")], "scored", 0.5),
        ([scored(1, "a"), unparsed("?", "no")], "scored", 0.5),
        ([scored(1, "a"), errored("memory")], "scored", 1.0),
        ([unparsed("?", "no"), unparsed("!", "no")], "unparsed", None),
        ([errored("memory"), errored("memory")], "errored", None),
    ],
)
def test_repeats_fold_to_their_mean(
    text: Callable[..., Task], scores: list[Score], outcome: str, value: float | None
) -> None:
    """Unparsed answers count as wrong, errors as nothing."""
    task = text(temperature=1.0, repeats=2)
    folded = task.fold(task.samples(ROWS, seed=0, limit=1)[0], scores)
    assert (folded.outcome, folded.value) == (outcome, value)


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"repeats": 3}, "repeats is 3, but without a temperature all answers are the same one"),
        ({"repeats": 0}, "repeats is 0; it is 1 or more"),
        ({"temperature": -0.5}, "temperature is -0.5; it is 0 or more"),
        ({"temperature": float("nan")}, "temperature is nan; it is 0 or more"),
    ],
)
def test_senseless_numbers_are_refused(text: Callable[..., Task], how: dict[str, float], message: str) -> None:
    """Before anything is asked."""
    with pytest.raises(ConfigurationError, match=message):
        text(**how)


def test_options_are_asked_once(config: Callable[..., Config]) -> None:
    """Nothing about their log-likelihoods is drawn."""
    how = Generation(temperature=1.0, repeats=2)
    with pytest.raises(ConfigurationError, match=r"generation_kwargs\.repeats is for generated answers, not options"):
        make_task(config("choice", doc_to_choice=["1", "2"], generation_kwargs=how))
