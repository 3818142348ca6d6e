"""Asking a task: all repeats of every sample in one go, each answer scored, the repeats of a sample folded into one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guardbee.evals.request import Completion, Request
from guardbee.evals.sample import Sample
from guardbee.evals.score import Score
from guardbee.evals.tasks.task import Task

Answer = Callable[[Sequence[Request]], Sequence[Completion]]
"""What answers requests: one completion each, in order."""


@dataclass(frozen=True)
class Reply:
    """One sample with everything that came of it; ``score`` is that of all repeats together."""

    sample: Sample
    reference: str
    requests: tuple[Request, ...]
    completions: tuple[Completion, ...]
    scores: tuple[Score, ...]
    score: Score


def ask(task: Task, samples: Sequence[Sample], answer: Answer) -> list[Reply]:
    """Return one reply for each sample, in order."""
    rounds = [task.requests(samples, repeat) for repeat in range(task.repeats)]
    # One call for all repeats: they share their prompts, and an engine that sees them together computes those once.
    given = iter(answer([request for requests in rounds for request in requests]))
    answers = [[next(given) for _ in requests] for requests in rounds]
    return [
        _reply(task, sample, tuple(r[i] for r in rounds), tuple(a[i] for a in answers))
        for i, sample in enumerate(samples)
    ]


def _reply(task: Task, sample: Sample, requests: tuple[Request, ...], completions: tuple[Completion, ...]) -> Reply:
    scores = tuple(task.score(sample, completion) for completion in completions)
    return Reply(sample, task.reference(sample), requests, completions, scores, task.fold(sample, scores))
