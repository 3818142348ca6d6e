"""Asking a task: every repeat of every sample in one call, scored one by one, folded into one score a sample."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from guardbee.conf.schema import Generation, Task
from guardbee.evals.asking import ask
from guardbee.evals.request import Completion, GenerateRequest, Request, TextCompletion
from guardbee.evals.sample import Sample
from guardbee.evals.tasks import make_task

SAMPLES = [Sample(str(i), {"question": f"Q{i}", "answer": "yes"}, str(i)) for i in range(3)]


def task(repeats: int) -> Task:
    """Return a task in free text that is asked so often."""
    return Task(
        name="t",
        category="routing",
        kind="text",
        metric="exact_match",
        doc_to_text="{{ question }}",
        doc_to_target="{{ answer }}",
        generation_kwargs=Generation(temperature=0.7 if repeats > 1 else 0.0, repeats=repeats),
    )


def test_repeats_are_asked_in_one_call_and_folded() -> None:
    """Three samples, four answers each, every third of which is right: the score of a sample is its mean."""
    calls: list[Sequence[Request]] = []
    number = count()

    def answer(requests: Sequence[Request]) -> list[Completion]:
        calls.append(requests)
        texts = ("yes" if next(number) % 3 == 0 else "no" for _ in requests)
        return [TextCompletion(r.sample_id, text, "stop", 1, 1, "p") for r, text in zip(requests, texts, strict=True)]

    replies = ask(make_task(task(4)), SAMPLES, answer)
    assert [len(requests) for requests in calls] == [12]
    assert [reply.sample.id for reply in replies] == ["0", "1", "2"]
    assert [reply.score.value for reply in replies] == [1.0, 0.0, 0.0]  # 12 answers in turn: the first sample has all
    assert {len(reply.scores) for reply in replies} == {4}
    assert [reply.reference for reply in replies] == ["yes"] * 3
    seeds = [request.seed for reply in replies for request in reply.requests if isinstance(request, GenerateRequest)]
    assert len(set(seeds[:4])) == 4


def test_a_sample_that_is_asked_once_keeps_its_score() -> None:
    """One request, one completion, one score, which is the sample's own."""
    answers = {"0": "yes", "1": "no", "2": "yes"}
    replies = ask(
        make_task(task(1)),
        SAMPLES,
        lambda requests: [TextCompletion(r.sample_id, answers[r.sample_id], "stop", 1, 1, "p") for r in requests],
    )
    assert [reply.score for reply in replies] == [reply.scores[0] for reply in replies]
    assert [reply.score.value for reply in replies] == [1.0, 0.0, 1.0]
